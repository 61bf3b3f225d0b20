import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import type { CapturedTick } from './capture.ts';
import type { SolveEvents } from './solve.ts';
import type { SolveApi, SolveNews } from './worker.ts';

/** One solution on its way. */
export interface Solution {
  /** Rejects with the reason when the worker dies, the tick cannot be solved, or the solution was cancelled. */
  readonly done: Promise<void>;
  /** Ends the worker at once, whatever it does. */
  cancel(): void;
}

/** The solution was cancelled: no failure. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('Cancelled.');
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'exact' });
}

/**
 * Solves a captured tick in a worker of its own, which lives as long as the solution. No time-out: an exact solution may take
 * minutes, and can be cancelled.
 *
 * @param start makes the worker; for tests.
 */
export function solveTick(captured: CapturedTick, events: SolveEvents, start = startWorker): Solution {
  const worker = start();
  const remote: Remote<SolveApi> = wrap<SolveApi>(worker);
  let settled = false;
  let fail: (error: Error) => void = () => undefined;
  const close = () => {
    settled = true;
    remote[releaseProxy]();
    worker.terminate();
  };
  const done = new Promise<void>((resolve, reject) => {
    fail = (error) => {
      if (settled) return;
      close();
      reject(error);
    };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      fail(new Error(`The solver stopped: ${event.message || 'its worker could not be loaded'}.`));
    });
    worker.addEventListener('messageerror', () =>
      fail(new Error('The solver sent a message that could not be read.')),
    );
    const tell = (news: SolveNews): Promise<void> => {
      // What was on its way when it was cancelled is no longer of interest.
      if (!settled) {
        if ('row' in news) events.row(news.row);
        else events.step(news.step);
      }
      return Promise.resolve();
    };
    remote.solve(captured, proxy(tell)).then(
      () => {
        if (settled) return;
        close();
        resolve();
      },
      (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
    );
  });
  return { done, cancel: () => fail(new Cancelled()) };
}
