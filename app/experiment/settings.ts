import * as v from 'valibot';
import type { DesignName, OutcomeName } from '../../src/experiment/run/names.ts';
import { experimentSchema } from '../../src/experiment/run/spec.ts';
import { numberKnob, shareKnob } from '../../src/scenario/knob.ts';

/** What can be set in the experiment room, besides the scenario and the two policies. */

const { ticks, seed, warm_up, treated_share, side, cluster, window, burn_in, schedule } =
  experimentSchema.entries;
const experimentKnobs = { ticks, warm_up, seed, treated_share, side, cluster, window, burn_in, schedule };

/** The settings that an experiment has on the command line too, under the same names. */
export const experimentSettings = Object.keys(experimentKnobs) as (keyof typeof experimentKnobs)[];

export const roomSchema = v.object({
  online: numberKnob(400, {
    label: 'Market',
    help: 'People online at opening. A larger market of the page is scaled down to this, so that an evening takes seconds.',
    ...{ unit: 'people', min: 100, max: 20_000, step: 100, log: true },
  }),
  evenings: numberKnob(20, {
    label: 'Evenings',
    help: 'Each is a world of its own. More of them show a bias more sharply.',
    ...{ unit: '', min: 1, max: 1000, step: 1, whole: true, log: true },
  }),
  ...experimentKnobs,
  visits: numberKnob(1800, {
    label: 'Length',
    help: 'Ticks of the evening. Only visits that have ended count, so it must be long.',
    ...{ unit: 'ticks', min: 200, max: 20_000, step: 100, whole: true, log: true },
  }),
  effect: numberKnob(1, {
    label: 'Effect to find',
    help: 'The smallest effect that matters to you, in the unit of the metric.',
    ...{ unit: '', min: 0.01, max: 1000, step: 0.01, log: true },
  }),
  power: shareKnob(0.8, 'Power', 'Chance to find that effect if it is there.', 0.99),
  alpha: numberKnob(0.05, {
    label: 'False alarms',
    help: 'Chance to claim an effect where there is none.',
    ...{ unit: '%', min: 0.001, max: 0.2, step: 0.005 },
  }),
});

export type RoomSettings = v.InferOutput<typeof roomSchema>;
/** With a warm-up, in which the market fills; an experiment without a room has none. */
export const roomDefaults: RoomSettings = { ...v.getDefaults(roomSchema), warm_up: 20 };

/** The designs of a first visit. */
export const firstDesigns: readonly DesignName[] = [
  'users',
  'pairs',
  'clusters',
  'budget-split',
  'switchback',
];
export const firstMetric: OutcomeName = 'matched';
