import { UNKNOWN, type ImportedMeetings } from '../read/meetings.ts';

/**
 * What an outcome says about the times that both sides would have stayed (natural log seconds), by
 * inversion of the world's own law: each side draws ln T ~ N(location, tail), the chat ends when
 * the first side leaves, and a chat is long when neither has left by `threshold`.
 *
 * - duration: the smaller of the two times is known, and sometimes whose it was (competing risks).
 * - decision: a yes means ln T > threshold, a no the opposite (a probit; Albert and Chib, 1993).
 * - match: both times are above the threshold, or not both.
 */
export type MeetingOutcome = 'duration' | 'decision' | 'match';

/**
 * Standard normal hazard pdf(z) / (1 - cdf(z)), relative error about 1e-7; erfc from Press and
 * others, Numerical Recipes, 1992, 6.2.
 */
export function hazard(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const poly =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t *
                      (0.27886807 +
                        t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const root = Math.sqrt(2 / Math.PI);
  if (z >= 0) return root / (t * Math.exp(poly));
  const upper = 1 - 0.5 * t * Math.exp(-x * x + poly);
  return (0.5 * root * Math.exp(-0.5 * z * z)) / upper;
}

/** 1 - cdf(z) of the standard normal distribution. */
export function upperTail(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) / hazard(z);
}

/** Expected times (ln s) of both sides given the outcome; NaN where unknown. */
export interface Expected {
  yA: number;
  yB: number;
  /** Their variances, ln s squared. */
  vA: number;
  vB: number;
}

/** The initial location of a fit to the meetings `rows`: the mean ln duration or threshold. */
export function firstMean(
  { duration }: ImportedMeetings,
  rows: Uint32Array,
  {
    kind,
    threshold,
    tail,
  }: { readonly kind: MeetingOutcome; readonly threshold: number; readonly tail: number },
): number {
  if (kind !== 'duration') return threshold;
  const known = rows.filter((m) => duration[m] > 0);
  const sum = known.reduce((total, m) => total + Math.log(duration[m]), 0);
  return (known.length === 0 ? threshold : sum / known.length) + 0.5 * tail;
}

/** Expectation step for meeting m; muA and muB are the locations of both sides. */
export function expectTimes(
  meetings: ImportedMeetings,
  m: number,
  kind: MeetingOutcome,
  muA: number,
  muB: number,
  tail: number,
  threshold: number,
  out: Expected,
): void {
  out.yA = out.yB = NaN;
  out.vA = out.vB = 0;
  if (kind === 'duration') {
    const seconds = meetings.duration[m];
    if (!(seconds > 0)) return;
    const t = Math.log(seconds);
    const zA = (t - muA) / tail;
    const zB = (t - muB) / tail;
    const hA = hazard(zA);
    const hB = hazard(zB);
    const leaver = meetings.leaver[m];
    const share = leaver === 0 ? 1 : leaver === 1 ? 0 : hA / (hA + hB);
    // The side that did not leave would have stayed longer: its time is censored at t.
    const stayA = muA + tail * hA;
    const stayB = muB + tail * hB;
    const restA = tail * tail * Math.max(0, 1 + zA * hA - hA * hA);
    const restB = tail * tail * Math.max(0, 1 + zB * hB - hB * hB);
    out.yA = share * t + (1 - share) * stayA;
    out.yB = (1 - share) * t + share * stayB;
    out.vA = (1 - share) * restA + share * (1 - share) * (stayA - t) ** 2;
    out.vB = share * restB + share * (1 - share) * (stayB - t) ** 2;
    return;
  }
  const zA = (threshold - muA) / tail;
  const zB = (threshold - muB) / tail;
  const aboveA = muA + tail * hazard(zA);
  const aboveB = muB + tail * hazard(zB);
  const belowA = muA - tail * hazard(-zA);
  const belowB = muB - tail * hazard(-zB);
  let a = kind === 'decision' ? meetings.decisionA[m] : UNKNOWN;
  let b = kind === 'decision' ? meetings.decisionB[m] : UNKNOWN;
  const match = meetings.match[m];
  if (match === 1) a = b = 1;
  else if (match === 0 && a === 1) b = 0;
  else if (match === 0 && b === 1) a = 0;
  if (match === 0 && a === UNKNOWN && b === UNKNOWN) {
    const pA = upperTail(zA);
    const pB = upperTail(zB);
    const open = Math.max(1e-12, 1 - pA * pB);
    const qA = (pA * (1 - pB)) / open;
    const qB = (pB * (1 - pA)) / open;
    out.yA = qA * aboveA + (1 - qA) * belowA;
    out.yB = qB * aboveB + (1 - qB) * belowB;
    return;
  }
  if (a !== UNKNOWN) out.yA = a === 1 ? aboveA : belowA;
  if (b !== UNKNOWN) out.yB = b === 1 ? aboveB : belowB;
}
