import { familyPool } from '../../src/gpu/testing/pools.ts';
import type { Pool, WeightRule } from '../../src/score/types.ts';

/**
 * The common task: n people with integer vectors u and p of length d. The weight of i and j is
 * (u_i p_j + u_j p_i) / 2, without filters or a bonus, which other libraries do not have.
 */
export const DIM = 64;

export function taskPool(n: number, twoSided = false): Pool {
  const pool = familyPool({ family: 'random', n, dim: DIM, seed: 11, twoSided });
  return { ...pool, bonus: new Float32Array(n) };
}

export const rule: WeightRule = {
  transform: 'identity',
  scale: 1,
  bias: 0,
  combination: 'sum',
  threshold: -Infinity,
};

/** Everybody's best weight in plain loops, the reference. f32[n]. */
export function bestWeights({ n, dim, user, peer }: Pool): Float32Array {
  const best = new Float32Array(n).fill(-Infinity);
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < n; j += 1) {
      if (i === j) continue;
      let sum = 0;
      for (let k = 0; k < dim; k += 1)
        sum += user[i * dim + k] * peer[j * dim + k] + user[j * dim + k] * peer[i * dim + k];
      best[i] = Math.max(best[i], sum / 2);
    }
  return best;
}
