import { LabError } from '../../base/errors.ts';
import { hash4, Stream } from '../../base/hash.ts';
import { mustMatch, type Numbers } from '../numbers.ts';
import type { Interval } from './student.ts';

export interface BootstrapOptions {
  readonly seed: number;
  /** Resamples; default 500. */
  readonly replicates?: number;
  /** Confidence level; default .95. */
  readonly level?: number;
  /** Cluster of each row, e.g. a person. Whole clusters are drawn: their rows are dependent. */
  readonly clusters?: Numbers;
}

export interface BootstrapInterval extends Interval {
  readonly estimate: number;
  /** Standard deviation over the resamples. */
  readonly error: number;
  /** Resamples on which the statistic was defined (finite). */
  readonly replicates: number;
}

/**
 * Percentile interval by the bootstrap (Efron and Tibshirani, 1993) of `statistic(rows)`. `rows`
 * are positions 0 to count - 1 (u32[], repeated if drawn twice; the array is reused). Draws are
 * counter-based: the same seed gives the same interval. Resamples whose statistic is not finite are
 * left out; if fewer than half remain, the interval is NaN. Throws LabError on an empty sample or
 * options out of range.
 */
export function bootstrapInterval(
  count: number,
  statistic: (rows: Uint32Array) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const { seed, replicates = 500, level = 0.95 } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new LabError(`a bootstrap needs at least one row; there are ${count}`);
  if (!(level > 0 && level < 1)) throw new LabError(`level must lie between 0 and 1; it is ${level}`);
  if (!Number.isInteger(replicates) || replicates < 1)
    throw new LabError(`replicates must be a whole number above 0; it is ${replicates}`);
  const groups = clusterRows(count, options.clusters);
  const estimate = statistic(Uint32Array.from({ length: count }, (_, i) => i));
  const values: number[] = [];
  let rows = new Uint32Array(count);
  for (let r = 0; r < replicates; r++) {
    let n = 0;
    for (let g = 0; g < groups.length; g++) {
      const drawn = groups[Math.floor(hash4(seed, Stream.bootstrap, r, g) * 2 ** -32 * groups.length)];
      if (n + drawn.length > rows.length) {
        const larger = new Uint32Array(2 * (n + drawn.length));
        larger.set(rows.subarray(0, n));
        rows = larger;
      }
      rows.set(drawn, n);
      n += drawn.length;
    }
    const value = statistic(rows.subarray(0, n));
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const enough = values.length >= replicates / 2;
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return {
    estimate,
    low: enough ? quantileType7(values, (1 - level) / 2) : NaN,
    high: enough ? quantileType7(values, (1 + level) / 2) : NaN,
    error: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : NaN,
    replicates: values.length,
  };
}

function clusterRows(count: number, clusters: Numbers | undefined): Uint32Array[] {
  if (clusters === undefined) return Array.from({ length: count }, (_, i) => Uint32Array.of(i));
  mustMatch({ length: count }, clusters, 'rows and clusters');
  const groups = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const group = groups.get(clusters[i]);
    if (group === undefined) groups.set(clusters[i], [i]);
    else group.push(i);
  }
  return [...groups.values()].map((g) => Uint32Array.from(g));
}

/** Quantile q (0 to 1) of ascending values, by interpolation (type 7 of Hyndman and Fan, 1996). */
export function quantileType7(ascending: Numbers, q: number): number {
  if (ascending.length === 0) return NaN;
  const at = q * (ascending.length - 1);
  const i = Math.floor(at);
  const next = Math.min(i + 1, ascending.length - 1);
  return ascending[i] + (at - i) * (ascending[next] - ascending[i]);
}
