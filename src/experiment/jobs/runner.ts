import type { Job } from './perform.ts';

/** Runs jobs somewhere: in this thread, in worker threads, or on other machines. */
export interface JobRunner {
  /**
   * The results in the order of the jobs, whatever finishes first. A job whose thread or machine
   * dies runs again; each result is given once. @throws the reason of the signal, or the first
   * error of a job.
   */
  run<R extends object>(jobs: readonly Job[], options?: RunOptions<R>): AsyncGenerator<R, void, undefined>;
  /** Ends all threads and connections, also in the middle of a job. */
  close(): Promise<void>;
}

export interface RunOptions<R extends object> {
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as a job is done, in any order. */
  readonly onResult?: (result: R, job: number) => void;
  /** Called after `onResult`, with the number of finished jobs. */
  readonly onDone?: (done: number, of: number) => void;
}

/** Yields results in the order of the jobs while `start` works on all of them at once. */
export async function* inOrder<R extends object>(
  jobs: readonly Job[],
  start: (job: Job) => Promise<R>,
  { signal, onResult, onDone }: RunOptions<R>,
): AsyncGenerator<R, void, undefined> {
  signal?.throwIfAborted();
  let stop!: (reason: unknown) => void;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => undefined);
  const abort = () => stop(signal?.reason);
  signal?.addEventListener('abort', abort);
  let done = 0;
  let over = false;
  const results = jobs.map(async (job, at) => {
    const result = await start(job);
    if (!over && signal?.aborted !== true) {
      onResult?.(result, at);
      onDone?.(++done, jobs.length);
    }
    return result;
  });
  // The first failure ends the run, even while an earlier job still works.
  for (const result of results) result.catch(stop);
  try {
    for (const result of results) yield await Promise.race([result, stopped]);
  } finally {
    over = true;
    signal?.removeEventListener('abort', abort);
  }
}
