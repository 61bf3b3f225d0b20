import { FORBIDDEN } from './square.ts';
import type { Square } from './square.ts';

/**
 * Greedy: the entries of a square in the given order (best first), until every row has a column.
 * Where that uses forbidden pairs, rows are then reassigned along augmenting paths of allowed pairs
 * (Kuhn 1955), so that as few pairs as possible are forbidden.
 *
 * @param order u32[n n]: positions in the matrix.
 */
export function greedyAssignment({ n, kind }: Square, order: Uint32Array): Int32Array {
  const column = new Int32Array(n).fill(-1);
  const owner = new Int32Array(n).fill(-1);
  let left = n;
  for (let e = 0; e < order.length && left > 0; e++) {
    const i = Math.floor(order[e] / n);
    const j = order[e] % n;
    if (column[i] >= 0 || owner[j] >= 0) continue;
    column[i] = j;
    owner[j] = i;
    left--;
  }
  const isForbidden = (i: number, j: number) => kind[i * n + j] === FORBIDDEN;
  return column.some((j, i) => isForbidden(i, j)) ? reassign(n, column, isForbidden) : column;
}

function reassign(n: number, column: Int32Array, isForbidden: (i: number, j: number) => boolean): Int32Array {
  const owner = new Int32Array(n).fill(-1);
  column.forEach((j, i) => {
    if (!isForbidden(i, j)) owner[j] = i;
  });
  const kept = new Int32Array(n).fill(-1);
  owner.forEach((i, j) => {
    if (i >= 0) kept[i] = j;
  });
  for (let root = 0; root < n; root++) {
    if (kept[root] >= 0) continue;
    const from = new Int32Array(n).fill(-1);
    const queue = [root];
    let end = -1;
    for (let q = 0; q < queue.length && end < 0; q++)
      for (let j = 0; j < n && end < 0; j++) {
        if (from[j] >= 0 || isForbidden(queue[q], j)) continue;
        from[j] = queue[q];
        if (owner[j] < 0) end = j;
        else queue.push(owner[j]);
      }
    for (let j = end; j >= 0;) {
      const i = from[j];
      owner[j] = i;
      [kept[i], j] = [j, kept[i]];
    }
  }
  // The rows that are left take the columns that are left.
  let j = 0;
  for (let i = 0; i < n; i++) {
    if (kept[i] >= 0) continue;
    while (owner[j] >= 0) j++;
    owner[j] = i;
    kept[i] = j;
  }
  return kept;
}
