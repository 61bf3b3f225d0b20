import { Stream, uniform } from '../../src/base/hash.ts';
import { rowDots } from '../../src/score/dots.ts';
import { embeddingSource } from '../../src/match/file/embeddings.ts';
import { exactMatching } from '../../src/match/exact/exact.ts';

export interface ExactRow {
  readonly n: number;
  readonly dim: number;
  /** Time of the processor, of one thread but for the garbage collector's; seconds. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Looks at half of the square. */
  readonly scans: number;
  readonly pricingRounds: number;
  readonly searches: number;
  /** Largest weight less duals over all pairs, at the end: not above 0. */
  readonly worstReducedCost: number;
  /** (bound - weight) / bound. */
  readonly gap: number;
  /**
   * What cannot be done without: two looks at half of the square, one to find candidates and one to prove, n^2 dim multiply-adds in all, at the
   * rate of the f32 kernel in these minutes; and the vectors, read once for each, which is nothing beside it.
   */
  readonly floorMultiplyAdds: number;
  readonly floorBytes: number;
  readonly floorSeconds: number;
  readonly overFloor: number;
}

/** The exact optimum of n unit vectors around twenty centres, on this thread. */
export function benchExact(n: number, dim = 64, seed = 7): ExactRow {
  const side = new Uint8Array(n);
  const vectors = clustered(n, dim, seed);
  const source = embeddingSource({ ids: [], dim, vectors, side, sided: false }, 0, seed);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const found = exactMatching(source);
  const wallSeconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  const floorMultiplyAdds = n * n * dim;
  const floorSeconds = floorMultiplyAdds / kernelRate(vectors, n, dim);
  return {
    ...{ n, dim, cpuSeconds, wallSeconds, floorMultiplyAdds, floorSeconds },
    scans: found.scans,
    pricingRounds: found.rounds,
    searches: found.searches,
    worstReducedCost: found.worstReducedCost,
    gap: found.upperBound === 0 ? 0 : (found.upperBound - found.weight) / found.upperBound,
    floorBytes: 2 * n * dim * 4,
    overFloor: cpuSeconds / floorSeconds,
  };
}

/** Multiply-adds per second of processor time of rows of dot products in f32. */
function kernelRate(vectors: Float64Array, n: number, dim: number): number {
  const [dots] = rowDots([{ x: vectors, y: vectors }], n, dim, true);
  const out = new Float64Array(n);
  dots(0, 0, out);
  const rows = Math.min(n, 512);
  const cpu = process.cpuUsage();
  for (let i = 0; i < rows; i++) dots(i, 0, out);
  const { user, system } = process.cpuUsage(cpu);
  return (rows * n * dim) / ((user + system) / 1e6);
}

/** f64[n][dim]: unit vectors around twenty centres, the noise .7 of a centre's spread. */
function clustered(n: number, dim: number, seed: number): Float64Array {
  const normal = (i: number, k: number, what: number) =>
    Math.sqrt(-2 * Math.log(1 - uniform(seed, Stream.world, i, k, 2 * what))) *
    Math.cos(2 * Math.PI * uniform(seed, Stream.world, i, k, 2 * what + 1));
  const vectors = new Float64Array(n * dim);
  for (let i = 0; i < n; i++) {
    const centre = Math.floor(20 * uniform(seed, Stream.world, i, 0, 9));
    const v = vectors.subarray(i * dim, (i + 1) * dim);
    for (let k = 0; k < dim; k++) v[k] = normal(centre, k, 1) + 0.7 * normal(i, k, 0);
    const length = Math.hypot(...v);
    for (let k = 0; k < dim; k++) v[k] /= length;
  }
  return vectors;
}
