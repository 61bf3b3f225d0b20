import * as v from 'valibot';
import { ageBands, countries } from './countries.ts';
import { choiceKnob, numberKnob, shareKnob } from './knob.ts';

/**
 * Everything a person can set. From this one table come the controls, the validation, the permalink and the docs. Sizes that
 * the literature never published are knobs with a default of ours, not facts.
 */

const defaultCountryShare: Record<string, number> = {
  JP: 0.2,
  KR: 0.15,
  US: 0.15,
  TR: 0.14,
  DE: 0.1,
  BR: 0.1,
  ID: 0.1,
  FR: 0.06,
};
const defaultAgeShare = [0.38, 0.27, 0.2, 0.1, 0.05];

const countryShares = v.optional(
  v.strictObject(
    Object.fromEntries(
      countries.map(({ code, name }) => [
        code,
        shareKnob(
          defaultCountryShare[code],
          name,
          `Weight of ${name} in the mix of people (made to sum to 100 %).`,
        ),
      ]),
    ),
  ),
  {},
);

const ageShares = v.optional(
  v.strictObject(
    Object.fromEntries(
      ageBands.map((band, i) => [
        band,
        shareKnob(defaultAgeShare[i], `Age ${band}`, `Weight of age band ${band} (made to sum to 100 %).`),
      ]),
    ),
  ),
  {},
);

const countryTalks = v.optional(
  v.strictObject(
    Object.fromEntries(
      countries.map(({ code, name }) => [
        code,
        numberKnob(1, {
          label: `Talk in ${name}`,
          help: `People of ${name} stay this many times as long in any chat.`,
          unit: 'x',
          min: 0.1,
          max: 10,
          step: 0.05,
          log: true,
        }),
      ]),
    ),
  ),
  {},
);

export const populationSchema = v.strictObject({
  people: numberKnob(60_000, {
    label: 'People',
    help: 'How many accounts exist; only some are online at a time.',
    unit: 'people',
    min: 100,
    max: 1_000_000,
    step: 100,
    log: true,
  }),
  online: numberKnob(9_000, {
    label: 'Online at opening',
    help: 'People in a chat when the evening opens (at most all who were here before); each comes into the pool when that chat ends.',
    unit: 'people',
    min: 0,
    max: 500_000,
    step: 100,
    log: true,
  }),
  arrivalsPerMinute: numberKnob(1_000, {
    label: 'Arrivals',
    help: 'New sessions per minute, before the daily swing.',
    unit: 'people/min',
    min: 0,
    max: 100_000,
    step: 10,
    log: true,
  }),
  dailySwing: shareKnob(
    0.4,
    'Daily swing',
    'How far arrivals rise and fall around their mean over the day.',
    0.95,
  ),
  peakHour: numberKnob(22, {
    label: 'Peak hour',
    help: 'Hour of the day at which most people arrive.',
    unit: 'h',
    min: 0,
    max: 24,
    step: 0.5,
  }),
  startHour: numberKnob(21, {
    label: 'Start',
    help: 'Hour of the simulated Saturday at which the market opens.',
    unit: 'h',
    min: 0,
    max: 24,
    step: 0.5,
  }),
  countries: countryShares,
  foreignDevice: shareKnob(
    0.08,
    'Foreign device language',
    'Share whose phone speaks another language than their country.',
  ),
  bilingual: shareKnob(
    0.3,
    'Speak a second language',
    'Share who also speak English (in the United States: another language).',
  ),
  women: shareKnob(0.42, 'Women', 'Share of women; the rest are men.'),
  ages: ageShares,
  newcomers: shareKnob(0.15, 'Newcomers', 'Share of arrivals who come for the first time.'),
  reported: shareKnob(0.04, 'Recently reported', 'Share of people who were reported lately.'),
  paying: shareKnob(0.08, 'Paying', 'Share of people who pay.'),
  genderFilter: shareKnob(
    0.15,
    'Use a gender filter',
    'Share who ask for one gender only (paying people twice as often).',
  ),
  countryFilter: shareKnob(0.05, 'Use a country filter', 'Share who ask for their own country only.'),
});

