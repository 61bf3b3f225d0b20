import * as v from 'valibot';
import { behaviourSchema } from './behaviour.ts';
import { choiceKnob, numberKnob, shareKnob } from './knob.ts';
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

export const shockSchema = v.strictObject({
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

/** A change of policy at a given time: what a deployment, or a mistake, does to the evening. */
const stageSchema = v.strictObject({
  atSeconds: v.pipe(
    v.number('Stage at must be a number'),
    v.minValue(0, (issue) => `Stage at must lie between 0 and 86400 s; it is ${issue.input}`),
    v.maxValue(86_400, (issue) => `Stage at must lie between 0 and 86400 s; it is ${issue.input}`),
    v.metadata({
      knob: {
        label: 'Stage at',
        help: 'Simulated second at which the policy changes.',
        unit: 's',
        min: 0,
        max: 86_400,
        step: 1,
      },
    }),
  ),
  /** Policy knobs that take a new value; the others stay as they are. */
  policy: v.optional(
    v.strictObject({
      scorer: v.exactOptional(v.unwrap(policySchema.entries.scorer)),
      combination: v.exactOptional(v.unwrap(policySchema.entries.combination)),
      threshold: v.exactOptional(v.unwrap(policySchema.entries.threshold)),
      waitingBonus: v.exactOptional(v.unwrap(policySchema.entries.waitingBonus)),
      matcher: v.exactOptional(v.unwrap(policySchema.entries.matcher)),
      auctionGap: v.exactOptional(v.unwrap(policySchema.entries.auctionGap)),
      auctionRounds: v.exactOptional(v.unwrap(policySchema.entries.auctionRounds)),
      tickMs: v.exactOptional(v.unwrap(policySchema.entries.tickMs)),
      sessionDelay: v.exactOptional(v.unwrap(policySchema.entries.sessionDelay)),
      sessionSync: v.exactOptional(v.unwrap(policySchema.entries.sessionSync)),
    }),
    {},
  ),
});

export const seedSchema = v.optional(
  v.pipe(
    v.number('seed must be a number'),
    v.integer('seed must be a whole number'),
    v.minValue(0, 'seed must be at least 0'),
    v.maxValue(0xffffffff, 'seed must be at most 4294967295'),
    v.metadata({
      knob: {
        label: 'Seed',
        help: 'Same scenario and seed, same evening.',
        unit: '',
        min: 0,
        max: 0xffffffff,
        step: 1,
      },
    }),
  ),
  7,
);

export const scenarioSchema = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.maxLength(80)), 'My evening'),
  seed: seedSchema,
  /** Key of the imported people (world/cast.ts) who live through this evening; empty: made-up people. */
  cast: v.optional(
    v.pipe(
      v.string('cast must be a word'),
      v.regex(
        /^(people-[0-9a-f]{8,64})?$/,
        'cast must be the key of imported people, such as people-12ab34cd, or empty',
      ),
    ),
    '',
  ),
  population: v.optional(populationSchema, {}),
  behaviour: v.optional(behaviourSchema, {}),
  policy: v.optional(policySchema, {}),
  shock: v.optional(shockSchema, {}),
  stages: v.optional(v.pipe(v.array(stageSchema), v.maxLength(20, 'At most 20 stages')), []),
});

export type ScenarioInput = v.InferInput<typeof scenarioSchema>;
export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type Policy = Scenario['policy'];
