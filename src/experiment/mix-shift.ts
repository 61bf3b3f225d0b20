import type { Verdict } from '../metrics/inference/slices.ts';
import { verdict } from '../metrics/inference/slices.ts';
import type { SliceFigures } from './paired-sums.ts';

/** Minimum count of sides in each market for a slice to count in a verdict. */
const MIN_TO_JUDGE = 30;

/** Minimum share of all sides, under each policy, in judged slices for a verdict. */
const MIN_JUDGED_SHARE = 0.9;

export interface NamedSlice extends SliceFigures {
  readonly dimension: string;
  readonly slice: string;
}

/** The explanation of an overall effect by one dimension. */
export interface MixShift {
  readonly dimension: string;
  readonly verdict: Verdict;
  /** Slices with enough observations and an effect; those of opposite sign to the overall one. */
  readonly judged: readonly NamedSlice[];
  readonly against: readonly NamedSlice[];
  /** Parts of the overall effect: from changed shares of the slices, from changed means within. */
  readonly mix: number;
  readonly within: number;
  /** The slice whose changed share moves the overall mean most in the direction of the mix part. */
  readonly mover: { readonly slice: NamedSlice; readonly shareA: number; readonly shareB: number } | null;
}

/**
 * Splits an overall effect by the slices of one dimension (Kitagawa, 1955): with shares w and means
 * m of policies a and b, the mix part is sum (w_b - w_a) (m_a + m_b) / 2, and the part within
 * slices is sum (w_a + w_b) / 2 (m_b - m_a). If only one policy serves a slice, its mean counts for
 * both.
 */
export function mixShift(overall: SliceFigures, all: readonly NamedSlice[]): MixShift {
  const slices = all.filter((s) => s.nA + s.nB > 0);
  const judged = slices.filter(canJudge);
  const against = judged.filter((s) => isReversed(s, overall));
  const totalA = slices.reduce((sum, s) => sum + s.nA, 0);
  const totalB = slices.reduce((sum, s) => sum + s.nB, 0);
  const middle = (overall.meanA + overall.meanB) / 2;
  let mix = 0;
  let within = 0;
  const movers = slices.map((slice) => {
    const shareA = totalA === 0 ? 0 : slice.nA / totalA;
    const shareB = totalB === 0 ? 0 : slice.nB / totalB;
    const meanA = slice.nA > 0 ? slice.meanA : slice.meanB;
    const meanB = slice.nB > 0 ? slice.meanB : slice.meanA;
    mix += ((shareB - shareA) * (meanA + meanB)) / 2;
    within += ((shareA + shareB) / 2) * (meanB - meanA);
    // Shares sum to 1 on both sides, so a slice moves the mean by its distance from the overall
    // mean.
    return { slice, shareA, shareB, moves: (shareB - shareA) * ((meanA + meanB) / 2 - middle) };
  });
  const mover = movers.toSorted((p, q) => Math.sign(mix) * (q.moves - p.moves)).at(0);
  const judgedA = judged.reduce((sum, s) => sum + s.nA, 0);
  const judgedB = judged.reduce((sum, s) => sum + s.nB, 0);
  const effects = judged.map((s) => s.effect);
  return {
    dimension: slices[0]?.dimension ?? '',
    verdict:
      judgedA >= MIN_JUDGED_SHARE * totalA && judgedB >= MIN_JUDGED_SHARE * totalB
        ? verdict(overall.effect, effects)
        : 'none',
    judged,
    against,
    mix,
    within,
    mover: mover !== undefined && mover.moves * mix > 0 ? mover : null,
  };
}

function canJudge({ nA, nB, effect }: SliceFigures): boolean {
  return nA >= MIN_TO_JUDGE && nB >= MIN_TO_JUDGE && Number.isFinite(effect) && effect !== 0;
}

/** Whether a slice with enough observations has the opposite sign of the overall effect. */
export function isReversed(slice: SliceFigures, overall: SliceFigures): boolean {
  return canJudge(slice) && slice.effect * Math.sign(overall.effect) < 0;
}

/** The most telling dimension: a full reversal before a partial one, then the largest mix part. */
export function mostTelling(shifts: readonly MixShift[]): MixShift | undefined {
  const rank: Record<Verdict, number> = { none: 0, partial: 1, full: 2 };
  return shifts
    .toSorted((p, q) => rank[q.verdict] - rank[p.verdict] || Math.abs(q.mix) - Math.abs(p.mix))
    .at(0);
}
