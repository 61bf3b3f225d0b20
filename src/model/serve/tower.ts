import { must } from '../../base/errors.ts';
import type { Tower, TowerInput } from '../layout/types.ts';

/**
 * The CPU twin of the embed pass: the two-tower Wide&Deep network of `match/types.ts`.
 *
 * The twin computes in f64 from the f32 weights. What a GPU computes in f32, in whatever order and fused or not, differs from it
 * before rounding by at most {@link embedErrorBound}, and, where that bound is below half a unit, by at most one unit after.
 */

/** Largest absolute component of an integer vector. */
export const CLAMP = 2047;

/** Norm up to which every dot product and partial sum is an integer below 2^24. */
export const MAX_NORM = 4096;

/** Largest absolute component of the integer vectors of `tower`: with a head, whatever the session says, no vector exceeds MAX_NORM. */
export const clampOf = ({ head, dim }: Tower): number =>
  head === undefined ? CLAMP : Math.min(CLAMP, Math.floor(MAX_NORM / Math.sqrt(dim)));

/** Outputs of the network itself: both vectors, or the embedding that the head makes them of. */
const outputsOf = ({ head, dim }: Tower): number => head?.inputs ?? 2 * dim;

/** Throws LabError unless all shapes agree and every weight is finite. */
export function validateTower(tower: Tower, where = 'tower'): void {
  const { dim, slots, embed, dense, rows, embedding, wide, layers, quantum, head } = tower;
  const outputs = outputsOf(tower);
  for (const [name, value, least] of [
    ['dim', dim, 4],
    ['slots', slots, 1],
    ['embed', embed, 1],
    ['dense', dense, 0],
    ['rows', rows, 1],
  ] as const)
    must(
      Number.isInteger(value) && value >= least,
      `${name} must be a whole number from ${least}; it is ${value}`,
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
  for (const [name, weights] of tensors(tower))
    for (let k = 0; k < weights.length; k++)
      must(Number.isFinite(weights[k]), `${name}[${k}] must be finite; it is ${weights[k]}`, where);
}

/** The tensors of a tower, by name, in the order in which they are stored. */
export function tensors(
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

/** Throws LabError unless `input` holds `n` rows of the tower's shape, with indices in range and finite dense values. */
export function validateTowerInput(input: TowerInput, n: number): void {
  const { slots, dense, rows } = input.tower;
  must(
    input.sparse.length >= n * slots,
    `sparse must hold ${n} x ${slots} indices; it holds ${input.sparse.length}`,
  );
  must(
    input.dense.length >= n * dense,
    `dense must hold ${n} x ${dense} values; it holds ${input.dense.length}`,
  );
  for (let k = 0; k < n * slots; k++)
    must(input.sparse[k] < rows, `sparse[${k}] must be below ${rows}; it is ${input.sparse[k]}`);
  for (let k = 0; k < n * dense; k++)
    must(Number.isFinite(input.dense[k]), `dense[${k}] must be finite; it is ${input.dense[k]}`);
  const { session } = input;
  if (session === undefined) return;
  const { head } = input.tower;
  must(head !== undefined, 'session vectors are given, but this tower has no head to take them');
  must(
    session.length >= n * head.inputs,
    `session must hold ${n} x ${head.inputs} values; it holds ${session.length}`,
  );
  for (let k = 0; k < n * head.inputs; k++)
    must(Number.isFinite(session[k]), `session[${k}] must be finite; it is ${session[k]}`);
}

/**
 * Each row of the hashed tables pushed through its slot's part of the first layer, so that a person costs `slots` additions of
 * a row instead of `slots x embed` multiplications. A row belongs to any slot, so the table is f64[slots][rows][outputs].
 */
const firstLayer = new WeakMap<Tower, Map<number, Float64Array>>();

function projectedRow(tower: Tower, slot: number, row: number): Float64Array {
  let rows = firstLayer.get(tower);
  if (rows === undefined) firstLayer.set(tower, (rows = new Map<number, Float64Array>()));
  const key = slot * tower.rows + row;
  let out = rows.get(key);
  if (out === undefined) {
    const { w, outputs } = tower.layers[0];
    out = new Float64Array(outputs);
    for (let e = 0; e < tower.embed; e++) {
      const x = tower.embedding[row * tower.embed + e];
      const from = (slot * tower.embed + e) * outputs;
      for (let o = 0; o < outputs; o++) out[o] += x * w[from + o];
    }
    rows.set(key, out);
  }
  return out;
}

/** Both vectors before quantising: f64[n][2 dim], user first. */
export function forwardTower(input: TowerInput, n: number): Float64Array {
  const e = forwardFeatures(input, n);
  const { tower, session } = input;
  if (tower.head === undefined) return e;
  const { inputs, w } = tower.head;
  const width = 2 * tower.dim;
  const out = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    if (session !== undefined) for (let k = i * inputs; k < (i + 1) * inputs; k++) e[k] += session[k];
    addProduct(out.subarray(i * width, (i + 1) * width), e, i * inputs, inputs, w, 0);
  }
  return out;
}

/** The network's own outputs, before head and quantising: f64[n][outputs]. */
export function forwardFeatures(input: TowerInput, n: number): Float64Array {
  const { tower, sparse, dense } = input;
  const { slots } = tower;
  const width = outputsOf(tower);
  const out = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    const first = tower.layers[0];
    let h = Float64Array.from(first.b);
    for (let s = 0; s < slots; s++) {
      const row = projectedRow(tower, s, sparse[i * slots + s]);
      for (let o = 0; o < h.length; o++) h[o] += row[o];
    }
    addProduct(h, dense, i * tower.dense, tower.dense, first.w, slots * tower.embed);
    for (let l = 1; l < tower.layers.length; l++) {
      for (let o = 0; o < h.length; o++) if (!(h[o] > 0)) h[o] = 0;
      const next = Float64Array.from(tower.layers[l].b);
      addProduct(next, h, 0, h.length, tower.layers[l].w, 0);
      h = next;
    }
    for (let s = 0; s < slots; s++) {
      const from = sparse[i * slots + s] * width;
      for (let k = 0; k < width; k++) h[k] += tower.wide[from + k];
    }
    out.set(h, i * width);
  }
  return out;
}

