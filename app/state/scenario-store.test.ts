import { beforeEach, describe, expect, test, vi } from 'vitest';
import { scenario } from '../../src/scenario/parse.ts';
import { livePolicy, useScenario } from './scenario-store.ts';

const fresh = useScenario.getInitialState();
const state = () => useScenario.getState();

beforeEach(() => {
  useScenario.setState({ ...fresh, past: [], future: [], problems: {} });
});

describe('undo', () => {
  test('goes back and forth, one change at a time', () => {
    state().set('population.women', 0.3);
    state().set('policy.scorer', 'oracle');
    expect(state().past).toHaveLength(2);
    state().undo();
    expect(state().scenario.policy.scorer).toBe('towers');
    expect(state().scenario.population.women).toBe(0.3);
    state().undo();
    expect(state().scenario).toBe(fresh.scenario);
    state().undo();
    expect(state().scenario).toBe(fresh.scenario);
    state().redo();
    state().redo();
    expect(state().scenario.policy.scorer).toBe('oracle');
    expect(state().future).toHaveLength(0);
  });

  test('a drag is one change; a pause makes it two', () => {
    const now = vi.spyOn(performance, 'now');
    for (const [at, value] of [
      [1000, 0.1],
      [1050, 0.2],
      [1400, 0.3],
      [5000, 0.4],
    ]) {
      now.mockReturnValue(at);
      state().set('population.newcomers', value);
    }
    now.mockRestore();
    expect(state().past).toHaveLength(2);
    state().undo();
    expect(state().scenario.population.newcomers).toBe(0.3);
    state().undo();
    expect(state().scenario.population.newcomers).toBe(0.15);
  });

  test('a new change clears redo', () => {
    state().set('population.women', 0.3);
    state().undo();
    state().set('population.women', 0.6);
    expect(state().future).toHaveLength(0);
  });
});

describe('bad values', () => {
  test('are reported beside their control and change nothing', () => {
    state().set('population.women', 1.4);
    expect(state().scenario).toBe(fresh.scenario);
    expect(state().past).toHaveLength(0);
    expect(state().problems['main:population.women']).toMatch(
      /Women must lie between 0 and 100 %; it is 140 %/,
    );
    state().set('population.women', 0.5);
    expect(state().problems).toEqual({});
  });
});

describe('two policies', () => {
  test('a comparison starts with a contrast, is edited on its own, and ends', () => {
    state().startCompare();
    expect(state().other?.scorer).toBe('rules');
    state().set('policy.matcher', 'auction', 'other');
    expect(state().other?.matcher).toBe('auction');
    expect(state().scenario.policy.matcher).toBe('greedy');
    state().endCompare();
    expect(state().other).toBeNull();
    state().undo();
    expect(state().other?.matcher).toBe('auction');
  });

  test('a change by a stage of the scenario shows until the user overrides it', () => {
    useScenario.setState({ staged: { main: { threshold: 300 }, other: {} } });
    expect(livePolicy(state(), 'main')?.threshold).toBe(300);
    state().set('policy.scorer', 'rules');
    expect(livePolicy(state(), 'main')).toMatchObject({ threshold: 300, scorer: 'rules' });
    state().set('policy.threshold', 0);
    expect(livePolicy(state(), 'main')?.threshold).toBe(0);
    expect(livePolicy(state(), 'other')).toBeNull();
  });

  test('loading a scenario can be undone', () => {
    state().load({ scenario: scenario({ name: 'Quiet night' }), other: null });
    expect(state().scenario.name).toBe('Quiet night');
    state().undo();
    expect(state().scenario).toBe(fresh.scenario);
  });
});
