import { must } from '../../base/errors.ts';
import { mustBeFiniteTensor } from './tensors.ts';

/**
 * Weights of a two-tower Wide&Deep network. One network gives both vectors of a person:
 *   e = concat(embedding[sparse[0]], ..., embedding[sparse[slots-1]], dense)       (deep input)
 *   h = relu(e W1 + b1), relu(h W2 + b2), ...                            (all layers but the last)
 *   out = h WL + bL + sum over slots of wide[sparse[s]]                                 f32[2 dim]
 *   user = round(out[0..dim) / quantum), peer = round(out[dim..2 dim) / quantum)
 * User and peer are integers, clamped to +-CLAMP.
 */
export interface Tower {
  readonly dim: number;
  readonly slots: number;
  /** Embedding length per slot. */
  readonly embed: number;
  /** Count of dense inputs. */
  readonly dense: number;
  /** Rows of the tables. The indices of every slot include its offset. */
  readonly rows: number;
  /** f32[rows][embed] and f32[rows][2 dim]. */
  readonly embedding: Float32Array;
  readonly wide: Float32Array;
  /** w: f32[inputs][outputs] row-major, b: f32[outputs]. */
  readonly layers: readonly { inputs: number; outputs: number; w: Float32Array; b: Float32Array }[];
  readonly quantum: number;
  /**
   * With a head, the output of the network is an embedding e_feature f32[inputs] (`wide` has that
   * many columns), to which `TowerInput.session` is added: out[2 dim] = (e_feature + e_session) w,
   * w: f32[inputs][2 dim] row-major. Integers are then clamped to +-MAX_NORM / sqrt(dim), so that
   * no session can exceed the limit on a vector's norm.
   */
  readonly head?: { readonly inputs: number; readonly w: Float32Array };
}

/** Inputs of a tower for the n people who wait. */
export interface TowerInput {
  readonly tower: Tower;
  /** u32[n][slots], each below tower.rows. */
  readonly sparse: Uint32Array;
  /** f32[n][tower.dense]. */
  readonly dense: Float32Array;
  /** f32[n][head.inputs]: e_session from the embedding memory; default zeros. Needs a head. */
  readonly session?: Float32Array;
}

/** Largest absolute component of an integer vector. */
export const CLAMP = 2047;

/** Norm up to which every dot product and partial sum is an integer below 2^24. */
export const MAX_NORM = 4096;

/** Largest absolute component of the integer vectors; with a head it keeps norms <= MAX_NORM. */
export const clampOf = ({ head, dim }: Tower): number =>
  head === undefined ? CLAMP : Math.min(CLAMP, Math.floor(MAX_NORM / Math.sqrt(dim)));

/** Outputs of the network itself: both vectors, or the input of the head. */
export const outputsOf = ({ head, dim }: Tower): number => head?.inputs ?? 2 * dim;

/** Throws LabError unless all shapes agree and every weight is finite. */
export function validateTower(tower: Tower, where = 'tower'): void {
  const { dim, slots, embed, dense, rows, embedding, wide, layers, quantum, head } = tower;
  const outputs = outputsOf(tower);
  for (const [name, value, min] of [
    ['dim', dim, 4],
    ['slots', slots, 1],
    ['embed', embed, 1],
    ['dense', dense, 0],
    ['rows', rows, 1],
  ] as const)
    must(
      Number.isInteger(value) && value >= min,
      `${name} must be a whole number from ${min}; it is ${value}`,
      where,
    );
  must(dim % 4 === 0 && dim <= 128, `dim must be a multiple of 4 up to 128; it is ${dim}`, where);
  must(quantum > 0 && Number.isFinite(quantum), `quantum must be above 0; it is ${quantum}`, where);
  must(
    embedding.length === rows * embed,
    `embedding must hold ${rows * embed} weights; it holds ${embedding.length}`,
    where,
  );
  must(
    wide.length === rows * outputs,
    `wide must hold ${rows * outputs} weights; it holds ${wide.length}`,
    where,
  );
  must(layers.length > 0, 'there must be at least one layer', where);
  let inputs = slots * embed + dense;
  layers.forEach((layer, l) => {
    must(layer.inputs === inputs, `layer ${l} must take ${inputs} inputs; it takes ${layer.inputs}`, where);
    must(
      layer.w.length === layer.inputs * layer.outputs && layer.b.length === layer.outputs,
      `layer ${l} must hold ${layer.inputs} x ${layer.outputs} weights and ${layer.outputs} biases`,
      where,
    );
    inputs = layer.outputs;
  });
  must(inputs === outputs, `the last layer must give ${outputs} outputs; it gives ${inputs}`, where);
  must(
    head === undefined || (head.inputs % 4 === 0 && head.w.length === head.inputs * 2 * dim),
    `the head must hold a multiple of 4 x ${2 * dim} weights; it holds ${head?.inputs} inputs and ${head?.w.length} weights`,
    where,
  );
  for (const [name, weights] of towerTensors(tower)) mustBeFiniteTensor(name, weights, where);
}

/** The tensors of a tower, by name, in the order in which they are stored. */
export function towerTensors(
  tower: Pick<Tower, 'embedding' | 'wide' | 'layers' | 'head'>,
): [string, Float32Array][] {
  return [
    ['embedding', tower.embedding],
    ['wide', tower.wide],
    ...tower.layers.flatMap(({ w, b }, l): [string, Float32Array][] => [
      [`w${l}`, w],
      [`b${l}`, b],
    ]),
    ...(tower.head === undefined ? [] : [['head', tower.head.w] as [string, Float32Array]]),
  ];
}
