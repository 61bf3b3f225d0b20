/** Shuffles in place (Fisher and Yates). `draw(k)` is a random u32 for position k. */
export function shuffleInPlace(items: Uint32Array, draw: (k: number) => number): Uint32Array {
  for (let k = items.length - 1; k > 0; k--) {
    const other = draw(k) % (k + 1);
    [items[k], items[other]] = [items[other], items[k]];
  }
  return items;
}
