import { studentQuantile } from '../../src/metrics/inference/student.ts';

/** A straight line through samples. */
export interface Slope {
  /** Units of the value per unit of time. */
  readonly slope: number;
  /** Its 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Samples next to each other are alike, because garbage is collected now and then. */
const BLOCKS = 10;

/**
 * Least-squares slope of `values`, which were taken at equal distances of `step`, with its 95 %
 * interval. Both are from the means of ten blocks in a row, whose errors are closer to independent
 * than those of the samples: t with 8 degrees of freedom. Samples that do not fill a block are left
 * out at the beginning.
 *
 * @throws Error for fewer than ten values.
 */
export function slopeOf(values: readonly number[], step: number): Slope {
  const size = Math.floor(values.length / BLOCKS);
  if (size === 0) throw new Error(`a slope needs at least ${BLOCKS} samples, got ${values.length}`);
  const settled = values.slice(values.length - BLOCKS * size);
  const means = Array.from({ length: BLOCKS }, (_, b) => mean(settled.slice(b * size, (b + 1) * size)));
  const [x, y] = [(BLOCKS - 1) / 2, mean(means)];
  const spread = means.reduce((sum, _, b) => sum + (b - x) ** 2, 0);
  const perBlock = means.reduce((sum, value, b) => sum + (b - x) * (value - y), 0) / spread;
  const rest = means.reduce((sum, value, b) => sum + (value - y - perBlock * (b - x)) ** 2, 0);
  const half = studentQuantile(BLOCKS - 2) * Math.sqrt(rest / (BLOCKS - 2) / spread);
  const unit = size * step;
  return { slope: perBlock / unit, low: (perBlock - half) / unit, high: (perBlock + half) / unit };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
