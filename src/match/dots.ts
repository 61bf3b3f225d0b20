import { simdModule } from './simd-module.ts';

/** Dot products of one row against many: out[j] = x_i . y_j for j in [from, n). */
export type RowDots = (i: number, from: number, out: Float64Array) => void;

/** Two sets of n vectors, f64[n][dim] row by row. */
export interface VectorPair {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The inner loop of everything on the CPU, for one or more pairs of vector sets of the same shape. A dot is summed from left to right, so
 * it has the same bits whichever row asks for it, and the same as {@link dot}. WebAssembly with 128-bit SIMD where there is one,
 * otherwise four columns at a time.
 *
 * @param exact32 the caller's word that all products and sums are exact in f32: then f32 lanes, twice as many.
 */
export function rowDots(pairs: readonly VectorPair[], n: number, dim: number, exact32: boolean): RowDots[] {
  return simdDots(pairs, n, dim, exact32) ?? pairs.map((pair) => plainDots(pair, n, dim));
}

/** One dot product, summed from left to right. */
export function dot(x: Float64Array, p: number, y: Float64Array, q: number, dim: number): number {
  let a = 0;
  for (let k = 0; k < dim; k++) a += x[p + k] * y[q + k];
  return a;
}

/** Four columns at a time: independent sums keep the processor busy. */
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

type Kernel = (x: number, y: number, blocks: number, bytes: number, out: number) => void;

/** One memory for the thread; whoever asks next loads its vectors anew if another source was there in between. */
interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly f64: Kernel;
  readonly f32: Kernel;
  owner: object | undefined;
}
let arena: Arena | null | undefined;

function openArena(): Arena | null {
  if (arena !== undefined) return arena;
  try {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(simdModule()), { m: { m: memory } });
    arena = { memory, f64: exports.f64 as Kernel, f32: exports.f32 as Kernel, owner: undefined };
  } catch {
    // No SIMD in this engine, or the page's policy forbids WebAssembly.
    arena = null;
  }
  return arena;
}

/** What WebAssembly can address, with room to spare. */
const MOST_BYTES = 2 ** 31;

function simdDots(
  pairs: readonly VectorPair[],
  n: number,
  dim: number,
  exact32: boolean,
): RowDots[] | undefined {
  const columns = exact32 ? 32 : 16;
  const width = exact32 ? 4 : 8;
  const blocks = Math.ceil(n / columns);
  const rowBytes = Math.ceil((n * dim * width) / 16) * 16;
  const blockBytes = blocks * dim * 128;
  const total = pairs.length * (rowBytes + blockBytes) + blocks * 128;
  if (n < columns || dim === 0 || total > MOST_BYTES) return undefined;
  const shared = openArena();
  if (shared === null) return undefined;
  const { memory } = shared;
  const owner = {};
  const kernel = exact32 ? shared.f32 : shared.f64;
  const results = total - blocks * 128;
  let answers: Float32Array | Float64Array = new Float64Array(0);

  const load = (): void => {
    const missing = total - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    pairs.forEach((pair, k) => {
      const at = k * (rowBytes + blockBytes);
      const x = exact32
        ? new Float32Array(memory.buffer, at, n * dim)
        : new Float64Array(memory.buffer, at, n * dim);
      x.set(pair.x.subarray(0, n * dim));
      const size = blocks * dim * columns;
      const y = exact32
        ? new Float32Array(memory.buffer, at + rowBytes, size)
        : new Float64Array(memory.buffer, at + rowBytes, size);
      y.fill(0);
      for (let j = 0; j < n; j++) {
        let to = Math.floor(j / columns) * dim * columns + (j % columns);
        for (let e = j * dim; e < (j + 1) * dim; e++, to += columns) y[to] = pair.y[e];
      }
    });
    shared.owner = owner;
  };

  return pairs.map((_, k) => (i, from, out) => {
    if (from >= n) return;
    if (shared.owner !== owner) load();
    if (answers.buffer !== memory.buffer)
      answers = exact32
        ? new Float32Array(memory.buffer, results, blocks * columns)
        : new Float64Array(memory.buffer, results, blocks * columns);
    const at = k * (rowBytes + blockBytes);
    const first = Math.floor(from / columns);
    kernel(
      at + i * dim * width,
      at + rowBytes + first * dim * 128,
      blocks - first,
      dim * width,
      results + first * 128,
    );
    out.set(answers.subarray(from, n), from);
  });
}
