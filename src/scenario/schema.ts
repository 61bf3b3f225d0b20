import * as v from 'valibot';
import { LARGEST_SEED } from '../base/seeds.ts';
import { behaviourSchema } from './behaviour.ts';
import { formulaProblem } from './formula/language.ts';
import { contentPolicy, feedSchema, traySchema } from './content/feed.ts';
import { choiceKnob, numberKnob, requiredNumber, shareKnob, shownValue } from './knob.ts';
import { populationSchema } from './population.ts';

/**
 * Everything that can be set: the source of controls, validation, permalink and docs. A size that
 * the literature does not publish is a knob with our own default, not a fact.
 */

export const scorers = [
  'random',
  'first-come',
  'rules',
  'towers',
  'wide-deep',
  'wide-deep-s',
  'cupid',
  'vectors',
  'oracle',
] as const;
export type ScorerName = (typeof scorers)[number];

export const policySchema = v.strictObject({
  scorer: choiceKnob('towers', {
    label: 'Scorer',
    help: 'Predicts how well two people would get on.',
    options: [
      { value: 'random', label: 'Random', help: 'A random number for every pair: the lower bound.' },
      {
        value: 'first-come',
        label: 'First come',
        help: 'The longer two people have waited, the higher their score.',
      },
      {
        value: 'rules',
        label: 'Rules',
        help: 'The first published rules: language, age band, reports and filters.',
      },
      {
        value: 'towers',
        label: 'Towers',
        help: 'A user network and a peer network (Wide&Deep); one dot product per pair.',
      },
      {
        value: 'wide-deep',
        label: 'Wide&Deep',
        help: 'Uses the profile only, trained on several tasks; CUPID is compared with it.',
      },
      {
        value: 'wide-deep-s',
        label: 'Wide&Deep-S',
        help: 'Uses the profile and a plain summary of the evening so far.',
      },
      {
        value: 'cupid',
        label: 'CUPID',
        help: 'Uses the profile and a transformer over the past matches of the evening.',
      },
      {
        value: 'vectors',
        label: 'Your vectors',
        help: 'The product of the vectors that you imported with your people.',
        own: true,
      },
      {
        value: 'oracle',
        label: 'Oracle',
        help: 'The ground truth itself: the upper bound for every scorer.',
      },
    ],
  }),
  combination: choiceKnob('harmonic', {
    label: 'Both sides',
    help: 'How the two predictions for a pair are combined into one weight.',
    options: [
      { value: 'product', label: 'Product', help: 'Geometric mean of both predictions.' },
      { value: 'sum', label: 'Sum', help: 'Arithmetic mean of both predictions.' },
      { value: 'minimum', label: 'Minimum', help: 'The less interested side decides.' },
      { value: 'harmonic', label: 'Harmonic', help: 'Harmonic mean: the shorter side counts more.' },
    ],
  }),
  /** The policy's own weight in the place of combination and bonuses (formula/); empty: none. */
  formula: v.optional(
    v.pipe(
      v.string((issue) => `the formula must be text; it is ${shownValue(issue.input)}`),
      v.check(
        (text) => formulaProblem(text) === undefined,
        (issue) => formulaProblem(issue.input) ?? '',
      ),
    ),
    '',
  ),
  threshold: numberKnob(0, {
    label: 'Quality threshold',
    help: 'Only pairs of a greater weight are matched (seconds for towers and oracle, points for rules; other scorers ignore it; 0 turns it off).',
    unit: 's or points',
    min: 0,
    max: 2000,
    step: 1,
  }),
  waitingBonus: numberKnob(0.5, {
    label: 'Waiting bonus',
    help: 'Weight added for each second that either side has waited (random and first come ignore it).',
    unit: '1/s',
    min: 0,
    max: 20,
    step: 0.1,
  }),
  bonus: numberKnob(0, {
    label: 'Bonus',
    help: "Points that a person's own side adds to each of their weights (random and first come ignore it).",
    unit: 's or points',
    min: 0,
    max: 2000,
    step: 1,
  }),
  matcher: choiceKnob('greedy', {
    label: 'Matcher',
    help: 'How pairs are chosen from the weights.',
    options: [
      { value: 'random', label: 'Random', help: 'Matches people with any eligible partner.' },
      { value: 'first-come', label: 'First come', help: 'Matches the pair that has waited longest first.' },
      {
        value: 'greedy',
        label: 'Greedy',
        help: 'Takes the heaviest eligible pair that is left; reaches at least half of the optimum.',
      },
      { value: 'auction', label: 'Auction', help: 'People bid for partners; prices show who is scarce.' },
    ],
  }),
  auctionGap: numberKnob(0.001, {
    label: 'Auction gap',
    help: 'The auction stops once its matching is proved to be this close to the optimum (other matchers ignore it).',
    unit: '%',
    min: 0,
    max: 0.2,
    step: 0.0005,
  }),
  auctionRounds: numberKnob(2000, {
    label: 'Auction rounds',
    help: 'Maximum number of bidding rounds. It is counted, not timed, so that an evening can be repeated.',
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
    help: 'How long after its end a match reaches the session vector (CUPID only).',
    unit: 's',
    min: 0,
    max: 600,
    step: 1,
  }),
  sessionSync: choiceKnob('off', {
    label: 'Session vectors',
    help: 'Where the transformer runs (CUPID only).',
    options: [
      {
        value: 'off',
        label: 'Outside',
        help: 'Computed outside the tick and read from a cache: cheap but stale.',
      },
      {
        value: 'on',
        label: 'In the tick',
        help: 'Recomputed for everyone in every tick: fresh but expensive.',
      },
    ],
  }),
  ...contentPolicy,
});

