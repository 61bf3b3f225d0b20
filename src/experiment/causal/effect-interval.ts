import { errorByUnit, unitInterval, type UnitError, type Units } from '../../metrics/inference/units.ts';
import type { CausalTable, Effect } from './effects.ts';

/** An effect with its 95 % interval; null where there is none. */
export interface EffectFigures {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Error of an effect from the influence of its rows; `arms` leaves rows out that are not of it. */
export function effectError(
  { rows }: CausalTable,
  effect: Effect,
  units: Units,
  arms: ArrayLike<number> = rows.arms,
): UnitError {
  const influence = Float64Array.from({ length: arms.length }, (_, row) =>
    arms[row] === 0 || arms[row] === 1 ? rows.counts[row] * effect.influence(row) : 0,
  );
  return errorByUnit(influence, arms, rows.counts, units);
}

/** Turns effects of a table into figures with intervals. */
export const shownEffect =
  (table: CausalTable, units: Units) =>
  (effect: Effect): EffectFigures => {
    const { value } = effect;
    if (value === null) return { value, low: null, high: null };
    const { low, high } = unitInterval(value, effectError(table, effect, units));
    return Number.isFinite(low) ? { value, low, high } : { value, low: null, high: null };
  };
