import { must } from '../base/errors.ts';
import { chatLaw } from './chat-law.ts';
import { populationSchema } from './population.ts';
import type { Scenario } from './schema.ts';
import type { KnobInfo } from './knob.ts';
import * as v from 'valibot';

/** Real time that a tick may take, milliseconds. */
export const TICK_BUDGET_MS = 100;

/** The knobs of the population that a scale multiplies. */
export const scaledKnobs = ['people', 'online', 'arrivalsPerMinute'] as const;

/**
 * The same evening with `factor` times the people, those online and those arriving, clamped to the
 * ranges of their knobs.
 */
export function scaleScenario(scenario: Scenario, factor: number): Scenario {
  must(Number.isFinite(factor) && factor > 0, `the scale must be above 0; it is ${factor}`, 'scale');
  const population = { ...scenario.population };
  for (const name of scaledKnobs) {
    const { min = 0, max = Infinity } = v.getMetadata(v.unwrap(populationSchema.entries[name]))
      .knob as KnobInfo;
    population[name] = Math.min(max, Math.max(min, Math.round(population[name] * factor)));
  }
  return { ...scenario, population };
}

/** The evening at its size: the numbers of people after scaling, and size 1. */
export function atItsSize(scenario: Scenario): Scenario {
  const { size } = scenario.population;
  if (size === 1) return scenario;
  const scaled = scaleScenario(scenario, size);
  return { ...scaled, population: { ...scaled.population, size: 1 } };
}

/**
 * Approximate number of people who wait in a tick when everyone finds a partner: those whose chat
 * ends and those who arrive during one tick, and a few who are left over. A threshold or a rare
 * filter makes more people wait.
 */
export function expectedWaiting(scenario: Scenario): number {
  const { population, policy } = atItsSize(scenario);
  const online = Math.min(population.online, population.people);
  const perSecond = online / chatLaw(scenario, policy.scorer).mean + population.arrivalsPerMinute / 60;
  const LEFT_OVER = 1.15;
  return (LEFT_OVER * perSecond * policy.tickMs) / 1000;
}
