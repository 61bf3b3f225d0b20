import * as v from 'valibot';
import { quantileType7 } from '../../metrics/inference/bootstrap.ts';
import { binomialCdf, normalProbability, normalQuantile } from '../../metrics/inference/distributions.ts';
import { finite, kind, list, notNegative, openShare, share, whole } from '../compute/kind.ts';
import { meanOf } from './moments.ts';

const sorted = (values: readonly number[]) => [...values].sort((x, y) => x - y);

/** Quantile effects of two worlds with the same people, and the share who are worse off. */
export function samePeopleEffects(
  before: readonly number[],
  after: readonly number[],
  quantiles: readonly number[],
) {
  const effects = after.map((x, k) => x - before[k]);
  const [low, high, own] = [before, after, effects].map(sorted);
  return {
    mean_effect: meanOf(effects),
    quantile_effects: quantiles.map((q) => quantileType7(high, q) - quantileType7(low, q)),
    quantiles_of_effects: quantiles.map((q) => quantileType7(own, q)),
    share_worse: effects.filter((x) => x < 0).length / effects.length,
    share_unchanged: effects.filter((x) => x === 0).length / effects.length,
  };
}

export const quantileEffects = kind(
  'who is worse off although the mean rises: quantile effects of two worlds with the same people',
  v.object({ file: v.string(), a: v.string(), b: v.string(), quantiles: list(share) }),
  ({ file, a, b, quantiles }, { open }) => {
    const table = open(file);
    return samePeopleEffects(table.numbers(a), table.numbers(b), quantiles);
  },
);

const logNormal = v.object({ log_mean: finite, log_sd: notNegative });

/** Quantile effects of two log-normal laws, and the quantile at which they cross. */
export const lognormalQuantiles = kind(
  'quantile effects of two log-normal laws',
  v.object({ a: logNormal, b: logNormal, quantiles: list(openShare) }),
  ({ a, b, quantiles }) => {
    const at = (law: typeof a, q: number) => Math.exp(law.log_mean + law.log_sd * normalQuantile(q));
    const meanOf = (law: typeof a) => Math.exp(law.log_mean + law.log_sd ** 2 / 2);
    return {
      mean_a: meanOf(a),
      mean_b: meanOf(b),
      quantiles: quantiles.map((q) => ({
        quantile: q,
        a: at(a, q),
        b: at(b, q),
        effect: at(b, q) - at(a, q),
      })),
      crossing_quantile:
        a.log_sd === b.log_sd ? null : normalProbability((b.log_mean - a.log_mean) / (a.log_sd - b.log_sd)),
    };
  },
);

/**
 * Interval of a quantile of independent values between two order statistics (David and Nagaraja);
 * ranks from 1. A rank below 1 or above the number of people has no value: too few people.
 */
export function ranksOfQuantile(people: number, quantile: number, confidence: number) {
  const first = (level: number) => {
    let [low, high] = [0, people];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      // A chance that equals the level on paper differs from it by rounding.
      if (binomialCdf(middle, people, quantile) >= level - 1e-12) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const low = first((1 - confidence) / 2);
  const high = first((1 + confidence) / 2) + 1;
  const upTo = (rank: number) => binomialCdf(rank - 1, people, quantile);
  return { low_rank: low, high_rank: high, coverage: upTo(high) - upTo(low) };
}

export const quantileRanks = kind(
  'interval of a quantile by ranks',
  v.object({ people: whole(1, 10_000_000), quantile: openShare, confidence: openShare }),
  ({ people, quantile, confidence }) => ranksOfQuantile(people, quantile, confidence),
);
