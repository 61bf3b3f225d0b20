import { longList } from '../../score/candidates/lists.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import { bestNet } from '../../score/candidates/best-net.ts';
import { shuffle } from '../../score/shuffle.ts';
import type { PairSource } from '../../score/source.ts';
import { BITS, epsilonUnits, MEAN_BITS, unitsFor } from '../../score/units.ts';
import {
  floorOf,
  half,
  lowerCertificate,
  priceCertificate,
  unitLists,
  widened,
} from '../unit-certificate.ts';
import type { UnitLists } from '../unit-certificate.ts';

/**
 * Bidding that only serves a certificate: maximum rounds, and epsilon as a share of the mean over
 * the rows of their heaviest weight.
 */
export const SKETCH = { rounds: 48, share: 0.004 } as const;
/** Above every price and below every net value, as a negative number. */
const FAR = 2 ** 30;
/** Of all weights, in units. */
const LEAST = -(2 ** BITS);
/** Nobody bids more. */
const MOST = 2 ** (BITS + 2);

/** Rounds played, bidders without an object that can still bid, and bidders whose list is stale. */
export interface Played {
  readonly rounds: number;
  readonly active: number;
  readonly stale: number;
}

/**
 * The epsilon-auction on the doubled graph, where every person bids and is bid for (Bertsekas
 * 1988), in rounds in which all bid at once, and its certificates. All numbers are whole, so every
 * device computes the same. Staying alone is an object like any other: person i's own object, of
 * weight 0. Everyone can therefore always have an object, and the auction can start from any
 * prices.
 *
 * CPU reference of the passes `dual` and `auction`.
 */
export class AuctionState {
  readonly n: number;
  readonly units: number;
  /** Heaviest weight, in units. */
  readonly top: number;
  /** i32[n], in units. */
  readonly price: Int32Array;
  /** i32[n]: y_i >= 0 with y_i + y_j >= w_ij for every eligible pair, in units. */
  readonly y: Int32Array;
  /** i32[n]: the object of bidder i; i: stays alone; -1: none yet. */
  readonly holds: Int32Array;
  /** See `meanPair`; 0: unknown. */
  pair = 0;
  /** A shuffle of 0 to n - 1: among equal bids the lower place wins. */
  readonly place: Uint32Array;
  readonly #owner: Int32Array;
  /** The given lists, and those that are in use. */
  readonly #first: UnitLists;
  #lists: UnitLists;
  /** Longest given list. */
  #longest = 1;
  /** Upper bound of the net value of every partner outside the list; -FAR where there is none. */
  readonly #beyond: Int32Array;
  #sum = 0;
  readonly #ask: Int32Array;
  readonly #floor: Int32Array;
  /** The first #actives are bidders without an object that can still bid. */
  #active: Int32Array;
  #actives = 0;
  #next: Int32Array;
  readonly #bidders: Int32Array;
  readonly #wish: Int32Array;
  readonly #amount: Int32Array;
  readonly #winner: Int32Array;
  #stale: number[] = [];
  /** Some lists are sorted by net value. */
  #renewed = false;

