import * as v from 'valibot';
import { behaviourSchema } from './behaviour.ts';
import { choiceKnob, numberKnob, requiredNumber, shareKnob, shownValue } from './knob.ts';
import { populationSchema } from './population.ts';

/**
 * Everything a person can set. From this one table come the controls, the validation, the permalink and the docs. Sizes that
 * the literature never published are knobs with a default of ours, not facts.
 */

export const scorers = [
  'random',
  'first-come',
  'rules',
  'towers',
  'wide-deep',
  'wide-deep-s',
  'cupid',
  'oracle',
] as const;
export type ScorerName = (typeof scorers)[number];

export const policySchema = v.strictObject({
  scorer: choiceKnob('towers', {
    label: 'Scorer',
    help: 'Who says how well two people would get on.',
    options: [
      { value: 'random', label: 'Random', help: 'A coin for every pair: the floor.' },
      { value: 'first-come', label: 'First come', help: 'The two who waited longest.' },
      {
        value: 'rules',
        label: 'Rules',
        help: 'The first published rules: language, age band, reports, filters.',
      },
      {
        value: 'towers',
        label: 'Towers',
        help: 'A user and a peer network (Wide&Deep), one dot product per pair.',
      },
      {
        value: 'wide-deep',
        label: 'Wide&Deep',
        help: 'The profile alone, trained with several tasks: what CUPID is measured against.',
      },
      {
        value: 'wide-deep-s',
        label: 'Wide&Deep-S',
        help: 'The profile and a plain summary of the evening so far.',
      },
      {
        value: 'cupid',
        label: 'CUPID',
        help: 'The profile and a transformer over the past matches of the evening.',
      },
      { value: 'oracle', label: 'Oracle', help: 'The ground truth itself: the ceiling no scorer can pass.' },
    ],
  }),
  combination: choiceKnob('harmonic', {
    label: 'Both sides',
    help: 'How the two predictions of a pair become one weight.',
    options: [
      { value: 'product', label: 'Product', help: 'Geometric mean of both predictions.' },
      { value: 'sum', label: 'Sum', help: 'Arithmetic mean of both predictions.' },
      { value: 'minimum', label: 'Minimum', help: 'The less interested side decides.' },
      { value: 'harmonic', label: 'Harmonic', help: 'Harmonic mean: the shorter side counts more.' },
    ],
  }),
  threshold: numberKnob(0, {
    label: 'Quality threshold',
    help: 'Pairs whose weight is not above it wait on (seconds for towers and oracle, points for rules; the others ignore it; 0 is off).',
    unit: 's or points',
    min: 0,
    max: 2000,
    step: 1,
  }),
  waitingBonus: numberKnob(0.5, {
    label: 'Waiting bonus',
    help: 'Weight added per second that each side has waited (random and first come ignore it).',
    unit: '1/s',
    min: 0,
    max: 20,
    step: 0.1,
  }),
  matcher: choiceKnob('greedy', {
    label: 'Matcher',
    help: 'How pairs are chosen from the weights.',
    options: [
      { value: 'random', label: 'Random', help: 'Any eligible partner.' },
      { value: 'first-come', label: 'First come', help: 'The pair that has waited longest goes first.' },
      {
        value: 'greedy',
        label: 'Greedy',
        help: 'Always the heaviest eligible pair left: at least half of the optimum.',
      },
      { value: 'auction', label: 'Auction', help: 'People bid for partners; prices show who is scarce.' },
    ],
  }),
  auctionGap: numberKnob(0.001, {
    label: 'Auction gap',
    help: 'The auction stops once its matching is certified to be so near the best possible (other matchers ignore it).',
    unit: '%',
    min: 0,
    max: 0.2,
    step: 0.0005,
  }),
  auctionRounds: numberKnob(2000, {
    label: 'Auction rounds',
    help: 'Bidding rounds at most: the budget of the auction, counted and not timed, so that an evening can be repeated.',
    unit: 'rounds',
    min: 1,
    max: 20_000,
    step: 1,
    log: true,
  }),
  tickMs: numberKnob(500, {
    label: 'Tick',
    help: 'Simulated time between two rounds of matching.',
    unit: 'ms',
    min: 50,
    max: 10_000,
    step: 50,
  }),
  sessionDelay: numberKnob(2, {
    label: 'Session delay',
    help: 'A match is in the session vector this long after its end (CUPID only).',
    unit: 's',
    min: 0,
    max: 600,
    step: 1,
  }),
  sessionSync: choiceKnob('off', {
    label: 'Session vectors',
    help: 'Where the transformer runs (CUPID only).',
    options: [
      { value: 'off', label: 'Outside', help: 'Outside the tick: read from a memory, as old as they are.' },
      {
        value: 'on',
        label: 'In the tick',
        help: 'Anew for everybody who waits, in every tick: fresh and dear.',
      },
    ],
  }),
});

