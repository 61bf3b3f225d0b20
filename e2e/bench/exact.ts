import { Stream, uniform } from '../../src/base/hash.ts';
import { embeddingSource } from '../../src/match/embeddings.ts';
import { exactMatching } from '../../src/match/exact.ts';

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
  /** Multiplications and additions of one look at half of the square, in GFLOP. */
  readonly floorGflop: number;
  /** That floor alone, per second of the whole: GFLOP/s. */
  readonly rate: number;
}

/** The exact optimum of n unit vectors around twenty centres, on this thread. */
export function benchExact(n: number, dim = 64, seed = 7): ExactRow {
  const side = new Uint8Array(n);
  const source = embeddingSource(
    { ids: [], dim, vectors: clustered(n, dim, seed), side, sided: false },
    0,
    seed,
  );
  const cpu = process.cpuUsage();
  const start = performance.now();
  const found = exactMatching(source);
  const wallSeconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  const floorGflop = (n * n * dim) / 1e9;
  return {
    ...{ n, dim, cpuSeconds, wallSeconds, floorGflop },
    scans: found.scans,
    pricingRounds: found.rounds,
    searches: found.searches,
    worstReducedCost: found.worstReducedCost,
    gap: found.upperBound === 0 ? 0 : (found.upperBound - found.weight) / found.upperBound,
    rate: floorGflop / cpuSeconds,
  };
}

/** f64[n][dim]: unit vectors around twenty centres, the noise .7 of a centre's spread. */
export function clustered(n: number, dim: number, seed: number): Float64Array {
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
