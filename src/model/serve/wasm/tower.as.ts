/*
 * The forward pass of a tower, in AssemblyScript, with the bits of `forwardTower`: f64 throughout,
 * and every sum runs from left to right. Addresses and lengths are in bytes. Rows of f64 are padded
 * with zeros to a multiple of CHUNK. `tower-kernel.ts` fills the memory.
 */

/** 16 f64: as many sums as fit in registers. */
const CHUNK: usize = 128;

let slots: i32 = 0;
let dense: i32 = 0;
/** Components of a vector. */
let dim: i32 = 0;
let quantum: f64 = 1;
let clamp: f64 = 0;
/** Rows of the embedding table after their slot's part of the first layer, [slot][row]. */
let projected: usize = 0;
/** Bytes of a slot of it. */
let slotBytes: usize = 0;
let wide: usize = 0;
/** Inputs of the head, 0 where there is none, and the number of layers, the head included. */
let headInputs: i32 = 0;
let layers: i32 = 0;
/** i32[4] per layer: addresses of weights (at first: of dense inputs) and bias, bytes of a row. */
let table: usize = 0;
/** One f64 for each output of a layer. */
let hidden: usize = 0;
/** Rows that are added: factor in f64 and address, 16 bytes each. */
let terms: usize = 0;

export function setTower(
  givenSlots: i32,
  givenDense: i32,
  givenDim: i32,
  givenQuantum: f64,
  givenClamp: f64,
  projectedAt: usize,
  bytesOfSlot: usize,
  wideAt: usize,
  givenHeadInputs: i32,
  layersAt: usize,
  hiddenAt: usize,
  termsAt: usize,
): void {
  slots = givenSlots;
  dense = givenDense;
  dim = givenDim;
  quantum = givenQuantum;
  clamp = givenClamp;
  projected = projectedAt;
  slotBytes = bytesOfSlot;
  wide = wideAt;
  headInputs = givenHeadInputs;
  table = layersAt;
  hidden = hiddenAt;
  terms = termsAt;
  layers = 0;
}

/** Adds a layer. The head is the last one. */
export function addLayer(weights: usize, bias: usize, bytesOfRow: usize): void {
  const at = table + ((<usize>layers) << 4);
  layers++;
  store<usize>(at, weights, 0);
  store<usize>(at, bias, 4);
  store<usize>(at, bytesOfRow, 8);
}

/**
 * Both integer vectors of n people, f32[n][dim] at `user` and `peer`.
 *
 * @param sparse u32[n][slots].
 * @param inputs f32[n][dense].
 * @param session f32[n][headInputs], with a head.
 */
export function embed(n: i32, sparse: usize, inputs: usize, session: usize, user: usize, peer: usize): void {
  const last = headInputs > 0 ? layers - 2 : layers - 1;
  const width = load<usize>(table + ((<usize>last) << 4), 8);
  for (let i = 0; i < n; i++) {
    const rows = load<usize>(table, 8);
    let end = terms;
    for (let s = 0; s < slots; s++)
      end = add(end, 1, projected + (<usize>s) * slotBytes + index(sparse, s) * rows);
    for (let k = 0; k < dense; k++)
      end = add(end, load<f32>(inputs + ((<usize>k) << 2)), load<usize>(table) + (<usize>k) * rows);
    for (let l = 0; l < layers; l++) {
      const at = table + ((<usize>l) << 4);
      if (l === last) for (let s = 0; s < slots; s++) end = add(end, 1, wide + index(sparse, s) * width);
      const bytes = load<usize>(at, 8);
      sum(end, load<usize>(at, 4), bytes);
      if (l === layers - 1) break;
      end = terms;
      let row = load<usize>(at, 16);
      const next = load<usize>(at, 24);
      const stop = hidden + bytes;
      if (l === last) {
        for (let h = hidden, e = session; h < hidden + ((<usize>headInputs) << 3); h += 8, e += 4, row += next)
          end = add(end, load<f64>(h) + load<f32>(e), row);
      } else
        for (let h = hidden; h < stop; h += 8, row += next) {
          const x = load<f64>(h);
          end = add(end, x > 0 ? x : 0, row);
        }
    }
    quantise(hidden, user);
    quantise(hidden + ((<usize>dim) << 3), peer);
    sparse += (<usize>slots) << 2;
    inputs += (<usize>dense) << 2;
    session += (<usize>headInputs) << 2;
    user += (<usize>dim) << 2;
    peer += (<usize>dim) << 2;
  }
}

@inline
function index(sparse: usize, slot: i32): usize {
  return load<u32>(sparse + ((<usize>slot) << 2));
}

/** Adds a term, unless its factor is 0. Returns where the next one goes. */
@inline
function add(end: usize, factor: f64, row: usize): usize {
  store<f64>(end, factor);
  store<usize>(end, row, 8);
  return end + ((<usize>(factor != 0)) << 4);
}

/** hidden = start + the sum of factor x row over the terms. */
function sum(end: usize, start: usize, width: usize): void {
  for (let c: usize = 0; c < width; c += CHUNK) {
    let s0 = v128.load(start + c, 0);
    let s1 = v128.load(start + c, 16);
    let s2 = v128.load(start + c, 32);
    let s3 = v128.load(start + c, 48);
    let s4 = v128.load(start + c, 64);
    let s5 = v128.load(start + c, 80);
    let s6 = v128.load(start + c, 96);
    let s7 = v128.load(start + c, 112);
    for (let t = terms; t < end; t += 16) {
      const v = v128.load64_splat(t);
      const row = load<usize>(t, 8) + c;
      s0 = f64x2.add(s0, f64x2.mul(v, v128.load(row, 0)));
      s1 = f64x2.add(s1, f64x2.mul(v, v128.load(row, 16)));
      s2 = f64x2.add(s2, f64x2.mul(v, v128.load(row, 32)));
      s3 = f64x2.add(s3, f64x2.mul(v, v128.load(row, 48)));
      s4 = f64x2.add(s4, f64x2.mul(v, v128.load(row, 64)));
      s5 = f64x2.add(s5, f64x2.mul(v, v128.load(row, 80)));
      s6 = f64x2.add(s6, f64x2.mul(v, v128.load(row, 96)));
      s7 = f64x2.add(s7, f64x2.mul(v, v128.load(row, 112)));
    }
    v128.store(hidden + c, s0, 0);
    v128.store(hidden + c, s1, 16);
    v128.store(hidden + c, s2, 32);
    v128.store(hidden + c, s3, 48);
    v128.store(hidden + c, s4, 64);
    v128.store(hidden + c, s5, 80);
    v128.store(hidden + c, s6, 96);
    v128.store(hidden + c, s7, 112);
  }
}

/** f32[dim] of whole numbers, halves to even, within the clamp; -0 becomes 0. */
@inline
function quantise(from: usize, to: usize): void {
  const units = f64x2.splat(quantum);
  const most = f64x2.splat(clamp);
  const least = f64x2.splat(-clamp);
  for (const stop = to + ((<usize>dim) << 2); to < stop; to += 8, from += 16) {
    const x = f64x2.nearest(f64x2.div(v128.load(from), units));
    const y = f64x2.add(f64x2.max(least, f64x2.min(most, x)), f64x2.splat(0));
    v128.store64_lane(to, f32x4.demote_f64x2_zero(y), 0);
  }
}
