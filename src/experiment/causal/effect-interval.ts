import { studentCdf } from '../../metrics/inference/distributions.ts';
import { errorByUnit, unitInterval, type UnitError, type Units } from '../../metrics/inference/units.ts';
import type { CausalTable, Effect } from './effects.ts';

/** An effect with its 95 % interval and two-sided p-value; null where there is none. */
export interface EffectFigures {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly pValue: number | null;
}

/** Error of an effect where rows belong to units; `only` keeps the rows of one level. */
export function effectError(table: CausalTable, effect: Effect, units: Units, only?: number): UnitError {
  const { arms, counts, levels } = table.rows;
  const kept = Array.from(arms, (arm, row) => (only === undefined || levels[row] === only ? arm : -1));
  const influence = Float64Array.from(kept, (arm, row) =>
    units.length > 0 && (arm === 0 || arm === 1) ? counts[row] * table.influence(effect, row) : 0,
  );
  return errorByUnit({ influence, arms: kept, counts, units, independent: table.variance(effect) });
}

/** Turns effects of a table into figures with intervals. */
export const shownEffect =
  (table: CausalTable, units: Units) =>
  (effect: Effect): EffectFigures => {
    const { value } = effect;
    if (value === null) return { value, low: null, high: null, pValue: null };
    const unit = effectError(table, effect, units);
    const { low, high } = unitInterval(value, unit);
    if (!Number.isFinite(low)) return { value, low: null, high: null, pValue: null };
    return { value, low, high, pValue: 2 * studentCdf(-Math.abs(value / unit.error), unit.freedom) };
  };
