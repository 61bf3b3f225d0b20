import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { LabError } from '../../base/errors.ts';
import type { Job } from '../../experiment/jobs/perform.ts';
import { inOrder, type JobRunner, type RunOptions } from '../../experiment/jobs/runner.ts';
import { resultIn, type Answer } from './answer.ts';

/** A job whose thread dies this many times is given up. */
const MAX_DEATHS = 3;

const THREAD = new URL('thread.mjs', import.meta.url);

export interface ThreadOptions {
  readonly threads: number;
  /** Called when a thread has died and its job starts again. */
  readonly onDeath?: (reason: string) => void;
  /** Module of a thread, whose default export answers jobs. */
  readonly entry?: URL;
}

/** Threads that do one job each at a time. */
export class JobThreads {
  readonly #pool: Piscina<Job, Answer>;
  readonly #onDeath: (reason: string) => void;
  /** Rejects when no thread is left and none can start. */
  readonly #broken: Promise<never>;
  #closed = false;

  constructor({ threads, onDeath = () => undefined, entry = THREAD }: ThreadOptions) {
    this.#onDeath = onDeath;
    this.#pool = new Piscina<Job, Answer>({
      filename: fileURLToPath(entry),
      minThreads: threads,
      maxThreads: threads,
      // The entry registers its hooks itself.
      execArgv: [],
    });
    this.#broken = new Promise((_, reject) => {
      // A thread that dies without a job. Once one cannot start, Piscina starts no other.
      this.#pool.on('error', (error: unknown) => {
        if (this.#pool.threads.length === 0)
          reject(new LabError(`no worker thread can start (${reasonOf(error)})`));
      });
    });
    this.#broken.catch(() => undefined);
  }

  /** The answer to a job. @throws LabError if its thread dies again and again. */
  async answer(job: Job): Promise<Answer> {
    for (let deaths = 1; ; deaths++) {
      try {
        return await Promise.race([this.#pool.run(job), this.#broken]);
      } catch (error) {
        if (this.#closed || error instanceof LabError) throw error;
        const reason = reasonOf(error);
        if (deaths === MAX_DEATHS)
          throw new LabError(
            `a job of kind "${job.kind}" ended its thread ${deaths} times (${reason}); try fewer workers, which leaves more memory for each, or a smaller scenario`,
          );
        this.#onDeath(reason);
      }
    }
  }

  /** Ends the threads in the middle of what they do. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.destroy();
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Runs jobs in worker threads of this process. */
export function threadRunner(options: ThreadOptions): JobRunner {
  const threads = new JobThreads(options);
  return {
    run: <R extends object>(jobs: readonly Job[], run: RunOptions<R> = {}) =>
      inOrder(jobs, async (job) => resultIn<R>(await threads.answer(job)), run),
    close: () => threads.close(),
  };
}
