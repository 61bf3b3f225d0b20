/** What the refill policy knows from one stall to the next. */
export interface RefillState {
  /** Rows that get a new list at a stall, at most. */
  readonly batch: number;
  /** People who had a partner at the last stall; undefined before the first. */
  readonly paired: number | undefined;
}

/**
 * The state before the first stall. `minBatch` depends on the backend: fewer rows would not fill
 * it.
 */
export function firstRefill(minBatch: number): RefillState {
  return { batch: minBatch, paired: undefined };
}

/**
 * Chooses which rows whose list ran dry get a new one at a stall of greedy. An unseen entry of a
 * row is at most as good as the last entry of its list, so the rows with the best last entries
 * block all others. The other rows wait, and many are paired before their turn. With a shared
 * direction of popularity, this needs less than one scan instead of n / K. All dry rows are chosen
 * where that is little work.
 *
 * The batch grows while most refilled rows soon find a partner, and shrinks where they run dry
 * again. The matching never depends on the choice; its cost does.
 *
 * @param dry rows whose list ran dry, in any order; not written.
 * @param order negative where the last entry of row a is better than that of row b.
 * @param live people who may still be paired.
 * @returns the chosen rows, and the state for the next stall.
 */
export function chooseRefill(
  { batch, paired }: RefillState,
  minBatch: number,
  { n, dry, live }: { n: number; dry: Int32Array; live: number },
  order: (a: number, b: number) => number,
): { rows: Int32Array; state: RefillState } {
  if (paired !== undefined) {
    const made = n - live - paired;
    if (made >= batch) batch *= 2;
    else if (made < batch / 4) batch = Math.max(minBatch, batch / 2);
  }
  const all = dry.length <= batch || dry.length * live <= (n * n) / 16;
  return {
    rows: all ? dry : dry.slice().sort(order).subarray(0, batch),
    state: { batch, paired: n - live },
  };
}
