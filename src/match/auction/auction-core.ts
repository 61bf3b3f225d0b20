import { listsOf, longList } from '../../score/candidates/lists.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import { Foremost } from '../../score/candidates/select.ts';
import type { PairSource } from '../../score/source.ts';

/** Result of a list-based auction, in which bidders and objects are people. */
export interface AuctionResult {
  /**
   * i32[n]: object that bidder i holds: a person, i itself for staying alone, -1 where bidding was
   * stopped.
   */
  readonly holds: Int32Array;
  /** f64[n]: price of each person, >= 0. */
  readonly price: Float64Array;
  /**
   * f64[n]: upper bound on the net value of any partner to bidder i; in the doubled graph also of
   * staying alone. -Infinity where there is no partner, and for people who do not bid.
   */
  readonly maxNet: Float64Array;
  /** The lists that bidders used last. */
  readonly seen: CandidateLists;
  readonly rounds: number;
  readonly scans: number;
}

export interface AuctionSetup {
  readonly source: PairSource;
  readonly lists: CandidateLists;
  /** Smallest step of a price, in units of weight, above 0. */
  readonly epsilon: number;
  readonly maxRounds: number;
  /**
   * f64[n]: prices to start from; zero where absent. Only in the doubled graph: one-sided objects
   * must start at 0.
   */
  readonly prices?: ArrayLike<number>;
  /**
   * u8[n]: 1 for bidders. Where absent everyone bids: the doubled graph, in which staying alone
   * means to hold oneself.
   */
  readonly bidders?: Uint8Array;
}

/**
 * The epsilon-auction (Bertsekas 1979), one bidder after another in the order in which they lost
 * their object. A bidder sees the K best of their row. The list contains their best partner as long
 * as its best net value is at least `beyond`, a bound on the net values of partners outside the
 * list (prices only rise); `beyond` also replaces a smaller second best. When it no longer does,
 * the bidder's whole row is read again and a longer list of the best net values is kept. Staying
 * alone has weight 0: in the doubled graph it is the object i itself, whose price others raise too,
 * otherwise a private object without a price.
 */
export function runAuction(setup: AuctionSetup): AuctionResult {
  const { source, lists, epsilon, maxRounds, bidders } = setup;
  const { n, truncated } = lists;
  const count = lists.count.slice();
  // Entries begin[i] to begin[i] + count[i] - 1 are those of row i. Rows that were read again lie
  // behind the given ones.
  const begin = lists.start.slice(0, n);
  let { col, key: weight } = lists;
  // Twice the length that a GPU keeps, because a row that was read again is read more often.
  const room = n === 0 ? 1 : Math.max(1, Math.min(n, 2 * longList(n, lists.start[1])));
  let used = col.length;
  const doubled = bidders === undefined;
  const price = new Float64Array(n);
  if (setup.prices !== undefined && doubled)
    for (let i = 0; i < n; i++) price[i] = Math.max(0, setup.prices[i]);
  const owner = new Int32Array(n).fill(-1);
  const holds = new Int32Array(n).fill(-1);
  const beyond = new Float64Array(n).fill(-Infinity);
  for (let i = 0; i < n; i++) if (truncated[i] === 1) beyond[i] = weight[begin[i] + count[i] - 1];
  const out = new Float64Array(n);
  // One entry more than is kept, as a bound on the others.
  const best = new Foremost(room + 1, (a, b) => a < b);
  let scans = 0;

  let queue: number[] = [];
  for (let i = 0; i < n; i++) if (doubled || bidders[i] === 1) queue.push(i);
  let rounds = 0;
  for (; queue.length > 0 && rounds < maxRounds; rounds++) {
    const displaced: number[] = [];
    for (const i of queue) {
      const loser = bid(i);
      if (loser >= 0) displaced.push(loser);
    }
    queue = displaced;
  }
  const maxNet = new Float64Array(n).fill(-Infinity);
  for (let i = 0; i < n; i++) {
    if (!doubled && bidders[i] !== 1) continue;
    maxNet[i] = doubled ? Math.max(beyond[i], -price[i]) : beyond[i];
    for (let e = begin[i], end = e + count[i]; e < end; e++)
      maxNet[i] = Math.max(maxNet[i], weight[e] - price[col[e]]);
  }
  const seen = listsOf(
    Array.from(begin, (from, i) => ({
      col: col.subarray(from, from + count[i]),
      key: weight.subarray(from, from + count[i]),
    })),
  );
  return { holds, price, maxNet, seen, rounds, scans };

  /** Bidder i takes the object of best net value. Returns the bidder who lost it, or -1. */
  function bid(i: number): number {
    for (let looked = false; ; looked = true) {
      let choice = i;
      let first = doubled ? -price[i] : 0;
      let second = -Infinity;
      const end = begin[i] + count[i];
      for (let e = begin[i]; e < end; e++) {
        const v = weight[e] - price[col[e]];
        if (v > first) {
          second = first;
          first = v;
          choice = col[e];
        } else if (v > second) second = v;
      }
      if (first < beyond[i] && !looked) {
        look(i);
        continue;
      }
      second = Math.max(second, beyond[i]);
      holds[i] = choice;
      if (choice === i && !doubled) return -1;
      const loser = owner[choice];
      owner[choice] = i;
      if (loser >= 0) holds[loser] = -1;
      // Without a second choice any raise works; a small one keeps prices a measure of scarcity.
      price[choice] += (second === -Infinity ? 0 : first - second) + epsilon;
      return loser;
    }
  }

  /** Reads the whole row of i and keeps its best net values; `beyond` is the best of the others. */
  function look(i: number): void {
    scans += 1 / n;
    const kernel = source.kernel?.();
    if (kernel !== undefined) {
      kernel.bestNet(Int32Array.of(i), price, room + 1, true, keep);
      return;
    }
    source.row(i, 0, out);
    best.clear();
    let minNet = -Infinity;
    for (let j = 0; j < n; j++) {
      if (out[j] === -Infinity) continue;
      const net = out[j] - price[j];
      if (net >= minNet && source.admits(i, j)) minNet = best.offer(j, net);
    }
    const found = best.finish();
    keep(
      i,
      found,
      best.col,
      best.key,
      Float64Array.from(best.col.subarray(0, found), (j) => out[j]),
    );
  }

  /** Keeps the entries of a row that was read again. */
  function keep(i: number, found: number, cols: Int32Array, net: Float64Array, weights: Float64Array): void {
    beyond[i] = found > room ? net[room] : -Infinity;
    count[i] = Math.min(room, found);
    if (begin[i] < lists.col.length) {
      begin[i] = used;
      used += room;
      if (used > col.length) grow();
    }
    for (let e = 0; e < count[i]; e++) {
      col[begin[i] + e] = cols[e];
      weight[begin[i] + e] = weights[e];
    }
  }

  /** Makes room for more rows that are read again. */
  function grow(): void {
    const size = used + room * Math.ceil(n / 4);
    const [cols, weights] = [new Int32Array(size), new Float64Array(size)];
    cols.set(col);
    weights.set(weight);
    [col, weight] = [cols, weights];
  }
}
