import { must } from '../../base/errors.ts';
import { normal, Stream } from '../../base/hash.ts';
import { DENSE, ROWS, SLOTS } from './features.ts';
import type { FamilyConfig } from './config.ts';
import { OUTCOMES, SUMMARY } from './tokens.ts';

/** Numbers with a shape, row-major: how weights and batches are stored and exchanged. */
export interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}
export type Tensors = Readonly<Record<string, Tensor>>;

export const elementCount = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Normal numbers with this standard deviation. The same seed and id give the same numbers. */
export const normalTensor = (seed: number, id: number, shape: readonly number[], spread: number): Tensor => ({
  shape,
  data: Float32Array.from(
    { length: elementCount(shape) },
    (_, k) => spread * normal(seed, Stream.training, id, k),
  ),
});

export const filledTensor = (shape: readonly number[], value = 0): Tensor => ({
  shape,
  data: new Float32Array(elementCount(shape)).fill(value),
});

/** Throws LabError unless every number is finite. */
export function mustBeFiniteTensor(name: string, data: Float32Array, where?: string): void {
  const at = data.findIndex((x) => !Number.isFinite(x));
  must(at < 0, `${name}[${at}] must be finite; it is ${data[at]}`, where);
}

/** Width of the hidden layer that maps a plain summary to e_session. */
export const SUMMARY_WIDTH = 32;

/**
 * Shape of every tensor of a member of the family by name, in the order of the weights file.
 *
 * - embedding, wide, w0.., b0..: Wide&Deep over the profile, e_feature f32[size].
 * - s0, s0b, s1: the plain summary (Wide&Deep-S).
 * - tokenSelf, tokenPartner, tokenOutcome, tokenGate, place, out, and per layer l g, q, k, v, o, h,
 *   m, n (a trailing b: offsets): the causal transformer (CUPID).
 * - user_, peer_, scale_, offset_, each followed by the task: the prediction layers.
 */
export function familyShapes(config: FamilyConfig): Readonly<Record<string, readonly number[]>> {
  const { size, projection, history, layers, hidden, embed } = config;
  const shapes: Record<string, readonly number[]> = { embedding: [ROWS, embed], wide: [ROWS, size] };
  const widths = [SLOTS * embed + DENSE, ...hidden, size];
  for (let l = 0; l + 1 < widths.length; l++) {
    shapes[`w${l}`] = [widths[l], widths[l + 1]];
    shapes[`b${l}`] = [widths[l + 1]];
  }
  if (config.session === 'summary') {
    shapes.s0 = [SUMMARY, SUMMARY_WIDTH];
    shapes.s0b = [SUMMARY_WIDTH];
    shapes.s1 = [SUMMARY_WIDTH, size];
  }
  if (config.session === 'transformer') {
    shapes.tokenSelf = [size, size];
    shapes.tokenPartner = [size, size];
    shapes.tokenOutcome = [OUTCOMES, size];
    shapes.tokenGate = [OUTCOMES, size];
    shapes.place = [history + 1, size];
    for (let l = 0; l < layers; l++) {
      for (const name of ['q', 'k', 'v', 'o']) shapes[`${name}${l}`] = [size, size];
      for (const name of ['g', 'h']) {
        shapes[`${name}${l}`] = [size];
        shapes[`${name}${l}b`] = [size];
      }
      shapes[`m${l}`] = [size, 2 * size];
      shapes[`m${l}b`] = [2 * size];
      shapes[`n${l}`] = [2 * size, size];
      shapes[`n${l}b`] = [size];
    }
    shapes.out = [size, size];
  }
  for (const task of config.tasks) {
    shapes[`user_${task}`] = [size, projection];
    shapes[`peer_${task}`] = [size, projection];
    shapes[`scale_${task}`] = [1];
    shapes[`offset_${task}`] = [1];
  }
  return shapes;
}
