import * as v from 'valibot';
import { orNull } from '../../base/or-null.ts';
import { finite, kind, list, whole, workUpTo } from '../compute/kind.ts';
import { allArms } from '../inference/enumerate.ts';
import { meanAndSd, meanOf, sum, withoutRounding } from '../inference/moments.ts';

/** A period of a path takes about 250 ns. */
const PATHS = 2e7;

/** First periods of the stretches of a switchback, ascending from 1. */
const points = v.pipe(
  list(whole(1, 10_000)),
  v.maxLength(16),
  v.check((p) => p[0] === 1 && p.every((x, k) => k === 0 || x > p[k - 1]), 'points ascend from 1'),
);

/** Stretch of every period, both from 0. */
export const stretches = (periods: number, first: readonly number[]): readonly number[] =>
  Array.from({ length: periods }, (_, t) => first.filter((p) => p <= t + 1).length - 1);

/**
 * Horvitz-Thompson weight of every period under fair coins: one over the chance of its arm in the
 * last `lag` periods and its own, where that arm was the same throughout; positive for treatment; 0
 * for other periods.
 */
export function coinWeights(stretch: readonly number[], coins: readonly number[], lag: number): number[] {
  return stretch.map((_, t) => {
    if (t < lag) return 0;
    // Stretches that a period's estimate depends on are consecutive.
    const [from, to] = [stretch[t - lag], stretch[t]];
    for (let k = from; k < to; k++) if (coins[k] !== coins[to]) return 0;
    const weight = 2 ** (to - from + 1);
    return coins[to] === 1 ? weight : -weight;
  });
}

/**
 * First periods, from 1, of the stretches that are minimax for a memory of `lag` periods: 1,
 * 2 lag + 1, 3 lag + 1, and so on, the last stretch twice as long as well (Bojinov et al., theorem
 * 1). Where the lag does not divide the periods, the last stretch is longer still.
 */
export function minimaxFirstPeriods(periods: number, lag: number): number[] {
  const step = Math.max(1, lag);
  const n = Math.floor(periods / step);
  if (lag === 0) return Array.from({ length: periods }, (_, t) => t + 1);
  return [1, ...Array.from({ length: Math.max(0, n - 3) }, (_, k) => (k + 2) * step + 1)];
}

const armDifference = (outcomes: readonly number[], arms: readonly number[]) =>
  meanOf(outcomes.filter((_, t) => arms[t] === 1)) - meanOf(outcomes.filter((_, t) => arms[t] === 0));

/** Every path of a switchback with a fair coin per stretch (Bojinov et al., arXiv 2009.00148). */
export const switchbackHt = kind(
  'every path of a switchback: Horvitz-Thompson and naive estimate',
  v.pipe(
    v.object({
      periods: whole(1, 10_000),
      lag: whole(0, 1_000),
      points,
      baseline: list(finite),
      effects: list(finite),
    }),
    v.check(({ lag, periods }) => lag < periods, 'lag is below periods'),
    v.check(({ points, periods }) => points[points.length - 1] <= periods, 'no point is beyond the periods'),
    v.check(({ baseline, periods }) => baseline.length === periods, 'baseline has one entry per period'),
    workUpTo(
      PATHS,
      '2^points x periods',
      ({ points: first, periods }) => 2 ** first.length * periods,
      'take fewer points or periods',
    ),
  ),
  ({ periods, lag, points: first, baseline, effects }) => {
    const stretch = stretches(periods, first);
    const ht: number[] = [];
    const naive: number[] = [];
    for (const coins of allArms(first.length)) {
      const arms = stretch.map((k) => coins[k]);
      const outcomes = arms.map((_, t) => baseline[t] + sum(effects.map((e, k) => e * (arms[t - k] ?? 0))));
      const weights = coinWeights(stretch, coins, lag);
      ht.push(sum(outcomes.map((y, t) => y * weights[t])) / (periods - lag));
      if (new Set(coins).size === 2) naive.push(armDifference(outcomes, arms));
    }
    const described = meanAndSd(ht);
    const plain = naive.length > 0 ? meanAndSd(naive) : null;
    return {
      paths: ht.length,
      ht: { ...described, variance: described.sd ** 2 },
      naive: plain && { mean: plain.mean, variance: plain.sd ** 2, paths: naive.length },
    };
  },
);

