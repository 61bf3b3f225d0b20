/** A value model: the sum over the heads of weight x predicted chance of the outcome. */
export function valueOf(chances: ArrayLike<number>, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let head = 0; head < weights.length; head++) sum += weights[head] * chances[head];
  return sum;
}

/** Positions in descending order of their values; equal values keep their order. */
export function highestFirst(values: ArrayLike<number>): number[] {
  const order = new Uint32Array(values.length);
  orderHighestFirst(values, order, values.length);
  return [...order];
}

/**
 * The same for the first `n` values: writes positions to order[0..n]. By insertion, because the
 * lists of a request are short and nearly in order.
 */
export function orderHighestFirst(values: ArrayLike<number>, order: Uint32Array, n: number): void {
  for (let k = 0; k < n; k++) {
    const value = values[k];
    let at = k;
    for (; at > 0 && values[order[at - 1]] < value; at--) order[at] = order[at - 1];
    order[at] = k;
  }
}

/** Moves some items to the front; both parts keep their order. */
export const theseFirst = (items: Uint32Array, isFirst: (item: number) => boolean): number[] => [
  ...items.filter((item) => isFirst(item)),
  ...items.filter((item) => !isFirst(item)),
];

/**
 * Share of positives in training where a share `keep` of the negatives is kept: p / (p + (1 - p) w)
 * (He et al., "Practical Lessons from Predicting Clicks on Ads at Facebook", ADKDD 2014, section
 * 6.3).
 */
export const rateInTraining = (rate: number, keep: number): number => rate / (rate + (1 - rate) * keep);

/** The true chance behind a chance that was learned from such a sample: q / (q + (1 - q) / w). */
export const recalibrated = (chance: number, keep: number): number => chance / (chance + (1 - chance) / keep);
