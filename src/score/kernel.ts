import { RECENT_SLOTS } from './types.ts';
import { openArena } from './wasm/arena.ts';

/** What makes a weight of two dot products; `Laws` in `wasm/layout.as.ts` has the same numbers. */
export const Law = {
  /** A uniform hash of the pair. */
  hash: 0,
  /** The dot product of user and peer as it is, in f64. */
  single: 1,
  mean: 2,
  smaller: 3,
  product: 4,
  minimum: 5,
  sum: 6,
  harmonic: 7,
} as const;

/** All that pairs of n people are scored by. Arrays of n, vectors [n][dim], all only read. */
export interface KernelInput {
  readonly n: number;
  readonly dim: number;
  readonly law: (typeof Law)[keyof typeof Law];
  readonly user: ArrayLike<number>;
  readonly peer: ArrayLike<number>;
  /** Components are whole numbers, and every sum of products stays below this. */
  readonly largest: number;
  readonly scale?: ArrayLike<number>;
  readonly bias?: ArrayLike<number>;
  readonly bonus?: ArrayLike<number>;
  readonly have: ArrayLike<number>;
  readonly avoid: ArrayLike<number>;
  readonly speaks?: ArrayLike<number>;
  readonly ids: Uint32Array;
  readonly recent?: Uint32Array;
  readonly threshold: number;
  readonly seed: number;
}

/** Called for each row with its best partners: `more` says whether others follow them. */
export type TakeBest = (
  row: number,
  count: number,
  col: Int32Array,
  key: Float64Array,
  more: boolean,
) => void;

/** Arrays of `CandidateLists`. */
interface ListArrays {
  readonly count: Int32Array;
  readonly col: Int32Array;
  readonly key: Float64Array;
  readonly truncated: Uint8Array;
}

/** Weights of pairs by the WebAssembly kernel, with the bits of the plain rule. */
export interface ScoreKernel {
  /** Writes the `room` best partners of everyone, those of person i from i * room on. */
  lists(room: number, found: ListArrays): void;
  /**
   * The `room` best partners of each row among the people with `live` = 1, the rows too. Cheaper
   * where nobody is live who was not live at the call before.
   *
   * @returns how many pairs were read.
   */
  best(rows: Int32Array, live: Uint8Array, room: number, take: TakeBest): number;
  /** All weights of a row from `from` on, as `PairSource.row`. Rows in order are cheaper. */
  row(i: number, from: number, out: Float64Array): void;
}

/** Rows and bytes of columns that stay in the caches. */
const PANEL_ROWS = 16;
const STRIP_BYTES = 2 ** 16;
/** With a smaller share of live people, the others are dropped from memory. */
const SPARSE = 0.75;
/** Well below what WebAssembly can address. */
const MAX_BYTES = 2 ** 31;
/** Attributes of a person in memory; four bytes each. */
const ATTRIBUTES = ['avoid', 'have', 'speaks', 'scale', 'bias', 'bonus', 'ids'] as const;

