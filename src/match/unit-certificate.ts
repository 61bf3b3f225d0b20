import { DUAL_STEPS } from '../score/units.ts';

/** The candidate list of one row, with weights in whole units, best first. */
export interface UnitRow {
  readonly col: Int32Array;
  readonly w: Int32Array;
  /** Eligible partners may exist beyond the list. */
  readonly full: boolean;
}

/** Half, rounded up. */
export function half(v: number): number {
  return Math.ceil(v / 2);
}

/**
 * Floor of y: a pair that a truncated row omits weighs at most its last entry, half at each end.
 */
export function floorOf({ w, full }: UnitRow): number {
  return full && w.length > 0 ? Math.max(0, half(w[w.length - 1])) : 0;
}

/**
 * Lowers a certificate in place by damped Jacobi steps: y <- (y + largest demand of its pairs) / 2.
 * The mean of both keeps every pair covered.
 *
 * @param floor lower bounds of y.
 * @param ask scratch, i32[n].
 */
export function lowerCertificate(
  rows: readonly UnitRow[],
  y: Int32Array,
  floor: Int32Array,
  ask: Int32Array,
): void {
  for (let step = 0; step < DUAL_STEPS; step++) {
    ask.set(floor);
    askAll(rows, y, ask);
    for (let i = 0; i < y.length; i++) if (ask[i] < y[i]) y[i] = half(y[i] + ask[i]);
  }
}

/**
 * Raises `ask` to the largest demand w_ij - y_j of each row. A list entry counts for both its ends.
 */
export function askAll(rows: readonly UnitRow[], y: Int32Array, ask: Int32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const { col, w } = rows[i];
    let largest = ask[i];
    const own = y[i];
    for (let e = 0; e < col.length; e++) {
      const j = col[e];
      largest = Math.max(largest, w[e] - y[j]);
      if (w[e] - own > ask[j]) ask[j] = w[e] - own;
    }
    ask[i] = Math.max(ask[i], largest);
  }
}
