/** Rounding of threshold x views must not ask for one success more. */
const SLACK = 1e-9;
/** Chances below this do not matter. */
const NEGLIGIBLE = 1e-30;

/** Successes that a post needs at a gate: ceil(threshold x views). */
export const neededAtGate = (threshold: number, views: number): number =>
  Math.ceil(threshold * views - SLACK * Math.max(1, threshold * views));

/**
 * Chances that a post passes each gate and all before it, where every view is a success with one
 * chance, and the mean number of views until it fails or reaches the last gate. `gates`: numbers of
 * views, ascending. By recursion over the views, with what failed cut off at each gate.
 */
export function gateChances(chance: number, threshold: number, gates: readonly number[]) {
  const last = gates.at(-1) ?? 0;
  // law[s]: chance of s successes in a post that is still shown.
  const law = new Float64Array(last + 2);
  law[0] = 1;
  let [low, high, views, alive, expectedViews] = [0, 0, 0, 1, 0];
  const passes = gates.map((gate) => {
    if (alive === 0) return 0;
    expectedViews += alive * (gate - views);
    for (; views < gate; views++) {
      high++;
      for (let s = high; s > low; s--) law[s] = law[s] * (1 - chance) + law[s - 1] * chance;
      law[low] *= 1 - chance;
      while (low < high && law[low] < NEGLIGIBLE) law[low++] = 0;
      while (high > low && law[high] < NEGLIGIBLE) law[high--] = 0;
    }
    const needed = neededAtGate(threshold, gate);
    for (; low < needed && low <= high; low++) law[low] = 0;
    alive = law.subarray(low, high + 1).reduce((sum, p) => sum + p, 0);
    return alive;
  });
  return { passes, expectedViews };
}
