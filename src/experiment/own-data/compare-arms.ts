import { orNull } from '../../base/or-null.ts';
import { studentCdf } from '../../metrics/inference/distributions.ts';
import { errorByUnit, unitInterval, type UnitError, type Units } from '../../metrics/inference/units.ts';
import { armMeans } from '../designs/influence.ts';

/** Rows of two arms as columns: outcome, arm (0 or 1; other rows do not count), units. */
export interface ArmRows {
  readonly outcome: ArrayLike<number>;
  readonly arm: ArrayLike<number>;
  readonly units: Units;
}

/** Difference of the means of two arms. What does not exist, or is not claimed, is null. */
export interface ArmDifference {
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly standard_error: number | null;
  readonly degrees_of_freedom: number | null;
  readonly p_value: number | null;
  readonly method: string;
}

/** B - A with the error of whom the rows belong to: nobody, one unit, or two people. */
export function compareArms(rows: ArmRows, confidence: number): ArmDifference {
  const { estimate, unit } = unitDifference(rows);
  const { low, high } = unitInterval(estimate, unit, confidence);
  const isClaimed = Number.isFinite(low);
  const how = ['rows as independent', 'clustered by unit', 'dyadic: rows that share a person'];
  return {
    ...{ estimate: orNull(estimate), low: orNull(low), high: orNull(high) },
    standard_error: isClaimed ? unit.error : null,
    degrees_of_freedom: isClaimed ? unit.freedom : null,
    p_value: isClaimed ? twoSided(estimate, unit) : null,
    method: isClaimed ? `difference in means, ${how[rows.units.length]}` : 'too few units for an interval',
  };
}

/** The difference of means and its error by unit. */
export function unitDifference({ outcome, arm, units }: ArmRows): { estimate: number; unit: UnitError } {
  const { estimate, influence } = armMeans(outcome, arm);
  return { estimate, unit: influenceError(influence, arm, units) };
}

/** The error of a figure from the influence of every row. */
export function influenceError(influence: Float64Array, arms: ArrayLike<number>, units: Units): UnitError {
  const counts = new Uint8Array(influence.length).fill(1);
  const independent = influence.reduce((sum, x) => sum + x * x, 0);
  return errorByUnit({ influence, arms, counts, units, independent });
}

/** Two-sided p-value of no difference. */
function twoSided(estimate: number, { error, freedom }: UnitError): number {
  if (error === 0) return estimate === 0 ? 1 : 0;
  return 2 * studentCdf(-Math.abs(estimate / error), freedom);
}

/** Different units of the rows for which `counts` holds. */
export function unitCount(units: Units, rows: number, counts: (row: number) => boolean): number {
  const seen = new Set<number>();
  for (let row = 0; row < rows; row++)
    if (counts(row))
      if (units.length === 0) seen.add(row);
      else for (const column of units) seen.add(column[row]);
  return seen.size;
}
