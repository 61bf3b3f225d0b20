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
      autocorrelation: v.pipe(share, v.ltValue(1)),
      schedule: v.literal('alternating'),
    }),
    v.check((input) => input.periods % (2 * input.window) === 0, 'periods is a multiple of two windows'),
  ),
  ({ periods, window, autocorrelation: rho }) => {
    const arm = (t: number) => Math.floor(t / window) % 2;
    const perArm = periods / 2;
    let variance = 0;
    for (let s = 0; s < periods; s++)
      for (let t = 0; t < periods; t++)
        variance += ((arm(s) === arm(t) ? 1 : -1) * rho ** Math.abs(s - t)) / perArm ** 2;
    const rows = Math.sqrt(2 / perArm);
    const windows = perArm / window;
    // Covariance of the means of two windows that begin `gap` periods apart.
    const covariance = (gap: number) => {
      let total = 0;
      for (let s = 0; s < window; s++) for (let t = 0; t < window; t++) total += rho ** Math.abs(gap + t - s);
      return total / window ** 2;
    };
    const within = sum(
      Array.from({ length: windows - 1 }, (_, k) => 2 * (windows - 1 - k) * covariance(2 * window * (k + 1))),
    );
    const expectedVariance = covariance(0) - (windows > 1 ? within / (windows * (windows - 1)) : 0);
    const trueSd = Math.sqrt(variance);
    return {
      true_sd: trueSd,
      rows_independent_sd: rows,
      rows_false_positive: falseClaims(rows, trueSd, 0.05),
      window_means_sd: Math.sqrt((2 * expectedVariance) / windows),
    };
  },
);
