/**
 * Cuts a (partial) permutation into pairs: each cycle and path of i -> next[i] becomes its heaviest
 * matching. On an even cycle that is at least the better of the two alternations, on an odd one it
 * drops at least the worst choice.
 *
 * @param next i32[n]: the choice of i; i itself or -1 for none. Nobody is chosen twice.
 * @returns mate, i32[n], -1 for none.
 */
export function cutCycles(next: Int32Array, weight: (i: number, j: number) => number): Int32Array {
  const n = next.length;
  const mate = new Int32Array(n).fill(-1);
  const chosen = new Uint8Array(n);
  for (let i = 0; i < n; i++) if (next[i] >= 0 && next[i] !== i) chosen[next[i]] = 1;
  const seen = new Uint8Array(n);
  const walk = (from: number): number[] => {
    const path: number[] = [];
    for (let i = from; i >= 0 && seen[i] === 0; i = next[i]) {
      seen[i] = 1;
      path.push(i);
      if (next[i] === i) break;
    }
    return path;
  };
  const pair = (path: number[], picks: number[]) => {
    for (const p of picks) {
      const i = path[p];
      const j = path[(p + 1) % path.length];
      mate[i] = j;
      mate[j] = i;
    }
  };
  for (let i = 0; i < n; i++) {
    if (chosen[i] === 1) continue;
    const path = walk(i);
    pair(path, bestOfPath(edges(path)).picks);
  }
  for (let i = 0; i < n; i++) {
    if (seen[i] === 1) continue;
    const path = walk(i);
    if (path.length === 2) {
      pair(path, [0]);
      continue;
    }
    const w = edges(path);
    const closing = path.length - 1;
    w.push(weight(path[closing], path[0]));
    const open = bestOfPath(w.slice(0, closing));
    // The closing edge excludes the edges at both its ends.
    const closed = bestOfPath(w.slice(1, closing - 1));
    if (closed.weight + w[closing] > open.weight) pair(path, [closing, ...closed.picks.map((p) => p + 1)]);
    else pair(path, open.picks);
  }
  return mate;

  function edges(path: number[]): number[] {
    return path.slice(1).map((j, k) => weight(path[k], j));
  }
}

/**
 * Heaviest set of edges of a path without neighbours, by dynamic programming. Edges of weight <= 0
 * are left out.
 */
function bestOfPath(w: readonly number[]): { weight: number; picks: number[] } {
  const best = new Float64Array(w.length + 2);
  for (let e = w.length - 1; e >= 0; e--) best[e] = Math.max(best[e + 1], w[e] + best[e + 2]);
  const picks: number[] = [];
  for (let e = 0; e < w.length; e++)
    if (best[e] !== best[e + 1]) {
      picks.push(e);
      e++;
    }
  return { weight: best[0], picks };
}
