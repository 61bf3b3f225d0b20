/** Bins of a histogram: bin i counts values in [from[i], to[i]). */
export interface Bins {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  readonly count: ArrayLike<number>;
}

/**
 * Density of a histogram along an axis, for drawing. `place` gives the place of a value, 0 to 1.
 * The counts are spread over `columns` equal steps of the axis and smoothed by a Gaussian of
 * `bandwidth` columns. Counts beyond an end go to that end, so the density sums to the total count.
 * Bad bins are skipped.
 */
export function densityAlong(
  bins: Bins,
  place: (value: number) => number,
  columns: number,
  bandwidth: number,
): Float64Array {
  const raw = new Float64Array(columns);
  const column = (value: number) => Math.min(columns - 1e-9, Math.max(0, place(value) * columns));
  for (let i = 0; i < bins.count.length; i++) {
    const count = bins.count[i];
    if (!(count > 0) || !Number.isFinite(count) || !(bins.to[i] >= bins.from[i])) continue;
    const a = column(bins.from[i]);
    const b = column(bins.to[i]);
    if (b - a < 1e-6) {
      raw[Math.floor(a)] += count;
      continue;
    }
    for (let c = Math.floor(a); c <= Math.floor(b); c++) {
      const share = Math.min(b, c + 1) - Math.max(a, c);
      if (share > 0) raw[c] += (count * share) / (b - a);
    }
  }
  return smooth(raw, bandwidth);
}

function smooth(raw: Float64Array, bandwidth: number): Float64Array {
  const reach = Math.ceil(bandwidth * 3);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-(((i - reach) / bandwidth) ** 2) / 2),
  );
  const out = new Float64Array(raw.length);
  for (let c = 0; c < raw.length; c++) {
    if (raw[c] === 0) continue;
    const lo = Math.max(0, c - reach);
    const hi = Math.min(raw.length - 1, c + reach);
    // The kernel is normalised inside the array, so that the ends lose nothing.
    let sum = 0;
    for (let k = lo; k <= hi; k++) sum += kernel[k - c + reach];
    for (let k = lo; k <= hi; k++) out[k] += (raw[c] * kernel[k - c + reach]) / sum;
  }
  return out;
}
