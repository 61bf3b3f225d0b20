import { quantileType7 } from '../inference/quantiles.ts';
import { Z95, type Interval } from '../../metrics/inference/student.ts';

/** A quantile of one arm with its 95 % interval. */
interface ArmQuantile extends Interval {
  readonly value: number;
}

/**
 * Interval of a quantile by inverting the distribution function at a distance of z errors (Woodruff,
 * 1952). `errorOf` gives the standard error of the mean of an indicator, so that dependent
 * observations count as what they are; for independent ones these are order statistics.
 */
function armQuantile(values: readonly number[], q: number, errorOf: (below: Float64Array) => number): ArmQuantile {
  const ascending = [...values].sort((a, b) => a - b);
  const value = quantileType7(ascending, q);
  const error = errorOf(Float64Array.from(values, (x) => ((x <= value ? 1 : 0) - q) / values.length));
  const at = (share: number) => quantileType7(ascending, Math.min(1, Math.max(0, share)));
  return { value, low: at(q - Z95 * error), high: at(q + Z95 * error) };
}

export interface QuantileDifference extends Interval {
  readonly estimate: number;
  readonly error: number;
}

/**
 * Difference of a quantile of two arms, B - A. The distances to the ends of both intervals are
 * combined as independent (Zou and Donner, 2008). Null if an arm has too few observations for the
 * quantile: `least` on its thinner side.
 */
export function quantileDifference(
  arms: readonly [readonly number[], readonly number[]],
  q: number,
  errorOf: (arm: 0 | 1, below: Float64Array) => number,
  least = 10,
): QuantileDifference | null {
  if (arms.some((values) => values.length * Math.min(q, 1 - q) < least)) return null;
  const [a, b] = arms.map((values, arm) => armQuantile(values, q, (below) => errorOf(arm as 0 | 1, below)));
  const estimate = b.value - a.value;
  const low = estimate - Math.hypot(b.value - b.low, a.high - a.value);
  const high = estimate + Math.hypot(b.high - b.value, a.value - a.low);
  return { estimate, low, high, error: (high - low) / (2 * Z95) };
}
