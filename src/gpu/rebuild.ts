import { NONE } from '../match/types.ts';
import { structWords } from './kernel.ts';
import { LONG_LIST, QUEUE_FACTOR, TILE } from './tables.ts';
import type { Tables } from './tables.ts';
import type { ScoreJob } from './passes/score-topk.ts';

/** `best` of a row whose list ran dry (greedy.wgsl). */
export const DRY = 0xfffffffe;
const OVERFLOWN = 2;
const row = structWords('greedy', 'Row');
const words = {
  size: row.size,
  start: row.at('start'),
  flags: row.at('flags'),
  first: row.at('first'),
  second: row.at('second'),
};

/** What the host saw at a stall. */
export interface Stall {
  readonly mates: Uint32Array;
  readonly best: Uint32Array;
  readonly rows: ArrayBuffer;
}

/**
 * Chooses which dry rows get a new list, against the columns still free. Whatever is unseen of a row is not above its last entry, so the
 * rows with the highest last entries stand in everybody's way; the others may wait, and many are paired before their turn comes.
 * With a shared direction of popularity that makes the difference between n / K scans and less than one.
 */
export class Rebuilder {
  /** Scans so far, as shares of n^2 pairs. */
  scans = 0;
  #owner: Int32Array;
  #batch = LONG_LIST;
  #freeBefore = 0;
  #careful = false;

  constructor(readonly tables: Tables) {
    this.#owner = new Int32Array(tables.slots).fill(-1);
  }

  /**
   * @returns the job and the table of positions to write to `index` at 4 n bytes, or undefined where no row is dry: the matching is done.
   */
  plan(stall: Stall): { job: ScoreJob; index: Uint32Array<ArrayBuffer> } | undefined {
    const { n } = this.tables;
    const { mates, best } = stall;
    const info = new Uint32Array(stall.rows);
    const keys = new Float32Array(stall.rows);
    const dry: number[] = [];
    const live: number[] = [];
    for (let i = 0; i < n; i++) {
      if (mates[i] !== NONE || best[i] === NONE) continue;
      live.push(i);
      if (best[i] === DRY) dry.push(i);
    }
    if (dry.length === 0) return undefined;
    const overflown = (i: number) => (info[i * words.size + words.flags] & OVERFLOWN) !== 0;
    this.#careful ||= dry.some(
      (i) => overflown(i) && info[i * words.size + words.start] >= n * this.tables.length,
    );

    // Slots of rows that need them no longer.
    const free: number[] = [];
    this.#owner.forEach((i, slot) => {
      if (i < 0 || mates[i] !== NONE || best[i] >= DRY) free.push(slot);
    });
    this.#adapt(n - live.length);
    let take = Math.min(dry.length, free.length);
    if (dry.length * live.length > (n * n) / 16) take = Math.min(take, this.#batch);
    if (take < dry.length) {
      const first = (i: number) => (overflown(i) ? Infinity : keys[i * words.size + words.first]);
      const second = (i: number) => (overflown(i) ? Infinity : keys[i * words.size + words.second]);
      const by = dry.map((i) => ({ i, a: first(i), b: second(i) }));
      by.sort((p, q) => (q.a > p.a ? 1 : q.a < p.a ? -1 : q.b > p.b ? 1 : q.b < p.b ? -1 : p.i - q.i));
      dry.length = 0;
      for (let k = 0; k < take; k++) dry.push(by[k].i);
    }
    const slots = free.slice(0, take);
    dry.forEach((i, k) => (this.#owner[slots[k]] = i));
    this.scans += (dry.length * live.length) / (n * n);
    const base = n * this.tables.length;
    return {
      index: Uint32Array.from([...dry, ...live, ...slots.map((s) => base + s * LONG_LIST)]),
      job: {
        rows: dry.length,
        columns: live.length,
        rowsAt: n,
        columnsAt: n + dry.length,
        startsAt: n + dry.length + live.length,
        half: false,
        length: LONG_LIST,
        capacity: QUEUE_FACTOR * LONG_LIST,
        careful: this.#careful,
      },
    };
  }

  /** Larger batches while every rebuilt row soon finds a mate, smaller ones where most of them run dry again. */
  #adapt(paired: number): void {
    const made = paired - this.#freeBefore;
    this.#freeBefore = paired;
    if (this.scans === 0) return;
    if (made >= this.#batch) this.#batch *= 2;
    else if (made < this.#batch / 4) this.#batch = Math.max(LONG_LIST, this.#batch / 2);
  }
}

/** The job that gives rows whose queue overflowed in the first scan their list back, against everybody. */
export function repair(
  tables: Tables,
  rows: ArrayBuffer,
): { job: ScoreJob; index: Uint32Array<ArrayBuffer> } | undefined {
  const { n, length } = tables;
  const info = new Uint32Array(rows);
  const lost: number[] = [];
  for (let i = 0; i < n; i++) if ((info[i * words.size + words.flags] & OVERFLOWN) !== 0) lost.push(i);
  if (lost.length === 0) return undefined;
  return {
    index: Uint32Array.from([...lost, ...lost.map((i) => i * length)]),
    job: {
      rows: lost.length,
      columns: n,
      rowsAt: n,
      columnsAt: 0,
      startsAt: n + lost.length,
      half: false,
      length,
      capacity: Math.max(TILE, tables.capacity),
      careful: true,
    },
  };
}
