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
  const order = [...seconds.keys()].sort((i, j) => seconds[i] - seconds[j]);
  const steps: { readonly at: number; readonly left: number }[] = [];
  let atRisk = order.length;
  let [left, matched, mean, last] = [1, 0, 0, 0];
  for (let from = 0; from < order.length;) {
    const at = seconds[order[from]];
    let [to, ends, matches] = [from, 0, 0];
    for (; to < order.length && seconds[order[to]] === at; to++) {
      if (ended[order[to]] !== Ended.waiting) ends++;
      if (ended[order[to]] === Ended.matched) matches++;
    }
    mean += left * (at - last);
    matched += (left * matches) / atRisk;
    left *= 1 - ends / atRisk;
    atRisk -= to - from;
    last = at;
    from = to;
    steps.push({ at, left });
  }
  if (order.length === 0) return { matched: NaN, mean: NaN, quantile: () => NaN };
  return {
    matched,
    mean,
    quantile: (q) => steps.find((step) => step.left <= 1 - q + 1e-12)?.at ?? last,
  };
}