/** Opens the kernel; undefined where WebAssembly cannot run or memory does not suffice. */
export function scoreKernel(input: KernelInput): ScoreKernel | undefined {
  const { n, law, threshold } = input;
  const dim = law === Law.hash ? 0 : input.dim;
  const is16 = input.largest < 2 ** 31;
  const columns = 8 * Math.ceil((n + 1) / 8);
  // Two components of 16 bits or one of f64 for each of four people.
  const steps = Math.max(1, is16 ? Math.ceil(dim / 2) : dim);
  const block = steps * (is16 ? 16 : 32);
  const stride = 4 * columns;
  const head = 20 * stride;
  const vectors = (columns / 4) * block;
  const need = (entries: number) => head + 2 * vectors + 2 * block + 1024 + 12 * entries;
  const arena = n === 0 || need(4 * columns) > MAX_BYTES ? null : openArena();
  if (arena === null) return undefined;
  const { memory, score } = arena;
  const owner = {};
  const everyone = orderOf(input);
  /** The people in memory, by position, and the reverse. */
  const order = everyone.slice();
  const place = new Int32Array(n);
  /** How many people are in memory: all, or those that are left in `best`. */
  let size = 0;
  /** Where lists or dense rows begin. */
  let free = 0;

  const load = (entries: number, among = false): void => {
    const missing = need(entries) - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    if (arena.owner === owner && (size === n || among)) return;
    arena.owner = owner;
    size = n;
    order.set(everyone);
    for (let p = 0; p < n; p++) place[order[p]] = p;
    free = score.setup(0, columns, law, is16, block, input.seed | 0, threshold, below32(threshold));
    const words = new Int32Array(memory.buffer, 0, head / 4);
    const numbers = new Float32Array(memory.buffer, 0, head / 4);
    words.fill(0);
    words.fill(-1, 12 * columns);
    ATTRIBUTES.forEach((name, a) => {
      const given = input[name];
      const to = name === 'scale' || name === 'bias' || name === 'bonus' ? numbers : words;
      if (given !== undefined) for (let p = 0; p < n; p++) to[a * columns + p] = given[order[p]];
      else if (name === 'speaks') to.fill(1, a * columns, a * columns + n);
    });
    const { recent } = input;
    if (recent !== undefined)
      for (let p = 0, to = 12 * columns; p < n; p++)
        for (let s = 0; s < RECENT_SLOTS; s++) words[to++] = recent[order[p] * RECENT_SLOTS + s];
    pack(input.user, head);
    if (law !== Law.hash) pack(input.peer, head + vectors);
    score.summarise(n);
  };

  /** Writes vectors in blocks of four people. */
  const pack = (from: ArrayLike<number>, at: number): void => {
    const [group, next, width] = is16 ? [2, 8, 2] : [1, 4, 8];
    const to = is16
      ? new Int16Array(memory.buffer, at, vectors / width)
      : new Float64Array(memory.buffer, at, vectors / width);
    to.fill(0);
    for (let p = 0; p < n; p++) {
      let q = ((p >> 2) * block) / width + (p & 3) * group;
      const end = (order[p] + 1) * dim;
      for (let e = order[p] * dim; e < end; e += group, q += next) {
        to[q] = from[e];
        if (is16 && e + 1 < end) to[q + 1] = from[e + 1];
      }
    }
  };

  const lists = (room: number, found: ListArrays): void => {
    load(n * room);
    const keys = 8 * Math.ceil((free + 4 * n * room) / 8);
    score.clearLists(n, room, free, keys);
    score.halfSquare(PANEL_ROWS / 4, Math.max(1, Math.floor(STRIP_BYTES / (4 * block))));
    const [more, used] = [9, 10].map((a) => new Int32Array(memory.buffer, a * stride, n));
    const col = new Int32Array(memory.buffer, free, n * room);
    const key = new Float64Array(memory.buffer, keys, n * room);
    for (let p = 0; p < n; p++) {
      const i = order[p];
      found.count[i] = used[p];
      found.truncated[i] = more[p] & 1;
      for (let e = p * room, to = i * room, end = e + used[p]; e < end; e++, to++) {
        found.col[to] = order[col[e]];
        found.key[to] = key[e];
      }
    }
  };

  const best = (rows: Int32Array, live: Uint8Array, room: number, take: TakeBest): number => {
    let all = 0;
    for (let i = 0; i < n; i++) all += live[i];
    let left = 0;
    for (let p = 0; p < size; p++) left += live[order[p]];
    load(4 * room, left === all);
    const alive = new Int32Array(memory.buffer, 7 * stride, size);
    for (let p = 0; p < size; p++) alive[p] = -live[order[p]];
    if (all < SPARSE * size) {
      size = score.keepLive(size);
      for (let p = 0, from = 0; p < size; from++) if (live[order[from]] === 1) order[p++] = order[from];
      for (let p = 0; p < size; p++) place[order[p]] = p;
    }
    const keys = 8 * Math.ceil((free + 16 * room) / 8);
    const [more, used] = [9, 10].map((a) => new Int32Array(memory.buffer, a * stride, 4));
    const col = new Int32Array(memory.buffer, free, 4 * room);
    const key = new Float64Array(memory.buffer, keys, 4 * room);
    // Rows of the same kind meet the same people.
    const places = Int32Array.from(rows, (i) => place[i]).sort();
    const names = new Int32Array(room);
    for (let r = 0; r < places.length; r += 4) {
      score.clearLists(4, room, free, keys);
      const four = [0, 1, 2, 3].map((k) => places[r + k] ?? n);
      score.bestOfRows(four[0], four[1], four[2], four[3]);
      for (let k = 0; k < 4 && r + k < places.length; k++) {
        for (let e = 0; e < used[k]; e++) names[e] = order[col[k * room + e]];
        take(order[four[k]], used[k], names, key.subarray(k * room, (k + 1) * room), more[k] !== 0);
      }
    }
    return rows.length * size;
  };

  // The rows that were computed last: first to end - 1.
  let [first, end] = [0, 0];
  let dense = new Float64Array(0);
  const row = (i: number, from: number, out: Float64Array): void => {
    if (i < first || i >= end) {
      // Rows that are asked for in order are computed four at a time.
      const wanted = i === end ? Math.min(4, n - i) : 1;
      load(4 * columns);
      const four = [0, 1, 2, 3].map((k) => (k < wanted ? place[i + k] : n));
      score.denseRows(four[0], four[1], four[2], four[3], free);
      if (dense.length === 0) dense = new Float64Array(4 * columns);
      dense.set(new Float64Array(memory.buffer, free, wanted * columns));
      [first, end] = [i, i + wanted];
    }
    const at = (i - first) * columns;
    for (let j = from; j < n; j++) out[j] = dense[at + place[j]];
  };

  return { lists, best, row };
}

