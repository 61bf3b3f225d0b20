import { tree, type numpy as np } from '@jax-js/jax';
import { hash4, Stream } from '../../base/hash.ts';
import { must } from '../../base/errors.ts';
import { type Tower, MAX_NORM, validateTower } from '../layout/tower.ts';
import { auroc } from '../../metrics/ranking/auroc.ts';
import { correlation, meanSquaredError } from '../../metrics/ranking/errors.ts';
import type { ChatLog } from './chat-log.ts';
import { towerRecipe, type TowerRecipe } from '../layout/recipes.ts';
import { DENSE, ROWS, slotOffsets, SLOTS } from '../layout/features.ts';
import { initTower, towerNet, type TowerShape } from './tower-net.ts';
import { train, type Checkpoint, type Progress, type TrainOptions } from './trainer.ts';
import type { Tensor, Tensors } from '../layout/tensors.ts';
import type { Loss } from './adam.ts';
import { embedTower, outputNormBound } from '../serve/tower.ts';

const shapeOf = (recipe: TowerRecipe): TowerShape => ({
  dim: recipe.dim,
  embed: recipe.embed,
  hidden: recipe.hidden,
  offsets: slotOffsets,
  dense: DENSE,
});

/** The batch of the chats `rows`: hotA, hotB f32[n][ROWS], denseA, denseB f32[n][DENSE], y f32[n] (natural-log seconds). */
export function towerBatch(log: ChatLog, rows: ArrayLike<number>): Tensors {
  const n = rows.length;
  const y = new Float32Array(n);
  for (let k = 0; k < n; k++) y[k] = logSeconds(log.duration[rows[k]]);
  const side = (which: 0 | 1): [Tensor, Tensor] => {
    const hot = new Float32Array(n * ROWS);
    const dense = new Float32Array(n * DENSE);
    for (let k = 0; k < n; k++) {
      const from = rows[k] * 2 + which;
      for (let s = 0; s < SLOTS; s++) hot[k * ROWS + log.sparse[from * SLOTS + s]] = 1;
      for (let d = 0; d < DENSE; d++) dense[k * DENSE + d] = log.dense[from * DENSE + d];
    }
    return [
      { data: hot, shape: [n, ROWS] },
      { data: dense, shape: [n, DENSE] },
    ];
  };
  const [hotA, denseA] = side(0);
  const [hotB, denseB] = side(1);
  return { hotA, denseA, hotB, denseB, y: { data: y, shape: [n] } };
}

/** Natural log of a duration, floored at a tenth of a second. */
export const logSeconds = (seconds: number): number => Math.log(Math.max(seconds, 0.1));

/**
 * Squared error of log duration under y = exp(w (u . p) + b), over both directions of every chat. (CUPID, arXiv 2410.18087: duration is
 * long-tailed, w and b are learned.)
 */
export function towerLoss(shape: TowerShape): Loss {
  return ({ w, b, ...net }, { hotA, denseA, hotB, denseB, y }) => {
    const [sideA, sideB] = towerNet(shape, net, [
      { hot: hotA, dense: denseA },
      { hot: hotB, dense: denseB },
    ]);
    const error = (user: np.Array, peer: np.Array) => {
      const e = user.mul(peer).sum(1).mul(w.ref).add(b.ref).sub(y.ref);
      return e.ref.mul(e).mean();
    };
    const loss = error(sideA.user, sideB.peer).add(error(sideB.user, sideA.peer)).mul(0.5);
    tree.dispose([w, b, y]);
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
  readonly logBias: number;
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
  options: Partial<Pick<TrainOptions, 'signal' | 'resume' | 'device' | 'every' | 'stepped' | 'keep'>> = {},
): AsyncGenerator<Progress, FittedTower> {
  const shape = shapeOf(recipe);
  const rowsOf = batchRows(training.count, recipe.batch, recipe.seed);
  let mean = 0;
  for (let k = 0; k < training.count; k++) mean += logSeconds(training.duration[k]) / training.count;
  const one = (value: number): Tensor => ({ data: new Float32Array([value]), shape: [1] });
  // Rows of the hashed id lose weight faster than all others.
  const tableDecay: Tensor = {
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
  const fitted = quantiseTower(checkpoint.params, recipe);
  const predicted = predictChats(fitted, training);
  return { ...fitted, bias: fitted.logBias + smearing(predicted, training), checkpoint };
}

/**
 * Trained parameters as a tower with integer outputs. The quantum is the smallest for which the norm of every possible person's vectors,
 * by interval arithmetic, stays within MAX_NORM; the sign of w goes into the vectors.
 */
export function quantiseTower(
  params: Tensors,
  recipe: Pick<TowerRecipe, 'dim' | 'embed' | 'hidden'>,
): { tower: Tower; scale: number; logBias: number } {
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
  return { tower, scale: Math.abs(w) * quantum * quantum, logBias: params.b.data[0] };
}

/** Predicted mean of log seconds for both directions of every chat, f64[count][2], from the integer vectors, as in a tick. */
export function predictChats(
  { tower, scale, logBias }: Pick<FittedTower, 'tower' | 'scale' | 'logBias'>,
  log: ChatLog,
): Float64Array {
  const { dim } = tower;
  const { user, peer } = embedTower(
    { tower, sparse: Uint32Array.from(log.sparse), dense: log.dense },
    2 * log.count,
  );
  return Float64Array.from({ length: 2 * log.count }, (_, side) => {
    let dot = 0;
    for (let k = 0; k < dim; k++) dot += user[side * dim + k] * peer[(side ^ 1) * dim + k];
    return scale * dot + logBias;
  });
}

/** ln of the mean of exp(residual): what turns a predicted mean of logs into an expected value (Duan, "Smearing Estimate", 1983). */
export function smearing(predicted: ArrayLike<number>, log: ChatLog): number {
  let sum = 0;
  for (let side = 0; side < 2 * log.count; side++)
    sum += Math.exp(logSeconds(log.duration[side >> 1]) - predicted[side]);
  return Math.log(sum / (2 * log.count));
}

export interface TowerFigures {
  readonly chats: number;
  /** Mean squared error of log duration over both directions; of a constant; and share explained. */
  readonly mse: number;
  readonly constantMse: number;
  readonly explained: number;
  /** AUROC of "the chat lasts longer than its log's median". */
  readonly auroc: number;
  /** Correlation with the ground truth location of the same direction. */
  readonly truthCorrelation: number;
}

/** How well predictions (of {@link predictChats}) meet a log they were not trained on. */
export function judgeChats(predicted: Float64Array, log: ChatLog): TowerFigures {
  const real = Float64Array.from({ length: 2 * log.count }, (_, side) => logSeconds(log.duration[side >> 1]));
  const mean = real.reduce((a, b) => a + b, 0) / real.length;
  const median = Float64Array.from(real).sort()[real.length >> 1];
  const mse = meanSquaredError(predicted, real);
  const constantMse = meanSquaredError(new Float64Array(real.length).fill(mean), real);
  return {
    chats: log.count,
    mse,
    constantMse,
    explained: 1 - mse / constantMse,
    auroc: auroc(
      predicted,
      real.map((y) => (y > median ? 1 : 0)),
    ),
    truthCorrelation: correlation(predicted, log.truth),
  };
}
