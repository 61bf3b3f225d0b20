import { below32, Law, orderOf, dotBoundOf } from './kernel-input.ts';
import type { KernelInput, ListArrays, ScoreKernel, TakeBest, Vectors } from './kernel-input.ts';
import { NONE, RECENT_SLOTS } from './types.ts';
import { Control, enter, FINISHED, installFormula, takeTasks } from './threads/helper.mjs';
import type { KernelJob } from './threads/helper.mjs';
import type { SharedArena } from './threads/team.ts';
import type { Arena } from './wasm/arena.ts';
import { reserve } from './wasm/instance.ts';

/** With a smaller share of live people, the others are dropped from memory. */
const SPARSE = 0.75;
/** Rows whose lists are computed before they are taken. */
const BATCH = 256;
/** Into so many groups people are divided, if threads need no more. */
const GROUPS = 16;
/** Their pairs fit into a row of positions. */
const MAX_GROUPS = 128;
/** Sums of dot products and lifts below it fit into an i32; see `wasm/floors.as.ts`. */
const MOST_LIFT = 2 ** 28;
/** Well below what WebAssembly can address. */
const MAX_BYTES = 2 ** 31;
/** Attributes of a person in memory; four bytes each. */
const ATTRIBUTES = ['avoid', 'have', 'speaks', 'scale', 'bias', 'bonus', 'ids'] as const;

/** Whether one of the first `slots` slots of `recent` is not empty. */
function anyMet(recent: Uint32Array, slots: number): boolean {
  for (let e = 0; e < slots; e++) if (recent[e] !== NONE) return true;
  return false;
}

/** A helper did not come back from a job. */
export class HelperLost extends Error {}

