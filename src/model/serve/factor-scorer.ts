import type { World } from '../../world/types.ts';
import type { Factors } from '../layout/save-factors.ts';
import { createScorer, type Scorer } from './scorers.ts';
import { Scratch } from './scratch.ts';
import { quantise } from './tower.ts';

/**
 * Matrix factorisation as a scorer of a market: an id model, so it knows whom it was trained on and gives everybody else the mean. `numberOf`:
 * number of a person in the training log, -1 for a stranger. Expected seconds are exp(predicted log + `variance` / 2), for an error of
 * that variance.
 */
export function createFactorScorer(
  world: World,
  factors: Factors,
  numberOf: (id: number) => number,
  variance: number,
): Scorer {
  const base = createScorer(world);
  const scratch = new Scratch();
  const { dim, mean } = factors;
  // One number for either bias beside its 1, padded to a multiple of four.
  const width = Math.ceil((dim + 2) / 4) * 4;
  let largest = 1;
  for (const part of [factors.userBias, factors.peerBias, factors.user, factors.peer])
    for (const x of part) largest = Math.max(largest, Math.abs(x));
  // So small that no vector exceeds a norm of 4,096.
  const quantum = (largest * Math.sqrt(width)) / 4000;
  const integer = (x: number): number => quantise(x / quantum);
  return (policy, waiting) => {
    const { n, ids } = waiting;
    // Threshold and waiting bonus in seconds, as the oracle has them; its vectors are replaced.
    const { pool, rule } = base({ ...policy, scorer: 'oracle' }, waiting);
    const user = scratch.f32('user', n * width).fill(0);
    const peer = scratch.f32('peer', n * width).fill(0);
    for (let i = 0; i < n; i++) {
      const p = numberOf(ids[i]);
      const at = i * width;
      user[at + dim + 1] = peer[at + dim] = integer(1);
      if (p < 0) continue;
      for (let k = 0; k < dim; k++) {
        user[at + k] = integer(factors.user[p * dim + k]);
        peer[at + k] = integer(factors.peer[p * dim + k]);
      }
      user[at + dim] = integer(factors.userBias[p]);
      peer[at + dim + 1] = integer(factors.peerBias[p]);
    }
    return {
      pool: { ...pool, dim: width, user, peer },
      rule: { ...rule, transform: 'exp', scale: quantum * quantum, bias: mean + variance / 2 },
    };
  };
}
