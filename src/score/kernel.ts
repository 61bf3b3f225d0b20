import { below32, Law, orderOf } from './kernel-input.ts';
import type { KernelInput } from './kernel-input.ts';
import { NONE, RECENT_SLOTS } from './types.ts';
import { openArena } from './wasm/arena.ts';

/** Called for each row with its best partners: `more` says whether others follow them. */
export type TakeBest = (
  row: number,
  count: number,
  col: Int32Array,
  key: Float64Array,
  more: boolean,
) => void;

/** Called for each row with the partners of best net value, their net values and their weights. */
export type TakeNet = (
  row: number,
  count: number,
  col: Int32Array,
  net: Float64Array,
  weight: Float64Array,
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
  /**
   * The `room` partners of each row of best net value: weight less price, f64[n]. Net values are
   * rounded to f32, with ties in the order of pairs; or, `plain`, neither.
   */
  bestNet(rows: Int32Array, price: Float64Array, room: number, plain: boolean, take: TakeNet): void;
  /** All weights of a row from `from` on, as `PairSource.row`. Rows in order are cheaper. */
  row(i: number, from: number, out: Float64Array): void;
}

/** With a smaller share of live people, the others are dropped from memory. */
const SPARSE = 0.75;
/** Rows whose lists are computed before they are taken. */
const BATCH = 256;
/** Well below what WebAssembly can address. */
const MAX_BYTES = 2 ** 31;
/** Attributes of a person in memory; four bytes each. */
const ATTRIBUTES = ['avoid', 'have', 'speaks', 'scale', 'bias', 'bonus', 'ids'] as const;

