import type { CandidateLists } from './lists.ts';
import type { PairSource } from './source.ts';

/** State of a list-based auction: bidders are people, objects are people. */
export interface AuctionResult {
  /** i32[n]: object that bidder i holds: a person, i itself for "stays alone", -1 where bidding was cut short. */
  readonly holds: Int32Array;
  /** f64[n]: price of each person, >= 0. */
  readonly price: Float64Array;
  readonly rounds: number;
  readonly scans: number;
}

export interface AuctionSetup {
  readonly source: PairSource;
  readonly lists: CandidateLists;
  /** Smallest step of a price, in units of weight, above 0. */
  readonly epsilon: number;
  readonly maxRounds: number;
  /** f64[n]: prices to start from; zero where absent. Only in the doubled graph: one-sided objects must start at 0. */
  readonly prices?: ArrayLike<number>;
  /** u8[n]: who bids. Where absent everyone does: the doubled graph, in which staying alone means to hold oneself. */
  readonly bidders?: Uint8Array;
}

/**
 * The epsilon-auction (Bertsekas 1979), one bidder after the other in the order in which they lost their object. A bidder sees the K
 * best of his row; the list is valid as long as its second best net value is at least `beyond`, what anyone unlisted could be worth
 * (prices only rise); then he looks at his whole row again and keeps the K best net values. Staying alone has weight 0: in the doubled
 * graph it is the object i itself, whose price others drive up too, otherwise a private object without price.
 */
export function runAuction(setup: AuctionSetup): AuctionResult {
  const { source, lists, epsilon, maxRounds, bidders } = setup;
  const { n, start, truncated } = lists;
  const count = lists.count.slice();
  const col = lists.col.slice();
  const weight = lists.key.slice();
  const doubled = bidders === undefined;
  const price = new Float64Array(n);
  if (setup.prices !== undefined && doubled)
    for (let i = 0; i < n; i++) price[i] = Math.max(0, setup.prices[i]);
  const owner = new Int32Array(n).fill(-1);
  const holds = new Int32Array(n).fill(-1);
  const beyond = new Float64Array(n).fill(-Infinity);
  for (let i = 0; i < n; i++) if (truncated[i] === 1) beyond[i] = weight[start[i] + count[i] - 1];
  const out = new Float64Array(n);
  const net = new Float64Array(maxRoom(start));
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
  return { holds, price, rounds, scans };

  /** Bidder i takes his best object; returns who lost it, or -1. */
  function bid(i: number): number {
    for (let looked = false; ; looked = true) {
      let best = i;
      let first = doubled ? -price[i] : 0;
      let second = -Infinity;
      const end = start[i] + count[i];
      for (let e = start[i]; e < end; e++) {
        const v = weight[e] - price[col[e]];
        if (v > first) {
          second = first;
          first = v;
          best = col[e];
        } else if (v > second) second = v;
      }
      if (second < beyond[i] && !looked) {
        look(i);
        continue;
      }
      second = Math.max(second, beyond[i]);
      holds[i] = best;
      if (best === i && !doubled) return -1;
      const loser = owner[best];
      owner[best] = i;
      if (loser >= 0) holds[loser] = -1;
      // Without a second choice any raise would do; a small one keeps the price a picture of scarcity.
      price[best] += (second === -Infinity ? 0 : first - second) + epsilon;
      return loser;
    }
  }

  /** Keeps the best net values of the whole row; `beyond` is the best of the others. */
  function look(i: number): void {
    scans += 1 / n;
    source.row(i, 0, out);
    const base = start[i];
    const room = start[i + 1] - base;
    let used = 0;
    let dropped = -Infinity;
    for (let j = 0; j < n; j++) {
      if (out[j] === -Infinity) continue;
      const v = out[j] - price[j];
      if (used === room && v <= net[used - 1]) {
        if (v > dropped) dropped = v;
        continue;
      }
      if (!source.admits(i, j)) continue;
      if (used === room) dropped = net[used - 1];
      let at = used < room ? used++ : used - 1;
      for (; at > 0 && net[at - 1] < v; at--) {
        net[at] = net[at - 1];
        col[base + at] = col[base + at - 1];
        weight[base + at] = weight[base + at - 1];
      }
      net[at] = v;
      col[base + at] = j;
      weight[base + at] = out[j];
    }
    count[i] = used;
    beyond[i] = dropped;
  }
}

function maxRoom(start: Int32Array): number {
  let most = 0;
  for (let i = 0; i + 1 < start.length; i++) most = Math.max(most, start[i + 1] - start[i]);
  return most;
}
