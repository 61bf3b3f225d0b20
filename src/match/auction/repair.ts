import { goesBefore } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';

/**
 * Turns a nearly greedy matching into the greedy matching of `source`, pair for pair. While a pair
 * blocks (both prefer each other to their partners, in the total order), the first such pair is
 * made, and the rows of the people it leaves are searched for new blocking pairs. Those come after
 * the pair that was made, so pairs are made in descending order and the search ends. A matching
 * without a blocking pair is the greedy one, because the order is total. Changes `mate` in place.
 *
 * Costs one scan of the square, and one row for every person who loses their partner.
 *
 * @returns rows that were read.
 */
export function repairGreedy(source: PairSource, mate: Int32Array): number {
  const { n } = source;
  const out = new Float64Array(n);
  const weight = new Float64Array(n).fill(-Infinity);
  for (let i = 0; i < n; i++) {
    const m = mate[i];
    if (m < 0) continue;
    weight[i] = source.weight(i, m);
    // The pair is not eligible in the source.
    if (weight[i] === -Infinity && m < i) mate[i] = mate[m] = -1;
  }
  const blocked = new PairHeap(source);
  for (let i = 0; i < n; i++) look(i, i + 1);
  let rows = n / 2;
  for (let top = blocked.pop(); top !== undefined; top = blocked.pop()) {
    const { i, j, w } = top;
    if (!rather(i, j, w) || !rather(j, i, w)) continue;
    const left = [mate[i], mate[j]].filter((m) => m >= 0);
    for (const m of left) {
      mate[m] = -1;
      weight[m] = -Infinity;
    }
    mate[i] = j;
    mate[j] = i;
    weight[i] = weight[j] = w;
    for (const m of left) {
      look(m, 0);
      rows++;
    }
  }
  return rows;

  function rather(i: number, j: number, w: number): boolean {
    return mate[i] < 0 || (mate[i] !== j && goesBefore(source, w, i, j, weight[i], i, mate[i]));
  }

  /** Puts the pairs of i from position `from` on the heap that block now. */
  function look(i: number, from: number): void {
    source.row(i, from, out);
    const own = weight[i];
    for (let j = from; j < n; j++) {
      const w = out[j];
      if (w < own || w < weight[j] || w === -Infinity) continue;
      if (rather(i, j, w) && rather(j, i, w) && source.admits(i, j)) blocked.push({ i, j, w });
    }
  }
}

interface Pair {
  readonly i: number;
  readonly j: number;
  readonly w: number;
}

/** A heap of pairs, the first in the total order on top. */
class PairHeap {
  readonly #pairs: Pair[] = [];
  constructor(readonly source: PairSource) {}

  push(pair: Pair): void {
    const pairs = this.#pairs;
    let at = pairs.push(pair) - 1;
    while (at > 0 && this.#before(pair, pairs[(at - 1) >> 1])) {
      pairs[at] = pairs[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    pairs[at] = pair;
  }

  pop(): Pair | undefined {
    const pairs = this.#pairs;
    const top = pairs[0];
    const last = pairs.pop();
    if (pairs.length === 0 || last === undefined) return top;
    let at = 0;
    for (let child = 1; child < pairs.length; child = 2 * at + 1) {
      if (child + 1 < pairs.length && this.#before(pairs[child + 1], pairs[child])) child++;
      if (!this.#before(pairs[child], last)) break;
      pairs[at] = pairs[child];
      at = child;
    }
    pairs[at] = last;
    return top;
  }

  #before(a: Pair, b: Pair): boolean {
    return goesBefore(this.source, a.w, a.i, a.j, b.w, b.i, b.j);
  }
}
