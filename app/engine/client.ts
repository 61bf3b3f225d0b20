import { proxy, releaseProxy, transfer, wrap, type Remote } from 'comlink';
import type { EngineApi, EngineStatus, SkyView } from './api.ts';

/** Longest a call may take before the page gives up on it, milliseconds. Building a world on a slow machine takes seconds. */
const TIMEOUT: Partial<Record<keyof EngineApi, number>> & { default: number } = {
  default: 10_000,
  start: 90_000,
  setPeople: 60_000,
  compare: 60_000,
  step: 60_000,
  captureTick: 60_000,
};

type Calls = {
  readonly [K in keyof EngineApi]: (
    ...args: Parameters<EngineApi[K]>
  ) => Promise<Awaited<ReturnType<EngineApi[K]>>>;
};

export interface EngineClient extends Calls {
  /** Called once when the worker dies; every open call has then been rejected. */
  onDeath(listener: (reason: string) => void): void;
  dispose(): void;
}

/**
 * The engine in its worker. Each call has a time-out and fails at once when the worker dies: a comlink call alone would hang
 * for ever in both cases.
 */
export function createEngine(): EngineClient {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  const remote: Remote<EngineApi & { setAssets(base: string): void }> = wrap(worker);
  const open = new Set<(error: Error) => void>();
  const deathListeners: ((reason: string) => void)[] = [];
  let dead: string | null = null;

  const die = (reason: string) => {
    if (dead !== null) return;
    dead = reason;
    for (const reject of open) reject(new Error(reason));
    open.clear();
    for (const listener of deathListeners) listener(reason);
  };
  worker.addEventListener('error', (event) => {
    // An error while loading kills the worker; one thrown later leaves it running, but in a state nobody knows.
    die(`The engine stopped: ${event.message || 'its worker could not be loaded'}`);
  });
  worker.addEventListener('messageerror', () => die('The engine sent a message that could not be read.'));

  function call<T>(name: keyof EngineApi, run: () => Promise<T>): Promise<T> {
    if (dead !== null) return Promise.reject(new Error(dead));
    const limit = TIMEOUT[name] ?? TIMEOUT.default;
    return new Promise<T>((resolve, reject) => {
      const fail = (error: Error) => {
        clearTimeout(timer);
        open.delete(fail);
        reject(error);
      };
      const timer = setTimeout(
        () => fail(new Error(`The engine did not answer ${name} within ${limit / 1000} s.`)),
        limit,
      );
      open.add(fail);
      run().then(
        (value) => {
          clearTimeout(timer);
          open.delete(fail);
          resolve(value);
        },
        (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
      );
    });
  }

  return {
    start: (options) =>
      call('start', async () => {
        // The worker lies elsewhere than the page: it must be told where the page's files are.
        await remote.setAssets(document.baseURI);
        return remote.start(options);
      }),
    setPeople: (world) => call('setPeople', () => remote.setPeople(world)),
    useModel: (scorer, bytes, header) => call('useModel', () => remote.useModel(scorer, bytes, header)),
    play: () => call('play', () => remote.play()),
    pause: () => call('pause', () => remote.pause()),
    step: () => call('step', () => remote.step()),
    setSpeed: (speed) => call('setSpeed', () => remote.setSpeed(speed)),
    setPolicy: (which, policy) => call('setPolicy', () => remote.setPolicy(which, policy)),
    compare: (other) => call('compare', () => remote.compare(other)),
    attachSky: (which, canvas: OffscreenCanvas, view: SkyView) =>
      call('attachSky', () => remote.attachSky(which, transfer(canvas, [canvas]), view)),
    setSkyView: (which, view) => call('setSkyView', () => remote.setSkyView(which, view)),
    detachSky: (which) => call('detachSky', () => remote.detachSky(which)),
    pick: (which, x, y) => call('pick', () => remote.pick(which, x, y)),
    captureTick: () => call('captureTick', () => remote.captureTick()),
    connectCharts: (port: MessagePort) =>
      call('connectCharts', () => remote.connectCharts(transfer(port, [port]))),
    onStatus: (listener: (status: EngineStatus) => void) =>
      call('onStatus', () => remote.onStatus(proxy(listener))),
    loseDevice: () => call('loseDevice', () => remote.loseDevice()),
    resources: () => call('resources', () => remote.resources()),
    digest: () => call('digest', () => remote.digest()),
    onDeath(listener) {
      if (dead !== null) listener(dead);
      else deathListeners.push(listener);
    },
    dispose() {
      dead ??= 'The engine was closed.';
      for (const reject of open) reject(new Error(dead));
      open.clear();
      remote[releaseProxy]();
      worker.terminate();
    },
  };
}
