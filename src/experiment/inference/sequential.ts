import * as v from 'valibot';
import { normal, Stream } from '../../base/hash.ts';
import { bisect, logBeta, normalQuantile } from '../../metrics/inference/distributions.ts';
import { mixtureBound, normalMixture, tuning } from '../../metrics/inference/evidence.ts';
import { finite, kind, list, openShare, positive, whole, workUpTo } from '../compute/kind.ts';

export const confidenceSequence = kind(
  'always-valid bound and p-value of a sum with known variance (normal mixture)',
  v.object({
    alpha: openShare,
    optimal_at: positive,
    points: list(v.object({ sum: finite, variance: positive })),
  }),
  ({ alpha, optimal_at: optimalAt, points }) => {
    const rho = tuning(optimalAt, alpha);
    const z = normalQuantile(1 - alpha / 2);
    return {
      rho,
      points: points.map(({ sum, variance }) => {
        const mixture = normalMixture(sum, variance, rho);
        const bound = mixtureBound(variance, rho, alpha);
        return {
          log_mixture: mixture,
          bound,
          p_value: Math.min(1, Math.exp(-mixture)),
          width_over_fixed: bound / (z * Math.sqrt(variance)),
        };
      }),
    };
  },
);

/** The level for which a mixture is tuned where the caller cannot choose it, as in confseq. */
const TUNED_ALPHA = 0.05;

/** Logarithm of the beta-binomial mixture martingale of `hits` of `count` under the share p. */
function binomialMixture(hits: number, count: number, p: number, optimalAt: number): number {
  const unit = p * (1 - p);
  const rho = Math.max(tuning(optimalAt * unit, TUNED_ALPHA) - unit, 1e-3 * unit);
  const [a, b] = [rho / (1 - p), rho / p];
  const misses = count - hits;
  return logBeta(a + hits, b + misses) - logBeta(a, b) - hits * Math.log(p) - misses * Math.log(1 - p);
}

/** Always-valid interval of a share (Howard et al., 2021, as in confseq). */
export function shareSequence(hits: number, count: number, alpha: number, optimalAt: number) {
  const over = (p: number) => binomialMixture(hits, count, p, optimalAt) - Math.log(1 / alpha);
  const edge = 1e-12;
  const seen = Math.min(1 - edge, Math.max(edge, hits / count));
  return {
    low: hits === 0 || over(edge) < 0 ? 0 : bisect(over, edge, seen),
    high: hits === count || over(1 - edge) < 0 ? 1 : bisect(over, seen, 1 - edge),
  };
}

export const bernoulliSequence = kind(
  'always-valid interval of a share',
  v.pipe(
    v.object({
      successes: whole(0, 2 ** 53),
      trials: whole(1, 2 ** 53),
      alpha: openShare,
      optimal_at: positive,
    }),
    v.check((input) => input.successes <= input.trials, 'successes are at most trials'),
  ),
  (input) => shareSequence(input.successes, input.trials, input.alpha, input.optimal_at),
);

/** Number of ascending values below x, or up to x. */
function countBelow(ascending: readonly number[], x: number, andEqual: boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < x || (andEqual && ascending[middle] === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Always-valid p-value for equal quantiles of two arms (Howard and Ramdas, 2022): the smallest
 * product of both arms' martingales over all values that the common quantile could have.
 */
export function quantileSequenceOf(
  arms: readonly (readonly number[])[],
  quantile: number,
  optimalAt: number,
): number {
  const ascending = arms.map((values) => values.toSorted((x, y) => x - y));
  const evidence = (values: readonly number[], candidate: number) => {
    const expected = quantile * values.length;
    const below = countBelow(values, candidate, false);
    const count = Math.min(countBelow(values, candidate, true), Math.max(below, expected));
    return binomialMixture(count, values.length, quantile, optimalAt);
  };
  const values = [...new Set(ascending.flat())].sort((x, y) => x - y);
  const candidates = [
    values[0] - 1,
    ...values.flatMap((x, k) => (k === 0 ? [x] : [(values[k - 1] + x) / 2, x])),
    values[values.length - 1] + 1,
  ];
  let least = Infinity;
  for (const x of candidates) least = Math.min(least, evidence(ascending[0], x) + evidence(ascending[1], x));
  return Math.min(1, Math.exp(-least));
}

export const quantileSequence = kind(
  'always-valid p-value for a quantile of two arms',
  v.object({ file: v.string(), a: v.string(), b: v.string(), quantile: openShare, optimal_at: positive }),
  ({ file, a, b, quantile, optimal_at: optimalAt }, { open }) => {
    const table = open(file);
    return { p_value: quantileSequenceOf([a, b].map(table.numbers), quantile, optimalAt) };
  },
);

/** Both kinds of interval, looked at after every step of a walk without an effect. */
export const sequentialTypeOne = kind(
  'error of a confidence sequence and of a fixed interval, looked at all the time',
  v.pipe(
    v.object({
      looks: whole(1, 100_000),
      optimal_at: positive,
      alpha: openShare,
      runs: whole(1, 1_000_000),
      seed: whole(0, 2 ** 32 - 1),
    }),
    // A normal draw takes about 85 ns.
    workUpTo(5e7, 'looks x runs', ({ looks, runs }) => looks * runs, 'take fewer runs'),
  ),
  ({ looks, optimal_at: optimalAt, alpha, runs, seed }) => {
    const rho = tuning(optimalAt, alpha);
    const z = normalQuantile(1 - alpha / 2);
    const bounds = Float64Array.from({ length: looks }, (_, k) => mixtureBound(k + 1, rho, alpha));
    const fixed = Float64Array.from({ length: looks }, (_, k) => z * Math.sqrt(k + 1));
    let [sequence, interval] = [0, 0];
    for (let run = 0; run < runs; run++) {
      let sum = 0;
      let [left, out] = [false, false];
      for (let k = 0; k < looks && !(left && out); k++) {
        sum += normal(seed, Stream.experiment, run, k);
        left ||= Math.abs(sum) >= bounds[k];
        out ||= Math.abs(sum) >= fixed[k];
      }
      if (left) sequence++;
      if (out) interval++;
    }
    return { confidence_sequence: sequence / runs, fixed_interval: interval / runs };
  },
);
