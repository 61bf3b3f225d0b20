import { Foremost } from '../../score/candidates/select.ts';
import { among, goesBefore } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';

/** With this many entries or more, gathering the live people first pays. */
const WORTH_MOVING = 2 ** 13;

/** Reads rows again, against the people who are still live. */
export class Refiller {
  /** Entries of the square that were read. */
  entries = 0;
  #sub: PairSource;
  /** Person at each position of #sub, and the reverse. */
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
   * Finds the best live partners of each row, in order, and calls `take(row, count, col, key,
   * more)`; `more` says whether others follow them.
   *
   * @param active all people who are live, and perhaps others.
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
    const kernel = sub.kernel?.();
    if (kernel !== undefined) {
      const alive = Uint8Array.from(who, (i) => live[i]);
      kernel.best(order, alive, best.room, (r, count, cols, keys, more) => {
        for (let e = 0; e < count; e++) names[e] = who[cols[e]];
        take(who[r], count, names, keys, more);
      });
      return;
    }
    for (const r of order) {
      this.#row = who[r];
      sub.row(r, 0, out);
      best.clear();
      let minWeight = -Infinity;
      let missed = false;
      for (let c = 0; c < all; c++) {
        const w = out[c];
        if (w === -Infinity || live[who[c]] === 0) continue;
        if (w < minWeight) missed = true;
        else if (sub.admits(r, c)) minWeight = best.offer(c, w);
      }
      const count = best.finish();
      for (let e = 0; e < count; e++) names[e] = who[best.col[e]];
      take(this.#row, count, names, best.key, missed || best.dropped);
    }
  }

  /** Gathers the rows, so that they are read in order, then all others who are live. */
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
