import type { CandidateLists } from '../score/candidates/lists.ts';
import { DUAL_STEPS } from '../score/units.ts';

/** Candidate lists with weights in whole units, best first: entries start[i] to end[i] - 1. */
export interface UnitLists {
  readonly n: number;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly col: Int32Array;
  readonly w: Int32Array;
  /** u8[n]: 1 where eligible partners may exist beyond the list. */
  readonly full: Uint8Array;
}

/** Lists with weights as `whole` gives them. */
export function unitLists(
  { n, start, count, col, key }: CandidateLists,
  whole: (w: number) => number,
): UnitLists {
  const end = new Int32Array(n);
  const full = new Uint8Array(n);
  const w = new Int32Array(key.length);
  for (let i = 0; i < n; i++) {
    end[i] = start[i] + count[i];
    for (let e = start[i]; e < end[i]; e++) w[e] = whole(key[e]);
    // A full list may miss partners, unless it holds everyone.
    full[i] = end[i] === start[i + 1] && count[i] < n - 1 ? 1 : 0;
  }
  return { n, start, end, col, w, full };
}

/** A copy in which every list has space for `room` entries. */
export function widened({ n, start, end, col, w, full }: UnitLists, room: number): UnitLists {
  const wide = {
    ...{ n, full: full.slice(), col: new Int32Array(n * room), w: new Int32Array(n * room) },
    start: start.slice(0, n).map((_, i) => i * room),
    end: end.map((to, i) => i * room + to - start[i]),
  };
  for (let i = 0; i < n; i++)
    for (let e = start[i], to = i * room; e < end[i]; e++, to++) {
      wide.col[to] = col[e];
      wide.w[to] = w[e];
    }
  return wide;
}

/** Half, rounded up. */
export function half(v: number): number {
  return (v + 1) >> 1;
}

/**
 * Floor of y: a pair that a truncated row omits weighs at most its last entry, half at each end.
 */
export function floorOf({ start, end, w, full }: UnitLists, i: number): number {
  return full[i] === 1 && end[i] > start[i] ? Math.max(0, half(w[end[i] - 1])) : 0;
}

/**
 * Lowers a certificate in place by damped Jacobi steps: y <- (y + largest demand of its pairs) / 2.
 * The mean of both keeps every pair covered.
 *
 * @param floor lower bounds of y.
 * @param ask scratch, i32[n].
 */
export function lowerCertificate(lists: UnitLists, y: Int32Array, floor: Int32Array, ask: Int32Array): void {
  for (let step = 0; step < DUAL_STEPS; step++) {
    ask.set(floor);
    askAll(lists, y, ask);
    for (let i = 0; i < y.length; i++) if (ask[i] < y[i]) y[i] = half(y[i] + ask[i]);
  }
}

/**
 * Writes the certificate of prices to y: (p + pi) / 2 with pi_i = max_j (w_ij - p_j), lowered.
 *
 * @param floor lower bounds of y.
 */
export function priceCertificate(
  lists: UnitLists,
  price: Int32Array,
  floor: Int32Array,
  y: Int32Array,
): void {
  const ask = floor.map((least, i) => Math.max(2 * least, 0) - price[i]);
  askAll(lists, price, ask);
  for (let i = 0; i < y.length; i++) y[i] = half(price[i] + ask[i]);
  lowerCertificate(lists, y, floor, ask);
}

/**
 * Raises `ask` to the largest demand w_ij - y_j of each row. A list entry counts for both its ends.
 */
function askAll({ n, start, end, col, w }: UnitLists, y: Int32Array, ask: Int32Array): void {
  for (let i = 0; i < n; i++) {
    let largest = ask[i];
    const own = y[i];
    for (let e = start[i], stop = end[i]; e < stop; e++) {
      const j = col[e];
      const weight = w[e];
      const here = weight - y[j];
      const there = weight - own;
      if (here > largest) largest = here;
      if (there > ask[j]) ask[j] = there;
    }
    if (largest > ask[i]) ask[i] = largest;
  }
}
