import { auroc } from '../metrics/ranking/auroc.ts';
import type { Fit } from './fit/fit-types.ts';
import { locationOf } from './fit/fit.ts';
import { upperTail, type OutcomeKind } from './fit/latent.ts';
import type { ImportedMeetings } from './read/meetings.ts';
import type { ImportedPeople } from './read/people.ts';

/** What a yes stands for: longer than the market's long chat, s; and the spread that yes and no do not tell, ln s. */
export const YES_SECONDS = 60;
export const USUAL_TAIL = 0.9;
/** How well the scorer that knows half of the meetings tells the other half; NaN where it cannot be told. */
export interface FitFigures {
  readonly kind: OutcomeKind;
  readonly meetings: number;
  readonly heldOut: number;
  /** 'later': of the meetings with a time, the later half; 'random': by a hash. */
  readonly split: 'later' | 'random';
  /** AUROC of one side's yes, and of the match. */
  readonly decisionAuroc: number;
  readonly matchAuroc: number;
  /** Correlation of predicted and real ln seconds. */
  readonly durationCorrelation: number;
  /** Share of meetings that were a match, or lasted beyond the long-chat mark: as told, and as the fitted world expects of the same pairs. */
  readonly longTold: number;
  readonly longExpected: number;
  /** Standard deviations, ln s: what people add by staying, by being liked, and pairs by taste; of one meeting around that. */
  readonly talk: number;
  readonly charm: number;
  readonly taste: number;
  readonly tail: number;
  /** Median stay of one side in a middling meeting, s. */
  readonly median: number;
  /** In what alike people stay longer (above 0) or shorter, ln s per product of two standardised values; strongest first. */
  readonly alike: readonly { readonly what: string; readonly weight: number }[];
}

/** How well a fit to other meetings tells these. */
export function judge(
  fit: Fit,
  people: ImportedPeople,
  m: ImportedMeetings,
  rows: Uint32Array,
): Pick<FitFigures, 'heldOut' | 'decisionAuroc' | 'matchAuroc' | 'durationCorrelation'> {
  const yes = (i: number, j: number) =>
    upperTail((Math.log(YES_SECONDS) - locationOf(fit, people, i, j)) / fit.tail);
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
    const match =
      m.match[k] >= 0
        ? m.match[k]
        : m.decisionA[k] >= 0 && m.decisionB[k] >= 0
          ? m.decisionA[k] * m.decisionB[k]
          : -1;
    if (match >= 0) put(matches, pA * pB, match);
    // The first who leaves ends it: the sum of two hazards.
    if (m.duration[k] > 0)
      put(
        lengths,
        -Math.log(Math.exp(-locationOf(fit, people, a, b)) + Math.exp(-locationOf(fit, people, b, a))),
        Math.log(m.duration[k]),
      );
  }
  const area = ([x, y]: [number[], number[]]) => (y.includes(0) && y.includes(1) ? auroc(x, y) : NaN);
  return {
    heldOut: rows.length,
    decisionAuroc: area(decisions),
    matchAuroc: area(matches),
    durationCorrelation: correlation(...lengths),
  };
}

export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    sx += x[k];
    sy += y[k];
  }
  for (let k = 0; k < n; k++) {
    sxx += (x[k] - sx / n) ** 2;
    syy += (y[k] - sy / n) ** 2;
    sxy += (x[k] - sx / n) * (y[k] - sy / n);
  }
  return sxy / Math.sqrt(sxx * syy);
}

/** What the fit found, over all meetings. */
export function spreads(
  fit: Fit,
  people: ImportedPeople,
  m: ImportedMeetings,
): Pick<FitFigures, 'talk' | 'charm' | 'taste' | 'tail' | 'median' | 'alike' | 'longTold' | 'longExpected'> {
  const deviation = (values: ArrayLike<number>) => {
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < values.length; k++) {
      sum += values[k];
      squares += values[k] ** 2;
    }
    return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2));
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

/** 1 where neither side left before the long-chat mark, as far as the file tells it; -1 where it does not. */
function longOutcome(m: ImportedMeetings, k: number): number {
  if (m.duration[k] > 0) return m.duration[k] > YES_SECONDS ? 1 : 0;
  if (m.match[k] >= 0) return m.match[k];
  if (m.decisionA[k] === 0 || m.decisionB[k] === 0) return 0;
  return m.decisionA[k] >= 0 && m.decisionB[k] >= 0 ? 1 : -1;
}
