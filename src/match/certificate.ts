import type { CandidateLists } from '../score/candidates/lists.ts';

/**
 * y_i >= 0 with y_i + y_j >= w_ij on every eligible pair, hence sum y >= weight of any matching
 * (weak duality).
 */
export interface Certificate {
  /** f64[n]. */
  readonly price: Float64Array;
  /** Sum of y, rounded up: never below the optimum. */
  readonly upperBound: number;
}

const ROUNDS = 64;

/**
 * Certificate from lists of the K best. Starts at half the row maximum, which is feasible, and
 * repeatedly replaces y_i by the mean of y_i and m_i = max(0, max_j (w_ij - y_j)). y stays
 * feasible, because 2 (y'_i + y'_j) = y_i + m_j + y_j + m_i >= 2 w_ij, and never rises. An entry in
 * one list counts for both its ends. A pair in neither list weighs at most the last entry of
 * either, so it stays covered as long as no truncated row goes below half its last entry.
 *
 * @param from a feasible y to start from (f64[n], not written), instead of half the row maximum;
 *   lifted to those halves.
 */
export function listCertificate(lists: CandidateLists, from?: Float64Array, rounds = ROUNDS): Certificate {
  const { n, start, count, col, key, truncated } = lists;
  const y = new Float64Array(n);
  const minDual = new Float64Array(n);
  let scale = 0;
  for (let i = 0; i < n; i++) {
    const top = count[i] > 0 ? Math.max(0, key[start[i]]) : 0;
    if (truncated[i] === 1) minDual[i] = Math.max(0, key[start[i] + count[i] - 1] / 2);
    scale = Math.max(scale, top);
    y[i] = from === undefined ? top / 2 : Math.max(from[i], minDual[i]);
  }
  const ask = new Float64Array(n);
  let sum = total(y);
  for (let r = 0; r < rounds; r++) {
    ask.set(minDual);
    for (let i = 0; i < n; i++) {
      const own = y[i];
      let m = ask[i];
      for (let e = start[i], end = e + count[i]; e < end; e++) {
        const j = col[e];
        const w = key[e];
        if (w - y[j] > m) m = w - y[j];
        if (w - own > ask[j]) ask[j] = w - own;
      }
      ask[i] = m;
    }
    for (let i = 0; i < n; i++) if (ask[i] < y[i]) y[i] = (y[i] + ask[i]) / 2;
    const now = total(y);
    const gained = sum - now;
    sum = now;
    if (gained <= 1e-7 * sum) break;
  }
  return roundUp(y, scale);
}

/**
 * Raises every y by more than all rounding errors of numbers up to `scale`, and the sum by its own.
 */
export function roundUp(y: Float64Array, scale: number): Certificate {
  const slack = scale * 2 ** -48;
  const price = y.map((v) => v + slack);
  const sum = total(price);
  return { price, upperBound: sum * (1 + y.length * 2 ** -52) };
}

function total(y: Float64Array): number {
  let sum = 0;
  for (const v of y) sum += v;
  return sum;
}

/** The smallest f32 not below v. */
export function f32Up(v: number): number {
  const r = Math.fround(v);
  if (r >= v) return r;
  bits.setFloat32(0, r);
  bits.setInt32(0, bits.getInt32(0) + (r >= 0 ? 1 : -1));
  const up = bits.getFloat32(0);
  return r === 0 ? 2 ** -149 : up;
}
const bits = new DataView(new ArrayBuffer(4));
