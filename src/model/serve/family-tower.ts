import { must } from '../../base/errors.ts';
import { Stream, uniform } from '../../base/hash.ts';
import { type Tower, type TowerInput, clampOf, validateTower } from '../layout/tower.ts';
import type { FamilyConfig } from '../layout/config.ts';
import type { FamilyModel } from '../layout/save-family.ts';
import { SUMMARY_WIDTH, type Tensors } from '../layout/tensors.ts';
import { SUMMARY } from '../layout/tokens.ts';
import { DENSE, ROWS, slotOffsets, SLOTS } from '../layout/features.ts';
import { forwardFeatures, forwardTower } from './tower.ts';

/** The Wide&Deep part as a tower without a head: its output is e_feature, f32[size]. */
export function featureTower({ size, embed, hidden }: FamilyConfig, blocks: Tensors): Tower {
  const widths = [SLOTS * embed + DENSE, ...hidden, size];
  return {
    dim: size / 2,
    slots: SLOTS,
    embed,
    dense: DENSE,
    rows: ROWS,
    embedding: blocks.embedding.data,
    wide: blocks.wide.data,
    layers: widths.slice(1).map((outputs, l) => ({
      inputs: widths[l],
      outputs,
      w: blocks[`w${l}`].data,
      b: blocks[`b${l}`].data,
    })),
    quantum: 1,
  };
}

/** Random people whose largest component sets the quantum. */
export const SAMPLE = 512;
/** Factor by which a component may exceed the largest one of the sample before it is clamped. */
export const HEADROOM = 1.5;

/**
 * A member's duration scorer as a tower with a head: user = e user_duration, peer = e
 * peer_duration. The score of a pair is scale dot + bias, natural-log seconds.
 *
 * The model predicts the mean of log seconds. For expected seconds the bias adds half the variance
 * of its error on later chats (the mean of a lognormal distribution).
 *
 * Only the product of both vectors matters, so both are scaled to the same largest component. The
 * quantum comes from a fixed sample of random profiles, each with a session as large as the largest
 * e_feature; larger components are clamped.
 */
export function familyTower({ name, config, embedders, heads, header }: FamilyModel): {
  tower: Tower;
  scale: number;
  bias: number;
} {
  const { size, projection, transform, session } = config;
  must(
    transform === 'exp',
    `${name} predicts seconds; the tick needs log seconds: choose a member with the exponential transform`,
  );
  must(
    projection % 4 === 0,
    `the length of the projections of ${name} must be a multiple of 4; it is ${projection}`,
  );
  const learned = heads.scale_duration.data[0];
  const flip = learned < 0 ? -1 : 1;
  const base = featureTower(config, embedders);
  const w = new Float32Array(size * 2 * projection);
  const fill = (user: number, peer: number): void => {
    for (let k = 0; k < size; k++)
      for (let o = 0; o < projection; o++) {
        w[k * 2 * projection + o] = user * heads.user_duration.data[k * projection + o];
        w[(k * 2 + 1) * projection + o] = peer * flip * heads.peer_duration.data[k * projection + o];
      }
  };
  const tower = (quantum: number): Tower => ({
    ...base,
    dim: projection,
    head: { inputs: size, w },
    quantum,
  });
  fill(1, 1);
  const input = sampleInput(tower(1), session === 'none' ? 0 : 1);
  const out = forwardTower(input, SAMPLE);
  const largest = [0, 0];
  out.forEach((x, k) => {
    const side = Math.floor(k / projection) % 2;
    largest[side] = Math.max(largest[side], Math.abs(x));
  });
  must(largest[0] > 0 && largest[1] > 0, `the projections of ${name} are zero`);
  const balance = Math.sqrt(largest[1] / largest[0]);
  fill(balance, 1 / balance);
  const quantum = Math.fround((HEADROOM * Math.sqrt(largest[0] * largest[1])) / clampOf(tower(1)));
  validateTower(tower(quantum), name);
  return {
    tower: tower(quantum),
    scale: Math.abs(learned) * quantum * quantum,
    bias: heads.offset_duration.data[0] + (header.metrics['entire mse'] ?? 0) / 2,
  };
}

/** Random profiles. `share`: size of the sessions relative to e_feature's largest component. */
export function sampleInput(tower: Tower, share: number): TowerInput {
  const chance = (kind: number, k: number): number => uniform(1, Stream.training, 300 + kind, k);
  const sparse = Uint32Array.from({ length: SAMPLE * SLOTS }, (_, k) => {
    const slot = k % SLOTS;
    const [from, to] = [slotOffsets[slot], slotOffsets[slot + 1]];
    return from + Math.floor((to - from) * chance(0, k));
  });
  const dense = Float32Array.from({ length: SAMPLE * DENSE }, (_, k) => chance(1, k));
  const e = forwardFeatures({ tower, sparse, dense }, SAMPLE);
  const largest = e.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
  const session = Float32Array.from(e, (_, k) => share * largest * (2 * chance(2, k) - 1));
  return { tower, sparse, dense, session };
}

/** e_session of plain summaries f32[n][SUMMARY]: s1 relu(s0 summary + s0b), f32[n][size]. */
export function summaryVectors(
  { size }: FamilyConfig,
  embedders: Tensors,
  summary: Float32Array,
  n: number,
): Float32Array {
  const { s0, s0b, s1 } = embedders;
  const out = new Float32Array(n * size);
  const middle = new Float64Array(SUMMARY_WIDTH);
  const sum = new Float64Array(size);
  for (let i = 0; i < n; i++) {
    middle.set(s0b.data);
    for (let k = 0; k < SUMMARY; k++) {
      const x = summary[i * SUMMARY + k];
      for (let o = 0; o < SUMMARY_WIDTH; o++) middle[o] += x * s0.data[k * SUMMARY_WIDTH + o];
    }
    sum.fill(0);
    for (let k = 0; k < SUMMARY_WIDTH; k++)
      if (middle[k] > 0) for (let o = 0; o < size; o++) sum[o] += middle[k] * s1.data[k * size + o];
    out.set(sum, i * size);
  }
  return out;
}
