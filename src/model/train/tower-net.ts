import { nn, numpy as np, tree } from '@jax-js/jax';
import { normal, Stream } from '../../base/hash.ts';
import type { Arrays } from './adam.ts';
import type { Tensor, Tensors } from '../layout/tensors.ts';

/** Sizes of a two-tower network; see `Tower` in match/types.ts. */
export interface TowerShape {
  readonly dim: number;
  readonly embed: number;
  /** Width of every hidden layer. */
  readonly hidden: readonly number[];
  /** First row of every slot, then the count of rows. */
  readonly offsets: readonly number[];
  readonly dense: number;
}

const slotsOf = (shape: Pick<TowerShape, 'offsets'>): number => shape.offsets.length - 1;
const rowsOf = (shape: Pick<TowerShape, 'offsets'>): number => shape.offsets[slotsOf(shape)];

/** Starting values: He for the layers, small for the tables. The same seed gives the same numbers everywhere. */
export function initTower(shape: TowerShape, seed: number): Tensors {
  let tensor = 0;
  const random = (dims: number[], spread: number): Tensor => {
    const id = tensor++;
    const size = dims.reduce((a, b) => a * b, 1);
    return {
      shape: dims,
      data: Float32Array.from({ length: size }, (_, k) => spread * normal(seed, Stream.training, id, k)),
    };
  };
  const zeros = (dims: number[]): Tensor => ({
    shape: dims,
    data: new Float32Array(dims.reduce((a, b) => a * b, 1)),
  });
  const widths = [slotsOf(shape) * shape.embed + shape.dense, ...shape.hidden, 2 * shape.dim];
  const blocks: Record<string, Tensor> = {
    embedding: random([rowsOf(shape), shape.embed], 0.3),
    wide: random([rowsOf(shape), 2 * shape.dim], 0.1),
  };
  for (let l = 0; l + 1 < widths.length; l++) {
    const last = l + 2 === widths.length;
    blocks[`w${l}`] = random([widths[l], widths[l + 1]], last ? 0.1 : Math.sqrt(2 / widths[l]));
    blocks[`b${l}`] = zeros([widths[l + 1]]);
  }
  return blocks;
}

/** f32[rows][slots x embed]: 1 where a row belongs to the slot of that column. */
function slotMask(shape: Omit<TowerShape, 'dim'>): np.Array {
  const slots = slotsOf(shape);
  const data = new Float32Array(rowsOf(shape) * slots * shape.embed);
  for (let s = 0; s < slots; s++)
    for (let row = shape.offsets[s]; row < shape.offsets[s + 1]; row++)
      data.fill(1, (row * slots + s) * shape.embed, (row * slots + s + 1) * shape.embed);
  return np.array(data, { shape: [rowsOf(shape), slots * shape.embed] });
}

/** People as the network wants them: `hot` f32[n][rows] (one 1 per slot), `dense` f32[n][dense]. */
export interface PeopleBatch {
  readonly hot: np.Array;
  readonly dense: np.Array;
}

/**
 * Wide&Deep (Cheng et al., 2016) for several groups of people: per group one f32[n][to - from] for every range of outputs. Consumes its
 * arguments.
 *
 * No gather: a row of the tables belongs to one slot, so "concatenate the embeddings, multiply by the first layer" is the same as
 * "push every row through its slot's part of the first layer, then multiply by the 0/1 matrix", one product that has a plain gradient.
 * No concatenation of activations either: the library fuses what leads to a product into it and would compute it again per output.
 */
export function wideDeep(
  shape: Omit<TowerShape, 'dim'>,
  p: Arrays,
  groups: readonly PeopleBatch[],
  ranges: readonly (readonly [number, number])[],
): np.Array[][] {
  const wideInputs = slotsOf(shape) * shape.embed;
  const last = shape.hidden.length;
  const blocks = np.tile(p.embedding, [1, slotsOf(shape)]).mul(slotMask(shape));
  const deepRows = np.matmul(blocks, p.w0.ref.slice([0, wideInputs]));
  const deepDense = p.w0.slice([wideInputs]);
  const parts = ranges.map(([from, to]) => ({
    wide: p.wide.ref.slice([], [from, to]),
    w: p[`w${last}`].ref.slice([], [from, to]),
    b: p[`b${last}`].ref.slice([from, to]),
  }));
  const result = groups.map(({ hot, dense }) => {
    let h = np.matmul(hot.ref, deepRows.ref).add(np.matmul(dense, deepDense.ref)).add(p.b0.ref);
    for (let l = 1; l < last; l++) h = np.matmul(nn.relu(h), p[`w${l}`].ref).add(p[`b${l}`].ref);
    h = nn.relu(h);
    const outputs = parts.map(({ wide, w, b }) =>
      np.matmul(h.ref, w.ref).add(b.ref).add(np.matmul(hot.ref, wide.ref)),
    );
    tree.dispose([h, hot]);
    return outputs;
  });
  for (const { wide, w, b } of parts) tree.dispose([wide, w, b]);
  tree.dispose([deepRows, deepDense, p.wide, p.b0]);
  for (let l = 1; l <= last; l++) tree.dispose([p[`w${l}`], p[`b${l}`]]);
  return result;
}

export interface Towers {
  /** f32[n][dim] each. */
  readonly user: np.Array;
  readonly peer: np.Array;
}

/** The two-tower network of match/types.ts, before rounding. Consumes its arguments. */
export function towerNet(shape: TowerShape, p: Arrays, groups: readonly PeopleBatch[]): Towers[] {
  const { dim } = shape;
  return wideDeep(shape, p, groups, [
    [0, dim],
    [dim, 2 * dim],
  ]).map(([user, peer]) => ({ user, peer }));
}
