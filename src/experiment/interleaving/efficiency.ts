import * as v from 'valibot';
import { normalQuantile } from '../../metrics/inference/distributions.ts';
import { kind, openShare, share } from '../compute/kind.ts';
import { clickChances, rankings, teamDrafts } from './team-draft.ts';

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Sessions that an A/B test and a team draft need to tell two rankings apart, where people may
 * leave after every place (after Iizuka, Morita and Kato, arXiv 2306.10023). The A/B test counts
 * clicks per session; the team draft counts A's clicks minus B's.
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
  ({ a, b, clickChance, leaveAfterClick, leaveAfterNoClick, alpha, power }) => {
    const chance = clickChances([...a, ...b], clickChance);
    /** Mean and variance of the sum of `worth` over the clicked places of a list. */
    const clicks = (items: readonly number[], worth: (place: number) => number): Moments => {
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
    const [onA, onB] = [alone(a), alone(b)];
    const drafts = teamDrafts(a, b, Math.max(a.length, b.length)).map((draft) => ({
      ...clicks(draft.items, (place) => (draft.teams[place] === 'A' ? 1 : -1)),
      weight: draft.chance,
    }));
    const over = (of: (draft: Moments) => number) =>
      drafts.reduce((total, draft) => total + draft.weight * of(draft), 0);
    const mean = over((draft) => draft.mean);
    const variance = over((draft) => draft.variance + draft.mean ** 2) - mean ** 2;
    const z = normalQuantile(1 - alpha / 2) + normalQuantile(power);
    const sessions = (spread: number, effect: number) =>
      Math.abs(effect) < 1e-12 ? null : (z * z * spread) / effect ** 2;
    // Both arms together: each needs half of 2 (varA + varB).
    const ab = sessions(2 * (onA.variance + onB.variance), onA.mean - onB.mean);
    const interleaved = sessions(variance, mean);
    return {
      meanA: onA.mean,
      meanB: onB.mean,
      varA: onA.variance,
      varB: onB.variance,
      sessionsAB: ab,
      interleavedMean: mean,
      interleavedVar: variance,
      sessionsInterleaved: interleaved,
      timesFewer: ab === null || interleaved === null ? null : ab / interleaved,
    };
  },
);
