/**
 * Dot products of one row against many, the inner loop of everything on the CPU. Four columns at a time, each summed from left to
 * right, so that a dot has the same bits whichever row asks for it. Float64Arrays: V8 widens every f32 load at a cost.
 */

/** out[j] = x[i] . y[j] for j in [from, n); x, y: f64[n][stride], components [at, at + dim) of x against [yAt, yAt + dim) of y. */
export function rowDots(
  x: Float64Array,
  y: Float64Array,
  n: number,
  stride: number,
  at: number,
  yAt: number,
  dim: number,
  i: number,
  from: number,
  out: Float64Array,
): void {
  const start = i * stride + at;
  const end = start + dim;
  let j = from;
  for (; j + 4 <= n; j += 4) {
    let q = j * stride + yAt;
    let r = q + stride;
    let s = r + stride;
    let t = s + stride;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let p = start; p < end; p++, q++, r++, s++, t++) {
      const v = x[p];
      a += v * y[q];
      b += v * y[r];
      c += v * y[s];
      d += v * y[t];
    }
    out[j] = a;
    out[j + 1] = b;
    out[j + 2] = c;
    out[j + 3] = d;
  }
  for (; j < n; j++) out[j] = dot(x, start, y, j * stride + yAt, dim);
}

/** One dot product, summed in the same order as {@link rowDots}. */
export function dot(x: Float64Array, p: number, y: Float64Array, q: number, dim: number): number {
  let a = 0;
  for (let k = 0; k < dim; k++) a += x[p + k] * y[q + k];
  return a;
}
