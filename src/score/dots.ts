import { openArena } from './wasm/arena.ts';

/** Dot products of one row against many. */
export interface RowDots {
  /** out[j] = x_i . y_j for j in [from, n). */
  (i: number, from: number, out: Float64Array): void;
  /** Finds the large ones only. Present with SIMD in f32. */
  readonly above?: AboveDots;
}

/**
 * Writes to `hits` the positions j in [from, n), ascending, with x_i . y_j - low > y[j] or x_i .
 * y_j - high > reach[j], in f32 arithmetic.
 *
 * @returns how many there are.
 */
export type AboveDots = (
  i: number,
  from: number,
  bounds: Bounds32,
  low: number,
  high: number,
  hits: Int32Array,
) => number;

/** The bounds y and reach of `AboveDots`, as f32 by column. */
export interface Bounds32 {
  /**
   * Writes both bounds, f32[n] each: all columns where `all` is set, else those that have changed.
   */
  readonly write: (y: Float32Array, reach: Float32Array, all: boolean) => void;
}

/** Two sets of n vectors, f64[n][dim] row by row. */
export interface VectorPair {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Dot products of rows against all columns, for one or more pairs of vector sets of the same shape:
 * the inner loop of the CPU backend. Sums run from left to right, so a dot product has the same
 * bits for both of its rows, and the same as {@link dot}. Uses WebAssembly with 128-bit SIMD where
 * the engine has it, otherwise four columns at a time.
 *
 * @param exact32 whether all products and sums are exact in f32, which allows f32 lanes, twice as
 *   many.
 */
export function rowDots(pairs: readonly VectorPair[], n: number, dim: number, exact32: boolean): RowDots[] {
  return simdDots(pairs, n, dim, exact32) ?? pairs.map((pair) => plainDots(pair, n, dim));
}

/** One dot product, summed from left to right. */
export function dot(
  x: Float32Array | Float64Array,
  p: number,
  y: Float32Array | Float64Array,
  q: number,
  dim: number,
): number {
  let a = 0;
  for (let k = 0; k < dim; k++) a += x[p + k] * y[q + k];
  return a;
}

/**
 * out[j] = x_i . y_j for the first `count` j of `who`, in any order. Four at a time, because
 * independent sums overlap.
 */
export function someDots(
  { x, y }: VectorPair,
  dim: number,
  i: number,
  who: Int32Array,
  count: number,
  out: Float64Array,
): void {
  const start = i * dim;
  const end = start + dim;
  let h = 0;
  for (; h + 4 <= count; h += 4) {
    let q = who[h] * dim;
    let r = who[h + 1] * dim;
    let s = who[h + 2] * dim;
    let t = who[h + 3] * dim;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let p = start; p < end; p++, q++, r++, s++, t++) {
      const v = x[p];
      a += v * y[q];
      b += v * y[r];
      c += v * y[s];
      d += v * y[t];
    }
    out[who[h]] = a;
    out[who[h + 1]] = b;
    out[who[h + 2]] = c;
    out[who[h + 3]] = d;
  }
  for (; h < count; h++) out[who[h]] = dot(x, start, y, who[h] * dim, dim);
}

/** The form without WebAssembly: four columns at a time, because independent sums overlap. */
export function plainDots({ x, y }: VectorPair, n: number, dim: number): RowDots {
  return (i, from, out) => {
    const start = i * dim;
    const end = start + dim;
    let j = from;
    for (; j + 4 <= n; j += 4) {
      let q = j * dim;
      let r = q + dim;
      let s = r + dim;
      let t = s + dim;
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let p = start; p < end; p++, q++, r++, s++, t++) {
        const v = x[p];
        a += v * y[q];
        b += v * y[r];
        c += v * y[s];
        d += v * y[t];
      }
      out[j] = a;
      out[j + 1] = b;
      out[j + 2] = c;
      out[j + 3] = d;
    }
    for (; j < n; j++) out[j] = dot(x, start, y, j * dim, dim);
  };
}

/** Well below what WebAssembly can address. */
const MAX_BYTES = 2 ** 31;
/**
 * Rows that are computed together when rows are asked for in order, and the bytes of columns that
 * stay in the cache.
 */
const PANEL = 8;
const STRIP_BYTES = 2 ** 17;

