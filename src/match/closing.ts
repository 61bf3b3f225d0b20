import type { Played } from './market.ts';

/** Rounds after which an auction ends, unless the caller says otherwise. */
export const DEFAULT_ROUNDS = 2000;
/** Certified distance from the optimum at which it ends, likewise. */
export const DEFAULT_GAP = 0.001;
/** Phases, by how many times the last epsilon is taken; each starts at the prices of the one before. */
const PHASES = [16, 4, 1];
/** Looks at a gap that did not move after which a price war is broken off and the next phase begins. */
const PATIENCE = 2;
/** Rounds between two looks at the gap and the clock. */
const CHUNK = 256;
const TIMED_CHUNK = 32;
/** Scans by rows filled anew after which lists are taken as they are; small pools may take more. */
const mostScans = (n: number) => Math.max(4, 1e6 / n ** 2);

export interface ClosingLimits {
  /** Epsilon of the last phase as a share of the mean of everybody's heaviest weight; default .001. */
  readonly epsilon?: number | undefined;
  /** Certified gap at which it ends; default .001. */
  readonly gap?: number | undefined;
  readonly maxRounds?: number | undefined;
  /** Milliseconds of real time; where given, results depend on the machine. */
  readonly budgetMs?: number | undefined;
  readonly now?: (() => number) | undefined;
}

/** What the auction asks of whoever holds the market. */
export type Request =
  /** Rounds of bidding, epsilon as such a share; `begin`: everybody looks for an object anew. Answer: Played. */
  | { readonly do: 'play'; readonly share: number; readonly most: number; readonly begin: boolean }
  /** New lists for those whose list is old. Answer: share of the square. */
  | { readonly do: 'refresh' }
  /** Best certificate and best pairs so far. Answer: certified gap. */
  | { readonly do: 'check' };

/** The certified gap after so many rounds. */
export interface GapPoint {
  readonly rounds: number;
  readonly gap: number;
}

/**
 * The course of an auction, wherever its market is: phases of smaller and smaller epsilon (Bertsekas 1988), each played until all have an
 * object and no list is old; it may end at any point, by its limits, and what is best so far stands. Drives CPU and GPU alike.
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
  let moved = true;
  const check = function* (): Generator<Request, void, Played | number> {
    const gap = (yield { do: 'check' }) as number;
    moved = gap < (series.at(-1)?.gap ?? Infinity);
    series.push({ rounds, gap });
    over ||= gap <= target || rounds >= most || (end < Infinity && now() >= end);
  };
  yield* check();
  for (const times of PHASES) {
    const share = (limits.epsilon ?? 0.001) * times;
    let idle = 0;
    for (let begin = true; !over && idle < PATIENCE; begin = false) {
      const chunk = Math.min(end < Infinity ? TIMED_CHUNK : CHUNK, most - rounds);
      const played = (yield { do: 'play', share, most: chunk, begin }) as Played;
      rounds += played.rounds;
      const settled = played.active === 0;
      const ended = settled && (played.stale === 0 || scans >= mostScans(n));
      if (ended || !settled || rounds >= most || rounds - (series.at(-1)?.rounds ?? 0) >= chunk) {
        yield* check();
        idle = moved ? 0 : idle + 1;
      }
      if (ended) break;
      if (!settled || over) continue;
      scans += (yield { do: 'refresh' }) as number;
    }
  }
  return { rounds, scans, series };
}

/** Certified gap: how much of the bound is missing, 0 to 1. */
export function gapOf(bound: number, weight: number): number {
  return bound > 0 ? Math.max(0, (bound - weight) / bound) : 0;
}
