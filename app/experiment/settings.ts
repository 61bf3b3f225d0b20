import * as v from 'valibot';
import type { DesignName, OutcomeName } from '../../src/experiment/run/names.ts';
import { experimentSchema } from '../../src/experiment/run/spec.ts';
import { numberKnob } from '../../src/scenario/knob.ts';

/** What can be set in the experiment room, besides the scenario and the two policies. */

const { ticks, seed, warm_up, treated_share, cluster, window, burn_in, schedule } = experimentSchema.entries;

export const settingsSchema = v.object({
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
  ...{ ticks, warm_up, seed, treated_share, cluster, window, burn_in, schedule },
});

export type Settings = v.InferOutput<typeof settingsSchema>;
/** With a warm-up, in which the market fills; an experiment without a room has none. */
export const settingsDefaults: Settings = { ...v.getDefaults(settingsSchema), warm_up: 20 };

/** The designs of a first visit. */
export const firstDesigns: readonly DesignName[] = [
  'users',
  'pairs',
  'clusters',
  'budget-split',
  'switchback',
];
export const firstMetric: OutcomeName = 'matched';
