import { releaseProxy, transfer, wrap, type Remote } from 'comlink';
import type { ChartEvent } from './renderer.ts';
import type { ChartApi } from './worker.ts';

/** Longest a call may take before the page gives up on it, milliseconds. */
const TIMEOUT = 15_000;
/** The same until the worker has answered for the first time: it must be loaded before. */
const STARTUP = 60_000;

export interface ClientOptions {
  /** Longest a call may take, milliseconds. */
  readonly timeout?: number;
  /** Makes the worker; for tests. */
  readonly start?: () => Worker;
  /** The worker stopped by itself; every open call has been rejected. */
  readonly onDeath: (reason: string) => void;
  /** A message of the engine was refused. */
  readonly onRefused?: (message: string) => void;
}

export type ChartClient = ReturnType<typeof createChartClient>;

class TimeoutError extends Error {}

function startWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'charts' });
}

/** The chart worker, with time-outs: a call that is not answered is rejected, and when a ping is not answered either, it is dead. */
export function createChartClient({ timeout, start = startWorker, onDeath, onRefused }: ClientOptions) {
  const worker = start();
  const remote: Remote<ChartApi> = wrap<ChartApi>(worker);
  const open = new Set<(error: Error) => void>();
  const listeners = new Map<string, (event: ChartEvent) => void>();
  const channel = new MessageChannel();
  let dead: string | null = null;
  let checking = false;
  let answered = false;

  channel.port1.onmessage = ({ data }: MessageEvent<ChartEvent>) => {
    if (data.kind === 'refused') onRefused?.(data.message);
    else listeners.get(data.slot)?.(data);
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    die(`The charts stopped: ${event.message || 'their worker could not be loaded'}.`);
  });
  worker.addEventListener('messageerror', () => die('The charts sent a message that could not be read.'));

  function close(reason: string): void {
    dead = reason;
    for (const reject of [...open]) reject(new Error(reason));
    open.clear();
    channel.port1.close();
    remote[releaseProxy]();
    worker.terminate();
  }

  function die(reason: string): void {
    if (dead !== null) return;
    close(reason);
    onDeath(reason);
  }

  function call<T>(what: string, run: (api: Remote<ChartApi>) => Promise<T>): Promise<T> {
    if (dead !== null) return Promise.reject(new Error(dead));
    const limit = timeout ?? (answered ? TIMEOUT : STARTUP);
    return new Promise<T>((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        open.delete(fail);
        finish();
      };
      const fail = (error: Error) => settle(() => reject(error));
      const timer = setTimeout(() => {
        fail(new TimeoutError(`The charts did not answer ${what} within ${limit / 1000} s.`));
        if (what === 'ping') die('The charts did not answer any more.');
        else check();
      }, limit);
      open.add(fail);
      run(remote).then(
        (value) => {
          answered = true;
          settle(() => resolve(value));
        },
        (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
      );
    });
  }

  function check(): void {
    if (checking || dead !== null) return;
    checking = true;
    call('ping', (api) => api.ping())
      .catch(() => undefined)
      .finally(() => (checking = false));
  }

  /** For calls whose answer nobody awaits. A late one is followed by a check, and a dead worker is reported by `onDeath`. */
  function tell(what: string, run: (api: Remote<ChartApi>) => Promise<unknown>): void {
    call(what, run).catch((error: unknown) => {
      if (dead === null && !(error instanceof TimeoutError)) console.error(error);
    });
  }

  tell('listen', (api) => api.listen(transfer(channel.port2, [channel.port2])));

  return {
    call,
    tell,
    /** Events of a slot; null ends it. */
    onSlot(slot: string, listener: ((event: ChartEvent) => void) | null): void {
      if (listener === null) listeners.delete(slot);
      else listeners.set(slot, listener);
    },
    /** Asks for a sign of life; death follows if there is none. */
    check,
    dispose(): void {
      if (dead === null) close('The charts were closed.');
    },
  };
}
