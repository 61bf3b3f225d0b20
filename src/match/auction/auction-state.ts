import { longList } from '../../score/lists.ts';
import type { CandidateLists } from '../../score/lists.ts';
import { Foremost } from '../../score/select.ts';
import { shuffle } from '../../score/shuffle.ts';
import { goesBefore } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';

export { longList };

/** The heaviest weight comes to so many bits: prices, too, are then exact in f32, and a bid fits an i32. */
export const BITS = 22;
/** Steps of the damped iteration that lowers a certificate. */
export const DUAL_STEPS = 12;
/** Bidding that only serves a certificate: rounds at most, and its epsilon as a share of the range. */
export const SKETCH = { rounds: 48, share: 0.004 } as const;

/** Units per unit of weight: a power of two, so that it only moves the exponent. */
export function unitsFor(top: number, bits = BITS): number {
  if (!(top > 0)) return 1;
  return 2 ** Math.max(-100, Math.min(120, bits - 1 - Math.floor(Math.log2(top))));
}

/** A share of the heaviest weight as the shaders get it. */
export function shareBits(share: number): number {
  return Math.round(Math.min(1, share) * 2 ** 16);
}

/**
 * Epsilon in units, by whole numbers as in `auction.wgsl`. At least 2: the best of a fresh list may seem one unit short.
 * @param mean what it is a share of, in units, shifted right by {@link MEAN_BITS}.
 */
export function epsilonUnits(share: number, mean: number): number {
  return Math.max(2, (mean * shareBits(share)) >> (16 - MEAN_BITS));
}
/** So many low bits are left out of the mean: sums over people must fit 32 bits. */
export const MEAN_BITS = 10;

/** Mean weight of a pair, as {@link epsilonUnits} takes it, by a certificate's sum: the few whom all want count no more than they can have. */
export function meanPair(bound: number, units: number, n: number): number {
  return Math.floor((2 * bound * units) / Math.max(1, n)) >> MEAN_BITS;
}

/** Rounds made, bidders without an object, and bidders whose list may no longer hold their best. */
export interface Played {
  readonly rounds: number;
  readonly active: number;
  readonly stale: number;
}

/**
 * The epsilon-auction on the doubled graph (everyone bids and is bid for; Bertsekas 1988), by rounds in which all bid at once, and the
 * certificates that go with it; all in whole numbers, so it is the same on every device. Staying alone is an object like any other: person
 * i's own place, of weight 0. So everybody can always have one, and any prices do to start from.
 *
 * CPU twin of the passes `dual` and `auction`.
 */
export class Market {
  readonly n: number;
  readonly units: number;
  /** Heaviest weight, in units. */
  readonly top: number;
  /** i32[n], in units. */
  readonly price: Int32Array;
  /** i32[n]: y_i >= 0 with y_i + y_j >= w_ij for every eligible pair, in units. */
  readonly y: Int32Array;
  /** i32[n]: whom bidder i holds; i himself: alone; -1: nobody yet. */
  readonly holds: Int32Array;
  /** See {@link meanPair}; 0: not told. */
  pair = 0;
  /** Shuffled: among equal bids the lower place wins. */
  readonly place: Uint32Array;
  #owner: Int32Array;
  #first: Lists;
  #lists: Lists;
  /** No partner outside the list is worth more, net of price. */
  #beyond: Float64Array;
  #sum = 0;
  #ask: Int32Array;
  #least: Int32Array;
  #active: number[] = [];
  #stale: number[] = [];
  /** Rows have lists by net value. */
  #renewed = false;

