import * as v from 'valibot';
import { LARGEST_SEED } from '../../base/seeds.ts';
import { choiceKnob, numberKnob, shownValue } from '../../scenario/knob.ts';
import { scorerProblem } from '../../scenario/formula/language.ts';
import { NEVER_VECTORS, parseShape, ScenarioError } from '../../scenario/parse.ts';
import { presetById, presets } from '../../scenario/presets.ts';
import { policySchema, scenarioSchema, type Policy } from '../../scenario/schema.ts';
import { outcomeNames } from './names.ts';

const seconds = { unit: 's', min: 0, max: 86_400, step: 1 } as const;

/** The input of an experiment as JSON: the same names in a file and in a link. */
export const experimentSchema = v.strictObject({
  scenario: v.optional(scenarioSchema, {}),
  a: v.optional(policySchema, {}),
  b: v.optional(policySchema, {}),
  ticks: numberKnob(240, {
    label: 'Ticks',
    help: "Length of an evening, in ticks of A's policy.",
    ...{ unit: 'ticks', min: 1, max: 10_000_000, step: 1, whole: true },
  }),
  seed: numberKnob(1, {
    label: 'First seed',
    help: 'Evening k, from 0, has this seed plus k.',
    ...{ unit: '', min: 0, max: LARGEST_SEED, step: 1, whole: true },
  }),
  warm_up: numberKnob(0, {
    label: 'Warm-up',
    help: 'Chats and waits that begin earlier are left out.',
    ...seconds,
  }),
  metrics: v.optional(
    v.pipe(
      v.array(
        v.picklist(
          outcomeNames,
          (issue) => `a metric must be one of ${outcomeNames.join(', ')}; it is ${shownValue(issue.input)}`,
        ),
      ),
      v.minLength(1, 'name at least one metric, such as "chat"'),
      v.check((names) => new Set(names).size === names.length, 'a metric is named twice; name each once'),
      v.readonly(),
    ),
    ['chat', 'matched', 'wait'],
  ),
  treated_share: numberKnob(0.5, {
    label: 'Treated share',
    help: 'Share of people under B where arms are assigned by person.',
    ...{ unit: '%', min: 0.01, max: 0.99, step: 0.01 },
  }),
  side: choiceKnob('everybody', {
    label: 'Randomised',
    help: 'Whose arms are drawn where arms are assigned by person; the others keep A and do not count.',
    options: [
      { value: 'everybody', label: 'Everybody', help: 'Both sides of every pair, each on its own.' },
      { value: 'women', label: 'Women', help: 'Women only.' },
      { value: 'men', label: 'Men', help: 'Men only.' },
    ],
  }),
  cluster: choiceKnob('country', {
    label: 'Cluster',
    help: 'All people who share this attribute have the same arm.',
    options: [
      { value: 'country', label: 'Country', help: 'Country of the person.' },
      { value: 'language', label: 'Language', help: 'Language of the device.' },
      { value: 'gender', label: 'Gender', help: 'Gender of the person.' },
      { value: 'age', label: 'Age', help: 'Age band of the person.' },
    ],
  }),
  window: numberKnob(20, {
    label: 'Window',
    help: 'A switchback decides about the arm once per window.',
    ...seconds,
    min: 0.05,
  }),
  burn_in: numberKnob(0, {
    label: 'Burn-in',
    help: 'The first seconds of every window, which are left out of the estimate.',
    ...seconds,
  }),
  schedule: choiceKnob('bernoulli', {
    label: 'Schedule',
    help: 'How the arms of the windows are drawn.',
    options: [
      { value: 'bernoulli', label: 'Bernoulli', help: 'A fair coin for every window.' },
      { value: 'alternating', label: 'Alternating', help: 'A and B in turn, from a fair coin on.' },
      { value: 'balanced', label: 'Balanced', help: 'Half of the windows under B, in random order.' },
      {
        value: 'minimax',
        label: 'Minimax',
        help: 'A coin at the switching points of Bojinov, Simchi-Levi and Zhao (2023).',
      },
    ],
  }),
  looks: numberKnob(0, {
    label: 'Looks',
    help: 'Equally spaced moments at which the paired markets are looked at, the last at the end.',
    ...{ unit: '', min: 0, max: 10_000, step: 1, whole: true },
  }),
  slices: v.optional(
    v.boolean((issue) => `slices must be true or false; it is ${shownValue(issue.input)}`),
    false,
  ),
});

/**
 * One experiment: a market, two policies, and how they are compared. Times are in seconds. The
 * scenario is complete; its policy is A, its seed that of the first evening.
 */
export type ExperimentSpec = Readonly<ReturnType<typeof parseExperiment>>;

/**
 * Completes an experiment with defaults. The scenario is a group of knobs or the name of a preset,
 * whose policy is then the base of A and B, and whose stages are left out. @throws ScenarioError
 * for the first part that is wrong.
 */
export function parseExperiment(input: unknown) {
  const { scenario, a, b, ...rest } = parseShape(experimentSchema, prepared(input), 'experiment');
  for (const [arm, policy] of Object.entries({ a, b })) checkArm(policy, arm);
  const { warm_up: warmUp, treated_share: treatedShare, burn_in: burnIn, ...same } = rest;
  const evening = (same.ticks * a.tickMs) / 1000;
  const limit = (name: 'warm_up' | 'window' | 'burn_in', value: number, below: number, of: string) => {
    if (value >= below)
      throw new ScenarioError(`${name} is ${value} s; it must be below ${of}, ${below} s`, [name], ROOT);
  };
  limit('warm_up', warmUp, evening, 'the length of the evening');
  limit('burn_in', burnIn, same.window, 'the window');
  return {
    ...same,
    scenario: { ...scenario, policy: a, seed: same.seed },
    a,
    b,
    warmUp,
    treatedShare,
    burnIn,
  };
}

/** What only the run would find out: an experiment must be able to score with its policies. */
function checkArm(policy: Policy, arm: string): void {
  if (policy.scorer === 'vectors') throw new ScenarioError(NEVER_VECTORS, [arm, 'scorer'], ROOT);
  const problem = scorerProblem(policy);
  if (problem !== undefined) throw new ScenarioError(problem, [arm, 'formula'], ROOT);
}

const ROOT = 'experiment';
type Group = Readonly<Record<string, unknown>>;
const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown) =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Replaces the name of a preset, and refuses what an experiment sets itself. */
function prepared(input: unknown): unknown {
  if (!isGroup(input)) return input;
  const { scenario } = input;
  if (typeof scenario === 'string') {
    const preset = presetById(scenario);
    if (preset === undefined)
      throw new ScenarioError(
        `there is no preset ${shownValue(scenario)}; there are ${presets.map((p) => p.id).join(', ')}`,
        ['scenario'],
        ROOT,
      );
    const { policy, seed: _, stages: __, ...market } = preset.scenario;
    const arm = (own: unknown) => (own === undefined || isGroup(own) ? { ...policy, ...own } : own);
    return { ...input, scenario: market, a: arm(input['a']), b: arm(input['b']) };
  }
  const reasons = {
    policy: 'the policies of an experiment are "a" and "b", beside the scenario',
    seed: 'the seed of an experiment stands beside the scenario: "seed": 7',
    stages: 'an experiment has no stages: its policies are "a" and "b"',
    cast: 'an experiment has no imported people yet',
  };
  if (isGroup(scenario))
    for (const [name, reason] of Object.entries(reasons))
      if (!isEmpty(scenario[name])) throw new ScenarioError(reason, ['scenario', name], ROOT);
  return input;
}