  constructor(
    readonly source: PairSource,
    lists: CandidateLists,
  ) {
    const { n, start, count, key } = lists;
    let top = 0;
    for (let i = 0; i < n; i++) if (count[i] > 0) top = Math.max(top, key[start[i]]);
    this.n = n;
    this.units = unitsFor(top);
    this.top = top;
    this.#lists = this.#first = unitLists(lists, (v) => this.whole(v));
    const { w } = this.#first;
    for (let i = 0; i < n; i++) {
      if (count[i] > 0) this.#sum += Math.max(0, w[start[i]]) >> MEAN_BITS;
      this.#longest = Math.max(this.#longest, count[i]);
    }
    this.price = new Int32Array(n);
    this.y = new Int32Array(n);
    this.holds = new Int32Array(n).fill(-1);
    this.place = new Uint32Array(n);
    shuffle(n).forEach((i, k) => (this.place[i] = k));
    this.#owner = new Int32Array(n).fill(-1);
    const scratch = () => new Int32Array(n);
    [this.#beyond, this.#ask, this.#floor] = [scratch(), scratch(), scratch()];
    [this.#active, this.#next, this.#bidders] = [scratch(), scratch(), scratch()];
    [this.#wish, this.#amount, this.#winner] = [scratch(), scratch(), scratch().fill(-1)];
  }

  /** A weight in units, rounded up. Weights far below 0 are clamped; no bidder chooses them. */
  whole(w: number): number {
    return Math.max(LEAST, Math.ceil(w * this.units));
  }

  /** Sum of y in units of weight, exactly: at least the optimum. */
  get bound(): number {
    let sum = 0;
    for (const v of this.y) sum += v;
    return sum / this.units;
  }

  /** Certificate from the first lists: half of each row's heaviest weight, lowered. */
  certify(): void {
    const { start, end, w } = this.#first;
    for (let i = 0; i < this.n; i++) {
      this.y[i] = end[i] > start[i] ? Math.max(0, half(w[start[i]])) : 0;
      this.#floor[i] = floorOf(this.#first, i);
    }
    lowerCertificate(this.#first, this.y, this.#floor, this.#ask);
  }

  /**
   * Certificate from the prices. Floors cover the pairs in no list: half of the last entry of lists
   * sorted by weight; (p + beyond) / 2 once some lists are sorted by net value.
   */
  certifyPrices(certificate = priceCertificate): void {
    const { price } = this;
    const lists = this.#lists;
    for (let i = 0; i < this.n; i++)
      this.#floor[i] = !this.#renewed
        ? floorOf(lists, i)
        : lists.full[i] === 1
          ? Math.max(0, half(price[i] + this.#beyond[i]))
          : 0;
    certificate(lists, price, this.#floor, this.y);
  }

  /** Takes every object away. Prices stay. */
  begin(): void {
    const { n } = this;
    this.holds.fill(-1);
    this.#owner.fill(-1);
    this.#stale = [];
    for (let i = 0; i < n; i++) this.#active[i] = i;
    this.#actives = n;
    if (this.#renewed) return;
    const { end, w, full } = this.#lists;
    let low = FAR;
    for (const p of this.price) if (p < low) low = p;
    for (let i = 0; i < n; i++) this.#beyond[i] = full[i] === 1 ? w[end[i] - 1] - low : -FAR;
  }

  /**
   * Rounds of bidding until every bidder has an object, gave up or is stale, or until `maxRounds`.
   * @param share epsilon as a share of the mean pair, or, while `pair` is 0, of the mean over the
   * rows of their heaviest weight.
   * @param loose bid on stale lists, too: enough for prices that only serve a certificate.
   */
  play(share: number, maxRounds: number, loose = false): Played {
    const epsilon = epsilonUnits(
      share,
      this.pair > 0 ? this.pair : Math.floor(this.#sum / Math.max(1, this.n)),
    );
    let rounds = 0;
    for (; rounds < maxRounds && this.#actives > 0; rounds++) this.#assign(this.#bid(epsilon, loose));
    return { rounds, active: this.#actives, stale: this.#stale.length };
  }

  /** Everyone who is active wishes for an object and bids for it. Returns how many bid. */
  #bid(epsilon: number, loose: boolean): number {
    const { price } = this;
    const { start, end, col, w } = this.#lists;
    const [active, beyond, wish] = [this.#active, this.#beyond, this.#wish];
    const [amount, bidders] = [this.#amount, this.#bidders];
    let count = 0;
    for (let a = 0; a < this.#actives; a++) {
      const i = active[a];
      let best = i;
      let first = -price[i];
      let second = -FAR;
      for (let e = start[i], stop = end[i]; e < stop; e++) {
        const v = w[e] - price[col[e]];
        if (v > first) {
          second = first;
          first = v;
          best = col[e];
        } else if (v > second) second = v;
      }
      const outside = Math.max(-FAR, beyond[i]);
      if (!loose && first + 1 < outside) {
        this.#stale.push(i);
        continue;
      }
      const bid = price[best] + Math.max(0, first - Math.max(second, outside)) + epsilon;
      // Give up: with few objects for many bidders, prices could rise for long.
      if (bid > MOST) continue;
      wish[i] = best;
      amount[i] = bid;
      bidders[count++] = i;
    }
    return count;
  }

  /** Each object goes to its highest bidder. The others, and former owners, are active next. */
  #assign(count: number): void {
    const { price, holds, place } = this;
    const [owner, wish, amount] = [this.#owner, this.#wish, this.#amount];
    const [bidders, winner, next] = [this.#bidders, this.#winner, this.#next];
    for (let b = 0; b < count; b++) {
      const i = bidders[b];
      const other = winner[wish[i]];
      const tied = other >= 0 && amount[i] === amount[other];
      if (other < 0 || amount[i] > amount[other] || (tied && place[i] < place[other])) winner[wish[i]] = i;
    }
    let actives = 0;
    for (let b = 0; b < count; b++) {
      const i = bidders[b];
      const j = wish[i];
      if (winner[j] !== i) {
        next[actives++] = i;
        continue;
      }
      if (owner[j] >= 0) {
        holds[owner[j]] = -1;
        next[actives++] = owner[j];
      }
      owner[j] = i;
      holds[i] = j;
      price[j] = amount[i];
    }
    for (let b = 0; b < count; b++) winner[wish[bidders[b]]] = -1;
    [this.#active, this.#next] = [next, this.#active];
    this.#actives = actives;
  }

  /**
   * New lists, sorted by net value, for at most `max` bidders whose list is stale, those that may
   * miss most first. They bid again.
   * @returns the share of a full scan.
   */
  refresh(max = Infinity): number {
    const { n, source, units, price } = this;
    const room = longList(n, this.#longest);
    if (this.#lists === this.#first) this.#lists = widened(this.#first, Math.max(room, this.#longest));
    const { start, end, col, w, full } = this.#lists;
    const place = this.place;
    const beyond = this.#beyond;
    this.#stale.sort((a, b) => beyond[b] - beyond[a] || place[a] - place[b]);
    const waiting = this.#stale.splice(max);
    const paid = new Float64Array(n);
    for (let i = 0; i < n; i++) paid[i] = Math.fround(price[i] / units);
    bestNet(source, this.#stale, paid, room, (row, count, cols, net, weights) => {
      for (let e = 0, to = start[row]; e < count; e++, to++) {
        col[to] = cols[e];
        w[to] = this.whole(weights[e]);
      }
      end[row] = start[row] + count;
      full[row] = count === room && room < n - 1 ? 1 : 0;
      // A quarter of a unit covers the rounding of net values to f32.
      beyond[row] = full[row] === 1 ? Math.ceil(Math.fround(net[room - 1] * units + 0.25)) : -FAR;
    });
    const share = this.#stale.length / n;
    this.#active.set(this.#stale);
    this.#actives = this.#stale.length;
    this.#stale = waiting;
    this.#renewed = true;
    return share;
  }
}
