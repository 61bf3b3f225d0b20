import { buildLists } from './lists.ts';
import { greedy } from './greedy.ts';
import type { GreedyResult } from './greedy.ts';
import { goesBefore } from './source.ts';
import type { PairSource } from './source.ts';

/**
 * First come, first served: pairs in the order of max(waited), then min(waited), longest first, then the hash. Lists of the best would
 * all name the same few people and run dry, so people are served one by one, longest waiting first; those who waited equally long
 * are served together, greedily.
 *
 * @param waited f32[n], seconds.
 */
export function firstCome(source: PairSource, waited: ArrayLike<number>): GreedyResult {
  const { n } = source;
  const mate = new Int32Array(n).fill(-1);
  const out = new Float64Array(n);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => waited[b] - waited[a] || a - b);
  let rows = 0;
  let rounds = 0;
  for (let at = 0; at < n;) {
    let end = at + 1;
    while (end < n && waited[order[end]] === waited[order[at]]) end++;
    if (end === at + 1) rows += serveOne(order[at]);
    else serveGroup(at, end);
    at = end;
  }
  return { mate, rounds, scans: n === 0 ? 0 : rows / n };

  function serveOne(i: number): number {
    if (mate[i] >= 0) return 0;
    source.row(i, 0, out);
    let best = -1;
    for (let j = 0; j < n; j++) {
      if (out[j] === -Infinity || mate[j] >= 0) continue;
      if (best >= 0 && !goesBefore(source, waited[j], i, j, waited[best], i, best)) continue;
      if (source.admits(i, j)) best = j;
    }
    if (best >= 0) {
      mate[i] = best;
      mate[best] = i;
      rounds++;
    }
    return 1;
  }

  /** Those at [at, end) of the order waited equally long: greedy among the pairs that have one of them. */
  function serveGroup(at: number, end: number): void {
    const first = new Uint8Array(n);
    const free = new Uint8Array(n);
    let some = 0;
    for (let a = at; a < n; a++) {
      const i = order[a];
      if (mate[i] >= 0) continue;
      free[i] = 1;
      if (a < end) some += first[i] = 1;
    }
    if (some === 0) return;
    const group: PairSource = {
      ...source,
      row(i, from, row) {
        if (free[i] === 0) {
          row.fill(-Infinity, from);
          return;
        }
        source.row(i, from, row);
        for (let j = from; j < n; j++)
          if (row[j] !== -Infinity)
            row[j] =
              free[j] === 1 && (first[i] === 1 || first[j] === 1)
                ? Math.min(waited[i], waited[j])
                : -Infinity;
      },
    };
    const result = greedy(group, buildLists(group), free);
    for (let i = 0; i < n; i++) if (result.mate[i] >= 0) mate[i] = result.mate[i];
    rounds += result.rounds;
    rows += n * (1 + result.scans);
  }
}