function simdDots(
  pairs: readonly VectorPair[],
  n: number,
  dim: number,
  exact32: boolean,
): RowDots[] | undefined {
  const columns = exact32 ? 32 : 16;
  const width = exact32 ? 4 : 8;
  const blocks = Math.ceil(n / columns);
  // Memory: for each pair x, y in blocks, and the results of a panel; then four interleaved rows of
  // x, two bounds per column, and a list.
  const rowBytes = Math.ceil((n * dim * width) / 16) * 16;
  const stride = blocks * 128;
  const each = rowBytes + blocks * dim * 128 + PANEL * stride;
  const packed = pairs.length * each;
  const bounds = packed + Math.ceil((4 * dim * width) / 16) * 16;
  const total = bounds + (exact32 ? 2 * stride + 8 * blocks : 0);
  if (n < columns || dim === 0 || total > MAX_BYTES) return undefined;
  const shared = openArena();
  if (shared === null) return undefined;
  const { memory, kernels } = shared;
  const owner = {};
  const one = exact32 ? kernels.oneRowF32 : kernels.oneRowF64;
  const four = exact32 ? kernels.fourRowsF32 : kernels.fourRowsF64;
  const strip = Math.max(1, Math.floor(STRIP_BYTES / (dim * 128)));
  /** All of the memory as numbers; replaced when the memory has grown. */
  let numbers: Float32Array | Float64Array = new Float64Array(0);
  const view = () => {
    if (numbers.buffer !== memory.buffer)
      numbers = exact32 ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
    return numbers;
  };
  /**
   * For each pair, its panel: rows first to end - 1, from block `block` on. `next` is the row after
   * the last one asked for.
   */
  const panels = pairs.map(() => ({ first: 0, end: 0, block: 0, next: -1 }));

  /** The bounds that are in memory. */
  let written: Bounds32 | undefined;
  const fill = (): void => {
    const missing = total - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    const all = view();
    pairs.forEach((pair, k) => {
      const at = (k * each) / width;
      all.set(pair.x.subarray(0, n * dim), at);
      const y = all.subarray(at + rowBytes / width, at + (each - PANEL * stride) / width);
      y.fill(0);
      for (let j = 0; j < n; j++) {
        let to = Math.floor(j / columns) * dim * columns + (j % columns);
        for (let e = j * dim; e < (j + 1) * dim; e++, to += columns) y[to] = pair.y[e];
      }
      panels[k].end = panels[k].first = 0;
    });
    shared.owner = owner;
    written = undefined;
  };

  /** Computes rows `first` to first + PANEL - 1 of pair k, columns from `block` on. */
  const fillPanel = (k: number, first: number, block: number): void => {
    const all = view();
    const at = k * each;
    const end = Math.min(n, first + PANEL);
    for (let b = block; b < blocks; b += strip)
      for (let row = first; row < end; row += 4) {
        for (let r = 0; r < 4; r++) {
          // Rows beyond the last repeat it.
          const from = at / width + Math.min(n - 1, row + r) * dim;
          for (let e = 0, to = packed / width + r; e < dim; e++, to += 4) all[to] = all[from + e];
        }
        const y = at + rowBytes + b * dim * 128;
        const out = at + each + (row - first - PANEL) * stride + b * 128;
        four(packed, y, Math.min(strip, blocks - b), 4 * dim * width, out, stride);
      }
    Object.assign(panels[k], { first, end, block });
  };

  /** Address of the results of row i, computed for at least the columns from `from` on. */
  const answer = (k: number, i: number, from: number): number => {
    if (shared.owner !== owner) fill();
    const panel = panels[k];
    const block = Math.floor(from / columns);
    const at = k * each;
    const answers = at + each - PANEL * stride;
    const next = panel.next;
    panel.next = i + 1;
    if (i < panel.first || i >= panel.end || block < panel.block) {
      if (i !== next) {
        panel.end = panel.first;
        const y = at + rowBytes + block * dim * 128;
        one(at + i * dim * width, y, blocks - block, dim * width, answers + block * 128);
        return answers;
      }
      fillPanel(k, i, block);
    }
    return answers + (i - panel.first) * stride;
  };

  const above =
    (k: number): AboveDots =>
    (i, from, given, low, high, hits) => {
      if (from >= n) return 0;
      const answers = answer(k, i, from);
      const all = view() as Float32Array;
      const y = all.subarray(bounds / 4, bounds / 4 + blocks * columns);
      const reach = all.subarray((bounds + stride) / 4, (bounds + stride) / 4 + blocks * columns);
      if (written !== given) {
        // No column beyond the last is large.
        y.fill(Infinity, n);
        reach.fill(Infinity, n);
      }
      given.write(y, reach, written !== given);
      written = given;
      const block = Math.floor(from / columns);
      const skip = block * 128;
      const list = bounds + 2 * stride;
      const end = kernels.above(
        answers + skip,
        bounds + skip,
        bounds + stride + skip,
        blocks - block,
        list,
        low,
        high,
      );
      const found = new Int32Array(memory.buffer, list, (end - list) / 4);
      let count = 0;
      for (let e = 0; e < found.length; e += 2) {
        const first = (block + found[e]) * columns;
        for (let bits = found[e + 1]; bits !== 0; bits &= bits - 1) {
          const j = first + 31 - Math.clz32(bits & -bits);
          if (j >= from) hits[count++] = j;
        }
      }
      return count;
    };

  return pairs.map((_, k) => {
    const row = (i: number, from: number, out: Float64Array): void => {
      if (from >= n) return;
      const answers = answer(k, i, from) / width;
      out.set(view().subarray(answers + from, answers + n), from);
    };
    return exact32 ? Object.assign(row, { above: above(k) }) : row;
  });
}
