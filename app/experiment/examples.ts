import type { DesignName, OutcomeName } from '../../src/experiment/run/names.ts';
import { parsePolicy, scenario } from '../../src/scenario/parse.ts';
import type { Policy, ScenarioInput } from '../../src/scenario/schema.ts';
import { useScenario } from '../state/scenario-store.ts';
import { roomDefaults, type RoomSettings } from './settings.ts';
import { useExperiment } from './state/store.ts';

/** An experiment that shows its point within a minute. */
export interface RoomExample {
  readonly name: string;
  /** What it shows, in one or two sentences. */
  readonly text: string;
  readonly scenario: ScenarioInput & { readonly name: string };
  /** What B changes. */
  readonly b: Partial<Policy>;
  readonly metric: OutcomeName;
  readonly designs: readonly DesignName[];
  readonly settings: Partial<RoomSettings>;
}

/** Few people, so that an evening takes about a second. */
const small = { people: 3000, online: 500, arrivalsPerMinute: 120, dailySwing: 0 };

export const examples: readonly RoomExample[] = [
  {
    name: 'A bonus for everyone that changes nothing',
    text: 'B adds the same points to everybody, so nothing changes: the truth is exactly 0. For half of the people it is a place at the front of the queue.',
    scenario: {
      name: 'A bonus for everyone',
      population: { ...small, online: 600, arrivalsPerMinute: 140, women: 0.25, genderFilter: 0.7 },
      behaviour: { patience: 25 },
      policy: { scorer: 'oracle', waitingBonus: 0 },
    },
    b: { bonus: 1000 },
    metric: 'matched',
    designs: ['users', 'clusters', 'budget-split', 'switchback'],
    settings: { online: 600, ticks: 360 },
  },
  {
    name: 'A better scorer',
    text: 'B knows the truth about every pair. Treated people meet people who were scored by A, so a coin per person sees only a part of the effect.',
    scenario: { name: 'A better scorer', population: small, policy: { scorer: 'towers' } },
    b: { scorer: 'oracle' },
    metric: 'chat',
    designs: ['users', 'pairs', 'budget-split', 'switchback'],
    settings: {},
  },
  {
    name: 'The ad that empties the pool',
    text: 'B shows three ads in ten cards of the feed. Readers leave, fewer come back to the queue, and with less choice everybody has shorter chats. Both halves of a test wait in that one pool.',
    scenario: {
      name: 'The ad that empties the pool',
      population: { people: 5000, online: 300, arrivalsPerMinute: 60 },
      behaviour: { talkativeness: 10 },
      feed: { on: 'on', open: 1, posts: 200 },
      policy: { feedAds: 0, feedExplore: 0, feedCandidates: 30 },
    },
    b: { feedAds: 3 },
    metric: 'chat',
    designs: ['users', 'pairs'],
    settings: { online: 300, ticks: 1800, warm_up: 300, evenings: 16 },
  },
  {
    name: 'Rules against random',
    text: 'The two scorers have different units, so no coin per person can split them: only time can.',
    scenario: { name: 'Rules against random', population: small, policy: { scorer: 'random' } },
    b: { scorer: 'rules' },
    metric: 'chat',
    designs: ['switchback', 'switchback-ht', 'ticks', 'difference-in-q'],
    settings: {},
  },
  {
    name: 'The same policy twice',
    text: 'A against A. A design that claims an effect here is wrong; one evening in twenty may.',
    scenario: { name: 'The same policy twice', population: small, policy: { scorer: 'towers' } },
    b: {},
    metric: 'wait',
    designs: ['users', 'clusters', 'budget-split', 'switchback'],
    settings: {},
  },
];

/** Opens an example: the page's market becomes its market, which can be undone. */
export function openExample({ scenario: input, b, metric, designs, settings }: RoomExample): void {
  const whole = scenario(input);
  useScenario.getState().load({ scenario: whole, other: null });
  useExperiment.setState({
    b: parsePolicy({ ...whole.policy, ...b }),
    ...{ metric, designs, problems: {} },
    settings: { ...roomDefaults, ...settings },
  });
}
