import { scenario } from '../../../src/scenario/parse.ts';
import type { EngineApi, EngineStatus, MarketStatus } from '../../engine/api.ts';
import type { Engine } from '../../engine/client.ts';
import type { EngineHandle } from '../session.ts';

/**
 * An engine that computes nothing. It logs what it is asked, and tells what the test makes it tell.
 */
export interface FakeEngine extends EngineHandle {
  readonly log: { readonly name: string; readonly args: readonly unknown[] }[];
  /** What calls answer; all others resolve to undefined. */
  readonly answers: { -readonly [K in keyof Engine]?: Engine[K] };
  argsOf(name: keyof EngineApi): readonly (readonly unknown[])[];
  emit(status?: Partial<EngineStatus>): void;
  onDeath: (reason: string) => void;
  disposed: boolean;
  /** Next calls of `start` fail with this. */
  startError: Error | null;
}

const policy = scenario({}).policy;

export const fakeMarket: MarketStatus = {
  policy,
  waiting: 1842,
  pairs: 914,
  meanPredicted: 252,
  meanChat: 240,
  gap: 0.0021,
  medianWait: 0.7,
  medianWaitIsOver: false,
  matchesPerSecond: 1828,
  alarms: [],
};

export const fakeStatus: EngineStatus = {
  running: true,
  runsOn: { backend: 'gpu', adapter: 'fake adapter', note: '' },
  speed: 1,
  achievedSpeed: 1,
  tick: 200,
  time: 100,
  clock: 'Saturday 21:01:40.0',
  main: fakeMarket,
  other: null,
  tickMs: 8,
  lateTicks: 0,
  notices: [],
  markers: [{ tick: 40, text: 'auction' }],
  changes: [],
  timeline: {
    everyTicks: 1,
    waiting: Float32Array.from({ length: 200 }, (_, i) => 500 + i),
    other: null,
  },
};

export function fakeEngine(onDeath: (reason: string) => void = () => undefined): FakeEngine {
  const log: FakeEngine['log'] = [];
  let onStatus: (status: EngineStatus) => void = () => undefined;
  const answers: FakeEngine['answers'] = {
    start: (options) =>
      engine.startError !== null
        ? Promise.reject(engine.startError)
        : Promise.resolve({ ...fakeStatus.runsOn, scenario: scenario(options.scenario) }),
    pick: (_, x, y) => Promise.resolve({ id: 1, x, y, lines: ['Woman, 18-24, Japan', 'waited 1.5 s'] }),
    tickPairs: () => Promise.resolve({ tick: 0, transform: 'exp', tasks: [], pairs: [] }),
    captureTick: () => Promise.reject(new Error('the fake engine has no tick to capture')),
    onStatus: (listener) => {
      onStatus = listener;
      return Promise.resolve();
    },
  };
  const answer = (name: string, args: unknown[]) => {
    log.push({ name, args });
    const own = (answers as Record<string, ((...args: unknown[]) => unknown) | undefined>)[name];
    return own?.(...args) ?? Promise.resolve();
  };
  const engine: FakeEngine = {
    log,
    answers,
    calls: new Proxy({} as Engine, {
      get: (_, name) =>
        typeof name === 'string' && name !== 'then' ? (...args: unknown[]) => answer(name, args) : undefined,
    }),
    disposed: false,
    startError: null,
    argsOf: (name) => log.filter((call) => call.name === name).map((call) => call.args),
    emit: (status = {}) => onStatus({ ...fakeStatus, ...status }),
    onDeath,
    dispose: () => {
      engine.disposed = true;
    },
  };
  return engine;
}
