import * as v from 'valibot';
import { finite, kind, share, whole } from '../compute/kind.ts';
import { meanOf, sum } from '../inference/moments.ts';
import { falseClaims } from '../inference/power.ts';

/**
 * Expected switchback estimate under a first-order memory, x_t = phi x_(t-1) + (1 - phi) tau W_t:
 * what is left of the previous window shrinks the estimate, and a burn-in takes it out.
 */
export function measuredShare(persistence: number, window: number, burnIn: number) {
  const kept = Array.from({ length: window - burnIn }, (_, k) => persistence ** (burnIn + k + 1));
  const remembered = meanOf(kept);
  return {
    bernoulli: 1 - remembered,
    alternating: 1 - (2 * remembered) / (1 + persistence ** window),
  };
}

export const carryOver = kind(
  'expected switchback estimate when the market remembers the previous window',
  v.pipe(
    v.object({
      persistence: v.pipe(share, v.ltValue(1)),
      window: whole(1, 1_000_000),
      burn_in: whole(0, 1_000_000),
      total_effect: finite,
    }),
    v.check((input) => input.burn_in < input.window, 'burn_in is shorter than window'),
  ),
  ({ persistence: phi, window, burn_in: burnIn, total_effect: effect }) => {
    const share = measuredShare(phi, window, burnIn);
    return { bernoulli: effect * share.bernoulli, alternating: effect * share.alternating };
  },
);

/** The error that an analysis by rows states for alternating windows on noise with memory. */
export const autocorrelation = kind(
  'errors of alternating windows on noise with memory, as stated and as they are',
  v.pipe(
    v.object({
      periods: whole(2, 5_000),
      window: whole(1, 2_500),
      autocorrelation: v.pipe(finite, v.gtValue(-1), v.ltValue(1)),
      schedule: v.literal('alternating'),
    }),
    v.check((input) => input.periods > input.window, 'periods has a window of either arm'),
  ),
  ({ periods, window, autocorrelation: rho }) => {
    const correlation = Float64Array.from({ length: periods }, (_, gap) => rho ** gap);
    const windowOf = (t: number) => Math.floor(t / window);
    const windows = windowOf(periods - 1) + 1;
    // The last window may be shorter.
    const lengths = Array.from({ length: windows }, (_, k) => Math.min(window, periods - k * window));
    const armsOf = (list: readonly number[]) => [0, 1].map((arm) => list.filter((_, k) => k % 2 === arm));
    const [perArm, count] = [armsOf(lengths).map(sum), armsOf(lengths).map(({ length }) => length)];
    let variance = 0;
    // Of the window means of either arm: their variances, and those and their covariances.
    const own = [0, 0];
    const all = [0, 0];
    for (let s = 0; s < periods; s++)
      for (let t = 0; t < periods; t++) {
        const [a, b] = [windowOf(s), windowOf(t)];
        const c = correlation[Math.abs(s - t)];
        const sign = a % 2 === b % 2 ? 1 : -1;
        variance += (sign * c) / (perArm[a % 2] * perArm[b % 2]);
        if (sign < 0) continue;
        const share = c / (lengths[a] * lengths[b]);
        all[a % 2] += share;
        if (a === b) own[a % 2] += share;
      }
    const rows = Math.sqrt(1 / perArm[0] + 1 / perArm[1]);
    // Expected variance of the means of an arm's windows; the variance itself of a single one.
    const spread = count.map((k, arm) => (k === 1 ? own[arm] : (own[arm] - all[arm] / k) / (k - 1)));
    const trueSd = Math.sqrt(variance);
    return {
      true_sd: trueSd,
      rows_independent_sd: rows,
      rows_false_positive: falseClaims(rows, trueSd, 0.05),
      window_means_sd: Math.sqrt(spread[0] / count[0] + spread[1] / count[1]),
    };
  },
);