/** The kernel in the memory of an arena; see `scoreKernel`. */
export function kernelIn(input: KernelInput, arena: Arena | SharedArena | null): ScoreKernel | undefined {
  const { n, law, threshold, recent, formula } = input;
  const hashed = law === Law.hash || law === Law.formulaOfHash;
  const dim = hashed ? 0 : input.dim;
  const is16 = input.largest < 2 ** 31;
  const columns = 8 * Math.ceil((n + 1) / 8);
  // Two components of 16 bits or one of f64 for each of four people.
  const steps = Math.max(1, is16 ? Math.ceil(dim / 2) : dim);
  const block = steps * (is16 ? 16 : 32);
  const stride = 4 * columns;
  const vectors = (columns / 4) * block;
  // Attributes, vectors, rows of weights and a tile for each thread, positions of rows, lists.
  const shared = arena !== null && 'run' in arena;
  const code = formula?.bytes(shared);
  const base = Control.end + 16 * Math.ceil((code?.length ?? 0) / 16);
  const [attributes, terms] = [21 * stride, (formula?.count ?? 0) * stride];
  const [denseBytes, tileBytes] = [8 * stride, 2 * block + 1024];
  const threads = arena !== null && 'threads' in arena ? arena.threads : 1;
  const dense = base + attributes + 2 * vectors + terms;
  const tile = dense + threads * denseBytes;
  const who = tile + threads * tileBytes;
  const first = who + stride;
  const listBytes = (lists: number, room: number) => 4 * stride + 24 * lists * room;
  // Vectors row by row, before there are lists.
  const rowBytes = n * dim * (is16 ? 4 : 8);
  if (arena === null || n === 0 || first + Math.max(listBytes(n, 16), rowBytes) > MAX_BYTES) return undefined;
  const { memory, kernels, score } = arena;
  const owner = {};
  const [cut32, same] = [below32(threshold), input.user === input.peer];
  const bound = dotBoundOf(input, is16, same);
  const remembers = recent !== undefined && anyMet(recent, n * RECENT_SLOTS);
  const setup = (per: number) =>
    [
      base,
      columns,
      law,
      is16,
      block,
      input.seed | 0,
      threshold,
      cut32,
      remembers,
      same,
      formula?.count ?? 0,
      1,
      per,
      bound.most,
      bound.slack,
    ] as const;
  const everyone = orderOf(input);
  /** The people in memory, by position, and the reverse. */
  const order = everyone.slice();
  const place = new Int32Array(n);
  /** How many people are in memory: all, or those that are left in `best`. */
  let size = 0;

  /** Loads the people where others are in memory, and makes room for lists. */
  const load = (listSpace: number, among = false): void => {
    reserve(memory, first + Math.max(listSpace, rowBytes));
    if (arena.owner === owner && (size === n || among)) return;
    arena.owner = owner;
    size = n;
    order.set(everyone);
    for (let p = 0; p < n; p++) place[order[p]] = p;
    score.setup(...setup(bound.per));
    if (code !== undefined) {
      new Uint8Array(memory.buffer, Control.end, code.length).set(code);
      installFormula(score, memory, { formula: formula!.serial, code: code.length });
    }
    const words = new Int32Array(memory.buffer, base, attributes / 4);
    const numbers = new Float32Array(memory.buffer, base, attributes / 4);
    words.fill(0);
    words.fill(-1, 11 * columns);
    ATTRIBUTES.forEach((name, a) => {
      const given = input[name];
      const to = name === 'scale' || name === 'bias' || name === 'bonus' ? numbers : words;
      if (given !== undefined) for (let p = 0; p < n; p++) to[a * columns + p] = given[order[p]];
      else if (name === 'speaks') to.fill(1, a * columns, a * columns + n);
    });
    for (let p = 0; p < n; p++) words[19 * columns + p] = bound.lift[order[p]];
    if (remembers)
      for (let p = 0, to = 11 * columns; p < n; p++)
        for (let s = 0; s < RECENT_SLOTS; s++) words[to++] = recent[order[p] * RECENT_SLOTS + s];
    new Int32Array(memory.buffer, who, n).set(order);
    pack(input.user, base + attributes);
    if (!hashed && !same) pack(input.peer, base + attributes + vectors);
    const behind = new Float32Array(memory.buffer, dense - terms, terms / 4);
    for (let t = 0; t < (formula?.count ?? 0); t++)
      for (let p = 0; p < n; p++) behind[t * columns + p] = formula!.terms[t * n + order[p]];
    score.summarise(n);
  };

  /** Writes vectors in blocks of four people. */
  const pack = (from: Vectors, to: number): void => {
    const rows = new (is16 ? Float32Array : Float64Array)(memory.buffer, first, n * dim);
    rows.set(from.subarray(0, n * dim));
    new Int32Array(memory.buffer, to, vectors / 4).fill(0);
    (is16 ? kernels.pack16 : kernels.pack64)(first, who, n, dim, block, to);
  };

  /** Does a job alone or with the helpers. */
  const work = (
    job: Pick<KernelJob, 'kind' | 'count' | 'room' | 'unrounded'>,
    tasks: number,
    [groups, groupSize] = [0, 0],
    per = bound.per,
  ): void => {
    const whole: KernelJob = {
      ...{ ...job, setup: [...setup(per)], used: Math.ceil(size / 8), tile, tileBytes, dense },
      ...{ denseBytes, who, lists: first, groups, size: groupSize },
      ...{ formula: formula?.serial ?? 0, code: code?.length ?? 0 },
    };
    enter(score, memory, whole, 0);
    if (job.kind !== 3) score.clearLists(0, job.count, job.kind === 2);
    if ('run' in arena) {
      if (arena.run(whole, tasks) === undefined) throw new HelperLost();
      return;
    }
    const control = new Int32Array(memory.buffer, 0, Control.job / 4);
    control[Control.next] = 0;
    control[Control.tasks] = tasks;
    takeTasks(score, memory, whole, 0);
  };

  /** Where `useLists` puts lists, and the lists: entries of list k from 2 k room on. */
  const listsAt = (at: number, count: number, room: number) => {
    const [more, lengths, key] = [1, 2, 4].map((a) => at + a * stride);
    const col = key + 16 * count * room;
    return {
      col: new Int32Array(memory.buffer, col, 2 * count * room),
      more: new Int32Array(memory.buffer, more, count),
      used: new Int32Array(memory.buffer, lengths, count),
      key: new Float64Array(memory.buffer, key, 2 * count * room),
    };
  };

  const lists = (room: number, found: ListArrays): void => {
    load(listBytes(n, room));
    score.useBlocks(Math.ceil(size / 8));
    const blocks = score.blockCount();
    const groupSize = Math.ceil(blocks / Math.max(GROUPS, Math.min(MAX_GROUPS, 4 * threads)));
    const groups = Math.ceil(blocks / groupSize);
    new Int32Array(memory.buffer, who, (groups * (groups + 1)) / 2).fill(0);
    new Int32Array(memory.buffer, 4 * Control.locks, groups).fill(0);
    work({ kind: 0, count: n, room, unrounded: 0 }, 0, [groups, groupSize]);
    work({ kind: 3, count: n, room, unrounded: 0 }, Math.ceil(n / FINISHED));
    const { more, used, key, col } = listsAt(first, n, room);
    for (let p = 0; p < n; p++) {
      const i = order[p];
      const count = used[p];
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
    kind: 1 | 2,
    unrounded: boolean,
    found: (row: number, count: number, names: Int32Array, key: Float64Array, more: boolean) => void,
    per = bound.per,
  ): void => {
    const names = new Int32Array(room);
    const batch = 4 * Math.ceil(Math.min(BATCH, places.length) / 4);
    const wanted = new Int32Array(memory.buffer, who, batch);
    const { more, used, key, col } = listsAt(first, batch, room);
    for (let from = 0; from < places.length; from += batch) {
      const count = Math.min(batch, places.length - from);
      wanted.fill(n);
      wanted.set(places.subarray(from, from + count));
      work({ kind, count: batch, room, unrounded: unrounded ? 1 : 0 }, Math.ceil(count / 4), [0, 0], per);
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
    load(listBytes(BATCH, room), left === all);
    const alive = new Int32Array(memory.buffer, base + 7 * stride, size);
    for (let p = 0; p < size; p++) alive[p] = -live[order[p]];
    if (all < SPARSE * size) {
      size = score.keepLive(size);
      for (let p = 0, from = 0; p < size; from++) if (live[order[from]] === 1) order[p++] = order[from];
      for (let p = 0; p < size; p++) place[order[p]] = p;
    }
    // Rows of the same kind meet the same people.
    rowLists(Int32Array.from(rows, (i) => place[i]).sort(), room, 1, false, take);
    return rows.length * size;
  };

  const bestNet: ScoreKernel['bestNet'] = (rows, price, room, unrounded, take) => {
    load(listBytes(BATCH, room));
    const paid = new Float64Array(memory.buffer, base + 8 * stride, n);
    const netLift = new Int32Array(memory.buffer, base + 20 * stride, n);
    let most = 0;
    for (let p = 0; p < n; p++) {
      paid[p] = price[order[p]];
      const lift = bound.lift[order[p]] - Math.floor(bound.per * paid[p]);
      most = Math.max(most, Math.abs(lift));
      netLift[p] = lift;
    }
    rowLists(
      Int32Array.from(rows, (i) => place[i]).sort(),
      room,
      2,
      unrounded,
      (row, count, col, key) => take(row, count, col, key, key.subarray(room)),
      // Of prices beyond that, the dot products alone tell nothing.
      most < MOST_LIFT ? bound.per : 0,
    );
  };

  // The rows that were computed last: from `from` to `to` - 1.
  let [begin, stop] = [0, 0];
  let kept = new Float64Array(0);
  const row = (i: number, from: number, out: Float64Array): void => {
    if (i < begin || i >= stop) {
      // Rows that are asked for in order are computed four at a time.
      const wanted = i === stop ? Math.min(4, n - i) : 1;
      load(0);
      score.scratch(tile);
      score.writeTo(dense);
      score.useBlocks(Math.ceil(size / 8));
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
