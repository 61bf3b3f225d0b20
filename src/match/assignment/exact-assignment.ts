import { matchExactly } from '../exact/polish.ts';
import type { EdgeList } from '../exact/polish.ts';
import { bestNets, totalOf } from './square.ts';
import type { Assignment, Square } from './square.ts';

/**
 * The optimum by shortest augmenting paths (Jonker and Volgenant 1987, without their first
 * heuristics beyond the column minima), O(n^3). Exact for every range of values: where float64
 * cannot prove the result, the pairs that an optimum may need are matched in exact arithmetic.
 */
export function exactAssignment(square: Square): Assignment {
  const { n, value } = square;
  // Costs are the negated values; v are duals of the columns. Reduced costs are relative to the
  // row's minimum.
  const v = new Float64Array(n);
  const column = new Int32Array(n).fill(-1);
  const owner = new Int32Array(n).fill(-1);
  for (let j = 0; j < n; j++) {
    let best = 0;
    for (let i = 1; i < n; i++) if (value[i * n + j] > value[best * n + j]) best = i;
    v[j] = -value[best * n + j];
    if (column[best] < 0) {
      column[best] = j;
      owner[j] = best;
    }
  }
  const distance = new Float64Array(n);
  const from = new Int32Array(n);
  const done = new Uint8Array(n);
  let rounds = 0;
  let rows = 0;
  for (let root = 0; root < n; root++) {
    if (column[root] >= 0) continue;
    rounds++;
    done.fill(0);
    for (let j = 0; j < n; j++) {
      distance[j] = -value[root * n + j] - v[j];
      from[j] = root;
    }
    const path: number[] = [];
    let end = -1;
    let reach = 0;
    while (end < 0) {
      let best = -1;
      for (let j = 0; j < n; j++) if (done[j] === 0 && (best < 0 || distance[j] < distance[best])) best = j;
      reach = distance[best];
      done[best] = 1;
      path.push(best);
      rows++;
      const i = owner[best];
      if (i < 0) {
        end = best;
        break;
      }
      const base = i * n;
      // The reduced cost of the assigned pair (i, best), subtracted so that this pair costs
      // nothing.
      const own = -value[base + best] - v[best];
      for (let j = 0; j < n; j++) {
        if (done[j] === 1) continue;
        const d = reach + (-value[base + j] - v[j] - own);
        if (d < distance[j]) {
          distance[j] = d;
          from[j] = i;
        }
      }
    }
    for (const j of path) v[j] += distance[j] - reach;
    for (let j = end; ;) {
      const i = from[j];
      owner[j] = i;
      [column[i], j] = [j, column[i]];
      if (i === root) break;
    }
  }
  const polished = polishAssignment(
    square,
    column,
    v.map((x) => -x),
  );
  return {
    column: polished,
    upperBound: totalOf(square, polished),
    rounds,
    // The column minima are one scan.
    scans: n === 0 ? 0 : 1 + rows / n,
  };
}

/**
 * The optimum from a nearly optimal assignment and its prices. By the prices, every pair (i, j) has
 * a slack pi_i + p_j - value_ij >= 0 with pi_i = max_j (value_ij - p_j), and the slacks of an
 * assignment add up to what it is worth less than sum(pi) + sum(p). So the pairs of an optimum have
 * at most the slack of the given assignment, all of it, and only those are matched again.
 */
function polishAssignment(square: Square, column: Int32Array, price: Float64Array): Int32Array {
  const { n, value } = square;
  const top = bestNets(square, price);
  let size = 0;
  for (const list of [value, price, top]) for (const v of list) size = Math.max(size, Math.abs(v));
  const slip = size * 2 ** -50;
  let gap = 0;
  for (let i = 0; i < n; i++) gap += top[i] + price[column[i]] - value[i * n + column[i]];
  // Whole numbers of this size have no rounding errors, so that no slack is a proof.
  if (gap === 0 && size < 2 ** 50 && value.every(Number.isInteger)) return column;
  const edges: EdgeList = { u: [], v: [], weight: [] };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (top[i] + price[j] - value[i * n + j] > gap + (4 * n + 8) * slip) continue;
      edges.u.push(i);
      edges.v.push(n + j);
      edges.weight.push(value[i * n + j]);
    }
  const lowest = price.reduce((a, b) => Math.min(a, b), Infinity);
  const duals = [...Array.from(top, (t) => t + lowest), ...Array.from(price, (p) => p - lowest)];
  const mate = matchExactly(2 * n, edges, duals, { fullest: (vertex) => vertex < n });
  return mate.slice(0, n).map((m) => m - n);
}