const shockSchema = v.strictObject({
  atSeconds: numberKnob(0, {
    label: 'Shock at',
    help: 'Simulated second at which the shock begins (0: none).',
    unit: 's',
    min: 0,
    max: 86_400,
    step: 1,
  }),
  forSeconds: numberKnob(60, {
    label: 'Shock lasts',
    help: 'How long the shock lasts.',
    unit: 's',
    min: 0,
    max: 86_400,
    step: 1,
  }),
  arrivals: numberKnob(1, {
    label: 'Shock arrivals',
    help: 'Arrivals are multiplied by this during the shock.',
    unit: 'x',
    min: 0,
    max: 20,
    step: 0.1,
  }),
  womenLeave: shareKnob(0, 'Women stay away', 'Share of arriving women who stay away during the shock.'),
});

type PolicyEntries = typeof policySchema.entries;
/** The knobs of a policy, all of them optional and without defaults. */
const policyChange = v.strictObject(
  Object.fromEntries(
    Object.entries(policySchema.entries).map(([name, knob]) => [name, v.exactOptional(knob.wrapped)]),
  ) as { [K in keyof PolicyEntries]: v.ExactOptionalSchema<PolicyEntries[K]['wrapped'], undefined> },
);

/** A change of policy at a given time: what a deployment, or a mistake, does to the evening. */
const stageSchema = v.strictObject({
  atSeconds: requiredNumber({
    label: 'Stage at',
    help: 'Simulated second at which the policy changes.',
    unit: 's',
    min: 0,
    max: 86_400,
    step: 1,
  }),
  /** Policy knobs that take a new value; the others stay as they are. */
  policy: v.optional(policyChange, {}),
});

const seedSchema = numberKnob(7, {
  label: 'Seed',
  help: 'The same scenario and seed give the same evening.',
  unit: '',
  min: 0,
  max: 0xffffffff,
  step: 1,
  whole: true,
});

export const scenarioSchema = v.strictObject({
  name: v.optional(
    v.pipe(
      v.string((issue) => `The name must be text; it is ${shownValue(issue.input)}`),
      v.maxLength(80, (issue) => `The name must have at most 80 characters; it has ${issue.input.length}`),
    ),
    'My evening',
  ),
  seed: seedSchema,
  /** Key of the imported people (world/cast.ts) who live through this evening; empty: made-up people. */
  cast: v.optional(
    v.pipe(
      v.string((issue) => `cast must be text; it is ${shownValue(issue.input)}`),
      v.regex(
        /^(people-[0-9a-f]{8,64})?$/,
        (issue) =>
          `cast must be the key of imported people, such as people-12ab34cd, or empty; it is ${shownValue(issue.input)}`,
      ),
    ),
    '',
  ),
  population: v.optional(populationSchema, {}),
  behaviour: v.optional(behaviourSchema, {}),
  policy: v.optional(policySchema, {}),
  shock: v.optional(shockSchema, {}),
  stages: v.optional(
    v.pipe(
      v.array(stageSchema),
      v.maxLength(20, (issue) => `there may be at most 20 stages; there are ${issue.input.length}`),
    ),
    [],
  ),
});

export type ScenarioInput = v.InferInput<typeof scenarioSchema>;
export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type Policy = Scenario['policy'];
