import { Z95, type Interval } from '../../metrics/inference/student.ts';
import { quantileType7 } from '../../metrics/inference/bootstrap.ts';

export interface QuantileDifference extends Interval {
  readonly estimate: number;
  readonly standardError: number;
}

/** Observations of an arm that must lie on either side of the quantile. */
const LEAST_BEYOND = 10;

/**
 * Difference of the quantile q of two arms, B - A. Each quantile's interval inverts the
 * distribution function at a distance of z errors (Woodruff, 1952); for independent observations
 * these are order statistics. Both are combined as independent (Zou and Donner, 2008), then scaled
 * by the error of the difference, in which observations of different arms can depend on each other.
 * `errorOf` gives the standard error of a sum of influences, f64[observations]. Observations whose
 * arm is neither 0 nor 1 do not count. Null if an arm has too few.
 */
export function quantileDifference(
  value: ArrayLike<number>,
  arm: ArrayLike<number>,
  q: number,
  errorOf: (influence: Float64Array) => number,
  z = Z95,
): QuantileDifference | null {
  const total = new Float64Array(value.length);
  const arms = [0, 1].map((which) => {
    const rows = Array.from(arm).flatMap((a, k) => (a === which ? [k] : []));
    const ascending = rows.map((k) => value[k]).sort((x, y) => x - y);
    const at = (share: number) => quantileType7(ascending, Math.min(1, Math.max(0, share)));
    const own = at(q);
    const influence = new Float64Array(value.length);
    for (const k of rows) influence[k] = ((value[k] <= own ? 1 : 0) - q) / rows.length;
    const error = errorOf(influence);
    const [low, high] = [at(q - z * error), at(q + z * error)];
    // The quantile moves by the inverse density times the distribution function.
    const slope = error > 0 ? (high - low) / (2 * z * error) : 0;
    for (const k of rows) total[k] = (which === 1 ? -1 : 1) * slope * influence[k];
    return { own, low, high, beyond: rows.length * Math.min(q, 1 - q), error: slope * error };
  });
  const [a, b] = arms;
  if (Math.min(a.beyond, b.beyond) < LEAST_BEYOND) return null;
  const estimate = b.own - a.own;
  const independent = Math.hypot(a.error, b.error);
  const standardError = errorOf(total);
  const scale = independent > 0 ? standardError / independent : 1;
  return {
    estimate,
    low: estimate - scale * Math.hypot(b.own - b.low, a.high - a.own),
    high: estimate + scale * Math.hypot(b.high - b.own, a.own - a.low),
    standardError,
  };
}
