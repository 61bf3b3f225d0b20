import { nn, numpy as np, tree } from '@jax-js/jax';
import { normal, Stream } from '../../../base/hash.ts';
import { isHead, SECONDS_UNIT, type FamilyConfig, type Task } from '../../layout/config.ts';
import { DENSE, slotOffsets } from '../../layout/features.ts';
import { familyShapes, filledTensor, normalTensor, type Tensor, type Tensors } from '../../layout/tensors.ts';
import { logSeconds, OUTCOMES } from '../../layout/tokens.ts';
import { NORM_EPSILON } from '../../layout/transformer.ts';
import type { Arrays } from '../adam.ts';
import { initWideDeep, type WideDeepShape } from '../tower-net.ts';

/** The Wide&Deep part: `size` outputs, the vector e_feature. */
export const featureShape = ({ embed, hidden }: FamilyConfig): WideDeepShape => ({
  embed,
  hidden,
  offsets: slotOffsets,
  dense: DENSE,
});

/** Means of the targets: ln seconds (or seconds / SECONDS_UNIT), and rates of other tasks. */
export type TargetMeans = Readonly<Record<Task, number>>;

/** Standard deviations of the starting values that differ from 1 / sqrt(inputs). */
const spreads: Readonly<Record<string, number>> = { s1: 0.02, tokenGate: 0.5, place: 0.1, out: 0.06 };

/** Starting values of a member of the family. */
export function initFamily(config: FamilyConfig, means: TargetMeans): Tensors {
  const { size, seed } = config;
  const tensors: Record<string, Tensor> = { ...initWideDeep(featureShape(config), size, seed) };
  let id = 100;
  for (const [name, shape] of Object.entries(familyShapes(config))) {
    if (name in tensors || isHead(name)) continue;
    // Gains start at 1, offsets at 0.
    if (/^[gh]\d+$/.test(name)) tensors[name] = filledTensor(shape, 1);
    else if (name.endsWith('b')) tensors[name] = filledTensor(shape);
    else tensors[name] = normalTensor(seed, id++, shape, spreads[name] ?? 1 / Math.sqrt(shape[0]));
  }
  return { ...tensors, ...initHeads(config, means) };
}

/** The prediction layers: per task one projection per side, a scale and an offset. */
export function initHeads(config: FamilyConfig, means: TargetMeans): Tensors {
  const { size, projection, seed } = config;
  const tensors: Record<string, Tensor> = {};
  config.tasks.forEach((task, t) => {
    for (const [s, side] of ['user', 'peer'].entries())
      tensors[`${side}_${task}`] = {
        shape: [size, projection],
        data: Float32Array.from(
          { length: size * projection },
          (_, k) => normal(seed, Stream.training, 50 + 2 * t + s, k) / Math.sqrt(size),
        ),
      };
    const mean = means[task];
    tensors[`scale_${task}`] = filledTensor([1], 1);
    tensors[`offset_${task}`] = filledTensor([1], task === 'duration' ? mean : Math.log(mean / (1 - mean)));
  });
  return tensors;
}

/** (x - mean) / deviation over the last axis, times gain plus offset. Consumes its arguments. */
function normalise(x: np.Array, gain: np.Array, offset: np.Array): np.Array {
  const centred = x.ref.sub(x.mean(-1, { keepdims: true }));
  const variance = centred.ref.mul(centred.ref).mean(-1, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(NORM_EPSILON)))
    .mul(gain)
    .add(offset);
}

/** f32[T][T]: 0 where a token may look (itself and the past), -1e9 elsewhere. */
function causalMask(length: number): np.Array {
  const data = Float32Array.from({ length: length * length }, (_, k) =>
    k % length <= Math.floor(k / length) ? 0 : -1e9,
  );
  return np.array(data, { shape: [length, length] });
}

/**
 * e_session after every token: f32[B][history + 1][size]. The first token is the person (`self`
 * f32[B][size], their e_feature), then one per past match (`partners` f32[B][history][size] and
 * `outcomes` f32[B][history][OUTCOMES]). Causal: a token sees itself and the past. Pre-norm blocks
 * (Xiong et al., 2020). Consumes its arguments except `p`, of which it takes references.
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
  // The outcome also scales the partner's vector: the longer the chat, the more of this kind.
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

/** e_session of plain summaries: f32[n][size] from f32[n][SUMMARY], which it consumes; not `p`. */
export function summaryNet(p: Arrays, summary: np.Array): np.Array {
  const h = nn.relu(np.matmul(summary, p.s0.ref).add(p.s0b.ref));
  return np.matmul(h, p.s1.ref);
}

/**
 * Loss of the prediction layers for pairs of embeddings f32[n][size]: squared error of log duration
 * (or of seconds / SECONDS_UNIT) plus a share of the cross-entropy of every other task, both
 * directions. `targets`: `duration`, `weight` (sums to 1), and 0/1 per other task for the own side
 * (`Own`) and the partner (`Partner`). Consumes the embeddings and targets, takes references of
 * `p`.
 */
export function headLoss(
  config: FamilyConfig,
  p: Arrays,
  own: np.Array,
  partner: np.Array,
  targets: Arrays,
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

/** The training target of `duration`. */
export const durationTarget = (config: FamilyConfig, seconds: number): number =>
  config.transform === 'exp' ? logSeconds(seconds) : seconds / SECONDS_UNIT;
