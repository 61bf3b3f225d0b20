import { nn, numpy as np, tree } from '@jax-js/jax';
import { normal, Stream } from '../../../base/hash.ts';
import { DENSE, slotOffsets } from '../../layout/features.ts';
import type { Arrays } from '../adam.ts';
import { initTower } from '../tower-net.ts';
import { type Tensor, type Tensors, SUMMARY_WIDTH } from '../../layout/tensors.ts';
import { SECONDS_UNIT, type FamilyConfig, type Task } from '../../layout/config.ts';
import { OUTCOMES, SUMMARY } from '../../layout/tokens.ts';

/** The Wide&Deep part: `size` outputs, the vector e_feature. */
export const featureShape = ({ embed, hidden }: FamilyConfig) => ({
  embed,
  hidden,
  offsets: slotOffsets,
  dense: DENSE,
});

/** Starting values of a member of the family. `means`: mean of ln seconds (or of seconds) and base rates of the other tasks. */
export function initFamily(config: FamilyConfig, means: Readonly<Record<Task, number>>): Tensors {
  const { size, history, layers, seed } = config;
  let tensor = 100;
  const random = (shape: number[], spread = 1 / Math.sqrt(shape[0])): Tensor => {
    const id = tensor++;
    const count = shape.reduce((a, b) => a * b, 1);
    return {
      shape,
      data: Float32Array.from({ length: count }, (_, k) => spread * normal(seed, Stream.training, id, k)),
    };
  };
  const filled = (shape: number[], value: number): Tensor => ({
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
  });
  const blocks: Record<string, Tensor> = {
    ...initTower({ ...featureShape(config), dim: size / 2 }, seed),
  };
  if (config.session === 'summary') {
    blocks.s0 = random([SUMMARY, SUMMARY_WIDTH]);
    blocks.s0b = filled([SUMMARY_WIDTH], 0);
    blocks.s1 = random([SUMMARY_WIDTH, size], 0.02);
  }
  if (config.session === 'transformer') {
    blocks.tokenSelf = random([size, size]);
    blocks.tokenPartner = random([size, size]);
    blocks.tokenOutcome = random([OUTCOMES, size]);
    blocks.tokenGate = random([OUTCOMES, size], 0.5);
    blocks.place = random([history + 1, size], 0.1);
    for (let l = 0; l < layers; l++) {
      for (const name of ['q', 'k', 'v', 'o']) blocks[`${name}${l}`] = random([size, size]);
      for (const name of ['g', 'h']) {
        blocks[`${name}${l}`] = filled([size], 1);
        blocks[`${name}${l}b`] = filled([size], 0);
      }
      blocks[`m${l}`] = random([size, 2 * size]);
      blocks[`m${l}b`] = filled([2 * size], 0);
      blocks[`n${l}`] = random([2 * size, size]);
      blocks[`n${l}b`] = filled([size], 0);
    }
    blocks.out = random([size, size], 0.06);
  }
  return { ...blocks, ...initHeads(config, means) };
}

/** The prediction layers: per task one projection per side, a scale and an offset. */
export function initHeads(config: FamilyConfig, means: Readonly<Record<Task, number>>): Tensors {
  const { size, projection, seed } = config;
  const blocks: Record<string, Tensor> = {};
  config.tasks.forEach((task, t) => {
    for (const [s, side] of ['user', 'peer'].entries())
      blocks[`${side}_${task}`] = {
        shape: [size, projection],
        data: Float32Array.from(
          { length: size * projection },
          (_, k) => normal(seed, Stream.training, 50 + 2 * t + s, k) / Math.sqrt(size),
        ),
      };
    const mean = means[task];
    const offset = task === 'duration' ? mean : Math.log(mean / (1 - mean));
    blocks[`scale_${task}`] = { shape: [1], data: Float32Array.of(1) };
    blocks[`offset_${task}`] = { shape: [1], data: Float32Array.of(offset) };
  });
  return blocks;
}