export const behaviourSchema = v.strictObject({
  patience: numberKnob(20, {
    label: 'Patience',
    help: 'Median time a person waits before leaving.',
    unit: 's',
    min: 0.5,
    max: 600,
    step: 0.5,
    log: true,
  }),
  talkativeness: numberKnob(25, {
    label: 'Talkativeness',
    help: 'Median time one side would stay in an average chat.',
    unit: 's',
    min: 2,
    max: 600,
    step: 1,
    log: true,
  }),
  countryTalk: numberKnob(0.25, {
    label: 'Countries differ',
    help: 'Spread of talkativeness between countries (natural log).',
    unit: 'ln s',
    min: 0,
    max: 1.5,
    step: 0.05,
  }),
  talkOf: countryTalks,
  talkSpread: numberKnob(0.35, {
    label: 'People differ',
    help: 'Spread of talkativeness between people (natural log).',
    unit: 'ln s',
    min: 0,
    max: 1.5,
    step: 0.05,
  }),
  tail: numberKnob(0.9, {
    label: 'Long tail',
    help: 'Spread of one meeting around its location (natural log); larger means a longer tail.',
    unit: 'ln s',
    min: 0.1,
    max: 2,
    step: 0.05,
  }),
  taste: numberKnob(0.8, {
    label: 'Taste',
    help: 'How much latent taste lengthens a chat (natural log, one standard deviation).',
    unit: 'ln s',
    min: 0,
    max: 2,
    step: 0.05,
  }),
  hub: numberKnob(0.4, {
    label: 'Charm',
    help: 'How unequal people are in being liked by everybody (natural log).',
    unit: 'ln s',
    min: 0,
    max: 2,
    step: 0.05,
  }),
  language: numberKnob(0.35, {
    label: 'Same language',
    help: 'How much a shared device language lengthens a chat (natural log).',
    unit: 'ln s',
    min: 0,
    max: 2,
    step: 0.05,
  }),
  age: numberKnob(0.3, {
    label: 'Near age',
    help: 'How much each age band between two people shortens their chat (natural log).',
    unit: 'ln s',
    min: 0,
    max: 2,
    step: 0.05,
  }),
  mood: numberKnob(0.25, {
    label: 'Mood',
    help: 'How much the session so far, good or bad, moves the next chat (natural log).',
    unit: 'ln s',
    min: 0,
    max: 1,
    step: 0.05,
  }),
  swipeSeconds: numberKnob(5, {
    label: 'Swipe',
    help: 'A chat that ends sooner counts as a swipe.',
    unit: 's',
    min: 1,
    max: 30,
    step: 1,
  }),
  longChatSeconds: numberKnob(60, {
    label: 'Long chat',
    help: 'A chat that lasts longer counts as a long match.',
    unit: 's',
    min: 10,
    max: 600,
    step: 5,
  }),
  reportRate: shareKnob(0.01, 'Reports', 'Chance that an average chat is reported by one side.', 0.3),
  friendRate: shareKnob(
    0.06,
    'Friend requests',
    'Chance that an average chat leads to a friend request from one side.',
    0.5,
  ),
  again: shareKnob(
    0.88,
    'Another match',
    'Chance that a person wants another match after an average chat.',
    0.99,
  ),
  comeBackMinutes: numberKnob(25, {
    label: 'Coming back',
    help: 'Median break before a person who left comes back the same day.',
    unit: 'min',
    min: 0.5,
    max: 600,
    step: 0.5,
    log: true,
  }),
  comeBack: shareKnob(0.35, 'Come back tonight', 'Chance that a person who left comes back the same day.'),
  retention: shareKnob(
    0.4,
    'Next-day return',
    'Chance that a person returns the next day after an average session.',
  ),
  tasteDrift: shareKnob(
    0.02,
    'Taste drift',
    'Share by which taste moves towards the last good partner.',
    0.5,
  ),
});

export const scorers = ['random', 'first-come', 'rules', 'towers', 'oracle'] as const;
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
  tickMs: numberKnob(500, {
    label: 'Tick',
    help: 'Simulated time between two rounds of matching.',
    unit: 'ms',
    min: 50,
    max: 10_000,
    step: 50,
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
      tickMs: v.exactOptional(v.unwrap(policySchema.entries.tickMs)),
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
  population: v.optional(populationSchema, {}),
  behaviour: v.optional(behaviourSchema, {}),
  policy: v.optional(policySchema, {}),
  shock: v.optional(shockSchema, {}),
  stages: v.optional(v.pipe(v.array(stageSchema), v.maxLength(20, 'At most 20 stages')), []),
});

export type ScenarioInput = v.InferInput<typeof scenarioSchema>;
export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type Policy = Scenario['policy'];
