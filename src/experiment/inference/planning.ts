import { must } from '../../base/errors.ts';
import {
  minimumEffect,
  powerOf,
  unitError,
  unitsNeeded,
  windowEffect,
  windowPower,
  windowsFor,
  type UnitDesign,
} from './power.ts';

/** Two arms of people, evenings or other units with a z test, or of windows with a t test. */
export type PlannedArms =
  | { readonly of: 'units'; readonly design: UnitDesign }
  | { readonly of: 'windows'; readonly sd: number };

/** What an experiment can find. `units` are those of both arms together, not rounded. */
export interface ArmsPlan {
  readonly effect: number;
  readonly power: number;
  readonly units: number;
}

/** The plan from two of its three figures. Each is the exact inverse of the others. */
export function planFrom(
  arms: PlannedArms,
  given: { readonly [K in keyof ArmsPlan]?: number | undefined },
  alpha: number,
): ArmsPlan {
  const { effect, power, units } = given;
  must(power === undefined || power > alpha, `the power must be above alpha, ${alpha}; it is ${power}`);
  if (effect !== undefined && units !== undefined)
    return { effect, units, power: powerOfPlan(arms, effect, units, alpha) };
  if (power !== undefined && units !== undefined)
    return { power, units, effect: effectOfPlan(arms, power, units, alpha) };
  if (power !== undefined && effect !== undefined)
    return { power, effect, units: unitsOfPlan(arms, effect, power, alpha) };
  throw new Error('a plan needs two of effect, power and units');
}

const powerOfPlan = (arms: PlannedArms, effect: number, units: number, alpha: number): number =>
  arms.of === 'units'
    ? powerOf(effect, unitError(arms.design, units), alpha)
    : windowPower(arms.sd, units / 2, alpha, effect);

const effectOfPlan = (arms: PlannedArms, power: number, units: number, alpha: number): number =>
  arms.of === 'units'
    ? minimumEffect(unitError(arms.design, units), alpha, power)
    : windowEffect(arms.sd, units / 2, alpha, power);

const unitsOfPlan = (arms: PlannedArms, effect: number, power: number, alpha: number): number =>
  arms.of === 'units'
    ? unitsNeeded(arms.design, effect, alpha, power)
    : 2 * windowsFor(arms.sd, effect, alpha, power);
