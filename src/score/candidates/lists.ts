import { goesBefore } from '../source.ts';
import type { PairSource } from '../source.ts';

/** Default length of a list of candidates. */
export const DEFAULT_CANDIDATES = 16;

/** Length of a refilled list: longer than the first, because the first did not suffice. */
export function longList(n: number, k: number): number {
  return n - 1 <= k ? 0 : Math.max(k, Math.min(128, 32 + Math.ceil(n / 32)));
}

/** The K best partners of every row, best first in the total order of pairs (`goesBefore`). */
export interface CandidateLists {
  readonly n: number;
  /** i32[n + 1]: entries start[i] to start[i + 1] - 1 are reserved for row i. */
  readonly start: Int32Array;
  /** i32[n]: entries used. */
  readonly count: Int32Array;
  /** i32 and f64: partner and weight (or key) of each entry. */
  readonly col: Int32Array;
  readonly key: Float64Array;
  /**
   * u8[n]: 1 where the row has eligible partners that its list leaves out, all after its last
   * entry.
   */
  readonly truncated: Uint8Array;
}

/** Finds the K best partners of every row by one scan of half the square. */
export function buildLists(source: PairSource, k: number = DEFAULT_CANDIDATES): CandidateLists {
  const { n } = source;
  const room = Math.max(1, Math.min(k, Math.max(1, n - 1)));
  const lists = emptyLists(n, room);
  const kernel = source.kernel?.();
  if (kernel !== undefined) kernel.lists(room, lists);
  else fillLists(source, lists, room);
  return lists;
}

/** The form for any source. */
function fillLists(source: PairSource, lists: CandidateLists, room: number): void {
  const { n } = source;
  const out = new Float64Array(n);
  const { key, count, truncated } = lists;
  // Key that a new entry of the row must reach: the last key of its list once that is full.
  const floor = new Float64Array(n).fill(-Infinity);
  for (let i = 0; i < n; i++) {
    source.row(i, i + 1, out);
    let own = floor[i];
    for (let j = i + 1; j < n; j++) {
      const w = out[j];
      if (w === -Infinity) continue;
      const toI = w >= own;
      const toJ = w >= floor[j];
      if (!toI) truncated[i] = 1;
      if (!toJ) truncated[j] = 1;
      if ((!toI && !toJ) || !source.admits(i, j)) continue;
      if (toI) {
        insert(source, lists, i, j, w);
        if (count[i] === room) own = key[(i + 1) * room - 1];
      }
      if (toJ) {
        insert(source, lists, j, i, w);
        if (count[j] === room) floor[j] = key[(j + 1) * room - 1];
      }
    }
    floor[i] = own;
  }
}

/**
 * Refills the list of row i with its best partners among those with `live` = 1. `out` is scratch,
 * f64[n].
 */
export function refillRow(
  source: PairSource,
  lists: CandidateLists,
  i: number,
  live: Uint8Array,
  out: Float64Array,
): void {
  const { n, start, count, key, truncated } = lists;
  const last = start[i + 1] - 1;
  const room = start[i + 1] - start[i];
  count[i] = 0;
  truncated[i] = 0;
  source.row(i, 0, out);
  let floor = -Infinity;
  for (let j = 0; j < n; j++) {
    const w = out[j];
    if (w === -Infinity || live[j] === 0) continue;
    if (w < floor) {
      truncated[i] = 1;
      continue;
    }
    if (!source.admits(i, j)) continue;
    insert(source, lists, i, j, w);
    if (count[i] === room) floor = key[last];
  }
}

/** Makes lists of rows of any length, each sorted by weight and marked as truncated. */
export function listsOf(
  rows: readonly { readonly col: Int32Array; readonly key: ArrayLike<number> }[],
): CandidateLists {
  const n = rows.length;
  const start = new Int32Array(n + 1);
  rows.forEach(({ col }, i) => (start[i + 1] = start[i] + col.length));
  const col = new Int32Array(start[n]);
  const key = new Float64Array(start[n]);
  rows.forEach((row, i) => {
    const order = Uint32Array.from(row.col, (_, e) => e).sort((a, b) => row.key[b] - row.key[a] || a - b);
    order.forEach((e, at) => {
      col[start[i] + at] = row.col[e];
      key[start[i] + at] = row.key[e];
    });
  });
  return {
    n,
    start,
    count: Int32Array.from(rows, (row) => row.col.length),
    col,
    key,
    truncated: new Uint8Array(n).fill(1),
  };
}

export function emptyLists(n: number, k: number): CandidateLists {
  const start = new Int32Array(n + 1);
  for (let i = 1; i <= n; i++) start[i] = i * k;
  return {
    n,
    start,
    count: new Int32Array(n),
    col: new Int32Array(n * k),
    key: new Float64Array(n * k),
    truncated: new Uint8Array(n),
  };
}

/**
 * Inserts an entry into a short sorted list. An entry that drops off its end marks the row as
 * truncated.
 */
function insert(source: PairSource, lists: CandidateLists, i: number, j: number, w: number): void {
  const { start, count, col, key } = lists;
  const base = start[i];
  const last = start[i + 1] - 1;
  let at = count[i];
  if (base + at > last) {
    lists.truncated[i] = 1;
    if (!goesBefore(source, w, i, j, key[last], i, col[last])) return;
    at--;
  } else count[i] = at + 1;
  while (at > 0 && goesBefore(source, w, i, j, key[base + at - 1], i, col[base + at - 1])) {
    key[base + at] = key[base + at - 1];
    col[base + at] = col[base + at - 1];
    at--;
  }
  key[base + at] = w;
  col[base + at] = j;
}
