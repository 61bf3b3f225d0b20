import * as v from 'valibot';
import { studentQuantile } from '../../metrics/inference/student.ts';
import { armsOf } from '../compute/data-file.ts';
import { finite, kind, notNegative, openShare, whole } from '../compute/kind.ts';
import { meanOf, sampleVariance, squares, sum } from './moments.ts';

const products = (x: readonly number[], y: readonly number[]) => {
  const [mx, my] = [meanOf(x), meanOf(y)];
  return sum(x.map((value, k) => (value - mx) * (y[k] - my)));
};

/** Slope of the outcome on the pre-period over both arms, which removes most variance. */
export const pooledTheta = (pre: readonly number[], outcome: readonly number[]): number =>
  products(pre, outcome) / squares(pre);

/** CUPED of a table (Deng et al., 2013): y - theta (pre - mean pre); arm 1 is treated. */
export const cuped = kind(
  'CUPED of a table: the effect with less variance by a pre-period',
  v.object({ file: v.string(), treatment: v.string(), pre: v.string(), outcome: v.string() }),
  (input, { open }) => {
    const table = open(input.file);
    const arms = armsOf(table, input.treatment);
    const [x, y] = [table.numbers(input.pre), table.numbers(input.outcome)];
    const of = (values: readonly number[], arm: number) => values.filter((_, k) => arms[k] === arm);
    const control = meanOf(of(y, 0));
    const centre = meanOf(x);
    const estimate = (theta: number) => {
      const adjusted = y.map((value, k) => value - theta * (x[k] - centre));
      const [a, b] = [of(adjusted, 0), of(adjusted, 1)];
      const difference = meanOf(b) - meanOf(a);
      return {
        estimate: difference,
        standard_error: Math.sqrt(sampleVariance(a) / a.length + sampleVariance(b) / b.length),
        relative_effect: difference / control,
      };
    };
    const raw = estimate(0);
    const pooled = pooledTheta(x, y);
    const bothArms = (f: (arm: number) => number) => f(0) + f(1);
    const within =
      bothArms((arm) => products(of(x, arm), of(y, arm))) / bothArms((arm) => squares(of(x, arm)));
    const described = (theta: number) => {
      const adjusted = estimate(theta);
      return { theta, ...adjusted, variance_ratio: (adjusted.standard_error / raw.standard_error) ** 2 };
    };
    const correlation = products(x, y) / Math.sqrt(squares(x) * squares(y));
    return {
      raw,
      pooled_theta: described(pooled),
      within_arm_theta: described(within),
      correlation,
      one_minus_r_squared: 1 - correlation ** 2,
    };
  },
);

/** Rounding that sums of squares may have, of their size. */
const ROUNDING = 1e-12;
/** A sum of squares is never below that of the mean, and Cauchy and Schwarz bound the products. */
const armSums = v.pipe(
  v.object({
    people: whole(2, 2 ** 53),
    sum: finite,
    sum_of_squares: notNegative,
    pre_sum: finite,
    pre_sum_of_squares: notNegative,
    sum_of_products: finite,
  }),
  v.check(
    (s) => s.sum ** 2 / s.people <= s.sum_of_squares * (1 + ROUNDING),
    'no outcomes have these sums: sum_of_squares is below sum x sum / people',
  ),
  v.check(
    (s) => s.pre_sum ** 2 / s.people <= s.pre_sum_of_squares * (1 + ROUNDING),
    'no pre-periods have these sums: pre_sum_of_squares is below pre_sum x pre_sum / people',
  ),
  v.check(
    (s) => s.sum_of_products ** 2 <= s.sum_of_squares * s.pre_sum_of_squares * (1 + ROUNDING),
    'no people have these sums: sum_of_products is larger than the sums of squares allow',
  ),
);
type ArmSums = v.InferOutput<typeof armSums>;

/** Sums of squares and products about the means of an arm or of both together. */
function central(s: ArmSums) {
  const n = s.people;
  return {
    n,
    mean: s.sum / n,
    pre: s.pre_sum / n,
    yy: s.sum_of_squares - s.sum ** 2 / n,
    xx: s.pre_sum_of_squares - s.pre_sum ** 2 / n,
    xy: s.sum_of_products - (s.sum * s.pre_sum) / n,
  };
}

/** CUPED of two arms from their sums, with a relative effect and its interval by t (Welch). */
export function cupedFromSums(input: {
  readonly control: ArmSums;
  readonly treatment: ArmSums;
  readonly theta: 'pooled' | 'within arms' | number;
  readonly confidence: number;
}) {
  const arms = [central(input.control), central(input.treatment)];
  const both = Object.fromEntries(
    Object.keys(input.control).map((key) => {
      const name = key as keyof ArmSums;
      return [name, input.control[name] + input.treatment[name]];
    }),
  ) as ArmSums;
  const pooled = central(both);
  const theta =
    typeof input.theta === 'number'
      ? input.theta
      : input.theta === 'pooled'
        ? pooled.xy / pooled.xx
        : (arms[0].xy + arms[1].xy) / (arms[0].xx + arms[1].xx);
  const adjusted = arms.map((arm) => ({
    n: arm.n,
    mean: arm.mean - theta * arm.pre,
    variance: (arm.yy + theta ** 2 * arm.xx - 2 * theta * arm.xy) / (arm.n - 1),
  }));
  const [c, t] = adjusted;
  const base = arms[0].mean;
  const effect = (t.mean - c.mean) / base;
  const [vc, vt] = [c, t].map((arm) => arm.variance / arm.n);
  const total = vt / base ** 2 + (t.mean ** 2 * vc) / base ** 4;
  // Welch's degrees of freedom are those of the difference, not of the ratio.
  const freedom = (vt + vc) ** 2 / (vt ** 2 / (t.n - 1) + vc ** 2 / (c.n - 1));
  const half = studentQuantile(freedom, input.confidence) * Math.sqrt(total);
  return {
    theta,
    adjusted_mean: { control: c.mean, treatment: t.mean },
    adjusted_sd: { control: Math.sqrt(c.variance), treatment: Math.sqrt(t.variance) },
    relative_effect: effect,
    low: effect - half,
    high: effect + half,
  };
}

/** Sums of independent rows of one arm: outcomes and their pre-period. */
export function armSumsOf(outcome: readonly number[], pre: readonly number[]): ArmSums {
  const dot = (x: readonly number[], y: readonly number[]) => sum(x.map((value, k) => value * y[k]));
  return {
    people: outcome.length,
    ...{ sum: sum(outcome), sum_of_squares: dot(outcome, outcome) },
    ...{ pre_sum: sum(pre), pre_sum_of_squares: dot(pre, pre) },
    sum_of_products: dot(outcome, pre),
  };
}

export const cupedSums = kind(
  'CUPED of two arms from their sums',
  v.object({
    control: armSums,
    treatment: armSums,
    theta: v.union([v.picklist(['pooled', 'within arms']), finite]),
    confidence: openShare,
  }),
  (input) => cupedFromSums(input),
);
