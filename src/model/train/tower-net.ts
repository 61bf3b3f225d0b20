import { nn, numpy as np, tree } from '@jax-js/jax';
import { filledTensor, normalTensor, type Tensor, type Tensors } from '../layout/tensors.ts';
import type { Arrays } from './adam.ts';

/** Sizes of a Wide&Deep network. */
export interface WideDeepShape {
  readonly embed: number;
  /** Width of every hidden layer. */
  readonly hidden: readonly number[];
  /** First row of every slot, then the count of rows. */
  readonly offsets: readonly number[];
  readonly dense: number;
}

/** Sizes of a two-tower network; see `Tower`. */
export interface TowerShape extends WideDeepShape {
  readonly dim: number;
}

const slotsOf = ({ offsets }: WideDeepShape): number => offsets.length - 1;
const rowsOf = (shape: WideDeepShape): number => shape.offsets[slotsOf(shape)];

/** Starting values: He for the layers, small for the tables. Deterministic by seed. */
export function initWideDeep(shape: WideDeepShape, outputs: number, seed: number): Tensors {
  const widths = [slotsOf(shape) * shape.embed + shape.dense, ...shape.hidden, outputs];
  const tensors: Record<string, Tensor> = {
    embedding: normalTensor(seed, 0, [rowsOf(shape), shape.embed], 0.3),
    wide: normalTensor(seed, 1, [rowsOf(shape), outputs], 0.1),
  };
  for (let l = 0; l + 1 < widths.length; l++) {
    const last = l + 2 === widths.length;
    const spread = last ? 0.1 : Math.sqrt(2 / widths[l]);
    tensors[`w${l}`] = normalTensor(seed, 2 + l, [widths[l], widths[l + 1]], spread);
    tensors[`b${l}`] = filledTensor([widths[l + 1]]);
  }
  return tensors;
}

/** f32[rows][slots x embed]: 1 where a row belongs to the slot of that column. */
function slotMask(shape: WideDeepShape): np.Array {
  const slots = slotsOf(shape);
  const data = new Float32Array(rowsOf(shape) * slots * shape.embed);
  for (let s = 0; s < slots; s++)
    for (let row = shape.offsets[s]; row < shape.offsets[s + 1]; row++)
      data.fill(1, (row * slots + s) * shape.embed, (row * slots + s + 1) * shape.embed);
  return np.array(data, { shape: [rowsOf(shape), slots * shape.embed] });
}

/** Inputs of the network: `hot` f32[n][rows] (one 1 per slot), `dense` f32[n][dense]. */
export interface PeopleBatch {
  readonly hot: np.Array;
  readonly dense: np.Array;
}

/**
 * Wide&Deep (Cheng et al., 2016) for several groups of people: per group one f32[n][to - from] for
 * every range of outputs. Consumes its arguments.
 *
 * It needs no gather: a row of the tables belongs to one slot, so "concatenate the embeddings,
 * multiply by the first layer" equals "push every row through its slot's part of the first layer,
 * then multiply by the 0/1 matrix", one product with a plain gradient. It does not concatenate
 * activations either: the library fuses what leads to a product into it and would recompute it per
 * output.
 */
export function wideDeep(
  shape: WideDeepShape,
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

/** The two-tower network before rounding: f32[n][dim] each. Consumes its arguments. */
export function towerNet(
  shape: TowerShape,
  p: Arrays,
  groups: readonly PeopleBatch[],
): { readonly user: np.Array; readonly peer: np.Array }[] {
  const { dim } = shape;
  return wideDeep(shape, p, groups, [
    [0, dim],
    [dim, 2 * dim],
  ]).map(([user, peer]) => ({ user, peer }));
}
