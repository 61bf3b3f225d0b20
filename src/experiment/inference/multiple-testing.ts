import * as v from 'valibot';
import { chiSquareTail } from '../../metrics/inference/distributions.ts';
import { kind, list, openShare, share, whole } from '../compute/kind.ts';
import { sum } from './moments.ts';

type Correction = (p: number, rank: number, count: number) => number;

/**
 * Adjusted p-values in the order of the input. Step-down corrections take the running maximum from
 * the smallest p on, step-up ones the running minimum from the largest on.
 */
function adjust(pValues: readonly number[], correct: Correction, direction: 'down' | 'up'): number[] {
  const count = pValues.length;
  const order = pValues.map((_, k) => k).sort((a, b) => pValues[a] - pValues[b]);
  const ranked = order.map((at, k) => Math.min(1, correct(pValues[at], k + 1, count)));
  if (direction === 'down') for (let k = 1; k < count; k++) ranked[k] = Math.max(ranked[k], ranked[k - 1]);
  else for (let k = count - 2; k >= 0; k--) ranked[k] = Math.min(ranked[k], ranked[k + 1]);
  const adjusted = new Array<number>(count);
  order.forEach((at, k) => (adjusted[at] = ranked[k]));
  return adjusted;
}

export const bonferroni = (pValues: readonly number[]): number[] =>
  adjust(pValues, (p, _, count) => p * count, 'down');

/** Controls the family-wise error rate (Holm, 1979). */
export const holm = (pValues: readonly number[]): number[] =>
  adjust(pValues, (p, rank, count) => p * (count - rank + 1), 'down');

/** Controls the false discovery rate (Benjamini and Hochberg, 1995). */
export const benjaminiHochberg = (pValues: readonly number[]): number[] =>
  adjust(pValues, (p, rank, count) => (p * count) / rank, 'up');

export const multipleTesting = kind(
  'p-values corrected by Bonferroni, Holm, and Benjamini and Hochberg',
  v.object({ p_values: list(share), level: openShare }),
  ({ p_values: pValues, level }) => {
    const report = (adjusted: readonly number[]) => ({
      adjusted,
      rejected: adjusted.filter((p) => p <= level).length,
    });
    return {
      bonferroni: report(bonferroni(pValues)),
      holm: report(holm(pValues)),
      benjamini_hochberg: report(benjaminiHochberg(pValues)),
    };
  },
);

/** Counts against planned shares: Pearson's chi-square. */
export interface SampleRatio {
  readonly chi_square: number;
  readonly degrees_of_freedom: number;
  readonly p_value: number;
}

/** Sample ratio mismatch: whether the counts are as planned. `shares` add up to 1. */
export function sampleRatioOf(observed: readonly number[], shares: readonly number[]): SampleRatio {
  const total = sum(observed);
  const chiSquare = sum(observed.map((count, k) => (count - total * shares[k]) ** 2 / (total * shares[k])));
  const freedom = observed.length - 1;
  return { chi_square: chiSquare, degrees_of_freedom: freedom, p_value: chiSquareTail(chiSquare, freedom) };
}

export const sampleRatio = kind(
  'sample ratio mismatch: chi-square of the counts against the planned shares',
  v.pipe(
    v.object({ observed: list(whole(0, 2 ** 53)), shares: list(openShare) }),
    v.check((input) => input.observed.length === input.shares.length, 'shares has one entry per count'),
    v.check((input) => Math.abs(sum(input.shares) - 1) < 1e-9, 'shares add up to 1'),
  ),
  ({ observed, shares }) => sampleRatioOf(observed, shares),
);
