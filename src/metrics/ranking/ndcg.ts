import { LabError } from '../../base/errors.ts';
import { mustBeFinite, mustMatch, order, type Numbers } from '../numbers.ts';

/**
 * Normalised discounted cumulative gain of a ranking by `scores` (highest first) of items with
 * graded `relevance` (not negative): gain 2^relevance - 1, discount log2(rank + 1), the first k
 * ranks (default all). Source: Jarvelin and Kekalainen, 2002, with the gain of Burges et al., 2005.
 * Equal scores share the mean gain of their ranks, so the order of the input does not matter
 * (McSherry and Najork, 2008). NaN where nothing is relevant.
 */
export function ndcg(scores: Numbers, relevance: Numbers, k = scores.length): number {
  mustMatch(scores, relevance, 'scores and relevance');
  mustBeFinite(scores, 'scores');
  mustBeFinite(relevance, 'relevance');
  const gains = exponentialGains(relevance);
  const ideal = idealGain(gains, k);
  return ideal === 0 ? NaN : discountedGain(scores, gains, k) / ideal;
}

/** 2^relevance - 1 of each item. Throws LabError where one is negative. */
export function exponentialGains(relevance: Numbers): Float64Array {
  return Float64Array.from(relevance, (r, i) => {
    if (r < 0) throw new LabError(`relevance must not be negative; value ${i} is ${r}`, `relevance[${i}]`);
    return 2 ** r - 1;
  });
}

/** Discounted gain of the first k ranks by scores, highest first; equal scores share gains. */
export function discountedGain(scores: Numbers, gains: Numbers, k = scores.length): number {
  const ranked = order(scores).reverse();
  const expected = new Float64Array(gains.length);
  for (let from = 0; from < ranked.length;) {
    let to = from;
    let sum = 0;
    while (to < ranked.length && scores[ranked[to]] === scores[ranked[from]]) sum += gains[ranked[to++]];
    expected.fill(sum / (to - from), from, to);
    from = to;
  }
  return discounted(expected, k);
}

/** The largest discounted gain that k ranks can have. */
export const idealGain = (gains: Numbers, k = gains.length): number =>
  discounted(Float64Array.from(gains).sort().reverse(), k);

/** Sum over the first k ranks of gain / log2(rank + 1); `gains` in the order of the ranks. */
export function discounted(gains: Numbers, k = gains.length): number {
  let sum = 0;
  for (let i = 0; i < Math.min(k, gains.length); i++) sum += gains[i] / Math.log2(i + 2);
  return sum;
}
