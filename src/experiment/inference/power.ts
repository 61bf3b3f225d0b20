import * as v from 'valibot';
import { bisect, normalProbability, normalQuantile } from '../../metrics/inference/distributions.ts';
import { studentQuantile } from '../../metrics/inference/student.ts';
import { finite, kind, list, openShare, positive, whole } from '../compute/kind.ts';

/** Power of a two-sided z test for an effect of that size. */
export function powerOf(effect: number, error: number, alpha: number): number {
  const z = normalQuantile(1 - alpha / 2);
  return normalProbability(effect / error - z) + normalProbability(-effect / error - z);
}

/** The smallest effect that a two-sided z test finds with that power; inverts {@link powerOf}. */
export function minimumEffect(error: number, alpha: number, power: number): number {
  const high = error * (normalQuantile(1 - alpha / 2) + normalQuantile(power) + 1);
  return bisect((effect) => powerOf(effect, error, alpha) - power, 0, high);
}

export const power = kind(
  'power of a two-sided z test',
  v.object({ standard_error: positive, alpha: openShare, effects: list(finite) }),
  ({ standard_error: error, alpha, effects }) => ({ power: effects.map((d) => powerOf(d, error, alpha)) }),
);

export const mde = kind(
  'the smallest effect that a two-sided z test finds',
  v.pipe(
    v.object({ standard_error: positive, alpha: openShare, power: openShare }),
    v.check((input) => input.power > input.alpha, 'power is above alpha'),
  ),
  ({ standard_error: error, alpha, power: wanted }) => {
    const effect = minimumEffect(error, alpha, wanted);
    return { mde: effect, power_at_mde: powerOf(effect, error, alpha) };
  },
);

/** The t with P(T <= t) = p. */
const studentPoint = (p: number, freedom: number) =>
  p >= 0.5 ? studentQuantile(freedom, 2 * p - 1) : -studentQuantile(freedom, 1 - 2 * p);

/** Windows as units, t instead of z: the smallest effect of so many windows per arm. */
export function windowEffect(sd: number, perArm: number, alpha: number, wanted: number): number {
  const freedom = 2 * perArm - 2;
  return (studentPoint(1 - alpha / 2, freedom) + studentPoint(wanted, freedom)) * sd * Math.sqrt(2 / perArm);
}

export const plan = kind(
  'windows that a switchback needs: smallest effect, and time for a given one',
  v.pipe(
    v.object({
      window_sd: positive,
      window_seconds: positive,
      windows_per_arm: list(whole(2, 1_000_000)),
      effect: positive,
      alpha: openShare,
      power: openShare,
    }),
    v.check((input) => input.power > input.alpha, 'power is above alpha'),
  ),
  ({ window_sd: sd, window_seconds: seconds, windows_per_arm: perArm, effect, alpha, power: wanted }) => {
    const enough = (k: number) => windowEffect(sd, k, alpha, wanted) <= effect;
    let high = 2;
    while (!enough(high)) high *= 2;
    let low = Math.max(2, Math.floor(high / 2));
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (enough(middle)) high = middle;
      else low = middle + 1;
    }
    return {
      mde: perArm.map((k) => windowEffect(sd, k, alpha, wanted)),
      windows_needed_per_arm: high,
      seconds_needed: 2 * high * seconds,
    };
  },
);

/** How often slices show the wrong sign by chance although all have the same true effect. */
export const sliceSigns = kind(
  'wrong signs of slices by chance under one true effect',
  v.object({ slices: whole(1, 1_000_000), overall_z: finite }),
  ({ slices, overall_z: overall }) => {
    const z = overall / Math.sqrt(slices);
    const wrong = normalProbability(-z);
    return { slice_z: z, one_slice_wrong: wrong, any_slice_wrong: -Math.expm1(slices * Math.log1p(-wrong)) };
  },
);

/**
 * The chance that a z test is significant at one of k equally spaced looks, by recursion over the
 * density of the sum that has not crossed yet (Armitage, McPherson and Rowe, 1969).
 */
export const repeatedLooks = kind(
  'false positives of looking again and again',
  v.object({ looks: list(whole(1, 500)), alpha: openShare }),
  ({ looks, alpha }) => {
    const z = normalQuantile(1 - alpha / 2);
    const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const most = Math.max(...looks);
    const crossed = [0, alpha];
    const half = 200;
    // Density at the nodes of Simpson's rule on -z sqrt(k) to z sqrt(k), symmetric around 0.
    const nodes = (k: number) =>
      Array.from({ length: 2 * half + 1 }, (_, i) => z * Math.sqrt(k) * (i / half - 1));
    const weights = (k: number) =>
      Array.from({ length: 2 * half + 1 }, (_, i) => {
        const simpson = i === 0 || i === 2 * half ? 1 : i % 2 === 1 ? 4 : 2;
        return (simpson * z * Math.sqrt(k)) / half / 3;
      });
    let [x, w] = [nodes(1), weights(1)];
    let f = x.map(density);
    for (let k = 2; k <= most; k++) {
      const mass = f.map((value, i) => value * w[i]);
      const at = nodes(k);
      const edge = z * Math.sqrt(k);
      const leaves = x.reduce(
        (s, from, i) => s + mass[i] * (normalProbability(from - edge) + normalProbability(-from - edge)),
        0,
      );
      crossed.push(crossed[k - 1] + leaves);
      f = at.map((to) => x.reduce((s, from, i) => s + mass[i] * density(to - from), 0));
      [x, w] = [at, weights(k)];
    }
    return { any_significant: looks.map((k) => crossed[k]) };
  },
);
