import type { Played } from './auction-state.ts';

/** Rounds after which an auction ends, unless the caller says otherwise. */
export const DEFAULT_ROUNDS = 2000;
/** Certified distance from the optimum at which it ends, likewise. */
export const DEFAULT_GAP = 0.001;
/**
 * Where at a look more than this share of people have no object, all want the same few: prices rise by little more than a bid a round. Then
 * everybody looks anew with a larger epsilon, which shrinks to the one asked for.
 */
const CROWD = 1 / 8;
/** Phases, by how many times epsilon is taken; each starts at the prices of the one before. */
const PHASES = { plain: [1], crowd: [64, 16, 4, 1] } as const;
/** Rounds in which the gap does not move after which a price war is broken off; prices may rise for long before they prove anything. */
const PATIENCE = 1024;
/** Rounds between two looks at the gap and the clock: few at first, when much moves. */
const CHUNK = { first: 32, most: 256 } as const;
/**
 * Where no more than this share of people are left to look for an object anew, they are left to greedy and the exchanges: among the last,
 * prices rise by an epsilon at a time. Not where a gap of 0 is asked for.
 */
const LAST = { fine: 1 / 100, coarse: 1 / 32 } as const;
/**
 * Rows that get a new list at once: by the time it is the others' turn, the prices are more nearly those at which their lists will be
 * used. Fewer would not fill a GPU.
 */
const batch = (n: number) => Math.max(128, Math.ceil(n / 8));
/** Scans by rows filled anew after which lists are taken as they are; small pools may take more. */
const mostScans = (n: number) => Math.max(4, 1e6 / n ** 2);

export interface ClosingLimits {
  /** Epsilon as a share of the mean weight of a pair, by the first certificate; default .001. */
  readonly epsilon?: number | undefined;
  /** Certified gap at which it ends; default .001. */
  readonly gap?: number | undefined;
  readonly maxRounds?: number | undefined;
  /** Milliseconds of real time; where given, results depend on the machine. */
  readonly budgetMs?: number | undefined;
  readonly now?: (() => number) | undefined;
}

/** Prices at which everybody looks for an object: what is known from before, else nothing; or as they are. */
export type Opening = 'given' | 'kept';

/** What the auction asks of whoever holds the market. */
export type Request =
  /** Rounds of bidding, epsilon as such a share; `begin`: everybody looks for an object anew, at such prices. Answer: Played. */
  | {
      readonly do: 'play';
      readonly share: number;
      readonly most: number;
      readonly begin: Opening | undefined;
    }
  /** New lists for so many of those whose list is old, who may miss most. Answer: share of the square. */
  | { readonly do: 'refresh'; readonly most: number }
  /** Best certificate and best pairs so far. Answer: certified gap. */
  | { readonly do: 'check' };

/** The certified gap after so many rounds. */
export interface GapPoint {
  readonly rounds: number;
  readonly gap: number;
}

/**
 * The course of an auction, wherever its market is. Prices start low, at nothing unless they are known: nobody is then too dear for
 * everyone, which bidding could only mend by raising all the others. It is played until all have an object and no list is old; it may end at
 * any point, by its limits, and what is best so far stands. Drives CPU and GPU alike.
 */
export function* closing(
  n: number,
  limits: ClosingLimits,
): Generator<Request, { rounds: number; scans: number; series: GapPoint[] }, Played | number> {
  const most = limits.maxRounds ?? DEFAULT_ROUNDS;
  const target = limits.gap ?? DEFAULT_GAP;
  const now = limits.now ?? (() => performance.now());
  const end = limits.budgetMs === undefined ? Infinity : now() + limits.budgetMs;
  const series: GapPoint[] = [];
  let rounds = 0;
  let scans = 0;
  let over = false;
  let moved = 0;
  const check = function* (): Generator<Request, void, Played | number> {
    const gap = (yield { do: 'check' }) as number;
    if (gap < (series.at(-1)?.gap ?? Infinity)) moved = rounds;
    series.push({ rounds, gap });
    over ||= gap <= target || rounds >= most || (end < Infinity && now() >= end);
  };
  yield* check();
  let phases: readonly number[] = PHASES.plain;
  for (let at = 0; at < phases.length; at++) {
    const times = phases[at];
    const share = (limits.epsilon ?? 0.001) * times;
    const last = times > 1 ? n * LAST.coarse : target > 0 ? n * LAST.fine : 0;
    moved = rounds;
    for (let begin: Opening | undefined = rounds === 0 ? 'given' : 'kept'; !over; begin = undefined) {
      if (rounds - moved >= PATIENCE && target > 0) break;
      const chunk = end < Infinity ? CHUNK.first : Math.max(CHUNK.first, Math.min(CHUNK.most, rounds));
      const played = (yield { do: 'play', share, most: Math.min(chunk, most - rounds), begin }) as Played;
      rounds += played.rounds;
      const settled = played.active === 0;
      const ended = settled && (played.stale <= last || scans >= mostScans(n));
      if (ended || !settled || rounds >= most || rounds - (series.at(-1)?.rounds ?? 0) >= chunk)
        yield* check();
      if (ended) break;
      if (phases === PHASES.plain && played.active > n * CROWD) {
        phases = PHASES.crowd;
        at = -1;
        break;
      }
      if (settled && !over) scans += (yield { do: 'refresh', most: batch(n) }) as number;
    }
  }
  return { rounds, scans, series };
}

/** Certified gap: how much of the bound is missing, 0 to 1. */
export function gapOf(bound: number, weight: number): number {
  return bound > 0 ? Math.max(0, (bound - weight) / bound) : 0;
}
