import { normal, Stream, uniform } from '../../base/hash.ts';
import type { Tower, TowerInput } from '../layout/tower.ts';

/** A random tower of any shape, for tests. */
export function randomTower(
  shape: Pick<Tower, 'dim' | 'slots' | 'embed' | 'dense' | 'rows'> & { hidden: readonly number[] },
  seed: number,
): Tower {
  let tensor = 0;
  const random = (size: number, spread: number): Float32Array => {
    const id = tensor++;
    return Float32Array.from({ length: size }, (_, k) => spread * normal(seed, Stream.training, id, k));
  };
  const { hidden, ...sizes } = shape;
  const widths = [shape.slots * shape.embed + shape.dense, ...hidden, 2 * shape.dim];
  return {
    ...sizes,
    embedding: random(shape.rows * shape.embed, 1),
    wide: random(shape.rows * 2 * shape.dim, 0.5),
    layers: widths.slice(1).map((outputs, l) => ({
      inputs: widths[l],
      outputs,
      w: random(widths[l] * outputs, 1 / Math.sqrt(widths[l])),
      b: random(outputs, 0.1),
    })),
    quantum: 0.01,
  };
}

/** Random inputs for `n` people. */
export function randomInput(tower: Tower, n: number, seed: number): TowerInput {
  return {
    tower,
    sparse: Uint32Array.from({ length: n * tower.slots }, (_, k) =>
      Math.floor(tower.rows * uniform(seed, Stream.training, 1, k)),
    ),
    dense: Float32Array.from({ length: n * tower.dense }, (_, k) => uniform(seed, Stream.training, 2, k)),
  };
}
