/**
 * The one definition of what a past match tells of a session: read when a model is trained and when the market lives alike, so that there
 * is no skew between the two.
 */

/** What a token tells of a past match: ln duration, who left, and both sides' swipe, report, friend request. */
export const OUTCOMES = 8;
/** A plain summary of the session so far: what Wide&Deep-S knows of it. */
export const SUMMARY = 8;

/** Natural log of a duration, floored at a tenth of a second. */
export const logSeconds = (seconds: number): number => Math.log(Math.max(seconds, 0.1));

/** ln seconds, centred and scaled for a network's input: a usual chat is near 0. */
const scaled = (seconds: number): number => (logSeconds(seconds) - 2.5) / 1.2;

/**
 * The outcome of a chat as `side` (0: a, 1: b) sees it, [OUTCOMES]. `duration` in seconds, taken as f32, as a log keeps it; `bits` as in
 * `Outcome` of sim/types.ts.
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

/** Running sums of a session, for {@link summarise}. */
export class SessionSums {
  matches = 0;
  last = 0;
  readonly sums = new Float64Array(OUTCOMES);

  /** Another match, as {@link tellOutcome} tells it. */
  add(told: readonly number[]): void {
    told.forEach((x, k) => (this.sums[k] += x));
    this.last = told[0];
    this.matches++;
  }

  /** Plain, [SUMMARY]: how many, mean and last length, how often each thing happened; nothing of who the partners were. */
  summarise(): number[] {
    const { matches: t, sums, last } = this;
    const known = t === 0 ? 0 : 1 / t;
    return [
      Math.log1p(t) / 3,
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
 * First match that a window of `history` matches covers when it answers for position `t` (after `t` matches): windows overlap by half, so
 * that every position sees at least half a window of the past, and all of it while it is shorter.
 */
export function windowStart(t: number, history: number): number {
  return t <= history ? 0 : Math.ceil((t - history) / (history / 2)) * (history / 2);
}