/** Opens the kernel; undefined where WebAssembly cannot run or memory does not suffice. */
export function scoreKernel(input: KernelInput): ScoreKernel | undefined {
  const { n, law, threshold, recent } = input;
  const dim = law === Law.hash ? 0 : input.dim;
  const is16 = input.largest < 2 ** 31;
  const columns = 8 * Math.ceil((n + 1) / 8);
  // Two components of 16 bits or one of f64 for each of four people.
  const steps = Math.max(1, is16 ? Math.ceil(dim / 2) : dim);
  const block = steps * (is16 ? 16 : 32);
  const stride = 4 * columns;
  const vectors = (columns / 4) * block;
  const attributes = 19 * stride;
  /** Rows of weights, then the tile, then positions of rows, then lists. */
  const dense = attributes + 2 * vectors;
  const tile = dense + 8 * stride;
  const who = tile + 2 * block + 1024;
  const first = who + stride;
  const end = (lists: number, room: number) => first + 3 * stride + 24 * lists * room;
  const arena = n === 0 || end(n, 16) > MAX_BYTES ? null : openArena();
  if (arena === null) return undefined;
  const { memory, score } = arena;
  const owner = {};
  const everyone = orderOf(input);
  /** The people in memory, by position, and the reverse. */
  const order = everyone.slice();
  const place = new Int32Array(n);
  /** How many people are in memory: all, or those that are left in `best`. */
  let size = 0;

  /** Loads the people where others are in memory, and makes room for lists. */
  const load = (lists: number, room: number, among = false): void => {
    const missing = end(lists, room) - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    if (arena.owner === owner && (size === n || among)) return;
    arena.owner = owner;
    size = n;
    order.set(everyone);
    for (let p = 0; p < n; p++) place[order[p]] = p;
    const remembers = recent !== undefined && recent.subarray(0, n * RECENT_SLOTS).some((id) => id !== NONE);
    const [cut32, same] = [below32(threshold), input.user === input.peer];
    score.setup(0, columns, law, is16, block, input.seed | 0, threshold, cut32, remembers, same);
    score.scratch(tile);
    score.writeTo(dense);
    const words = new Int32Array(memory.buffer, 0, attributes / 4);
    const numbers = new Float32Array(memory.buffer, 0, attributes / 4);
    words.fill(0);
    words.fill(-1, 11 * columns);
    ATTRIBUTES.forEach((name, a) => {
      const given = input[name];
      const to = name === 'scale' || name === 'bias' || name === 'bonus' ? numbers : words;
      if (given !== undefined) for (let p = 0; p < n; p++) to[a * columns + p] = given[order[p]];
      else if (name === 'speaks') to.fill(1, a * columns, a * columns + n);
    });
    if (remembers)
      for (let p = 0, to = 11 * columns; p < n; p++)
        for (let s = 0; s < RECENT_SLOTS; s++) words[to++] = recent[order[p] * RECENT_SLOTS + s];
    pack(input.user, attributes);
    if (law !== Law.hash) pack(input.peer, attributes + vectors);
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

  /** Lists 0 to `count` - 1, as they are in memory: entries of list k from 2 k room on. */
  const listsOf = (count: number, room: number) => {
    const [more, used] = [1, 2].map((a) => new Int32Array(memory.buffer, first + a * stride, count));
    const key = new Float64Array(memory.buffer, first + 3 * stride, 2 * count * room);
    return {
      more,
      used,
      key,
      col: new Int32Array(memory.buffer, key.byteOffset + key.byteLength, key.length),
    };
  };

  const lists = (room: number, found: ListArrays): void => {
    load(n, room);
    score.useLists(first, n, room, false);
    score.clearLists(0, n);
    for (let task = 0; task < score.taskCount(); task++) score.halfSquare(task);
    const { more, key, col } = listsOf(n, room);
    for (let p = 0; p < n; p++) {
      const i = order[p];
      const count = score.finishList(p, p);
      found.count[i] = count;
      found.truncated[i] = more[p] === 0 ? 0 : 1;
      for (let e = 2 * p * room, to = i * room, end = e + count; e < end; e++, to++) {
        found.col[to] = order[col[e]];
        found.key[to] = key[e];
      }
    }
  };

  /** Lists of rows, some at a time: `found` gets the first entry of each list. */
  const rowLists = (
    places: Int32Array,
    room: number,
    plain: boolean,
    compute: (who: number, list: number) => void,
    found: (row: number, count: number, names: Int32Array, key: Float64Array, more: boolean) => void,
  ): void => {
    const names = new Int32Array(room);
    const size = 4 * Math.ceil(Math.min(BATCH, places.length) / 4);
    score.useLists(first, size, room, plain);
    const wanted = new Int32Array(memory.buffer, who, size);
    const { more, used, key, col } = listsOf(size, room);
    for (let from = 0; from < places.length; from += size) {
      const count = Math.min(size, places.length - from);
      wanted.fill(n);
      wanted.set(places.subarray(from, from + count));
      score.clearLists(0, size);
      for (let r = 0; r < count; r += 4) compute(who + 4 * r, r);
      for (let r = 0; r < count; r++) {
        const at = 2 * r * room;
        for (let e = 0; e < used[r]; e++) names[e] = order[col[at + e]];
        found(order[places[from + r]], used[r], names, key.subarray(at, at + 2 * room), more[r] !== 0);
      }
    }
  };

  const best = (rows: Int32Array, live: Uint8Array, room: number, take: TakeBest): number => {
    let all = 0;
    for (let i = 0; i < n; i++) all += live[i];
    let left = 0;
    for (let p = 0; p < size; p++) left += live[order[p]];
    load(BATCH, room, left === all);
    const alive = new Int32Array(memory.buffer, 7 * stride, size);
    for (let p = 0; p < size; p++) alive[p] = -live[order[p]];
    if (all < SPARSE * size) {
      size = score.keepLive(size);
      for (let p = 0, from = 0; p < size; from++) if (live[order[from]] === 1) order[p++] = order[from];
      for (let p = 0; p < size; p++) place[order[p]] = p;
    }
    // Rows of the same kind meet the same people.
    rowLists(Int32Array.from(rows, (i) => place[i]).sort(), room, false, score.bestOfRows, take);
    return rows.length * size;
  };

  const bestNet: ScoreKernel['bestNet'] = (rows, price, room, plain, take) => {
    load(BATCH, room);
    const paid = new Float64Array(memory.buffer, 8 * stride, n);
    for (let p = 0; p < n; p++) paid[p] = price[order[p]];
    rowLists(
      Int32Array.from(rows, (i) => place[i]).sort(),
      room,
      plain,
      score.netOfRows,
      (row, count, col, key) => take(row, count, col, key, key.subarray(room)),
    );
  };

  // The rows that were computed last: from `from` to `to` - 1.
  let [begin, stop] = [0, 0];
  let kept = new Float64Array(0);
  const row = (i: number, from: number, out: Float64Array): void => {
    if (i < begin || i >= stop) {
      // Rows that are asked for in order are computed four at a time.
      const wanted = i === stop ? Math.min(4, n - i) : 1;
      load(0, 0);
      const four = new Int32Array(memory.buffer, who, 4).fill(n);
      for (let k = 0; k < wanted; k++) four[k] = place[i + k];
      score.denseRows(who);
      if (kept.length === 0) kept = new Float64Array(4 * columns);
      kept.set(new Float64Array(memory.buffer, dense, wanted * columns));
      [begin, stop] = [i, i + wanted];
    }
    const at = (i - begin) * columns;
    for (let j = from; j < n; j++) out[j] = kept[at + place[j]];
  };

  return { lists, best, bestNet, row };
}