  constructor(
    readonly source: PairSource,
    lists: CandidateLists,
  ) {
    const { n, start, count, col, key } = lists;
    let top = 0;
    for (let i = 0; i < n; i++) if (count[i] > 0) top = Math.max(top, key[start[i]]);
    this.n = n;
    this.units = unitsFor(top);
    this.top = top;
    const w = Int32Array.from(key, (v) => this.whole(v));
    this.#first = Array.from({ length: n }, (_, i) => {
      const [from, to] = [start[i], start[i] + count[i]];
      // A full list may or may not be all there is, unless it holds everybody.
      const full = to === start[i + 1] && count[i] < n - 1;
      return { col: col.subarray(from, to), w: w.subarray(from, to), full };
    });
    this.#lists = this.#first.slice();
    for (let i = 0; i < n; i++) if (count[i] > 0) this.#sum += Math.max(0, w[start[i]]) >> MEAN_BITS;
    this.price = new Int32Array(n);
    this.y = new Int32Array(n);
    this.holds = new Int32Array(n).fill(-1);
    this.place = new Uint32Array(n);
    shuffle(n).forEach((i, k) => (this.place[i] = k));
    this.#owner = new Int32Array(n).fill(-1);
    this.#beyond = new Float64Array(n);
    this.#ask = new Int32Array(n);
    this.#least = new Int32Array(n);
  }

  /** A weight in units, rounded up; what is far below 0 is nobody's choice. */
  whole(w: number): number {
    return Math.max(-(2 ** BITS), Math.ceil(w * this.units));
  }

  /** Sum of y, units of weight: at least the optimum. Exact. */
  get bound(): number {
    let sum = 0;
    for (const v of this.y) sum += v;
    return sum / this.units;
  }

  /** y from the first lists: half of every row's heaviest pair, lowered. */
  certify(): void {
    for (let i = 0; i < this.n; i++) {
      const { w } = this.#first[i];
      this.y[i] = w.length > 0 ? Math.max(0, half(w[0])) : 0;
      this.#least[i] = leastOf(this.#first[i]);
    }
    this.#lower(this.#first);
  }

  /**
   * y = (p + pi) / 2 with pi_i = max_j (w_ij - p_j), lowered. What no list holds is bounded by the floors: half of the last entries of
   * lists by weight; (p + beyond) / 2 once there are lists by net value.
   */
  certifyPrices(): void {
    const { n, price } = this;
    const ask = this.#ask;
    for (let i = 0; i < n; i++) {
      const row = this.#lists[i];
      this.#least[i] = !this.#renewed
        ? leastOf(row)
        : row.full
          ? Math.max(0, half(price[i] + this.#beyond[i]))
          : 0;
      ask[i] = Math.max(2 * this.#least[i], 0) - price[i];
    }
    this.#askAll(this.#lists, price);
    for (let i = 0; i < n; i++) this.y[i] = half(price[i] + ask[i]);
    this.#lower(this.#lists);
  }

  /** Everybody looks for an object anew, at the prices as they are. */
  begin(): void {
    const { n } = this;
    this.holds.fill(-1);
    this.#owner.fill(-1);
    this.#stale = [];
    this.#active = Array.from({ length: n }, (_, i) => i);
    if (this.#renewed) return;
    const low = this.price.reduce((a, b) => Math.min(a, b), 2 ** 30);
    for (let i = 0; i < n; i++) {
      const { w, full } = this.#lists[i];
      this.#beyond[i] = full ? w[w.length - 1] - low : -Infinity;
    }
  }

  /**
   * Rounds of bidding until all have an object or an old list, or `most` rounds.
   * @param share epsilon as a share of the mean pair, or of the mean over the rows of their heaviest weight while no pair is told.
   * @param loose lists are used to the end, old or not: enough for prices that only serve a certificate.
   */
  play(share: number, most: number, loose = false): Played {
    const epsilon = epsilonUnits(
      share,
      this.pair > 0 ? this.pair : Math.floor(this.#sum / Math.max(1, this.n)),
    );
    const { n, price, holds } = this;
    const place = this.place;
    const owner = this.#owner;
    const wish = new Int32Array(n);
    const amount = new Int32Array(n);
    const winner = new Int32Array(n).fill(-1);
    let rounds = 0;
    for (; rounds < most && this.#active.length > 0; rounds++) {
      const bidders: number[] = [];
      for (const i of this.#active) {
        const { col, w } = this.#lists[i];
        let best = i;
        let first = -price[i];
        let second = -(2 ** 30);
        for (let e = 0; e < col.length; e++) {
          const v = w[e] - price[col[e]];
          if (v > first) {
            second = first;
            first = v;
            best = col[e];
          } else if (v > second) second = v;
        }
        const beyond = Math.max(-(2 ** 30), this.#beyond[i]);
        if (!loose && first + 1 < beyond) {
          this.#stale.push(i);
          continue;
        }
        const bid = price[best] + Math.max(0, first - Math.max(second, beyond)) + epsilon;
        // Nobody is worth that: with few for many, prices could rise for long.
        if (bid > 2 ** (BITS + 2)) continue;
        wish[i] = best;
        amount[i] = bid;
        bidders.push(i);
      }
      for (const i of bidders) {
        const other = winner[wish[i]];
        const tied = other >= 0 && amount[i] === amount[other];
        if (other < 0 || amount[i] > amount[other] || (tied && place[i] < place[other])) winner[wish[i]] = i;
      }
      const next: number[] = [];
      for (const i of bidders) {
        const j = wish[i];
        if (winner[j] !== i) {
          next.push(i);
          continue;
        }
        if (owner[j] >= 0) {
          holds[owner[j]] = -1;
          next.push(owner[j]);
        }
        owner[j] = i;
        holds[i] = j;
        price[j] = amount[i];
      }
      for (const i of bidders) winner[wish[i]] = -1;
      this.#active = next;
    }
    return { rounds, active: this.#active.length, stale: this.#stale.length };
  }

  /**
   * New lists, by net value, for `most` of those whose list is old: who may miss most goes first. They bid again. Returns the share of the
   * square that was looked at.
   */
  refresh(most = Infinity): number {
    const { n, source, units, price } = this;
    const room = longList(
      n,
      this.#first.reduce((k, { col }) => Math.max(k, col.length), 1),
    );
    const out = new Float64Array(n);
    const paid = Float32Array.from(price, (p) => p / units);
    let row = 0;
    const best = new Foremost(room, (a, b) => goesBefore(source, 0, row, a, 0, row, b));
    const place = this.place;
    const beyond = this.#beyond;
    this.#stale.sort((a, b) => beyond[b] - beyond[a] || place[a] - place[b]);
    const waiting = this.#stale.splice(most);
    // In their order rows are computed several at a time.
    for (row of this.#stale.sort((a, b) => a - b)) {
      source.row(row, 0, out);
      best.clear();
      let least = -Infinity;
      for (let j = 0; j < n; j++) {
        if (out[j] === -Infinity) continue;
        const net = Math.fround(out[j] - paid[j]);
        if (net >= least && source.admits(row, j)) least = best.offer(j, net);
      }
      const count = best.finish();
      const col = best.col.slice(0, count);
      const w = Int32Array.from(col, (j) => this.whole(out[j]));
      const full = count === room && room < n - 1;
      this.#lists[row] = { col, w, full };
      // A quarter of a unit covers the rounding of net values to f32.
      beyond[row] = full ? Math.ceil(Math.fround(best.key[room - 1] * units + 0.25)) : -Infinity;
    }
    const share = this.#stale.length / n;
    this.#active = this.#stale;
    this.#stale = waiting;
    this.#renewed = true;
    return share;
  }

  /** Damped Jacobi: y <- (y + what its pairs still ask) / 2; the mean of a demand and its answer keeps every pair covered. */
  #lower(lists: Lists): void {
    const { n, y } = this;
    const ask = this.#ask;
    for (let step = 0; step < DUAL_STEPS; step++) {
      ask.set(this.#least);
      this.#askAll(lists, y);
      for (let i = 0; i < n; i++) if (ask[i] < y[i]) y[i] = half(y[i] + ask[i]);
    }
  }

  /** An entry in one list counts for both its ends. */
  #askAll(lists: Lists, y: Int32Array): void {
    const ask = this.#ask;
    for (let i = 0; i < this.n; i++) {
      const { col, w } = lists[i];
      let most = ask[i];
      const own = y[i];
      for (let e = 0; e < col.length; e++) {
        const j = col[e];
        most = Math.max(most, w[e] - y[j]);
        if (w[e] - own > ask[j]) ask[j] = w[e] - own;
      }
      ask[i] = Math.max(ask[i], most);
    }
  }
}

type Lists = { readonly col: Int32Array; readonly w: Int32Array; readonly full: boolean }[];

function half(v: number): number {
  return Math.ceil(v / 2);
}

/** Whatever a truncated row leaves out weighs at most its last entry; half of it at both ends covers such a pair. */
function leastOf({ w, full }: Lists[number]): number {
  return full && w.length > 0 ? Math.max(0, half(w[w.length - 1])) : 0;
}
