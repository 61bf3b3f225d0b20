import { scenario } from '../../src/scenario/parse.ts';
import type { EngineApi, EngineStatus, MarketStatus, StartOptions } from '../engine/api.ts';
import type { EngineClient } from '../engine/client.ts';

/** An engine that computes nothing: it notes what it was asked, and says what the test tells it to. */
export interface FakeEngine extends EngineClient {
  readonly calls: { readonly name: keyof EngineApi; readonly args: readonly unknown[] }[];
  argsOf(name: keyof EngineApi): readonly (readonly unknown[])[];
  emit(status?: Partial<EngineStatus>): void;
  die(reason: string): void;
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
  matchesPerSecond: 1828,
  alarms: [],
};

export const fakeStatus: EngineStatus = {
  running: true,
  runsOn: { backend: 'gpu', adapter: 'fake adapter', note: '', device: true },
  speed: 1,
  achievedSpeed: 1,
  tick: 200,
  time: 100,
  clock: 'Saturday 21:01:40.0',
  main: fakeMarket,
  other: null,
  drawn: { points: 32_768, arcs: 8192 },
  lateTicks: 0,
  notices: [],
  markers: [{ tick: 40, text: 'auction' }],
  timeline: { firstTick: 0, everyTicks: 1, waiting: Float32Array.from({ length: 200 }, (_, i) => 500 + i) },
};

export function fakeEngine(): FakeEngine {
  const calls: FakeEngine['calls'] = [];
  let onStatus: (status: EngineStatus) => void = () => undefined;
  let onDeath: (reason: string) => void = () => undefined;
  const note =
    (name: keyof EngineApi) =>
    (...args: unknown[]) => {
      calls.push({ name, args });
      return Promise.resolve();
    };
  const engine: FakeEngine = {
    calls,
    disposed: false,
    startError: null,
    argsOf: (name) => calls.filter((call) => call.name === name).map((call) => call.args),
    emit: (status = {}) => onStatus({ ...fakeStatus, ...status }),
    die: (reason) => onDeath(reason),
    start: (options: StartOptions) => {
      calls.push({ name: 'start', args: [options] });
      if (engine.startError !== null) return Promise.reject(engine.startError);
      return Promise.resolve({
        backend: 'gpu',
        adapter: 'fake adapter',
        note: '',
        device: true,
        scale: 1,
        scenario: scenario(options.scenario),
      });
    },
    setPeople: note('setPeople'),
    useModel: note('useModel'),
    play: note('play'),
    pause: note('pause'),
    step: note('step'),
    setSpeed: note('setSpeed'),
    setPolicy: note('setPolicy'),
    compare: note('compare'),
    attachSky: note('attachSky'),
    setSkyView: note('setSkyView'),
    detachSky: note('detachSky'),
    connectCharts: note('connectCharts'),
    loseDevice: note('loseDevice'),
    pick: (which, x, y) => {
      calls.push({ name: 'pick', args: [which, x, y] });
      return Promise.resolve({ id: 1, x, y, lines: ['Woman, 18-24, Japan', 'waited 1.5 s'] });
    },
    captureTick: () => {
      calls.push({ name: 'captureTick', args: [] });
      return Promise.reject(new Error('the fake engine has no tick to capture'));
    },
    onStatus: (listener) => {
      onStatus = listener;
      return Promise.resolve();
    },
    resources: () => Promise.resolve({ buffers: 0, textures: 0, bufferBytes: 0, devices: 0 }),
    digest: () => Promise.resolve({ tick: 0, digest: '' }),
    onDeath: (listener) => {
      onDeath = listener;
    },
    dispose: () => {
      engine.disposed = true;
    },
  };
  return engine;
}
