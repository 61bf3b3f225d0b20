import { startWorker } from '../worker/start-worker.ts';
import { runInWorker, type WorkerJob } from '../worker/worker-client.ts';
import type { CapturedTick } from './capture.ts';
import type { SolveEvents } from './solve.ts';
import type { SolveApi } from './worker.ts';

/**
 * Solves a captured tick in a worker. An exact solution may take minutes and can be cancelled.
 * `start` makes the worker; tests replace it.
 */
export function solveTick(
  captured: CapturedTick,
  events: SolveEvents,
  start = () => startWorker('exact'),
): WorkerJob<void> {
  return runInWorker<SolveApi, void>('The solver', start, (calls) =>
    calls.solve(captured, (news) => {
      if ('row' in news) events.row(news.row);
      else events.step(news.step);
      return Promise.resolve();
    }),
  );
}
