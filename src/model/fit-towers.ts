import type { numpy as np } from '@jax-js/jax';
import { hash4, Stream } from '../base/hash.ts';
import { must } from '../base/errors.ts';
import type { Tower } from '../match/types.ts';
import type { ChatLog } from './chat-log.ts';
import { DENSE, ROWS, slotOffsets, SLOTS } from './features.ts';
import { initTower, towerNet, type TowerShape } from './learn/tower-net.ts';
import { train, type Block, type Blocks, type Checkpoint, type Progress } from './learn/trainer.ts';
import type { Loss } from './learn/adam.ts';
import { MAX_NORM, outputNormBound, validateTower } from './tower.ts';

/** How a two-tower scorer is trained: stands in the weights' header, so that anybody can make them again. */
export interface TowerRecipe {
  readonly dim: number;
  readonly embed: number;
  readonly hidden: readonly number[];
  readonly steps: number;
  /** Chats per step; each gives two samples, one per direction. */
  readonly batch: number;
  readonly rate: number;
  /** Weight decay of tables and layers, and of the hashed id's rows. */
  readonly decay: number;
  readonly idDecay: number;
  readonly seed: number;
}

export const towerRecipe: TowerRecipe = {
  dim: 32,
  embed: 8,
  hidden: [64],
  steps: 2400,
  batch: 512,
  rate: 0.01,
  decay: 0.01,
  idDecay: 1,
  seed: 7,
};

const shapeOf = (recipe: TowerRecipe): TowerShape => ({
  dim: recipe.dim,
  embed: recipe.embed,
  hidden: recipe.hidden,
  offsets: slotOffsets,
  dense: DENSE,
});

/**
 * The batch of the chats `rows`: hot f32[2 n][ROWS] and dense f32[2 n][DENSE] (first all a sides, then all b sides), y f32[n]
 * (natural-log seconds).
 */
export function towerBatch(log: ChatLog, rows: ArrayLike<number>): Blocks {
  const n = rows.length;
  const hot = new Float32Array(2 * n * ROWS);
  const dense = new Float32Array(2 * n * DENSE);
  const y = new Float32Array(n);
  for (let k = 0; k < n; k++) {
    const row = rows[k];
    y[k] = logSeconds(log.duration[row]);
    for (let side = 0; side < 2; side++) {
      const from = row * 2 + side;
      const to = side * n + k;
      for (let s = 0; s < SLOTS; s++) hot[to * ROWS + log.sparse[from * SLOTS + s]] = 1;
      for (let d = 0; d < DENSE; d++) dense[to * DENSE + d] = log.dense[from * DENSE + d];
    }
  }
  return {
    hot: { data: hot, shape: [2 * n, ROWS] },
    dense: { data: dense, shape: [2 * n, DENSE] },
    y: { data: y, shape: [n] },
  };
}

/** Natural log of a duration, floored at a tenth of a second. */
export const logSeconds = (seconds: number): number => Math.log(Math.max(seconds, 0.1));

/**
 * Squared error of log duration under y = exp(w (u . p) + b), over both directions of every chat. (CUPID, arXiv 2410.18087: duration is
 * long-tailed, w and b are learned.)
 */
export function towerLoss(shape: TowerShape): Loss {
  const { dim } = shape;
  return ({ w, b, ...net }, batch) => {
    const n = batch.y.shape[0];
    const out = towerNet(shape, net, batch.hot, batch.dense);
    const userA = out.ref.slice([0, n], [0, dim]);
    const peerA = out.ref.slice([0, n], [dim]);
    const userB = out.ref.slice([n], [0, dim]);
    const peerB = out.slice([n], [dim]);
    const error = (user: np.Array, peer: np.Array) => {
      const e = user.mul(peer).sum(1).mul(w.ref).add(b.ref).sub(batch.y.ref);
      return e.ref.mul(e).mean();
    };
    const loss = error(userA, peerB).add(error(userB, peerA)).mul(0.5);
    w.dispose();
    b.dispose();
    batch.y.dispose();
    return loss;
  };
}

