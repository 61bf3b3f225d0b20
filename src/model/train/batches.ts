import { hash4, Stream } from '../../base/hash.ts';
import { shuffleInPlace } from '../../base/shuffle.ts';
import { DENSE, ROWS, SLOTS } from '../layout/features.ts';
import type { Tensor } from '../layout/tensors.ts';

/** Chats of the validation batch at most. */
export const MAX_VALIDATION = 2048;

export interface Batches {
  /** Steps in one pass over all items. */
  readonly steps: number;
  /** The items of a step: u32[batch]. */
  readonly at: (step: number) => Uint32Array;
}

/**
 * Batches of `items`, in a new random order for every pass. A pure function of the seed and the
 * step. All batches have the same size, because a compiled step needs fixed shapes: fewer items
 * than a batch are repeated. `stream` separates users of the same seed.
 */
export function shuffledBatches(items: Uint32Array, batch: number, seed: number, stream = 0): Batches {
  const steps = Math.max(1, Math.floor(items.length / batch));
  let pass = -1;
  let order = items;
  return {
    steps,
    at: (step) => {
      if (Math.floor(step / steps) !== pass) {
        pass = Math.floor(step / steps);
        order = shuffleInPlace(items.slice(), (k) => hash4(seed, Stream.training, stream + pass, k));
      }
      const from = (step % steps) * batch;
      return Uint32Array.from({ length: batch }, (_, k) => order[(from + k) % order.length]);
    },
  };
}

/**
 * Inputs of Wide&Deep for `rows` of stored features (sparse u16[][SLOTS], dense f32[][DENSE]):
 * `hot` f32[n][ROWS] with one 1 per slot, `dense` f32[n][DENSE]. Row -1 gives zeros.
 */
export function profileTensors(
  { sparse, dense }: { readonly sparse: Uint16Array; readonly dense: Float32Array },
  rows: ArrayLike<number>,
): { hot: Tensor; dense: Tensor } {
  const n = rows.length;
  const hot = new Float32Array(n * ROWS);
  const values = new Float32Array(n * DENSE);
  for (let k = 0; k < n; k++) {
    const row = rows[k];
    if (row < 0) continue;
    for (let s = 0; s < SLOTS; s++) hot[k * ROWS + sparse[row * SLOTS + s]] = 1;
    values.set(dense.subarray(row * DENSE, (row + 1) * DENSE), k * DENSE);
  }
  return { hot: { data: hot, shape: [n, ROWS] }, dense: { data: values, shape: [n, DENSE] } };
}
