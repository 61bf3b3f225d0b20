import type { CandidateLists } from './lists.ts';
import type { PairSource } from './source.ts';

/**
 * Exchanges until none helps: i takes a listed c, and the two who are left behind are paired where they are eligible. Changes `mate`
 * in place and returns the number of exchanges. Every exchange raises the total, so it ends.
 */
export function exchange(
  source: PairSource,
  lists: CandidateLists,
  mate: Int32Array,
  maxPasses = 32,
): number {
  const { n, start, count, col, key } = lists;
  const weight = new Float64Array(n);
  let top = 0;
  for (let i = 0; i < n; i++) {
    if (mate[i] >= 0) weight[i] = source.weight(i, mate[i]);
    if (count[i] > 0) top = Math.max(top, key[start[i]]);
  }
  const least = top * 2 ** -40;
  const best = (i: number) => (count[i] > 0 ? Math.max(0, key[start[i]]) : 0);
  let moves = 0;
  for (let pass = 0; pass < maxPasses; pass++) {
    const before = moves;
    for (let i = 0; i < n; i++) {
      for (let e = start[i]; e < start[i] + count[i]; e++) {
        const a = mate[i];
        // Even with the best that a and some d could have, the rest of the list is too light.
        if (key[e] + (a < 0 ? 0 : best(a)) <= weight[i]) break;
        const c = col[e];
        if (c === a) continue;
        const d = mate[c];
        const loss = weight[i] + weight[c];
        if (key[e] + (a < 0 || d < 0 ? 0 : Math.min(best(a), best(d))) <= loss + least) continue;
        const left = a < 0 || d < 0 ? -Infinity : source.weight(a, d);
        if (key[e] + (left === -Infinity ? 0 : left) <= loss + least) continue;
        join(i, c, key[e]);
        if (left !== -Infinity) join(a, d, left);
        else for (const alone of [a, d]) if (alone >= 0) free(alone);
        moves++;
      }
    }
    if (moves === before) break;
  }
  return moves;

  function join(i: number, j: number, w: number): void {
    mate[i] = j;
    mate[j] = i;
    weight[i] = w;
    weight[j] = w;
  }
  function free(i: number): void {
    mate[i] = -1;
    weight[i] = 0;
  }
}