/** Which chats step `step` sees: passes over the whole log, each in its own order. A pure function of seed and step. */
export function batchRows(count: number, batch: number, seed: number): (step: number) => Uint32Array {
  const perPass = Math.floor(count / batch);
  must(perPass > 0, `a batch of ${batch} chats wants at least as many; there are ${count}`);
  let pass = -1;
  let order = new Uint32Array(0);
  return (step) => {
    const wanted = Math.floor(step / perPass);
    if (wanted !== pass) {
      pass = wanted;
      order = Uint32Array.from({ length: count }, (_, k) => k);
      for (let k = count - 1; k > 0; k--) {
        const other = hash4(seed, Stream.training, pass, k) % (k + 1);
        [order[k], order[other]] = [order[other], order[k]];
      }
    }
    const from = (step % perPass) * batch;
    return order.subarray(from, from + batch);
  };
}

export interface FittedTower {
  readonly tower: Tower;
  readonly scale: number;
  readonly bias: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Trains a two-tower scorer on a log of chats. Yields progress; the generator's rules are those of `train`.
 * `validation`: chats that are only looked at (the first 2,048 of them for the running figure).
 */
export async function* fitTowers(
  training: ChatLog,
  validation: ChatLog,
  recipe: TowerRecipe = towerRecipe,
  options: { signal?: AbortSignal; resume?: Checkpoint; device?: 'wasm' | 'webgpu'; every?: number } = {},
): AsyncGenerator<Progress, FittedTower> {
  const shape = shapeOf(recipe);
  const rowsOf = batchRows(training.count, recipe.batch, recipe.seed);
  let mean = 0;
  for (let k = 0; k < training.count; k++) mean += logSeconds(training.duration[k]) / training.count;
  const one = (value: number): Block => ({ data: new Float32Array([value]), shape: [1] });
  // Rows of the hashed id lose weight faster than all others.
  const tableDecay: Block = {
    data: Float32Array.from({ length: ROWS }, (_, r) => (r < slotOffsets[1] ? recipe.idDecay : recipe.decay)),
    shape: [ROWS, 1],
  };
  const checkpoint = yield* train({
    params: { ...initTower(shape, recipe.seed), w: one(1), b: one(mean) },
    loss: towerLoss(shape),
    decay: {
      embedding: tableDecay,
      wide: tableDecay,
      ...Object.fromEntries([...recipe.hidden, 0].map((_, l) => [`w${l}`, recipe.decay])),
    },
    steps: recipe.steps,
    rate: recipe.rate,
    batch: (step) => towerBatch(training, rowsOf(step)),
    validation: towerBatch(
      validation,
      Uint32Array.from({ length: Math.min(validation.count, 2048) }, (_, k) => k),
    ),
    ...options,
  });
  return { ...quantiseTower(checkpoint.params, recipe), checkpoint };
}

/**
 * Trained parameters as a tower with integer outputs. The quantum is the smallest for which the norm of every possible person's vectors,
 * by interval arithmetic, stays within MAX_NORM; the sign of w goes into the vectors.
 */
export function quantiseTower(
  params: Blocks,
  recipe: Pick<TowerRecipe, 'dim' | 'embed' | 'hidden'>,
): { tower: Tower; scale: number; bias: number } {
  const w = params.w.data[0];
  const layers = [...recipe.hidden, 0].map((_, l) => {
    const [inputs, outputs] = params[`w${l}`].shape;
    return {
      inputs,
      outputs,
      w: Float32Array.from(params[`w${l}`].data),
      b: Float32Array.from(params[`b${l}`].data),
    };
  });
  const wide = Float32Array.from(params.wide.data);
  if (w < 0) {
    const last = layers[layers.length - 1];
    for (const table of [last.w, last.b, wide])
      for (let k = 0; k < table.length; k++) if (k % (2 * recipe.dim) < recipe.dim) table[k] = -table[k];
  }
  const raw: Tower = {
    dim: recipe.dim,
    slots: SLOTS,
    embed: recipe.embed,
    dense: DENSE,
    rows: ROWS,
    embedding: Float32Array.from(params.embedding.data),
    wide,
    layers,
    quantum: 1,
  };
  // Rounding moves a component by at most half a unit, the norm by sqrt(dim) / 2; one more unit covers f32 arithmetic.
  const room = MAX_NORM - Math.sqrt(recipe.dim) / 2 - 1;
  const quantum = Math.fround((outputNormBound(raw, slotOffsets) / room) * (1 + 1e-6));
  const tower = { ...raw, quantum };
  validateTower(tower);
  return { tower, scale: Math.abs(w) * quantum * quantum, bias: params.b.data[0] };
}
