import * as v from 'valibot';
import {
  bisect,
  normalProbability,
  normalQuantile,
  studentCdf,
} from '../../metrics/inference/distributions.ts';
import { studentQuantile } from '../../metrics/inference/student.ts';
import { must } from '../../base/errors.ts';
import { finite, kind, list, openShare, positive, whole } from '../compute/kind.ts';

/** Power of a two-sided z test for an effect of that size. */
export function powerOf(effect: number, error: number, alpha: number): number {
  const z = normalQuantile(1 - alpha / 2);
  return normalProbability(effect / error - z) + normalProbability(-effect / error - z);
}

/** How often a z test claims an effect that does not exist, by its stated and its true error. */
export const falseClaims = (stated: number, truth: number, alpha: number): number =>
  2 * normalProbability((normalQuantile(alpha / 2) * stated) / truth);

/** The smallest effect that a two-sided z test finds with that power; inverts {@link powerOf}. */
export function minimumEffect(error: number, alpha: number, power: number): number {
  const high = error * (normalQuantile(1 - alpha / 2) + normalQuantile(power) + 1);
  return bisect((effect) => powerOf(effect, error, alpha) - power, 0, high);
}

/** How many units a comparison of two arms has, and how much they tell. */
export interface UnitDesign {
  /** Standard deviation of one unit. */
  readonly sd: number;
  /** Share of the units in arm B. */
  readonly share: number;
  /** Variance inflation by clusters; 1 for independent units. */
  readonly designEffect: number;
}

/** Standard error of the difference of two means over so many units in both arms together. */
export const unitError = ({ sd, share, designEffect }: UnitDesign, units: number): number =>
  sd * Math.sqrt((designEffect / units) * (1 / share + 1 / (1 - share)));

/** Units in both arms together that find an effect with that power; inverts {@link powerOf}. */
export function unitsNeeded(design: UnitDesign, effect: number, alpha: number, power: number): number {
  // The error counts relative to the effect only, and shrinks with the root of the units.
  const needed = effect / minimumEffect(1, alpha, power);
  return (unitError(design, 1) / needed) ** 2;
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

/** Power of a t test of so many windows per arm; inverts {@link windowEffect}. */
export function windowPower(sd: number, perArm: number, alpha: number, effect: number): number {
  const freedom = 2 * perArm - 2;
  const t = effect / (sd * Math.sqrt(2 / perArm));
  return studentCdf(t - studentPoint(1 - alpha / 2, freedom), freedom);
}

/** Most windows per arm that are planned. */
const MOST_WINDOWS = 1e9;

/** Windows per arm, not rounded, that find an effect with that power; at least 1.5. */
export function windowsFor(sd: number, effect: number, alpha: number, wanted: number): number {
  const excess = (k: number) => windowEffect(sd, k, alpha, wanted) - effect;
  const least = 1.5;
  if (excess(least) <= 0) return least;
  let high = 2;
  while (excess(high) > 0) {
    high *= 2;
    must(
      high <= MOST_WINDOWS,
      `an effect of ${effect} with a deviation of ${sd} between windows needs more than ${MOST_WINDOWS} windows per arm; look for a larger effect`,
    );
  }
  return bisect(excess, least, high);
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
    // The root is known to a few bits of its last place only.
    const needed = Math.max(2, Math.ceil(windowsFor(sd, effect, alpha, wanted) * (1 - 1e-12)));
    return {
      mde: perArm.map((k) => windowEffect(sd, k, alpha, wanted)),
      windows_needed_per_arm: needed,
      seconds_needed: 2 * needed * seconds,
    };
  },
);

/** How often slices show the wrong sign by chance although all have the same true effect. */
export function wrongSigns(slices: number, overallZ: number) {
  const z = overallZ / Math.sqrt(slices);
  const wrong = normalProbability(-z);
  return { slice_z: z, one_slice_wrong: wrong, any_slice_wrong: -Math.expm1(slices * Math.log1p(-wrong)) };
}

export const sliceSigns = kind(
  'wrong signs of slices by chance under one true effect',
  v.object({ slices: whole(1, 1_000_000), overall_z: finite }),
  ({ slices, overall_z: overall }) => wrongSigns(slices, overall),
);

/**
 * The chance that a z test is significant at one of k equally spaced looks, by recursion over the
 * density of the sum that has not crossed yet (Armitage, McPherson and Rowe, 1969).
 */
export function errorOfLooks(looks: readonly number[], alpha: number): number[] {
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
  return looks.map((k) => crossed[k]);
}

export const repeatedLooks = kind(
  'false positives of looking again and again',
  v.object({ looks: list(whole(1, 500)), alpha: openShare }),
  ({ looks, alpha }) => ({ any_significant: errorOfLooks(looks, alpha) }),
);
