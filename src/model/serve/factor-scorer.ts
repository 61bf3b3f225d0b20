import type { World } from '../../world/types.ts';
import type { Factors } from '../layout/save-factors.ts';
import { createScorer, type Scorer } from './scorers.ts';
import { Scratch } from './scratch.ts';
import { quantise } from './tower.ts';

/**
 * Matrix factorisation as the scorer of a market. It is an id model: people who did not train get
 * the mean. `numberOf`: number of a person in the training log, -1 for a stranger. `variance`: of
 * the model's error; expected seconds are exp(predicted log + variance / 2).
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
  // Two more components hold the two biases, each against a 1 on the other side; padded to a
  // multiple of 4.
  const width = Math.ceil((dim + 2) / 4) * 4;
  let largest = 1;
  for (const part of [factors.userBias, factors.peerBias, factors.user, factors.peer])
    for (const x of part) largest = Math.max(largest, Math.abs(x));
  // Keeps the norm of every vector below MAX_NORM, with room for rounding.
  const quantum = (largest * Math.sqrt(width)) / 4000;
  const integer = (x: number): number => quantise(x / quantum);
  return (policy, waiting, common) => {
    const { n, ids } = waiting;
    // The oracle's threshold and waiting bonus are in seconds too; only its vectors are replaced.
    const { pool, rule } = base({ ...policy, scorer: 'oracle' }, waiting, common);
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
