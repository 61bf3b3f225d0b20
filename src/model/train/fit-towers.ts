import { tree, type numpy as np } from '@jax-js/jax';
import { must } from '../../base/errors.ts';
import { auroc } from '../../metrics/ranking/auroc.ts';
import { correlation, meanSquaredError } from '../../metrics/ranking/errors.ts';
import { DENSE, ROWS, slotOffsets, SLOTS } from '../layout/features.ts';
import { towerRecipe, type TowerRecipe } from '../layout/recipes.ts';
import type { TowerModel } from '../layout/save-towers.ts';
import { filledTensor, type Tensor, type Tensors } from '../layout/tensors.ts';
import { logSeconds } from '../layout/tokens.ts';
import { MAX_NORM, validateTower, type Tower } from '../layout/tower.ts';
import { embedTower, outputNormBound } from '../serve/tower.ts';
import type { Loss } from './adam.ts';
import { MAX_VALIDATION, profileTensors, shuffledBatches } from './batches.ts';
import type { ChatLog } from './chat-log.ts';
import { initWideDeep, towerNet, type TowerShape } from './tower-net.ts';
import { train, type Progress, type TrainingHooks } from './trainer.ts';

/** Chats `rows`: hotA, hotB f32[n][ROWS], denseA, denseB f32[n][DENSE], y f32[n] (ln seconds). */
export function towerBatch(log: ChatLog, rows: ArrayLike<number>): Tensors {
  const a = profileTensors(
    log,
    Uint32Array.from(rows, (row) => 2 * row),
  );
  const b = profileTensors(
    log,
    Uint32Array.from(rows, (row) => 2 * row + 1),
  );
  const y = Float32Array.from(rows, (row) => logSeconds(log.duration[row]));
  return {
    hotA: a.hot,
    denseA: a.dense,
    hotB: b.hot,
    denseB: b.dense,
    y: { data: y, shape: [rows.length] },
  };
}

/**
 * Squared error of log duration under y = exp(w (u . p) + b), over both directions of every chat.
 * Source: CUPID, arXiv 2410.18087 (exponential transform; w and b are learned).
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

export type FittedTower = Pick<TowerModel, 'tower' | 'scale' | 'bias' | 'logBias'>;

/**
 * Trains a two-tower scorer on a log of chats and yields progress; the generator follows the rules
 * of `train`. The chats of `validation` do not train.
 */
export async function* fitTowers(
  training: ChatLog,
  validation: ChatLog,
  recipe: TowerRecipe = towerRecipe,
  hooks: TrainingHooks = {},
): AsyncGenerator<Progress, FittedTower> {
  const { dim, embed, hidden, batch, seed, steps, rate } = recipe;
  must(
    training.count >= batch,
    `a batch of ${batch} needs at least as many chats; there are ${training.count}`,
  );
  const shape: TowerShape = { dim, embed, hidden, offsets: slotOffsets, dense: DENSE };
  const order = shuffledBatches(
    Uint32Array.from({ length: training.count }, (_, k) => k),
    batch,
    seed,
  );
  let mean = 0;
  for (let k = 0; k < training.count; k++) mean += logSeconds(training.duration[k]) / training.count;
  // Rows of the hashed id lose weight faster than all others.
  const tableDecay: Tensor = {
    data: Float32Array.from({ length: ROWS }, (_, r) => (r < slotOffsets[1] ? recipe.idDecay : recipe.decay)),
    shape: [ROWS, 1],
  };
  const { params } = yield* train({
    params: { ...initWideDeep(shape, 2 * dim, seed), w: filledTensor([1], 1), b: filledTensor([1], mean) },
    loss: towerLoss(shape),
    decay: {
      embedding: tableDecay,
      wide: tableDecay,
      ...Object.fromEntries([...hidden, 0].map((_, l) => [`w${l}`, recipe.decay])),
    },
    steps,
    rate,
    batch: (step) => towerBatch(training, order.at(step)),
    validation: towerBatch(
      validation,
      Uint32Array.from({ length: Math.min(validation.count, MAX_VALIDATION) }, (_, k) => k),
    ),
    ...hooks,
  });
  const fitted = quantiseTower(params, recipe);
  const predicted = predictChats(fitted, training);
  return { ...fitted, bias: fitted.logBias + smearing(predicted, training) };
}

/**
 * Trained parameters as a tower with integer outputs. The quantum is the smallest one that keeps
 * the norm of every possible person's vectors within MAX_NORM (interval arithmetic). The sign of w
 * goes into the vectors.
 */
function quantiseTower(
  params: Tensors,
  { dim, embed, hidden }: TowerRecipe,
): { tower: Tower; scale: number; logBias: number } {
  const w = params.w.data[0];
  const layers = [...hidden, 0].map((_, l) => {
    const [inputs, outputs] = params[`w${l}`].shape;
    return { inputs, outputs, w: params[`w${l}`].data.slice(), b: params[`b${l}`].data.slice() };
  });
  const wide = params.wide.data.slice();
  if (w < 0) {
    const last = layers[layers.length - 1];
    for (const table of [last.w, last.b, wide])
      for (let k = 0; k < table.length; k++) if (k % (2 * dim) < dim) table[k] = -table[k];
  }
  const raw: Tower = {
    ...{ dim, embed, slots: SLOTS, dense: DENSE, rows: ROWS },
    embedding: params.embedding.data,
    wide,
    layers,
    quantum: 1,
  };
  // Rounding moves a component by at most half a unit, the norm by sqrt(dim) / 2; one more unit
  // covers f32 arithmetic.
  const room = MAX_NORM - Math.sqrt(dim) / 2 - 1;
  const quantum = Math.fround((outputNormBound(raw, slotOffsets) / room) * (1 + 1e-6));
  const tower = { ...raw, quantum };
  validateTower(tower);
  return { tower, scale: Math.abs(w) * quantum * quantum, logBias: params.b.data[0] };
}

/** Predicted mean ln seconds of both directions, f64[count][2], from the integer vectors. */
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

/**
 * ln of the mean of exp(residual): what turns a predicted mean of logs into an expected value
 * (Duan, "Smearing Estimate", 1983).
 */
export function smearing(predicted: ArrayLike<number>, log: ChatLog): number {
  let sum = 0;
  for (let side = 0; side < 2 * log.count; side++)
    sum += Math.exp(logSeconds(log.duration[side >> 1]) - predicted[side]);
  return Math.log(sum / (2 * log.count));
}

export interface TowerFigures {
  readonly chats: number;
  /** Mean squared error of ln duration, both directions; of a constant; share explained. */
  readonly mse: number;
  readonly constantMse: number;
  readonly explained: number;
  /** AUROC of "the chat lasts longer than its log's median". */
  readonly auroc: number;
  /** Correlation with the ground truth location of the same direction. */
  readonly truthCorrelation: number;
}

/** Judges predictions (of {@link predictChats}) on a log that did not train them. */
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
