import { LabError, must } from '../base/errors.ts';
import { closing, gapOf } from './closing.ts';
import type { GapPoint, Opening } from './closing.ts';
import { cutCycles } from './cycles.ts';
import { greedy } from './greedy.ts';
import { exchange } from './improve.ts';
import type { CandidateLists } from './lists.ts';
import { Market, SKETCH } from './market.ts';
import type { PairSource } from './source.ts';
import type { MatchOptions } from './types.ts';

/** y in units of weight, and its sum: at least the optimum. */
export interface Proof {
  readonly y: Float64Array;
  readonly bound: number;
}

function proofOf(market: Market): Proof {
  return { y: Float64Array.from(market.y, (v) => v / market.units), bound: market.bound };
}

/**
 * Certificate without an auction: from the lists, and from prices that a short, coarse bidding finds; the better of the two. A descent alone
 * gets stuck where each person has a pair that nothing is to be had from; prices move whole chains.
 */
export function sketchProof(market: Market): Proof {
  market.certify();
  const own = proofOf(market);
  market.price.set(market.y);
  market.begin();
  market.play(SKETCH.share, SKETCH.rounds, true);
  market.certifyPrices();
  return market.bound < own.bound ? proofOf(market) : own;
}

export interface PoolAuction extends Proof {
  /** i32[n]: partner or -1. */
  readonly mate: Int32Array;
  readonly rounds: number;
  /** Without the first. */
  readonly scans: number;
  readonly series: readonly GapPoint[];
}

/** The auction of a pool on the CPU; twin of `runAuction` of the GPU up to the exchanges. Never worse than greedy. */
export function poolAuction(source: PairSource, lists: CandidateLists, options: MatchOptions): PoolAuction {
  const { n } = source;
  checkAuction(n, options);
  const simple = greedy(source, lists);
  const market = new Market(source, lists);
  let proof = sketchProof(market);
  let cut: Int32Array = new Int32Array(n).fill(-1);
  let most = -1;
  const plan = closing(n, options);
  let step = plan.next();
  while (step.done !== true) {
    const request = step.value;
    if (request.do === 'play') {
      if (request.begin !== undefined) open(market, request.begin, options.prices);
      step = plan.next(market.play(request.share, request.most));
    } else if (request.do === 'refresh') step = plan.next(market.refresh(request.most));
    else {
      if (most >= 0) {
        market.certifyPrices();
        if (market.bound < proof.bound) proof = proofOf(market);
      }
      const now = most < 0 ? cut : cutCycles(market.holds, (i, j) => source.weight(i, j));
      const weight = filled(n, now, simple.mate, (i, j) => source.weight(i, j));
      if (weight > most) {
        most = weight;
        cut = now;
      }
      step = plan.next(gapOf(proof.bound, most));
    }
  }
  const { rounds, scans, series } = step.value;
  const rest = greedy(
    source,
    lists,
    Uint8Array.from(cut, (m) => (m < 0 ? 1 : 0)),
  );
  let mate: Int32Array = cut.map((m, i) => (m < 0 ? rest.mate[i] : m));
  const total = (m: Int32Array) => filled(n, m, m, (i, j) => source.weight(i, j));
  if (total(simple.mate) > total(mate)) mate = simple.mate.slice();
  exchange(source, lists, mate);
  return {
    ...proof,
    mate,
    rounds: rounds + simple.rounds + rest.rounds,
    scans: scans + simple.scans + rest.scans,
    series: [...series, { rounds, gap: gapOf(proof.bound, total(mate)) }],
  };
}

function open(market: Market, opening: Opening, prices: MatchOptions['prices']): void {
  const { n, price, units } = market;
  if (opening === 'dual') {
    market.certify();
    price.set(market.y);
  } else if (opening === 'given')
    for (let i = 0; i < n; i++) {
      const given = prices?.[i] ?? 0;
      price[i] = given > 0 ? Math.min(2 ** 22, Math.ceil(given * units)) : 0;
    }
  market.begin();
}

/** Weight of the pairs, with those of `other` added whose both ends are free. */
export function filled(
  n: number,
  mate: ArrayLike<number>,
  other: ArrayLike<number>,
  weight: (i: number, j: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const free = !(mate[i] >= 0 && mate[i] < n);
    const j = free ? other[i] : mate[i];
    if (!(j > i && j < n) || (free && mate[j] >= 0 && mate[j] < n)) continue;
    sum += Math.max(0, weight(i, j));
  }
  return sum;
}

/** @throws LabError for an epsilon or prices that no auction can start from. */
export function checkAuction(n: number, { epsilon, prices }: MatchOptions): void {
  must(
    epsilon === undefined || (epsilon > 0 && Number.isFinite(epsilon)),
    `epsilon must be a finite number above 0, not ${epsilon}`,
  );
  if (prices === undefined) return;
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(prices[i]))
      throw new LabError(`price of position ${i} is ${prices[i]}, not a finite number`);
}
