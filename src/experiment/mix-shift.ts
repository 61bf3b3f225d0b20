import type { Verdict } from '../metrics/inference/slices.ts';
import { holm } from './inference/multiple-testing.ts';
import type { PairedMeans } from './paired-sums.ts';
import { ALPHA, pValueOf, type Evidence } from '../metrics/inference/evidence.ts';

/**
 * Minimum share of all sides, under each policy, in slices with an interval for a full reversal.
 */
const MIN_JUDGED_SHARE = 0.9;

/** One slice under both policies; `effect` is b - a, `low` and `high` its own interval. */
export interface NamedSlice extends PairedMeans {
  readonly dimension: string;
  readonly slice: string;
  /** Different people with an observation in either market. */
  readonly people: number;
  readonly effect: number;
  /** Not corrected for the number of slices; NaN where none is claimed. */
  readonly low: number;
  readonly high: number;
  /** p-value of no effect; NaN where no interval is claimed. */
  readonly p: number;
  /** Corrected for all slices (Holm), the interval excludes 0. Everyone (the first) is no slice. */
  readonly flagged: boolean;
}

/** Corrects the slices for their number, over all dimensions. The first row is everyone. */
export function flagged(rows: readonly Omit<NamedSlice, 'flagged'>[]): NamedSlice[] {
  const judged = rows.map((_, r) => r).filter((r) => r > 0 && !Number.isNaN(rows[r].p));
  const corrected = new Map(holm(judged.map((r) => rows[r].p)).map((p, k) => [judged[k], p]));
  corrected.set(0, rows[0].p);
  return rows.map((row, r) => ({ ...row, flagged: (corrected.get(r) ?? NaN) <= ALPHA }));
}

/** Whether a slice claims the opposite of what everyone claims. */
export const isReversed = (slice: NamedSlice, overall: NamedSlice): boolean =>
  overall.flagged && slice.flagged && slice.effect * overall.effect < 0;

/** Whether a slice points the other way without a claim: a mark that may be chance. */
export const mayBeChance = (slice: NamedSlice, overall: NamedSlice): boolean =>
  slice.effect * overall.effect < 0 && !isReversed(slice, overall);

/** The claim over all dimensions: 'full' where a whole dimension goes against everyone. */
export function reversal([overall, ...slices]: readonly NamedSlice[]): Verdict {
  const names = [...new Set(slices.map((s) => s.dimension))];
  const verdicts = names.map((name) =>
    verdictOf(
      overall,
      slices.filter((s) => s.dimension === name),
    ),
  );
  return verdicts.includes('full') ? 'full' : verdicts.includes('partial') ? 'partial' : 'none';
}

function verdictOf(overall: NamedSlice, slices: readonly NamedSlice[]): Verdict {
  const against = slices.filter((s) => isReversed(s, overall));
  if (against.length === 0) return 'none';
  const judged = slices.filter((s) => !Number.isNaN(s.p));
  const share = (count: (s: NamedSlice) => number) => total(judged, count) / total(slices, count);
  const whole = share((s) => s.nA) >= MIN_JUDGED_SHARE && share((s) => s.nB) >= MIN_JUDGED_SHARE;
  return whole && judged.length > 1 && against.length === judged.length ? 'full' : 'partial';
}

const total = (slices: readonly NamedSlice[], count: (s: NamedSlice) => number) =>
  slices.reduce((sum, s) => sum + count(s), 0);

/** The explanation of an overall effect by one dimension. */
export interface MixShift {
  readonly dimension: string;
  readonly verdict: Verdict;
  /** Slices whose effect is claimed and goes against everyone's. */
  readonly against: readonly NamedSlice[];
  /** Whether every slice claims the sign of everyone's effect. */
  readonly everywhere: boolean;
  readonly slices: readonly NamedSlice[];
  /** Parts of the overall effect: from changed shares of the slices, from changed means within. */
  readonly mix: number;
  readonly within: number;
  /** p-value of no mix part; NaN where nobody can judge it. */
  readonly p: number;
  /**
   * The slice whose changed share moves the overall mean most in the direction of the mix part, and
   * the p-value of no change of its share, corrected for the slices it was chosen from.
   */
  readonly mover: {
    readonly slice: NamedSlice;
    readonly shareA: number;
    readonly shareB: number;
    readonly p: number;
  } | null;
}

/** Judges the change of the mean of a value per slice that comes from the shares of the slices. */
export type JudgeMix = (slices: readonly NamedSlice[], values: readonly number[]) => Evidence | null;

/**
 * Splits an overall effect by the slices of one dimension (Kitagawa, 1955): with shares w and means
 * m of policies a and b, the mix part is sum (w_b - w_a) (m_a + m_b) / 2, and the part within
 * slices is sum (w_a + w_b) / 2 (m_b - m_a). If only one policy serves a slice, its mean counts for
 * both.
 */
export function mixShift(overall: NamedSlice, all: readonly NamedSlice[], judge: JudgeMix): MixShift {
  const slices = all.filter((s) => s.nA + s.nB > 0);
  const [totalA, totalB] = [total(slices, (s) => s.nA), total(slices, (s) => s.nB)];
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
  const pOf = (values: readonly number[]) => {
    const evidence = judge(slices, values);
    return evidence === null ? NaN : pValueOf(evidence, 'always');
  };
  const centre = (s: NamedSlice) => ((s.nA > 0 ? s.meanA : s.meanB) + (s.nB > 0 ? s.meanB : s.meanA)) / 2;
  return {
    dimension: slices[0]?.dimension ?? '',
    verdict: verdictOf(overall, slices),
    against: slices.filter((s) => isReversed(s, overall)),
    everywhere: overall.flagged && slices.every((s) => s.flagged && s.effect * Math.sign(overall.effect) > 0),
    slices,
    mix,
    within,
    p: pOf(slices.map(centre)),
    mover:
      mover === undefined || !(mover.moves * mix > 0)
        ? null
        : {
            ...{ slice: mover.slice, shareA: mover.shareA, shareB: mover.shareB },
            p: Math.min(1, slices.length * pOf(slices.map((s) => (s === mover.slice ? 1 : 0)))),
          },
  };
}

/** The mix parts and movers, corrected for the number of dimensions that are looked at. */
export function correctedShifts(shifts: readonly MixShift[]): MixShift[] {
  return shifts.map((shift) => ({
    ...shift,
    p: Math.min(1, shift.p * shifts.length),
    mover: shift.mover && { ...shift.mover, p: Math.min(1, shift.mover.p * shifts.length) },
  }));
}

/**
 * The dimension that tells most, corrected, among those with a claim: a full reversal before a
 * partial one, then the smallest p-value of the mix part, then an effect that holds in every slice.
 */
export function mostTelling(shifts: readonly MixShift[]): MixShift | undefined {
  const rank: Record<Verdict, number> = { none: 0, partial: 1, full: 2 };
  const orOne = (p: number) => (Number.isNaN(p) ? 1 : p);
  return correctedShifts(shifts)
    .filter((s) => s.verdict !== 'none' || s.p <= ALPHA || s.everywhere)
    .toSorted(
      (p, q) =>
        rank[q.verdict] - rank[p.verdict] ||
        orOne(p.p) - orOne(q.p) ||
        Number(q.everywhere) - Number(p.everywhere),
    )
    .at(0);
}
