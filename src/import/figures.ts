import { auroc } from '../metrics/ranking/auroc.ts';
import { correlation } from '../metrics/ranking/errors.ts';
import type { Fit } from './fit/fit-types.ts';
import { locationOf } from './fit/fit.ts';
import { upperTail, type MeetingOutcome } from './fit/latent.ts';
import { matchOf, UNKNOWN, type ImportedMeetings } from './read/meetings.ts';
import type { ImportedPeople } from './read/people.ts';

/**
 * A yes means a stay beyond this mark of a long chat, s; the spread that outcomes cannot tell, ln
 * s.
 */
export const YES_SECONDS = 60;
export const USUAL_TAIL = 0.9;
/** How well a scorer that knows half of the meetings predicts the rest; NaN where unknown. */
export interface FitFigures {
  readonly kind: MeetingOutcome;
  readonly meetings: number;
  readonly heldOut: number;
  /** The held-out half: 'later' by time, or 'random' by a hash. */
  readonly split: 'later' | 'random';
  /** AUROC of one side's yes, and of the match. */
  readonly decisionAuroc: number;
  readonly matchAuroc: number;
  /** Correlation of predicted and observed ln seconds. */
  readonly durationCorrelation: number;
  /** Share of matches or long chats: in the file, and expected by the fit for the same pairs. */
  readonly longTold: number;
  readonly longExpected: number;
  /** Standard deviations, ln s: strictness, popularity, taste, and one meeting around them. */
  readonly talk: number;
  readonly charm: number;
  readonly taste: number;
  readonly tail: number;
  /** Median stay of one side in an average meeting, s. */
  readonly median: number;
  /** Traits in which similar people stay longer (above 0) or shorter; strongest first. */
  readonly alike: readonly { readonly what: string; readonly weight: number }[];
}

export type HeldOutFigures = Pick<
  FitFigures,
  'heldOut' | 'decisionAuroc' | 'matchAuroc' | 'durationCorrelation'
>;

/**
 * How well a fit to other meetings predicts these. `location`: of the stay of i with j, ln s;
 * `tail`: its spread.
 */
export function heldOutFigures(
  { location, tail }: { readonly location: (i: number, j: number) => number; readonly tail: number },
  m: ImportedMeetings,
  rows: Uint32Array,
): HeldOutFigures {
  const yes = (i: number, j: number) => upperTail((Math.log(YES_SECONDS) - location(i, j)) / tail);
  const decisions: [number[], number[]] = [[], []];
  const matches: [number[], number[]] = [[], []];
  const lengths: [number[], number[]] = [[], []];
  for (const k of rows) {
    const [a, b] = [m.a[k], m.b[k]];
    const [pA, pB] = [yes(a, b), yes(b, a)];
    const put = ([x, y]: [number[], number[]], chance: number, told: number) => {
      x.push(chance);
      y.push(told);
    };
    if (m.decisionA[k] >= 0) put(decisions, pA, m.decisionA[k]);
    if (m.decisionB[k] >= 0) put(decisions, pB, m.decisionB[k]);
    const isKnown = m.match[k] >= 0 || (m.decisionA[k] >= 0 && m.decisionB[k] >= 0);
    const match = isKnown ? matchOf(m, k) : UNKNOWN;
    if (match >= 0) put(matches, pA * pB, match);
    // The first to leave ends the meeting: the hazards of both sides add up.
    if (m.duration[k] > 0)
      put(lengths, -Math.log(Math.exp(-location(a, b)) + Math.exp(-location(b, a))), Math.log(m.duration[k]));
  }
  const area = ([x, y]: [number[], number[]]) => (y.includes(0) && y.includes(1) ? auroc(x, y) : NaN);
  return {
    heldOut: rows.length,
    decisionAuroc: area(decisions),
    matchAuroc: area(matches),
    durationCorrelation: correlation(...lengths),
  };
}

/** The size of what the fit found, over all meetings. */
export function spreads(
  fit: Fit,
  people: ImportedPeople,
  m: ImportedMeetings,
): Pick<FitFigures, 'talk' | 'charm' | 'taste' | 'tail' | 'median' | 'alike' | 'longTold' | 'longExpected'> {
  const deviation = (values: ArrayLike<number>) => {
    let sum = 0;
    for (let k = 0; k < values.length; k++) sum += values[k];
    const mean = sum / values.length;
    let squares = 0;
    for (let k = 0; k < values.length; k++) squares += (values[k] - mean) ** 2;
    return Math.sqrt(squares / values.length);
  };
  const step = Math.max(1, Math.floor(m.count / 50_000));
  const pairs: number[] = [];
  let [long, expected, told] = [0, 0, 0];
  for (let k = 0; k < m.count; k += step) {
    const [a, b] = [m.a[k], m.b[k]];
    const outcome = longOutcome(m, k);
    if (outcome >= 0) {
      told++;
      long += outcome;
      expected +=
        upperTail((Math.log(YES_SECONDS) - locationOf(fit, people, a, b)) / fit.tail) *
        upperTail((Math.log(YES_SECONDS) - locationOf(fit, people, b, a)) / fit.tail);
    }
    pairs.push(locationOf(fit, people, a, b) - fit.mean - fit.talk[a] - fit.charm[b]);
  }
  return {
    talk: deviation(fit.talk),
    charm: deviation(fit.charm),
    taste: deviation(pairs),
    tail: fit.tail,
    median: Math.exp(fit.mean),
    longTold: long / told,
    longExpected: expected / told,
    alike: fit.likeInputs
      .map((k, f) => ({ what: people.inputNames[k], weight: fit.likeWeights[f] }))
      .filter((a) => Math.abs(a.weight) >= 0.005)
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
  };
}

/** 1 where neither side left before the long-chat mark, 0 where one did, -1 where unknown. */
function longOutcome(m: ImportedMeetings, k: number): number {
  if (m.duration[k] > 0) return m.duration[k] > YES_SECONDS ? 1 : 0;
  return matchOf(m, k);
}