/** Worst-case variance of the Horvitz-Thompson estimate for outcomes within +-1. */
function worstVariance(periods: number, lag: number, first: readonly number[]): number {
  const stretch = stretches(periods, first);
  let total = 0;
  for (let s = lag; s < periods; s++)
    for (let t = lag; t < periods; t++) {
      // Stretches that a period's estimate depends on are consecutive.
      const shared = Math.min(stretch[s], stretch[t]) - Math.max(stretch[s - lag], stretch[t - lag]) + 1;
      if (shared > 0) total += 2 ** (shared + 1);
    }
  return total / (periods - lag) ** 2;
}

/** Orders lists by their first difference. */
function ascending(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((x, k) => x !== b[k]);
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? -Infinity);
}

/** Searches all sets of switching points for the smallest worst case (Bojinov et al.). */
export const minimaxPoints = kind(
  'the switching points whose worst-case variance is smallest, by search of all',
  v.pipe(
    v.object({ periods: whole(2, 18), lag: whole(0, 17) }),
    v.check((input) => input.lag < input.periods, 'lag is below periods'),
  ),
  ({ periods, lag }) => {
    const designs: { first: readonly number[]; value: number }[] = [];
    for (const switches of allArms(periods - 1)) {
      const first = [1, ...switches.flatMap((on, k) => (on === 1 ? [k + 2] : []))];
      designs.push({ first, value: worstVariance(periods, lag, first) });
    }
    const same = (a: number, b: number) => Math.abs(a - b) < 1e-9;
    // Too many for the arguments of Math.min.
    const least = (values: readonly number[]) => values.reduce((low, x) => Math.min(low, x), Infinity);
    const minimum = least(designs.map((d) => d.value));
    const all = Array.from({ length: periods }, (_, t) => t + 1);
    return {
      designs: designs.length,
      minimum,
      minimisers: designs
        .filter((d) => same(d.value, minimum))
        .map((d) => d.first)
        .sort(ascending),
      second: orNull(least(designs.map((d) => d.value).filter((value) => !same(value, minimum)))),
      every_period: worstVariance(periods, lag, all),
      one_coin: worstVariance(periods, lag, [1]),
    };
  },
);

/**
 * Exact test of one switchback with a fair coin per stretch: all paths with both arms are equally
 * likely. `path` has the arm of every stretch, which begins at the period `first`, from 1.
 */
export function testPath(outcomes: readonly number[], first: readonly number[], path: readonly number[]) {
  const stretch = stretches(outcomes.length, first);
  const difference = (coins: readonly number[]) =>
    armDifference(
      outcomes,
      stretch.map((k) => coins[k]),
    );
  const observed = difference(path);
  const all = [...allArms(first.length)].filter((coins) => new Set(coins).size === 2).map(difference);
  const least = withoutRounding(observed, outcomes);
  const atLeast = all.filter((d) => Math.abs(d) >= least).length;
  return { observed, p_value: atLeast / all.length, paths: all.length };
}

export const permutationTest = kind(
  'exact permutation test of one switchback',
  v.pipe(
    v.object({ outcomes: list(finite), points, path: list(v.picklist([0, 1])) }),
    v.check((input) => input.path.length === input.points.length, 'path has one arm per point'),
    v.check(
      ({ points, outcomes }) => points[points.length - 1] <= outcomes.length,
      'no point is beyond the outcomes, which are one per period',
    ),
    v.check((input) => new Set(input.path).size === 2, 'path has both arms'),
  ),
  ({ outcomes, points: first, path }) => testPath(outcomes, first, path),
);
