import { WorkerClient, type Calls } from '../worker/worker-client.ts';
import type { EngineApi } from './api.ts';
import { takeEngineWorker } from './early.ts';

/** The engine worker's functions, as the page calls them. */
export type Engine = Calls<EngineApi>;

/** Starts the engine in a worker, because building a world may take seconds. */
export function createEngine(onDeath: (reason: string) => void): WorkerClient<EngineApi> {
  const client = new WorkerClient<EngineApi>({
    name: 'The engine',
    start: takeEngineWorker,
    timeout: 10_000,
    timeouts: {
      start: 90_000,
      setPeople: 60_000,
      step: 60_000,
      runTo: Infinity,
      exportLog: Infinity,
      captureTick: 60_000,
    },
    onDeath,
  });
  // A failure here is a dead worker, which `onDeath` reports.
  client.calls.setAssets(document.baseURI).catch(() => undefined);
  return client;
}
