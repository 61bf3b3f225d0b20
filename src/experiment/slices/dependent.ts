import type { DependentIntervals } from '../../metrics/inference/slices.ts';
import type { Units } from '../../metrics/inference/units.ts';
import { effectError } from '../causal/effect-interval.ts';
import { unitInterval } from '../../metrics/inference/units.ts';
import type { CausalTable, Effect } from '../causal/effects.ts';

/** Intervals of the differences of two treatments whose rows belong to units. */
export function dependentIntervals(table: CausalTable, units: Units): DependentIntervals {
  const { levelCount } = table.rows;
  const at = (effect: Effect, level?: number) => {
    const error = effectError(table, effect, units, level);
    return (confidence: number) => unitInterval(effect.value ?? NaN, error, confidence);
  };
  const crude = at(table.crude());
  const standardised = at(table.standardised('everyone', true));
  const slices = Array.from({ length: levelCount }, (_, level) => at(table.at(level), level));
  return { crude, standardised, slice: (k, confidence) => slices[k](confidence) };
}
