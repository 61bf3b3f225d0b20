import { LabError, must } from '../../base/errors.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { MatchOptions } from '../../score/types.ts';
import { emptyPairing } from '../tick-order.ts';
import type { Pairing } from '../tick-order.ts';
import { auctionSchedule, DEFAULT_GAP, DEFAULT_ROUNDS, gapOf } from './auction-schedule.ts';
import type { GapPoint, PlayRequest } from './auction-schedule.ts';
import type { Played } from './auction-state.ts';
import { exchangeListed } from './improve.ts';

/** A certificate: dual prices y, and their sum in units of weight, at least the optimum. */
export interface Proof<Y> {
  readonly y: Y;
  readonly bound: number;
}

/** A matching and what it cost. */
export interface Found {
  readonly pairing: Pairing;
  readonly rounds: number;
  /** Scans of the n x n square. */
  readonly scans: number;
}

/** The result of an auction. */
export interface AuctionFound<Y> extends Found, Proof<Y> {
  /** The certified gap over the rounds of bidding. */
  readonly series: readonly GapPoint[];
}

type Later<T> = T | Promise<T>;

/** What computes an auction: the CPU at once, a GPU later. */
export interface AuctionHost<Y> {
  /** Plays rounds of bidding. */
  play(request: PlayRequest): Later<Played>;
  /** New lists for at most `max` bidders whose list is stale. Answer: share of a full scan. */
  refresh(max: number): Later<number>;
  /** The certificate of the current prices. */
  certify(): Later<Proof<Y>>;
  /** The current assignment, its cycles cut into pairs. */
  pairs(): Later<Pairing>;
  /** Pairs the people who are free greedily, by the lists of the first scan. */
  complete(pairing: Pairing): Later<Found>;
  /** Improves a matching by 2-opt exchanges. */
  exchange(pairing: Pairing): Later<Pairing>;
  /** The lists of the first scan. */
  lists(): Later<CandidateLists>;
}

/** A computation on a host. It yields what the host returns and resumes with the value. */
export type OnHost<T> = Generator<unknown, T, unknown>;

function* ask<T>(answer: Later<T>): OnHost<T> {
  return (yield answer) as T;
}

/** Runs a computation on a host that answers at once. */
export function runNow<T>(course: OnHost<T>): T {
  let step = course.next();
  while (step.done !== true) step = course.next(step.value);
  return step.value;
}

/** Runs a computation on any host. */
export async function runLater<T>(course: OnHost<T>): Promise<T> {
  let step = course.next();
  while (step.done !== true) step = course.next(await step.value);
  return step.value;
}

/**
 * The auction of a pool: bidding as {@link auctionSchedule} says, the rest of the people paired
 * greedily, then exchanges. The certificate is the best that was found. Never worse than greedy.
 *
 * @param simple greedy on the same lists, and the proof its certificate.
 */
export function* driveAuction<Y>(
  n: number,
  options: MatchOptions,
  { simple, proof: first }: { simple: Found; proof: Proof<Y> },
  host: AuctionHost<Y>,
): OnHost<AuctionFound<Y>> {
  let proof = first;
  let best = emptyPairing(n);
  let bestWeight = -1;
  const schedule = auctionSchedule(n, options);
  let step = schedule.next();
  while (step.done !== true) {
    const request = step.value;
    if (request.do === 'play') step = schedule.next(yield* ask(host.play(request)));
    else if (request.do === 'refresh') step = schedule.next(yield* ask(host.refresh(request.max)));
    else {
      let now = best;
      if (bestWeight >= 0) {
        const priced = yield* ask(host.certify());
        if (priced.bound < proof.bound) proof = priced;
        now = yield* ask(host.pairs());
      }
      const weight = filledWeight(now, simple.pairing);
      if (weight > bestWeight) {
        bestWeight = weight;
        best = now;
      }
      step = schedule.next(gapOf(proof.bound, bestWeight));
    }
  }
  const { rounds, scans, series } = step.value;
  const rest = yield* ask(host.complete(best));
  const heavier = weightOf(simple.pairing) > weightOf(rest.pairing) ? simple : rest;
  let pairing = yield* ask(host.exchange(heavier.pairing));
  const { gap = DEFAULT_GAP, maxRounds = DEFAULT_ROUNDS } = options;
  if (gapOf(proof.bound, halfSum(pairing.weight)) > gap)
    pairing = withChains(yield* ask(host.lists()), pairing, maxRounds);
  return {
    ...proof,
    pairing,
    rounds: rounds + simple.rounds + rest.rounds,
    scans: scans + simple.scans + rest.scans,
    series: [...series, { rounds, gap: gapOf(proof.bound, weightOf(pairing)) }],
  };
}

/**
 * Prices to start from, f32[n]: half of what known prices exceed those of the least wanted people
 * (their lowest twentieth). Bidding can only raise prices, so prices that are too high by now would
 * cost more than the others save.
 */
export function openingPrices(n: number, prices: Float32Array | undefined): Float32Array<ArrayBuffer> {
  const known = (prices ?? new Float32Array(0)).subarray(0, n).filter((p) => p > 0);
  const low = known.length > 0 ? known.sort()[Math.floor(known.length / 20)] : 0;
  return Float32Array.from({ length: n }, (_, i) => Math.max(0, ((prices?.[i] ?? 0) - low) / 2));
}

/** @throws LabError for an epsilon or prices that no auction can start from. */
export function checkAuction(n: number, { epsilon, prices }: MatchOptions): void {
  must(
    epsilon === undefined || (epsilon > 0 && Number.isFinite(epsilon)),
    `epsilon is ${epsilon}; expected a finite number above 0`,
  );
  if (prices === undefined) return;
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(prices[i]))
      throw new LabError(`price of position ${i} is ${prices[i]}; expected a finite number`);
}

/** Weight of the pairs of positive weight, with those of `other` added whose both ends are free. */
function filledWeight(pairing: Pairing, other: Pairing): number {
  let sum = 0;
  for (let i = 0; i < pairing.mate.length; i++) {
    const free = pairing.mate[i] < 0;
    const { mate, weight } = free ? other : pairing;
    const j = mate[i];
    if (j < i || (free && pairing.mate[j] >= 0)) continue;
    sum += Math.max(0, weight[i]);
  }
  return sum;
}

const weightOf = (pairing: Pairing) => filledWeight(pairing, pairing);

const halfSum = (weight: Float64Array) => weight.reduce((sum, w) => sum + w, 0) / 2;

/**
 * Maximum number of steps of chains: per person, and per person and round of the limit of rounds.
 */
const CHAIN_STEPS = { perPerson: 64, perRound: 1 / 16 } as const;

/**
 * Longer exchanges, on the CPU, because each depends on the previous one. The limit of rounds
 * limits them.
 */
function withChains(lists: CandidateLists, pairing: Pairing, maxRounds: number): Pairing {
  const mate = pairing.mate.slice();
  const weight = pairing.weight.slice();
  const steps = mate.length * Math.min(CHAIN_STEPS.perPerson, CHAIN_STEPS.perRound * maxRounds);
  exchangeListed(lists, mate, weight, steps);
  return { mate, weight };
}
