import { productLimit, survivalQuantile, type LengthCounts } from '../../metrics/inference/product-limit.ts';
import { Ended } from '../run/evening-log.ts';

/** Waits of which some still go on: Kaplan and Meier's curve. NaN without a wait. */
export interface WaitCurve {
  /** Share that ends in a match (Aalen and Johansen's estimate with giving up as the other end). */
  readonly matched: number;
  /** Mean length up to the longest one seen, seconds. */
  readonly mean: number;
  /** Length that a share q of the waits does not exceed, seconds; the longest if none is known. */
  quantile(q: number): number;
}

/** `ended`: 0 still waiting, 1 matched, 2 gave up. */
export function waitCurve(seconds: readonly number[], ended: readonly number[]): WaitCurve {
  if (seconds.length === 0) return { matched: NaN, mean: NaN, quantile: () => NaN };
  const order = [...seconds.keys()].sort((i, j) => seconds[i] - seconds[j]);
  const lengths: (LengthCounts & { readonly matches: number })[] = [];
  for (let from = 0; from < order.length;) {
    const at = seconds[order[from]];
    let [to, ends, matches] = [from, 0, 0];
    for (; to < order.length && seconds[order[to]] === at; to++) {
      if (ended[order[to]] !== Ended.waiting) ends++;
      if (ended[order[to]] === Ended.matched) matches++;
    }
    lengths.push({ at, ended: ends, open: to - from - ends, matches });
    from = to;
  }
  const steps = productLimit(lengths);
  let [matched, mean, last] = [0, 0, 0];
  steps.forEach(({ at, before, atRisk }, i) => {
    mean += before * (at - last);
    matched += (before * lengths[i].matches) / atRisk;
    last = at;
  });
  const quantile = (q: number) => {
    const known = survivalQuantile(steps, q);
    return Number.isNaN(known) ? last : known;
  };
  return { matched, mean, quantile };
}
