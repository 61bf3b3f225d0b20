import { Stream, normal } from '../../base/hash.ts';
import { NONE, RECENT_SLOTS } from '../../score/types.ts';
import type { Pool, WeightRule } from '../../score/types.ts';

/** Pools that make matchers work hard, each in its own way. */
export const traps = ['uniform', 'clustered', 'hubs', 'popularity'] as const;
export type Trap = (typeof traps)[number];

/** Integers of norm up to it are exact in every sum (see `Pool`). */
const LONGEST = 4096;

/**
 * f64[n][dim], both what people look for and what they are like:
 *
 * - `uniform`: nothing but noise (the weights of the bench are hashes of the pair instead, see
 *   {@link trapRule}).
 * - `clustered`: eight centres, three spreads away.
 * - `hubs`: norms spread log-normally by e^.8, so that a few people are everybody's best.
 * - `popularity`: one direction in which all lie, four spreads away: everybody agrees about who is
 *   best.
 */
export function trapVectors(trap: Trap, n: number, dim: number, seed: number): Float64Array {
  const x = new Float64Array(n * dim);
  for (let i = 0; i < n; i++) {
    const scale = trap === 'hubs' ? Math.exp(0.8 * normal(seed, Stream.world, i, dim + 1)) : 1;
    for (let k = 0; k < dim; k++) {
      const shift =
        trap === 'clustered' && i % 8 === k % 8 && k < 8 ? 3 : trap === 'popularity' && k === 0 ? 4 : 0;
      x[i * dim + k] = scale * normal(seed, Stream.world, i, k) + shift;
    }
  }
  return x;
}

/** The vectors as a pool: integers, the longest of norm 4,096, no filters, no bonus. */
export function trapPool(trap: Trap, n: number, dim: number, seed: number): Pool {
  const x = trapVectors(trap, n, dim, seed);
  let longest = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let e = i * dim; e < (i + 1) * dim; e++) sum += x[e] * x[e];
    longest = Math.max(longest, Math.sqrt(sum));
  }
  // Rounding moves a vector by half of the square root of dim at most.
  const unit = (LONGEST - Math.sqrt(dim)) / Math.max(longest, 1e-9);
  const vectors = Float32Array.from(x, (v) => Math.round(v * unit));
  return {
    n,
    dim,
    user: vectors,
    peer: vectors,
    bonus: new Float32Array(n),
    waited: new Float32Array(n),
    ids: Uint32Array.from({ length: n }, (_, i) => 3 * i + 1),
    have: new Uint32Array(n),
    avoid: new Uint32Array(n),
    speaks: new Uint32Array(n).fill(1),
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
}

/** Dot products, or for `uniform` independent weights, uniform on [0, 1). */
export function trapRule(trap: Trap): WeightRule {
  return {
    transform: trap === 'uniform' ? 'hash' : 'identity',
    scale: 1,
    bias: 0,
    combination: 'sum',
    threshold: 0,
  };
}