/** out += x[from .. from + count) W, with W's rows starting at `row`. */
function addProduct(
  out: Float64Array,
  x: Float32Array | Float64Array,
  from: number,
  count: number,
  w: Float32Array,
  row: number,
): void {
  const outputs = out.length;
  for (let k = 0; k < count; k++) {
    const v = x[from + k];
    if (v === 0) continue;
    const at = (row + k) * outputs;
    for (let o = 0; o < outputs; o++) out[o] += v * w[at + o];
  }
}

/** Nearest integer, halves to even as WGSL's `round`, clamped to +-`clamp`. */
export function quantise(x: number, clamp = CLAMP): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  const round = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return Math.max(-clamp, Math.min(clamp, round)) + 0;
}

/** What each of `n` people looks for (`user`) and is like to others (`peer`): integer-valued f32[n][dim] each. */
export function embedTower(input: TowerInput, n: number): { user: Float32Array; peer: Float32Array } {
  const { dim, quantum } = input.tower;
  const clamp = clampOf(input.tower);
  const out = forwardTower(input, n);
  const user = new Float32Array(n * dim);
  const peer = new Float32Array(n * dim);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < dim; k++) {
      user[i * dim + k] = quantise(out[2 * i * dim + k] / quantum, clamp);
      peer[i * dim + k] = quantise(out[(2 * i + 1) * dim + k] / quantum, clamp);
    }
  return { user, peer };
}

/**
 * An upper bound of the norm of either half of the network's output, before quantising, over every input whose sparse index of
 * slot s lies in [offsets[s], offsets[s + 1]) and whose dense values lie in [0, 1]; by interval arithmetic. A quantum of at least
 * bound / (MAX_NORM - dim) keeps every integer vector within {@link MAX_NORM} for everybody, not only for those seen in training.
 */
export function outputNormBound(tower: Tower, offsets: ArrayLike<number>): number {
  const { slots, embed, dim } = tower;
  const range = (at: (row: number) => number, slot: number): [number, number] => {
    let lo = Infinity;
    let hi = -Infinity;
    for (let row = offsets[slot]; row < offsets[slot + 1]; row++) {
      lo = Math.min(lo, at(row));
      hi = Math.max(hi, at(row));
    }
    return [lo, hi];
  };
  const first = tower.layers[0];
  let lo = Float64Array.from(first.b);
  let hi = Float64Array.from(first.b);
  for (let o = 0; o < first.outputs; o++) {
    for (let s = 0; s < slots; s++) {
      const [a, b] = range((row) => projectedRow(tower, s, row)[o], s);
      lo[o] += a;
      hi[o] += b;
    }
    for (let k = slots * embed; k < first.inputs; k++) {
      lo[o] += Math.min(0, first.w[k * first.outputs + o]);
      hi[o] += Math.max(0, first.w[k * first.outputs + o]);
    }
  }
  for (const { inputs, outputs, w, b } of tower.layers.slice(1)) {
    const nextLo = Float64Array.from(b);
    const nextHi = Float64Array.from(b);
    for (let k = 0; k < inputs; k++)
      for (let o = 0; o < outputs; o++) {
        const weight = w[k * outputs + o];
        nextLo[o] += weight * Math.max(0, weight > 0 ? lo[k] : hi[k]);
        nextHi[o] += weight * Math.max(0, weight > 0 ? hi[k] : lo[k]);
      }
    lo = nextLo;
    hi = nextHi;
  }
  for (let k = 0; k < 2 * dim; k++)
    for (let s = 0; s < slots; s++) {
      const [a, b] = range((row) => tower.wide[row * 2 * dim + k], s);
      lo[k] += a;
      hi[k] += b;
    }
  const norm = (from: number): number => {
    let sum = 0;
    for (let k = from; k < from + dim; k++) sum += Math.max(lo[k] ** 2, hi[k] ** 2);
    return Math.sqrt(sum);
  };
  return Math.max(norm(0), norm(dim));
}
