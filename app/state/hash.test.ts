import { beforeEach, describe, expect, test, vi } from 'vitest';
import { scenario } from '../../src/scenario/parse.ts';
import { presets } from '../../src/scenario/presets.ts';
import { useExperimentLink } from '../experiment/address.ts';
import { fromHash, openFromHash, syncHash, toHash } from './hash.ts';
import { useScenario } from './scenario-store.ts';
import { useStatus } from './status-store.ts';

beforeEach(() => {
  useScenario.setState({ ...useScenario.getInitialState() });
  useStatus.setState({ ...useStatus.getInitialState() });
  history.replaceState(null, '', location.pathname + location.search);
});

describe('the address', () => {
  const rich = scenario({
    name: 'Küche & Bar #1',
    seed: 4294967295,
    population: { women: 0.31, countries: { JP: 0 } },
    policy: { scorer: 'oracle', threshold: 12 },
  });

  test('round-trips scenario, seed and both policies', () => {
    const other = { ...rich.policy, scorer: 'random', tickMs: 1000 } as const;
    for (const draft of [
      { scenario: rich, other: null },
      { scenario: rich, other },
      { scenario: rich, other: scenario({}).policy },
      { scenario: scenario({}), other: null },
      ...presets.map((p) => ({ scenario: p.scenario, other: p.other ?? null })),
    ])
      expect(fromHash(toHash(draft))).toEqual(draft);
  });

  test('is readable', () => {
    const draft = { scenario: scenario({ policy: { scorer: 'oracle' } }), other: scenario({}).policy };
    expect(toHash(draft)).toBe('#policy.scorer=oracle&vs.scorer=towers');
  });

  test('a link that is opened while the address is about to follow the page is not lost', async () => {
    openFromHash();
    const stop = syncHash();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    useScenario.getState().load({ scenario: scenario({ seed: 4 }), other: null });
    const opened = new Promise((resolve) => window.addEventListener('hashchange', resolve, { once: true }));
    location.hash = '#seed=9';
    vi.runAllTimers();
    vi.useRealTimers();
    expect(location.hash).toBe('#seed=9');
    await opened;
    expect(useScenario.getState().scenario.seed).toBe(9);
    stop();
  });

  test('follows an experiment also while its progress changes', () => {
    openFromHash();
    const stop = syncHash();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    useExperimentLink.setState({ entries: [['metric', 'wait']] });
    for (let evening = 1; evening <= 20; evening++) {
      useExperimentLink.setState({ progress: `${evening} of 20` });
      vi.advanceTimersByTime(100);
    }
    vi.useRealTimers();
    expect(location.hash).toContain('x.metric=wait');
    stop();
    useExperimentLink.setState({ ...useExperimentLink.getInitialState() });
  });

  test('an empty hash opens the first preset', () => {
    expect(fromHash('')).toBeNull();
    openFromHash();
    expect(useScenario.getState().scenario.name).toBe(presets[0].scenario.name);
  });

  test('an invalid link is reported and changes nothing', () => {
    openFromHash();
    const before = useScenario.getState().scenario;
    history.replaceState(null, '', '#population.women=7');
    openFromHash();
    expect(useScenario.getState().scenario).toBe(before);
    expect(useStatus.getState().notices[0].text).toMatch(/could not be read.*Women/);
  });

  test('a first visit with an invalid link opens the first preset', () => {
    history.replaceState(null, '', '#population.women=7');
    openFromHash();
    expect(useScenario.getState().scenario.name).toBe(presets[0].scenario.name);
    expect(useStatus.getState().notices).toHaveLength(1);
  });
});
