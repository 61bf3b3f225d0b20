import { LabError, must } from '../../base/errors.ts';
import { closing, DEFAULT_GAP, DEFAULT_ROUNDS, gapOf } from './auction-schedule.ts';
import type { GapPoint } from './auction-schedule.ts';
import { cutCycles } from './cycles.ts';
import { greedy } from '../greedy/greedy.ts';
import { exchangeListed } from './improve.ts';
import type { CandidateLists } from '../../score/lists.ts';
import { Market, meanPair, SKETCH } from './auction-state.ts';
import type { PairSource } from '../../score/source.ts';
import { exchangeByTurns } from './two-opt.ts';
import type { MatchOptions } from '../../score/types.ts';

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
  market.pair = meanPair(proof.bound, market.units, n);
  let cut: Int32Array = new Int32Array(n).fill(-1);
  let most = -1;
  const known = openingPrices(n, options.prices);
  const plan = closing(n, options);
  let step = plan.next();
  while (step.done !== true) {
    const request = step.value;
    if (request.do === 'play') {
      if (request.begin !== undefined) {
        if (request.begin === 'given')
          market.price.set(known.map((p) => Math.min(2 ** 22, Math.ceil(p * market.units))));
        market.begin();
      }
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
  exchangeByTurns(source, lists, mate, market.place);
  const weight = Float64Array.from(mate, (m, i) => (m < 0 ? 0 : source.weight(i, m)));
  chainsOfAuction(lists, mate, weight, proof.bound, options);
  return {
    ...proof,
    mate,
    rounds: rounds + simple.rounds + rest.rounds,
    scans: scans + simple.scans + rest.scans,
    series: [...series, { rounds, gap: gapOf(proof.bound, total(mate)) }],
  };
}

/**
 * Prices to start from, f32[n], where some are known from before: half of what they are above those of the least wanted. Bidding can only
 * raise prices, so those known by now to be too high would cost more than the others save.
 */
export function openingPrices(n: number, prices: Float32Array | undefined): Float32Array<ArrayBuffer> {
  const known = (prices ?? new Float32Array(0)).subarray(0, n).filter((p) => p > 0);
  const least = known.length > 0 ? known.sort()[Math.floor(known.length / 20)] : 0;
  return Float32Array.from({ length: n }, (_, i) => Math.max(0, ((prices?.[i] ?? 0) - least) / 2));
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

/** Steps of chains per person, and per round of the limit and person. */
const CHAIN_STEPS = { most: 64, round: 1 / 16 } as const;

/**
 * Longer exchanges on the lists of the first scan, where the gap is still above the one asked for: the limit of rounds limits these, too. The same
 * wherever the matching comes from. Changes `mate` and `weight` (f64[n], everybody's in his pair).
 */
export function chainsOfAuction(
  lists: CandidateLists,
  mate: Int32Array,
  weight: Float64Array,
  bound: number,
  { gap = DEFAULT_GAP, maxRounds = DEFAULT_ROUNDS }: MatchOptions,
): void {
  const total = weight.reduce((sum, w) => sum + w, 0) / 2;
  if (gapOf(bound, total) <= gap) return;
  const steps = mate.length * Math.min(CHAIN_STEPS.most, CHAIN_STEPS.round * maxRounds);
  exchangeListed(lists, mate, weight, steps);
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