/** (x - mean) / deviation over the last axis, times gain plus offset. Consumes its arguments. */
function normalise(x: np.Array, gain: np.Array, offset: np.Array): np.Array {
  const centred = x.ref.sub(x.mean(-1, { keepdims: true }));
  const variance = centred.ref.mul(centred.ref).mean(-1, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(gain)
    .add(offset);
}

/** f32[T][T]: 0 where a token may look (itself and the past), -1e9 where not. */
function causalMask(length: number): np.Array {
  const data = Float32Array.from({ length: length * length }, (_, k) =>
    k % length <= Math.floor(k / length) ? 0 : -1e9,
  );
  return np.array(data, { shape: [length, length] });
}

/**
 * e_session after every token: f32[B][history + 1][size]. The first token is the person (`self` f32[B][size], his e_feature), then one per
 * past match (`partners` f32[B][history][size] and what came of it, `outcomes` f32[B][history][OUTCOMES]). Causal: a token sees
 * itself and the past. Pre-norm blocks (Xiong et al., 2020). Consumes its arguments but not `p`, of which it takes references.
 */
export function sessionNet(
  { size, heads, layers, history }: FamilyConfig,
  p: Arrays,
  self: np.Array,
  partners: np.Array,
  outcomes: np.Array,
): np.Array {
  const [people] = self.shape;
  const length = history + 1;
  const width = size / heads;
  const flat = (x: np.Array): np.Array => x.reshape([people * length, -1]);
  const first = np.matmul(self, p.tokenSelf.ref).reshape([people, 1, size]);
  const told = outcomes.reshape([people * history, OUTCOMES]);
  // What came of a match also scales what the partner was like: "the longer, the more of this kind".
  const rest = np
    .matmul(partners.reshape([people * history, size]), p.tokenPartner.ref)
    .mul(np.matmul(told.ref, p.tokenGate.ref).add(1))
    .add(np.matmul(told, p.tokenOutcome.ref))
    .reshape([people, history, size]);
  let x = flat(np.concatenate([first, rest], 1).add(p.place.ref));
  for (let l = 0; l < layers; l++) {
    const seen = normalise(x.ref, p[`g${l}`].ref, p[`g${l}b`].ref);
    const split = (name: string): np.Array =>
      np
        .matmul(seen.ref, p[`${name}${l}`].ref)
        .reshape([people, length, heads, width])
        .transpose([0, 2, 1, 3]);
    const q = split('q');
    const k = split('k').transpose([0, 1, 3, 2]);
    const v = split('v');
    seen.dispose();
    const weights = nn.softmax(
      np
        .matmul(q, k)
        .mul(1 / Math.sqrt(width))
        .add(causalMask(length)),
      -1,
    );
    const heard = flat(np.matmul(weights, v).transpose([0, 2, 1, 3]));
    x = x.add(np.matmul(heard, p[`o${l}`].ref));
    const middle = np
      .matmul(normalise(x.ref, p[`h${l}`].ref, p[`h${l}b`].ref), p[`m${l}`].ref)
      .add(p[`m${l}b`].ref);
    x = x.add(np.matmul(nn.relu(middle), p[`n${l}`].ref).add(p[`n${l}b`].ref));
  }
  return np.matmul(x, p.out.ref).reshape([people, length, size]);
}

/** What a plain summary adds: f32[n][size] from f32[n][SUMMARY]. Consumes `summary`, takes references of `p`. */
export function summaryNet(p: Arrays, summary: np.Array): np.Array {
  const h = nn.relu(np.matmul(summary, p.s0.ref).add(p.s0b.ref));
  return np.matmul(h, p.s1.ref);
}

/** What the heads are trained on; n rows. `weight` sums to 1. Other tasks: 0/1, by the own side (`Own`) and the partner (`Partner`). */
export type Targets = Arrays;

/**
 * Loss of the prediction layers for pairs of embeddings f32[n][size]: squared error of log duration (or of seconds / SECONDS_UNIT)
 * plus a share of the cross-entropy of every other task, both directions. Consumes the embeddings and targets, takes references of `p`.
 */
export function headLoss(
  config: FamilyConfig,
  p: Arrays,
  own: np.Array,
  partner: np.Array,
  targets: Targets,
): np.Array {
  let total: np.Array | undefined;
  for (const task of config.tasks) {
    for (const [i, j, side] of [
      [own, partner, 'Own'],
      [partner, own, 'Partner'],
    ] as const) {
      const user = np.matmul(i.ref, p[`user_${task}`].ref);
      const peer = np.matmul(j.ref, p[`peer_${task}`].ref);
      const score = user.mul(peer).sum(1).mul(p[`scale_${task}`].ref).add(p[`offset_${task}`].ref);
      let each: np.Array;
      if (task === 'duration') {
        const e = score.sub(targets.duration.ref);
        each = e.ref.mul(e).mul(0.5);
      } else
        each = nn
          .softplus(score.ref)
          .sub(score.mul(targets[`${task}${side}`].ref))
          .mul(OTHER_TASKS);
      const part = each.mul(targets.weight.ref).sum();
      total = total === undefined ? part : total.add(part);
    }
  }
  tree.dispose([own, partner, targets]);
  return total!;
}

/** Weight of a cross-entropy beside the squared error of log duration. */
const OTHER_TASKS = 0.15;

/** What `duration` is trained on. */
export const durationTarget = (config: FamilyConfig, seconds: number): number =>
  config.transform === 'exp' ? Math.log(Math.max(seconds, 0.1)) : seconds / SECONDS_UNIT;
