import type { JobContext } from './context.ts';
import { perform, type Job } from './perform.ts';
import type { JobRunner, RunOptions } from './runner.ts';

/** Real time between two pauses in which signals and messages are handled. */
const BREATH_MS = 50;

/** Runs one job after the other in the calling thread. */
export function inlineRunner(context: JobContext): JobRunner {
  return {
    async *run<R extends object>(jobs: readonly Job[], { signal, onResult, onDone }: RunOptions<R> = {}) {
      let breathed = performance.now();
      const breathe = () => {
        if (performance.now() - breathed < BREATH_MS) return undefined;
        return pause().then(() => {
          breathed = performance.now();
          signal?.throwIfAborted();
        });
      };
      for (const [at, job] of jobs.entries()) {
        signal?.throwIfAborted();
        // Threads and machines exchange JSON: the result is the same here.
        const result = JSON.parse(JSON.stringify(await perform(job, { ...context, breathe }))) as R;
        onResult?.(result, at);
        onDone?.(at + 1, jobs.length);
        yield result;
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Lets the event loop run. Promises alone would keep timers and signals waiting. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
