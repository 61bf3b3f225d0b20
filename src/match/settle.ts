import { goesBefore } from './source.ts';
import type { PairSource } from './source.ts';

/**
 * Turns a matching that is nearly greedy into the greedy one of this source, and returns how many pairs it made anew. For matchings
 * found in single precision: near ties are decided again in double.
 *
 * A pair blocks when it goes before what either end has. Of all pairs on which a matching differs from greedy, the first in the
 * order blocks it, and nothing before it does; so making the first blocking pair fixes one pair of greedy for good, and the loop
 * ends. Costs one scan, and one row for each person set free.
 *
 * @param mate i32[n], symmetric, -1 for none; changed in place. Pairs that are not eligible in this source are dissolved first.
 */
export function settleGreedy(source: PairSource, mate: Int32Array): number {
  const { n } = source;
  const has = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const j = mate[i];
    has[i] = j < 0 ? -Infinity : source.weight(i, j);
    if (j > i && has[i] === -Infinity) mate[i] = mate[j] = -1;
  }
  const wants = (i: number, w: number, a: number, b: number) =>
    mate[i] < 0 || w > has[i] || (w === has[i] && goesBefore(source, w, a, b, has[i], i, mate[i]));
  let blocking: { i: number; j: number; w: number }[] = [];
  const out = new Float64Array(n);
  const scan = (i: number, from: number) => {
    source.row(i, from, out);
    for (let j = from; j < n; j++) {
      const w = out[j];
      if (w === -Infinity || mate[i] === j || !wants(i, w, i, j) || !wants(j, w, i, j)) continue;
      if (source.admits(i, j)) blocking.push({ i, j, w });
    }
  };
  for (let i = 0; i < n; i++) scan(i, i + 1);
  let made = 0;
  while (blocking.length > 0) {
    let first = blocking[0];
    for (const b of blocking) if (goesBefore(source, b.w, b.i, b.j, first.w, first.i, first.j)) first = b;
    const { i, j, w } = first;
    const freed = [mate[i], mate[j]].filter((k) => k >= 0);
    for (const k of freed) {
      mate[k] = -1;
      has[k] = -Infinity;
    }
    mate[i] = j;
    mate[j] = i;
    has[i] = has[j] = w;
    made++;
    blocking = blocking.filter(
      (b) => wants(b.i, b.w, b.i, b.j) && wants(b.j, b.w, b.i, b.j) && mate[b.i] !== b.j,
    );
    for (const k of freed) scan(k, 0);
  }
  return made;
}
