import type { Played } from './auction-state.ts';

/** Default maximum number of rounds of bidding. */
export const DEFAULT_ROUNDS = 2000;
/** Default target of the certified gap. */
export const DEFAULT_GAP = 0.001;
/**
 * Share of people without an object at a check above which too many want the same few: prices then
 * rise by little more than one bid per round. Bidding starts again with a larger epsilon, which
 * shrinks to the one asked for.
 */
const CROWD = 1 / 8;
/** Phases, as multiples of epsilon. Each starts at the prices of the previous one. */
const PHASES = { plain: [1], crowd: [64, 16, 4, 1] } as const;
/**
 * Rounds without a better gap after which a phase ends. Prices may rise for long before they prove
 * anything.
 */
const PATIENCE = 1024;
/** Rounds between two checks of gap and clock: few at first, when much changes. */
const CHUNK = { first: 32, max: 256 } as const;
/**
 * Share of people with a stale list who are left to greedy and the exchanges: among the last,
 * prices rise by one epsilon at a time. Not used for a target gap of 0.
 */
const LAST = { fine: 1 / 100, coarse: 1 / 32 } as const;
/**
 * Rows that get a new list at once. Later rows get theirs at prices that are closer to those at
 * which they bid. Fewer rows would not fill a GPU.
 */
const refreshBatch = (n: number) => Math.max(128, Math.ceil(n / 8));
/** Scans by new lists after which lists are used as they are; small pools may take more. */
const maxScans = (n: number) => Math.max(4, 1e6 / n ** 2);

export interface AuctionLimits {
  /** Epsilon as a share of the mean weight of a pair, by the first certificate; default .001. */
  readonly epsilon?: number | undefined;
  /** Certified gap at which the auction ends; default .001. */
  readonly gap?: number | undefined;
  readonly maxRounds?: number | undefined;
  /** Milliseconds of real time. Results then depend on the machine; default: no limit. */
  readonly budgetMs?: number | undefined;
  readonly now?: (() => number) | undefined;
}

/** Rounds of bidding. Answer: Played. */
export interface PlayRequest {
  readonly do: 'play';
  /** Epsilon as a share of the mean weight of a pair. */
  readonly share: number;
  readonly maxRounds: number;
  /**
   * Take every object away first; prices start at those known from before (or 0), or stay.
   * Undefined: go on.
   */
  readonly begin: 'given' | 'kept' | undefined;
}

/** What the schedule asks of the auction. */
export type Request =
  | PlayRequest
  /** New lists for at most `max` bidders whose list is stale. Answer: share of a full scan. */
  | { readonly do: 'refresh'; readonly max: number }
  /** Best certificate and best pairs so far. Answer: certified gap. */
  | { readonly do: 'check' };

/** The certified gap after a number of rounds. */
export interface GapPoint {
  readonly rounds: number;
  readonly gap: number;
}

/**
 * The course of an auction on any backend. Prices start at 0 unless they are known: no object is
 * then too expensive for everyone, which bidding could only repair by raising all other prices.
 * Bidding goes on until every person has an object and no list is stale, or until a limit. The best
 * result so far always stands.
 */
export function* auctionSchedule(
  n: number,
  limits: AuctionLimits,
): Generator<Request, { rounds: number; scans: number; series: GapPoint[] }, Played | number> {
  const maxRounds = limits.maxRounds ?? DEFAULT_ROUNDS;
  const target = limits.gap ?? DEFAULT_GAP;
  const now = limits.now ?? (() => performance.now());
  const end = limits.budgetMs === undefined ? Infinity : now() + limits.budgetMs;
  const series: GapPoint[] = [];
  let rounds = 0;
  let scans = 0;
  let over = false;
  let improved = 0;
  const check = function* (): Generator<Request, void, Played | number> {
    const gap = (yield { do: 'check' }) as number;
    if (gap < (series.at(-1)?.gap ?? Infinity)) improved = rounds;
    series.push({ rounds, gap });
    over ||= gap <= target || rounds >= maxRounds || (end < Infinity && now() >= end);
  };
  yield* check();
  let phases: readonly number[] = PHASES.plain;
  for (let at = 0; at < phases.length; at++) {
    const times = phases[at];
    const share = (limits.epsilon ?? 0.001) * times;
    const last = times > 1 ? n * LAST.coarse : target > 0 ? n * LAST.fine : 0;
    improved = rounds;
    for (let begin: PlayRequest['begin'] = rounds === 0 ? 'given' : 'kept'; !over; begin = undefined) {
      if (rounds - improved >= PATIENCE && target > 0) break;
      const chunk = end < Infinity ? CHUNK.first : Math.max(CHUNK.first, Math.min(CHUNK.max, rounds));
      const played = (yield {
        do: 'play',
        share,
        maxRounds: Math.min(chunk, maxRounds - rounds),
        begin,
      }) as Played;
      rounds += played.rounds;
      const settled = played.active === 0;
      const ended = settled && (played.stale <= last || scans >= maxScans(n));
      if (ended || !settled || rounds >= maxRounds || rounds - (series.at(-1)?.rounds ?? 0) >= chunk)
        yield* check();
      if (ended) break;
      if (phases === PHASES.plain && played.active > n * CROWD) {
        phases = PHASES.crowd;
        at = -1;
        break;
      }
      if (settled && !over) scans += (yield { do: 'refresh', max: refreshBatch(n) }) as number;
    }
  }
  return { rounds, scans, series };
}

/** Certified gap: the missing share of the bound, 0 to 1. */
export function gapOf(bound: number, weight: number): number {
  return bound > 0 ? Math.max(0, (bound - weight) / bound) : 0;
}
