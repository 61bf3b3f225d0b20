import { startWorker } from '../../worker/start-worker.ts';
import { CallTimeout, WorkerClient, WorkerDied, type Calls } from '../../worker/worker-client.ts';
import type { ChartEvent } from './renderer.ts';
import type { ChartApi } from './worker.ts';

interface ClientOptions {
  /** Max duration of a call, milliseconds; the first one also waits for the worker to load. */
  readonly timeout?: number;
  /** Makes the worker; for tests. */
  readonly start?: () => Worker;
  /** Called when the worker dies by itself; all pending calls have been rejected by then. */
  readonly onDeath: (reason: string) => void;
  /** Called when the worker refuses a message from the engine. */
  readonly onRefused?: (message: string) => void;
}

export type ChartClient = ReturnType<typeof createChartClient>;

/** The chart worker. After a timed-out call it is pinged; without an answer it counts as dead. */
export function createChartClient({
  timeout,
  start = () => startWorker('charts'),
  onDeath,
  onRefused,
}: ClientOptions) {
  const client = new WorkerClient<ChartApi>({
    name: 'The charts',
    start,
    timeout: timeout ?? 15_000,
    ...(timeout !== undefined && { startupTimeout: timeout }),
    ping: 'ping',
    onDeath,
  });
  const { calls } = client;
  const listeners = new Map<string, (event: ChartEvent) => void>();
  let closed = false;

  /** For calls whose answer nobody awaits. A dead worker is reported by `onDeath`. */
  function tell(call: (calls: Calls<ChartApi>) => Promise<unknown>): void {
    call(calls).catch((error: unknown) => {
      if (!closed && !(error instanceof CallTimeout || error instanceof WorkerDied)) console.error(error);
    });
  }

  tell(({ listen }) =>
    listen((event) => {
      if (event.kind === 'refused') onRefused?.(event.message);
      else listeners.get(event.slot)?.(event);
    }),
  );

  return {
    calls,
    tell,
    /** Events of a slot; null removes the listener. */
    onSlot(slot: string, listener: ((event: ChartEvent) => void) | null): void {
      if (listener === null) listeners.delete(slot);
      else listeners.set(slot, listener);
    },
    dispose(): void {
      closed = true;
      client.dispose();
    },
  };
}