const shockSchema = v.strictObject({
  atSeconds: numberKnob(0, {
    label: 'Shock at',
    help: 'Simulated second at which the shock begins (0: no shock).',
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
    help: 'Multiplies arrivals during the shock.',
    unit: 'x',
    min: 0,
    max: 20,
    step: 0.1,
  }),
  womenLeave: shareKnob(0, 'Women stay away', 'Share of women who do not arrive during the shock.'),
});

type PolicyEntries = typeof policySchema.entries;
/** The knobs of a policy, all of them optional and without defaults. */
const policyChange = v.strictObject(
  Object.fromEntries(
    Object.entries(policySchema.entries).map(([name, knob]) => [name, v.exactOptional(knob.wrapped)]),
  ) as { [K in keyof PolicyEntries]: v.ExactOptionalSchema<PolicyEntries[K]['wrapped'], undefined> },
);

/** Also the changes that a person makes while the evening runs. */
export const MAX_STAGES = 200;

/** A change of policy at a given time, such as a deployment or a mistake. */
const stageSchema = v.strictObject({
  atSeconds: requiredNumber({
    label: 'Stage at',
    help: 'Simulated second at which the policy changes.',
    unit: 's',
    min: 0,
    max: 86_400,
    step: 1,
  }),
  side: choiceKnob('both', {
    label: 'Stage for',
    help: 'Whose policy changes.',
    options: [
      { value: 'both', label: 'Both', help: 'Policy A, and B where two are compared.' },
      { value: 'a', label: 'A', help: 'Policy A only.' },
      { value: 'b', label: 'B', help: 'The compared policy only.' },
    ],
  }),
  /** Policy knobs that take a new value; the others stay as they are. */
  policy: v.optional(policyChange, {}),
});

const seedSchema = numberKnob(7, {
  label: 'Seed',
  help: 'The same scenario and seed give the same evening.',
  ...{ unit: '', min: 0, max: LARGEST_SEED, step: 1, whole: true },
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
  /** Key of the imported people (world/cast.ts) in this evening; empty for synthetic people. */
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
  feed: v.optional(feedSchema, {}),
  tray: v.optional(traySchema, {}),
  stages: v.optional(
    v.pipe(
      v.array(stageSchema),
      v.maxLength(
        MAX_STAGES,
        (issue) => `there may be at most ${MAX_STAGES} stages; there are ${issue.input.length}`,
      ),
    ),
    [],
  ),
});

export type ScenarioInput = v.InferInput<typeof scenarioSchema>;
export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type Policy = Scenario['policy'];
export type PolicyStage = Scenario['stages'][number];
