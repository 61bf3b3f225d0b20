import { log } from '../../base/math.ts';
/**
 * The only definition of the session features. Training and the market both read it, so that there
 * is no skew between them.
 */

/** Features of a past match: ln duration, leaver, both sides' swipe, report, friend request. */
export const OUTCOMES = 8;
/** Features of the plain summary that Wide&Deep-S reads. */
export const SUMMARY = 8;

/** Natural log of a duration, floored at a tenth of a second. */
export const logSeconds = (seconds: number): number => log(Math.max(seconds, 0.1));

/** ln seconds, centred and scaled as the input of a network. */
const scaled = (seconds: number): number => (logSeconds(seconds) - 2.5) / 1.2;

/**
 * The features of a chat as `side` (0: a, 1: b) sees it, [OUTCOMES]. `duration` in seconds, rounded
 * to f32 as in a log; `bits` as in `Outcome` of sim/types.ts.
 */
export function tellOutcome(duration: number, leaver: number, bits: number, side: number): number[] {
  const of = (shift: number, who: number): number => (bits >> (shift + who)) & 1;
  const other = 1 - side;
  return [
    scaled(Math.fround(duration)),
    leaver === side ? 1 : 0,
    of(0, side),
    of(0, other),
    of(2, side),
    of(2, other),
    of(4, side),
    of(4, other),
  ];
}

/** Running sums of a person's session. */
export class SessionSums {
  matches = 0;
  last = 0;
  readonly sums: number[] = new Array<number>(OUTCOMES).fill(0);

  /** Adds a match; `told`: its features, from {@link tellOutcome}. */
  add(told: readonly number[]): void {
    told.forEach((x, k) => (this.sums[k] += x));
    this.last = told[0];
    this.matches++;
  }

  /** [SUMMARY]: count, mean and last length, rate of each outcome; nothing about partners. */
  summarise(): number[] {
    const { matches: t, sums, last } = this;
    const known = t === 0 ? 0 : 1 / t;
    return [
      log(1 + t) / 3,
      t === 0 ? 1 : 0,
      sums[0] * known,
      last,
      sums[1] * known,
      (sums[2] + sums[3]) * known,
      (sums[4] + sums[5]) * known,
      (sums[6] + sums[7]) * known,
    ];
  }
}

/**
 * First match of the window of `history` matches that answers for position `t` (after `t` matches).
 * Windows overlap by half, so that every position sees at least half a window of the past, or all
 * of it if that is shorter.
 */
export function windowStart(t: number, history: number): number {
  return t <= history ? 0 : Math.ceil((t - history) / (history / 2)) * (history / 2);
}
