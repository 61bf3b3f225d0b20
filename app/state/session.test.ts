import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scenario } from '../../src/scenario/parse.ts';
import { openFromHash } from './hash.ts';
import { fakeEngine, type FakeEngine } from './testing/fake-engine.ts';
import { lived, useScenario } from './scenario-store.ts';
import { createSession, type SessionController } from './session.ts';
import { useStatus } from './status-store.ts';

const engines: FakeEngine[] = [];
let session: SessionController;
const settle = () => vi.advanceTimersByTimeAsync(0);
const set = (path: string, value: unknown) => useScenario.getState().set(path, value);

beforeEach(async () => {
  vi.useFakeTimers();
  engines.length = 0;
  useScenario.setState({ ...useScenario.getInitialState() });
  useStatus.setState({ ...useStatus.getInitialState() });
  session = createSession((onDeath) => {
    engines.push(fakeEngine(onDeath));
    return engines[engines.length - 1];
  });
  session.launch();
  await settle();
});

afterEach(() => {
  session.dispose();
  vi.useRealTimers();
});

describe('session', () => {
  test('starts the scenario and lets it run', () => {
    expect(engines).toHaveLength(1);
    expect(engines[0].argsOf('start')).toHaveLength(1);
    expect(engines[0].argsOf('start')[0][0]).toMatchObject({
      other: null,
      backend: 'auto',
    });
    expect(engines[0].argsOf('play')).toHaveLength(1);
    expect(useStatus.getState().phase).toBe('ready');
  });

  test('a policy goes to the engine at once, a drag at most every 80 ms, and its last value always', async () => {
    for (let t = 1; t <= 5; t++) set('policy.threshold', t);
    expect(engines[0].argsOf('setPolicy')).toHaveLength(1);
    expect(engines[0].argsOf('setPolicy')[0]).toMatchObject(['main', { threshold: 1 }]);
    await vi.advanceTimersByTimeAsync(200);
    expect(engines[0].argsOf('setPolicy')).toHaveLength(2);
    expect(engines[0].argsOf('setPolicy')[1]).toMatchObject(['main', { threshold: 5 }]);
    expect(engines[0].argsOf('start')).toHaveLength(1);
  });

  test('a change of the people restarts the evening after a pause, with a notice', async () => {
    set('population.women', 0.5);
    await vi.advanceTimersByTimeAsync(300);
    set('population.women', 0.6);
    await vi.advanceTimersByTimeAsync(300);
    expect(engines[0].argsOf('start')).toHaveLength(1);
    expect(useStatus.getState().notices[0].text).toMatch(/starts again/);
    await vi.advanceTimersByTimeAsync(700);
    expect(engines[0].argsOf('start')).toHaveLength(2);
    expect(engines[0].argsOf('start')[1][0]).toMatchObject({ scenario: { population: { women: 0.6 } } });
    await vi.advanceTimersByTimeAsync(6000);
    expect(useStatus.getState().notices).toEqual([]);
  });

  test('a comparison restarts with a second policy; its end leaves the first market as it is', async () => {
    useScenario.getState().startCompare();
    await settle();
    expect(engines[0].argsOf('start')[1][0]).toMatchObject({ other: { scorer: 'rules' } });
    useScenario.getState().set('policy.scorer', 'oracle', 'other');
    expect(engines[0].argsOf('setPolicy')[0]).toMatchObject(['other', { scorer: 'oracle' }]);
    useScenario.getState().endCompare();
    await settle();
    expect(engines[0].argsOf('start')).toHaveLength(2);
    expect(engines[0].argsOf('dropOther')).toHaveLength(1);
  });

  test('a link with a tick stops there, and says whether the digest agrees', async () => {
    const trail = (marks: string) => `&run.trail=${marks}`;
    const own = '0123'.repeat(60);
    for (const [digest, says] of [
      ['00000000000000aa', /digest agrees/],
      ['00000000000000bb', /digest differs.*: the first tick that differs is one of the first 120\./],
      [`00000000000000bb${trail(own)}`, /between 119 and 120\./],
      [`00000000000000bb${trail(`${own.slice(0, 80)}9${own.slice(81)}`)}`, /between 41 and 42\./],
    ] as const) {
      engines[0].answers.runTo = (tick) => Promise.resolve({ tick, digest: '00000000000000aa', trail: own });
      history.replaceState(null, '', `#seed=9&run.backend=cpu&run.tick=120&run.digest=${digest}`);
      openFromHash();
      await settle();
      expect(engines[0].argsOf('start').at(-1)?.[0]).toMatchObject({ scenario: { seed: 9 }, backend: 'cpu' });
      expect(engines[0].argsOf('runTo').at(-1)).toEqual([120]);
      expect(useStatus.getState()).toMatchObject({ playing: false });
      expect(useStatus.getState().notices.at(-1)?.text).toMatch(says);
    }
    history.replaceState(null, '', location.pathname);
  });

  test('changes while it runs are stages of the evening, which a reset repeats or forgets', async () => {
    set('policy.threshold', 40);
    engines[0].emit({ changes: [{ atSeconds: 12.5, side: 'a', policy: { threshold: 40 } }] });
    expect(lived().scenario).toMatchObject({
      policy: { threshold: 0 },
      stages: [{ atSeconds: 12.5, side: 'a', policy: { threshold: 40 } }],
    });
    session.reset('repeat');
    await settle();
    expect(engines[0].argsOf('start')[1][0]).toMatchObject({
      scenario: { policy: { threshold: 0 }, stages: [{ atSeconds: 12.5 }] },
    });
    engines[0].emit({ time: 13, tick: 26 });
    expect(useScenario.getState().staged.main).toEqual({ threshold: 40 });
    expect(useScenario.getState().staged.other).toEqual({});
    useScenario.getState().load({ scenario: scenario({}), other: null });
    await settle();
    set('policy.threshold', 40);
    engines[0].emit({ changes: [{ atSeconds: 12.5, side: 'a', policy: { threshold: 40 } }] });
    session.reset('forget');
    await settle();
    engines[0].emit();
    expect(lived().scenario).toMatchObject({ policy: { threshold: 40 }, stages: [] });
  });

  test('a restart keeps the pause and the speed', async () => {
    session.setSpeed(4);
    session.toggle();
    expect(useStatus.getState().playing).toBe(false);
    session.reset('forget');
    await settle();
    expect(engines[0].argsOf('play')).toHaveLength(1);
    expect(engines[0].argsOf('setSpeed').at(-1)).toEqual([4]);
    session.nudgeSpeed(1);
    expect(useStatus.getState().speed).toBe(8);
  });

  test('a pause during the start of the market is kept', async () => {
    session.reset('forget');
    session.toggle();
    await settle();
    expect(engines[0].log.at(-1)?.name).toBe('pause');
  });

  test('a shock appears on the time line, and a restart removes it', async () => {
    const shocked = scenario({ shock: { atSeconds: 10, forSeconds: 5 } });
    useScenario.getState().load({ scenario: shocked, other: null });
    await settle();
    engines[0].emit({ time: 10.5, tick: 21 });
    engines[0].emit({ time: 16, tick: 32 });
    expect(useStatus.getState().markers).toEqual([
      { tick: 20, text: 'shock begins' },
      { tick: 30, text: 'shock ends' },
    ]);
    session.reset('forget');
    expect(useStatus.getState().markers).toEqual([]);
  });

  test('shows the first error, not the last', async () => {
    engines[0].startError = new Error('no device');
    session.reset('forget');
    await settle();
    useStatus.getState().fail(new Error('a consequence'));
    expect(useStatus.getState()).toMatchObject({ phase: 'failed', error: 'no device' });
  });

  test('a dead worker is reported; launching again makes a new one and ignores the old one', async () => {
    engines[0].onDeath('The engine stopped: out of memory');
    expect(useStatus.getState()).toMatchObject({ phase: 'dead', error: 'The engine stopped: out of memory' });
    session.launch();
    await settle();
    expect(engines[0].disposed).toBe(true);
    expect(engines).toHaveLength(2);
    expect(useStatus.getState()).toMatchObject({ phase: 'ready', error: null });
    engines[0].onDeath('again');
    engines[0].emit({ tick: 999 });
    expect(useStatus.getState().phase).toBe('ready');
    expect(useStatus.getState().status).toBeNull();
  });

  test('a change of policy while the market is being built is not lost', async () => {
    session.reset('forget');
    set('policy.scorer', 'oracle');
    await settle();
    expect(engines[0].argsOf('start').at(-1)?.[0]).toMatchObject({
      scenario: { policy: { scorer: 'oracle' } },
    });
  });

  test("the scenario's own stages reach the controls when their time comes", async () => {
    const staged = scenario({ stages: [{ atSeconds: 60, policy: { threshold: 300 } }] });
    useScenario.getState().load({ scenario: staged, other: null });
    await settle();
    expect(engines[0].argsOf('start')).toHaveLength(2);
    engines[0].emit({ time: 59 });
    expect(useScenario.getState().staged.main).toEqual({});
    engines[0].emit({ time: 61, tick: 122 });
    expect(useScenario.getState().staged.main).toEqual({ threshold: 300 });
    expect(useStatus.getState().markers).toEqual([{ tick: 120, text: 'threshold 300' }]);
    set('policy.threshold', 0);
    expect(engines[0].argsOf('setPolicy').at(-1)).toMatchObject(['main', { threshold: 0 }]);
    engines[0].emit({ time: 62 });
    expect(useScenario.getState().staged.main).toEqual({});
  });
});
