import type { GreedyResult } from './greedy.ts';
import { DEFAULT_CANDIDATES, emptyLists, refillRow } from '../../score/candidates/lists.ts';
import { goesBefore } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';

/**
 * First come, first served: pairs in the order of max(waited), then min(waited), longest first,
 * then by hash. People who waited equally long are served together: the best of the first entries
 * of their lists becomes a pair, until none of them finds a partner. Lists of everyone's best would
 * all name the same few people and run dry. This way every row is read about once.
 *
 * @param waited f32[n], seconds.
 */
export function firstCome(source: PairSource, waited: ArrayLike<number>): GreedyResult {
  const { n } = source;
  const mate = new Int32Array(n).fill(-1);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => waited[b] - waited[a] || a - b);
  // People who are still live when a group is served waited at most as long as the group.
  const live = new Uint8Array(n).fill(1);
  const byWait: PairSource = {
    ...source,
    kernel: undefined,
    row(i, from, out) {
      source.row(i, from, out);
      for (let j = from; j < n; j++) if (out[j] !== -Infinity) out[j] = waited[j];
    },
  };
  const lists = emptyLists(n, Math.min(DEFAULT_CANDIDATES, Math.max(1, n - 1)));
  const { start, count, col, key, truncated } = lists;
  const head = new Int32Array(n);
  const scratch = new Float64Array(n);
  let rows = 0;
  let rounds = 0;
  for (let at = 0; at < n;) {
    let end = at + 1;
    while (end < n && waited[order[end]] === waited[order[at]]) end++;
    const group = [...order.subarray(at, end)].filter((i) => live[i] === 1);
    group.forEach(fill);
    while (serve(group));
    for (const i of group) live[i] = 0;
    at = end;
  }
  return { mate, rounds, scans: n === 0 ? 0 : rows / n };

  function fill(i: number): void {
    refillRow(byWait, lists, i, live, scratch);
    head[i] = start[i];
    rows++;
  }

  /** Makes the best pair of the group; false where there is none. */
  function serve(group: readonly number[]): boolean {
    let best = -1;
    for (const i of group) {
      if (live[i] === 0 || !advance(i)) continue;
      const e = head[i];
      if (best < 0 || goesBefore(source, key[e], i, col[e], key[head[best]], best, col[head[best]])) best = i;
    }
    if (best < 0) return false;
    const partner = col[head[best]];
    mate[best] = partner;
    mate[partner] = best;
    live[best] = live[partner] = 0;
    rounds++;
    return true;
  }

  /**
   * Moves to the first live entry of i's list, and refills it where it ran dry; false where nobody
   * is left.
   */
  function advance(i: number): boolean {
    for (;;) {
      while (head[i] < start[i] + count[i] && live[col[head[i]]] === 0) head[i]++;
      if (head[i] < start[i] + count[i]) return true;
      if (truncated[i] === 0) return false;
      fill(i);
    }
  }
}
