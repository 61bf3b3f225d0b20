import { studentQuantile } from '../../metrics/inference/student.ts';
import type { PooledDifference } from '../inference/clusters.ts';

/**
 * What one design says about one metric of one market, in the unit of the metric: B - A. `low` and
 * `high` are a 95 % interval, null where none holds its coverage. `method` names the method, or the
 * reason why there is no estimate or no interval.
 */
export interface Estimate {
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly standardError: number | null;
  readonly method: string;
}

export const noEstimate = (reason: string): Estimate => ({
  estimate: null,
  low: null,
  high: null,
  standardError: null,
  method: reason,
});

/** An estimate without an interval; null if it is not finite. */
export const noInterval = (estimate: number, reason: string): Estimate => ({
  ...noEstimate(reason),
  estimate: Number.isFinite(estimate) ? estimate : null,
});

/** An estimate with Student's interval. */
export function studentEstimate(estimate: number, error: number, freedom: number, method: string): Estimate {
  if (!Number.isFinite(estimate)) return noEstimate('an arm is empty');
  if (!(freedom >= 1) || !Number.isFinite(error)) return noInterval(estimate, `${method}: too few units`);
  const half = studentQuantile(freedom) * error;
  return { estimate, low: estimate - half, high: estimate + half, standardError: error, method };
}

/** A difference of means of units, of which each arm needs `least` for an interval. */
export function unitEstimate(
  result: PooledDifference,
  fewest: number,
  least: number,
  method: string,
): Estimate {
  const { difference, error, freedom } = result;
  return fewest < least
    ? { ...noInterval(difference, `an interval needs ${least} or more units per arm; an arm has ${fewest}`) }
    : studentEstimate(difference, error, freedom, method);
}
