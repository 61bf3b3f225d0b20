import { Stream, uniform } from '../../src/base/hash.ts';
import { NONE, RECENT_SLOTS, type Pool, type WeightRule } from '../../src/score/types.ts';

/** Components of a vector. */
export const DIM = 64;
/** Partners that everybody keeps, as in our backends. */
export const BEST = 16;

/** The weight of a pair is the dot product. */
export const dotRule: WeightRule = {
  ...{ transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: -Infinity },
};

/** Whole numbers, f32[n][DIM]: normal components of standard deviation 350. */
export function vectorsOf(n: number, draw = 1): Float32Array {
  return Float32Array.from({ length: n * DIM }, (_, e) => {
    const [a, b] = [0, 1].map((k) => uniform(50_001, Stream.world, e, 2 * draw - 1 + k));
    return Math.round(350 * Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b));
  });
}

/** People with these vectors. @param sided only even positions meet odd ones, instead of all. */
export function poolOf(n: number, vectors: Float32Array, sided: boolean): Pool {
  const sides = Uint32Array.from({ length: n }, (_, i) => (sided ? 1 + (i % 2) : 0));
  return {
    ...{ n, dim: DIM, user: vectors, peer: vectors, have: sides, avoid: sides },
    ids: Uint32Array.from({ length: n }, (_, i) => i),
    bonus: new Float32Array(n),
    waited: new Float32Array(n),
    speaks: new Uint32Array(n).fill(1),
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
}
