import { orNull } from '../../base/or-null.ts';
import { studentCdf } from '../../metrics/inference/distributions.ts';
import { effectiveNumber, weightsOf, type LoggedRows } from './off-policy.ts';

/** Share of logs that fit and get a warning all the same, at most. */
const LEVEL = 0.01;
/** A mean weight so near to what is right biases no estimate by more than its own rounding. */
const NEGLIGIBLE = 0.01;
/** Least effective number of rows and of units for an error. */
const MIN_ROWS = 20;
const MIN_UNITS = 8;

export interface WeightCheck {
  /** Of the weights; 1 is right, or from the supported share on. */
  readonly mean: number;
  /** Share of the target that the log drew at least once where the target shows it. */
  readonly supported: number;
  /** Of the mean; null where too few rows or units carry the weight, as is the p-value. */
  readonly standard_error: number | null;
  readonly p_value: number | null;
  /** What does not fit, and what may be the cause; null where nothing is found. */
  readonly warning: string | null;
}

/**
 * Whether propensities fit their log. A policy's chances add up to 1, so its importance weights
 * have mean 1 wherever the log's policy could draw everything, and less elsewhere: the control
 * variate of the self-normalised estimate (Swaminathan and Joachims, 2015). Student's t test of the
 * mean, two-sided, clustered by `unit`. Items that were never drawn take their share off what is
 * expected at least.
 * @param unsupported chance, under the target, of items that were never drawn.
 */
export function weightCheck(rows: LoggedRows, unsupported: number, unit?: ArrayLike<number>): WeightCheck {
  const weights = weightsOf(rows);
  const n = weights.length;
  const mean = weights.reduce((sum, w) => sum + w, 0) / n;
  const supported = 1 - unsupported;
  const away = mean > 1 ? mean - 1 : Math.min(0, mean - supported);
  const units = new Map<number, { weight: number; rest: number }>();
  weights.forEach((w, k) => {
    const of = unit === undefined ? k : unit[k];
    const { weight, rest } = units.get(of) ?? { weight: 0, rest: 0 };
    units.set(of, { weight: weight + w, rest: rest + w - mean });
  });
  const known = Math.min(effectiveNumber(weights), effectiveNumber([...units.values()].map((u) => u.weight)));
  const squares = [...units.values()].reduce((sum, u) => sum + u.rest ** 2, 0);
  const enough = effectiveNumber(weights) >= MIN_ROWS && known >= MIN_UNITS;
  const error = enough ? Math.sqrt((units.size / (units.size - 1)) * squares) / n : NaN;
  const p = away === 0 ? 1 : 2 * studentCdf(-Math.abs(away) / error, known - 1);
  const warns = p < LEVEL && Math.abs(away) > NEGLIGIBLE;
  return {
    ...{ mean, supported, standard_error: orNull(error), p_value: orNull(enough ? p : NaN) },
    warning: warns ? warningText(mean, supported, error, p) : null,
  };
}

function warningText(mean: number, supported: number, error: number, p: number): string {
  const short = (x: number) => String(Number(x.toPrecision(3)));
  const right = mean > 1 || supported > 1 - NEGLIGIBLE ? '1 is' : `${short(supported)} to 1 are`;
  const found = `the weights average ${short(mean)} where ${right} right (standard error ${short(error)}, p ${p < 1e-4 ? 'below 0.0001' : short(p)})`;
  return mean > 1
    ? `${found}: the propensities are too small. IPS and DR are biased; check how the propensities were logged.`
    : `${found}: the propensities are too large, or the log's policy could not draw, for some people or at some moments, what this policy shows. IPS and DR are biased; check how the propensities were logged, or ask about a policy that the log could have drawn.`;
}
