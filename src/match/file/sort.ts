/** Fewer values are sorted by 8 bits a pass instead of 16: counters of 16 bits would cost more. */
const SMALL = 10_000;

/**
 * Positions of the values from highest to lowest, equal values in their given order. A stable radix
 * sort over the bits of the f64 for cost matrices with tens of millions of entries; it skips
 * passes in which all values agree.
 */
export function descending(values: Float64Array): Uint32Array {
  const n = values.length;
  let order = Uint32Array.from({ length: n }, (_, i) => i);
  if (n < 2) return order;
  const plain = Float64Array.from(values, (v) => (v + 0 === 0 ? 0 : v));
  const words = new Uint16Array(plain.buffer);
  // Flip the bits so that unsigned order is descending numeric order (little-endian: word 3 has the
  // sign).
  for (let i = 0; i < n; i++) {
    const at = 4 * i;
    if ((words[at + 3] & 0x8000) === 0) for (let w = 0; w < 3; w++) words[at + w] ^= 0xffff;
    if ((words[at + 3] & 0x8000) === 0) words[at + 3] ^= 0x7fff;
  }
  const digits = n < SMALL ? new Uint8Array(plain.buffer) : words;
  const perValue = digits.length / n;
  const count = new Uint32Array(n < SMALL ? 0x100 : 0x10000);
  let next = new Uint32Array(n);
  for (let d = 0; d < perValue; d++) {
    count.fill(0);
    for (let i = 0; i < n; i++) count[digits[perValue * i + d]]++;
    if (count[digits[d]] === n) continue;
    for (let b = 0, sum = 0; b < count.length; b++) {
      const c = count[b];
      count[b] = sum;
      sum += c;
    }
    for (let i = 0; i < n; i++) {
      const e = order[i];
      next[count[digits[perValue * e + d]]++] = e;
    }
    [order, next] = [next, order];
  }
  return order;
}
