/**
 * Positions of the values from highest to lowest, equal values in their given order. A stable radix
 * sort over the bits of the f64, 16 bits a pass, for cost matrices with tens of millions of
 * entries; it skips passes in which all values agree.
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
  let next = new Uint32Array(n);
  const count = new Uint32Array(0x10000);
  for (let w = 0; w < 4; w++) {
    count.fill(0);
    for (let i = 0; i < n; i++) count[words[4 * i + w]]++;
    if (count[words[w]] === n) continue;
    for (let b = 0, sum = 0; b < 0x10000; b++) {
      const c = count[b];
      count[b] = sum;
      sum += c;
    }
    for (let i = 0; i < n; i++) {
      const e = order[i];
      next[count[words[4 * e + w]]++] = e;
    }
    [order, next] = [next, order];
  }
  return order;
}
