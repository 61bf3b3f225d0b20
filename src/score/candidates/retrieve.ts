import { Foremost } from './select.ts';
import { goesBefore } from '../source.ts';
import { poolSource } from '../weights.ts';
import { NONE, type Pool, type WeightRule } from '../types.ts';

export interface RetrieveOptions {
  /** The first `rows` people of the pool look for candidates; there are at least 0. */
  readonly rows: number;
  /** Candidates per row, 1 to 128. */
  readonly k: number;
  /** Of the tie-break between equal weights. */
  readonly seed: number;
}

export interface RetrievedRows {
  /** u32[rows][k]: positions in the pool, best first; NONE where there are no more. */
  readonly columns: Uint32Array;
  /** f32[rows][k]: their weights, 0 where there are no more. */
  readonly weights: Float32Array;
}

/**
 * The heaviest eligible partners of the first rows of a pool, in the total order of pairs: the CPU
 * reference of `GpuBackend.retrieve`.
 */
export function retrieveOnCpu(pool: Pool, rule: WeightRule, options: RetrieveOptions): RetrievedRows {
  const { rows, k, seed } = options;
  const columns = new Uint32Array(rows * k).fill(NONE);
  const weights = new Float32Array(rows * k);
  if (rows === 0) return { columns, weights };
  const source = poolSource(pool, rule, seed);
  const take = (row: number, count: number, col: Int32Array, key: Float64Array) => {
    for (let e = 0; e < count; e++) {
      columns[row * k + e] = col[e];
      weights[row * k + e] = key[e];
    }
  };
  const kernel = source.kernel?.();
  if (kernel !== undefined) {
    const live = new Uint8Array(pool.n).fill(1);
    kernel.best(
      Int32Array.from({ length: rows }, (_, i) => i),
      live,
      k,
      take,
    );
    return { columns, weights };
  }
  const out = new Float64Array(pool.n);
  for (let row = 0; row < rows; row++) {
    const best = new Foremost(k, (a, b) => goesBefore(source, 0, row, a, 0, row, b));
    source.row(row, 0, out);
    for (let j = 0; j < pool.n; j++)
      if (out[j] !== -Infinity && out[j] >= best.min && source.admits(row, j)) best.offer(j, out[j]);
    take(row, best.finish(), best.col, best.key);
  }
  return { columns, weights };
}