/**
 * People in an order in which those who speak, have and avoid the same are neighbours, so that
 * tiles of pairs who may not meet are skipped. Any order gives the same pairs.
 */
function orderOf({ n, speaks, have, avoid }: KernelInput): Int32Array {
  const keys = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const spoken = speaks === undefined ? 0 : speaks[i] & 0xff;
    const rest = (Math.imul(have[i] >>> 2, 0x9e37) ^ Math.imul(avoid[i] >>> 2, 0x85eb)) & 0x3ff;
    const kind = (spoken << 14) | ((have[i] & 3) << 12) | ((avoid[i] & 3) << 10) | rest;
    keys[i] = kind * 2 ** 26 + i;
  }
  keys.sort();
  return Int32Array.from(keys, (key) => key % 2 ** 26);
}

/**
 * Bound on |user_i . peer_j| and all its partial sums (Cauchy-Schwarz, on the components before and
 * from `cut` on by themselves); Infinity where a component is not a whole number of 16 bits.
 */
export function largestDot(
  user: ArrayLike<number>,
  peer: ArrayLike<number>,
  n: number,
  dim: number,
  cut = dim,
): number {
  const length = (v: ArrayLike<number>, from: number, to: number): number => {
    let sum = 0;
    for (let e = from; e < to; e++) {
      if ((v[e] << 16) >> 16 !== v[e]) return Infinity;
      sum += v[e] * v[e];
    }
    return Math.sqrt(sum);
  };
  if (user.length === 0) return 0;
  let [head, tail, most] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    head = Math.max(head, length(peer, i * dim, i * dim + cut));
    tail = Math.max(tail, length(peer, i * dim + cut, (i + 1) * dim));
  }
  for (let i = 0; i < n; i++) {
    const first = length(user, i * dim, i * dim + cut);
    most = Math.max(most, first * head + length(user, i * dim + cut, (i + 1) * dim) * tail);
  }
  return most;
}

/** The largest f32 that is not above v. */
function below32(v: number): number {
  const r = Math.fround(v);
  if (r <= v) return r;
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, r);
  const word = bits.getInt32(0);
  if (r === 0) return -(2 ** -149);
  bits.setInt32(0, word + (r > 0 ? -1 : 1));
  return bits.getFloat32(0);
}
