import type * as v from 'valibot';
import type { DesignName, OutcomeName } from '../../../src/experiment/run/names.ts';
import type { experimentSchema } from '../../../src/experiment/run/spec.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { atItsSize, scaleScenario } from '../../../src/scenario/scale.ts';
import type { Policy, Scenario } from '../../../src/scenario/schema.ts';
import { experimentSettings, type RoomSettings } from '../settings.ts';

/** The experiment as `lab experiment run FILE.json` takes it. */
export type ExperimentInput = v.InferInput<typeof experimentSchema>;

/** What differs from the defaults; undefined where nothing does. */
function changes(value: unknown, usual: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value === usual ? undefined : value;
  const own = Object.entries(value).flatMap(([key, child]) => {
    const change = changes(child, (usual as Record<string, unknown> | undefined)?.[key]);
    return change === undefined ? [] : [[key, change] as const];
  });
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

const differenceOf = <T>(value: T, usual: T): Partial<T> => changes(value, usual) ?? {};

/** What differs in a scenario from the defaults. */
export const changesOf = (scenario: Scenario): Partial<Scenario> => differenceOf(scenario, parseScenario({}));

/** The market of the page at the size of the experiment: never larger than the page's own. */
export function marketOf(asked: Scenario, { online }: Pick<RoomSettings, 'online'>): Scenario {
  const scenario = atItsSize(asked);
  const factor = online / Math.max(1, scenario.population.online);
  return factor < 1 ? scaleScenario(scenario, factor) : scenario;
}

/** The experiment of a scenario, two policies and the settings of the room. */
export function inputOf(
  scenario: Scenario,
  b: Policy,
  settings: RoomSettings,
  metrics: readonly OutcomeName[],
): ExperimentInput {
  // An experiment has its own seed and policies, and no stages.
  const { population, behaviour, shock, feed, tray, policy: a } = marketOf(scenario, settings);
  const usual = parseScenario({});
  return {
    scenario: differenceOf(
      { population, behaviour, shock, feed, tray },
      {
        population: usual.population,
        behaviour: usual.behaviour,
        shock: usual.shock,
        feed: usual.feed,
        tray: usual.tray,
      },
    ),
    a: differenceOf(a, usual.policy),
    b: differenceOf(b, usual.policy),
    ...Object.fromEntries(experimentSettings.map((name) => [name, settings[name]])),
    metrics: [...metrics],
  };
}

/** The same experiment on the command line: two commands that can be pasted into a shell. */
export function commandOf(input: ExperimentInput, designs: readonly DesignName[], evenings: number): string {
  const own = designs.filter((d) => d !== 'paired');
  return [
    `cat > experiment.json <<'END'`,
    JSON.stringify(input, null, 2),
    'END',
    `npm run -s lab -- experiment run experiment.json --design ${(own.length === 0 ? ['paired'] : own).join(',')} --evenings ${evenings}`,
  ].join('\n');
}
