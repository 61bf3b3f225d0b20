import * as v from 'valibot';
import { normalQuantile } from '../../metrics/inference/distributions.ts';
import { kind, openShare, share } from '../compute/kind.ts';
import { clickChances, rankings, teamDrafts } from './team-draft.ts';

/** Of one count per list. */
export interface CountMoments {
  readonly mean: number;
  readonly variance: number;
}

/** Clicks on A's list, on B's, and A's clicks less B's on one interleaved list. */
export interface ListMoments {
  readonly onA: CountMoments;
  readonly onB: CountMoments;
  readonly interleaved: CountMoments;
}

/** When a person stops going down a list. */
export interface Patience {
  readonly leaveAfterClick: number;
  readonly leaveAfterNoClick: number;
}

/** Moments of one person's clicks on two rankings and on their team draft. */
export function listMoments(
  a: readonly number[],
  b: readonly number[],
  chance: (item: number) => number,
  { leaveAfterClick, leaveAfterNoClick }: Patience,
): ListMoments {
  /** The sum of `worth` over the clicked places of a list. */
  const clicks = (items: readonly number[], worth: (place: number) => number): CountMoments => {
    // From the end: mean and mean square of what the rest of the list still brings.
    let [first, second] = [0, 0];
    for (let place = items.length - 1; place >= 0; place--) {
      const p = chance(items[place]);
      const [stay, bored, w] = [1 - leaveAfterClick, 1 - leaveAfterNoClick, worth(place)];
      const mean = p * (w + stay * first) + (1 - p) * bored * first;
      second = p * (w * w + stay * (2 * w * first + second)) + (1 - p) * bored * second;
      first = mean;
    }
    return { mean: first, variance: second - first ** 2 };
  };
  const alone = (items: readonly number[]) => clicks(items, () => 1);
  const drafts = teamDrafts(a, b, Math.max(a.length, b.length)).map((draft) => ({
    ...clicks(draft.items, (place) => (draft.teams[place] === 'A' ? 1 : -1)),
    weight: draft.chance,
  }));
  return { onA: alone(a), onB: alone(b), interleaved: mixtureOf(drafts) };
}

/** Moments of a count from one of several laws. Their weights add to 1. */
export function mixtureOf(laws: readonly (CountMoments & { readonly weight: number })[]): CountMoments {
  const over = (of: (law: CountMoments) => number) =>
    laws.reduce((total, law) => total + law.weight * of(law), 0);
  const mean = over((law) => law.mean);
  return { mean, variance: over((law) => law.variance + law.mean ** 2) - mean ** 2 };
}

/**
 * Lists that an A/B test (both arms together) and interleaving need to tell A from B; null where
 * there is nothing to tell. The A/B test counts clicks per list.
 */
export function listsNeeded({ onA, onB, interleaved }: ListMoments, alpha: number, power: number) {
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  const needed = (spread: number, effect: number) =>
    Math.abs(effect) < 1e-12 ? null : (z * z * spread) / effect ** 2;
  // Each arm needs half of 2 (varA + varB).
  const ab = needed(2 * (onA.variance + onB.variance), onA.mean - onB.mean);
  const interleaving = needed(interleaved.variance, interleaved.mean);
  return { ab, interleaving, timesFewer: ab === null || interleaving === null ? null : ab / interleaving };
}

/**
 * Sessions that an A/B test and a team draft need to tell two rankings apart, where people may
 * leave after every place (after Iizuka, Morita and Kato, arXiv 2306.10023).
 */
export const interleavingEfficiency = kind(
  'sessions that an A/B test and interleaving need to tell two rankings apart',
  v.object({
    ...rankings,
    leaveAfterClick: share,
    leaveAfterNoClick: share,
    alpha: openShare,
    power: openShare,
  }),
  ({ a, b, clickChance, alpha, power, ...patience }) => {
    const moments = listMoments(a, b, clickChances([...a, ...b], clickChance), patience);
    const { onA, onB, interleaved } = moments;
    const { ab, interleaving, timesFewer } = listsNeeded(moments, alpha, power);
    return {
      meanA: onA.mean,
      meanB: onB.mean,
      varA: onA.variance,
      varB: onB.variance,
      sessionsAB: ab,
      interleavedMean: interleaved.mean,
      interleavedVar: interleaved.variance,
      sessionsInterleaved: interleaving,
      timesFewer,
    };
  },
);
