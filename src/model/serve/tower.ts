import { CLAMP, clampOf, outputsOf, type Tower, type TowerInput } from '../layout/tower.ts';
import { embedByKernel } from './wasm/tower-kernel.ts';

/**
 * The CPU reference of the embed pass: the two-tower Wide&Deep network of layout/tower.ts, in f64
 * from the f32 weights. A GPU result in f32, in any order and fused or not, differs from it before
 * rounding by at most `embedErrorBound` (testing/tower-bound.ts); after rounding by at most one
 * unit, if that bound is below half a unit.
 */

/**
 * Rows of the embedding table after their slot's part of the first layer, by slot and row. With
 * this cache a person costs `slots` additions of a row instead of `slots x embed` multiplications.
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

/**
 * User and peer vectors of `n` people: integer-valued f32[n][dim] each. By WebAssembly where it can
 * run, with the same bits.
 */
export function embedTower(input: TowerInput, n: number): { user: Float32Array; peer: Float32Array } {
  return embedByKernel(input, n, projectedRow) ?? embedByReference(input, n);
}

function embedByReference(input: TowerInput, n: number): { user: Float32Array; peer: Float32Array } {
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
 * Upper bound (interval arithmetic) of the norm of either half of the network's output before
 * quantising, over all inputs whose sparse index of slot s is in [offsets[s], offsets[s + 1]) and
 * whose dense values are in [0, 1]. A quantum of at least bound / (MAX_NORM - dim) keeps the
 * integer vectors of every possible person within MAX_NORM.
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
