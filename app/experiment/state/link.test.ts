import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseExperiment } from '../../../src/experiment/run/spec.ts';
import { parsePolicy, scenario } from '../../../src/scenario/parse.ts';
import { useExperimentLink } from '../address.ts';
import { openFromHash, toHash } from '../../state/hash.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { roomDefaults } from '../settings.ts';
import { fromEntries, syncLink, toEntries } from './link.ts';
import { commandOf, inputOf } from './spec.ts';
import { setPolicyB, setSetting, useExperiment } from './store.ts';

let stop = () => undefined as void;

beforeEach(() => {
  useScenario.setState({ ...useScenario.getInitialState() });
  useStatus.setState({ ...useStatus.getInitialState() });
  useUi.setState({ ...useUi.getInitialState() });
  useExperiment.setState({ ...useExperiment.getInitialState() });
  useExperimentLink.setState({ ...useExperimentLink.getInitialState() });
  history.replaceState(null, '', location.pathname + location.search);
});
afterEach(() => stop());

const experiment = {
  tab: 'sweep' as const,
  ...{ windows: '60, 120', burnIns: '0, 0.5', beside: 'wait' as const },
  ...{ treatment: 'chat', outcome: 'returns' },
  vary: [
    { knob: 'policy.threshold', values: '0:60:5' },
    { knob: '', values: '' },
  ],
  settings: {
    ...roomDefaults,
    evenings: 50,
    window: 60,
    schedule: 'balanced' as const,
    treated_share: 0.2,
  },
  b: parsePolicy({ scorer: 'oracle', bonus: 12 }),
  metric: 'chat' as const,
  designs: ['users', 'switchback'] as const,
};

test('an experiment survives its link', () => {
  expect(fromEntries(toEntries(experiment))).toEqual(experiment);
  const plain = { ...experiment, b: parsePolicy({}), settings: roomDefaults };
  expect(fromEntries(toEntries(plain))).toMatchObject({ b: plain.b, settings: roomDefaults });
  expect(fromEntries(toEntries({ ...plain, b: null })).b).toBeNull();
});

test('a link opens the room with its experiment; the address follows while it is open', () => {
  const draft = { scenario: scenario({ seed: 3 }), other: null };
  history.replaceState(null, '', toHash(draft, toEntries(experiment)));
  openFromHash();
  expect(useUi.getState().panel).toBe('experiment');
  expect(useScenario.getState().scenario.seed).toBe(3);
  stop = syncLink();
  expect(useExperiment.getState()).toMatchObject({
    metric: 'chat',
    tab: 'sweep',
    designs: ['users', 'switchback'],
  });
  setSetting('window', 120);
  setPolicyB('policy.bonus', 5);
  const entries = new Map(useExperimentLink.getState().entries ?? []);
  expect(entries.get('window')).toBe('120');
  expect(entries.get('b.bonus')).toBe('5');
  useUi.getState().open(null);
  expect(useExperimentLink.getState().entries).toBeNull();
  useUi.getState().open('experiment');
  expect(new Map(useExperimentLink.getState().entries ?? []).get('window')).toBe('120');
});

test.each([
  [['window', '-3'], /link\.x\.window.*Window/],
  [['metric', 'joy'], /link\.x\.metric.*one of chat/],
  [['designs', 'users,magic'], /magic/],
  [['vary.1', 'policy.mood=1,2'], /policy\.mood/],
  [['colour', 'red'], /no setting of this name/],
  [['b.scorer', 'psychic'], /Scorer must be one of/],
] as const)('a link with a wrong %s is refused', (entry, message) => {
  expect(() => fromEntries([entry])).toThrow(message);
});

test('the input names what differs from the defaults, and is the experiment of the command line', () => {
  const market = scenario({ population: { women: 0.3 }, policy: { scorer: 'rules' } });
  const input = inputOf(market, experiment.b, { ...experiment.settings, online: 450 }, ['wait']);
  expect(input.scenario).toEqual({
    population: { people: 3000, online: 450, arrivalsPerMinute: 50, women: 0.3 },
  });
  expect(input).toMatchObject({ a: { scorer: 'rules' }, b: { scorer: 'oracle', bonus: 12 }, window: 60 });
  const spec = parseExperiment(input);
  expect([spec.a.scorer, spec.b.bonus, spec.warmUp]).toEqual(['rules', 12, 20]);
  const command = commandOf(input, ['users', 'ticks'], 50);
  expect(command).toMatch(/experiment run experiment\.json --design users,ticks --evenings 50$/);
  const json = command.slice(command.indexOf('{'), command.lastIndexOf('}') + 1);
  expect(parseExperiment(JSON.parse(json))).toEqual(spec);
});
