import { Foremost } from '../../score/select.ts';
import { among, goesBefore } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';

/** Rows of a batch at least, where a choice is made. */
export const LEAST_BATCH = 32;
/** From so many entries it is worth while to bring the live people together first. */
const WORTH_MOVING = 2 ** 13;

/**
 * Chooses which rows whose list ran dry get a new one. Whatever is unseen of a row is not above its last entry, so the rows with the
 * highest last entries stand in everybody's way; the others may wait, and many are paired before their turn comes. With a shared
 * direction of popularity that makes the difference between n / K scans and less than one. Where all together are little work, all.
 */
export class Chooser {
  #batch: number;
  #pairedBefore = 0;
  #first = true;

  constructor(readonly n: number) {
    this.#batch = leastBatch(n);
  }

  /**
   * @param dry rows, in any order; not written.
   * @param last what no unseen entry of the row exceeds.
   * @param live how many there are still to be paired.
   */
  choose(dry: Int32Array, last: (row: number) => number, live: number): Int32Array {
    const { n } = this;
    this.#adapt(n - live);
    if (dry.length <= this.#batch || dry.length * live <= (n * n) / 16) return dry;
    return dry
      .slice()
      .sort((a, b) => last(b) - last(a) || a - b)
      .subarray(0, this.#batch);
  }

  /** Larger batches while most rows soon find a mate, smaller ones where they run dry again. */
  #adapt(paired: number): void {
    const made = paired - this.#pairedBefore;
    this.#pairedBefore = paired;
    if (this.#first) this.#first = false;
    else if (made >= this.#batch) this.#batch *= 2;
    else if (made < this.#batch / 4) this.#batch = Math.max(leastBatch(this.n), this.#batch / 2);
  }
}

function leastBatch(n: number): number {
  return Math.max(LEAST_BATCH, Math.ceil(n / 32));
}

/** Looks at rows again, against those who are still live. */
export class Refiller {
  /** Entries of the table looked at. */
  entries = 0;
  #sub: PairSource;
  /** Who stands where in #sub, and the reverse. */
  #who: Int32Array;
  #place: Int32Array;
  readonly #out: Float64Array;
  readonly #best: Foremost;
  #row = 0;

  constructor(
    readonly source: PairSource,
    room: number,
  ) {
    const { n } = source;
    this.#sub = source;
    this.#who = Int32Array.from({ length: n }, (_, i) => i);
    this.#place = this.#who.slice();
    this.#out = new Float64Array(n);
    this.#best = new Foremost(room, (a, b) =>
      goesBefore(source, 0, this.#row, this.#who[a], 0, this.#row, this.#who[b]),
    );
  }

  /**
   * The foremost live partners of the rows, in order: `take(row, count, col, key, more)`; `more`: there are others behind them.
   * @param active everybody who is live, and perhaps others.
   */
  fill(
    rows: Int32Array,
    active: Int32Array,
    live: Uint8Array,
    take: (row: number, count: number, col: Int32Array, key: Float64Array, more: boolean) => void,
  ): void {
    if (rows.length * this.#sub.n >= WORTH_MOVING) this.#gather(rows, active, live);
    const [best, out, who, sub] = [this.#best, this.#out, this.#who, this.#sub];
    const all = sub.n;
    const names = new Int32Array(best.room);
    this.entries += rows.length * all;
    const order = Int32Array.from(rows, (i) => this.#place[i]).sort();
    for (const r of order) {
      this.#row = who[r];
      sub.row(r, 0, out);
      best.clear();
      let least = -Infinity;
      let missed = false;
      for (let c = 0; c < all; c++) {
        const w = out[c];
        if (w === -Infinity || live[who[c]] === 0) continue;
        if (w < least) missed = true;
        else if (sub.admits(r, c)) least = best.offer(c, w);
      }
      const count = best.finish();
      for (let e = 0; e < count; e++) names[e] = who[best.col[e]];
      take(this.#row, count, names, best.key, missed || best.dropped);
    }
  }

  /** The rows first, so that they are asked for in order, then all others who are live. */
  #gather(rows: Int32Array, active: Int32Array, live: Uint8Array): void {
    const who = new Int32Array(active.length);
    const place = this.#place;
    let m = 0;
    for (const i of rows) {
      place[i] = -1;
      who[m++] = i;
    }
    for (const i of active) if (live[i] === 1 && place[i] !== -1) who[m++] = i;
    this.#who = who.subarray(0, m);
    for (let r = 0; r < m; r++) place[who[r]] = r;
    this.#sub = among(this.source, this.#who);
  }
}
