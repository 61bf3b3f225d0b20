import { NONE, RECENT_SLOTS } from '../../score/types.ts';
import type { Pool, WeightRule } from '../../score/types.ts';
import type { TowerInput } from '../../model/layout/tower.ts';

/** Weight = mean of the two dot products. */
export const plainRule: WeightRule = {
  transform: 'identity',
  scale: 1,
  bias: 0,
  combination: 'sum',
  threshold: -Infinity,
};

/** A pool of `n` people without attributes, with these features. */
export function featurePool(input: TowerInput, n: number): Pool {
  return { ...calibrationPool(n, 0), dim: input.tower.dim, features: input };
}

/** A pool with integer vectors without structure, to measure scoring on. */
export function calibrationPool(n: number, dim: number): Pool {
  const vector = () => {
    const out = new Float32Array(n * dim);
    // A callback per component would take as long as the rest of the calibration.
    for (let k = 0; k < out.length; k++) out[k] = ((k * 2654435761) >>> 24) - 128;
    return out;
  };
  return {
    n,
    dim,
    user: vector(),
    peer: vector(),
    bonus: new Float32Array(n),
    waited: new Float32Array(n),
    ids: Uint32Array.from({ length: n }, (_, i) => i),
    have: new Uint32Array(n),
    avoid: new Uint32Array(n),
    speaks: new Uint32Array(n).fill(1),
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
}
