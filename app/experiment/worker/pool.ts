import type { Job } from '../../../src/experiment/jobs/perform.ts';
import { inOrder, type JobRunner } from '../../../src/experiment/jobs/runner.ts';
import { startWorker } from '../../worker/start-worker.ts';
import { Cancelled, WorkerClient, WorkerDied } from '../../worker/worker-client.ts';
import type { ExperimentApi } from './experiment-worker.ts';

/** Workers that may die under one job, after which the job fails. */
const MAX_DEATHS = 2;

type Worked = WorkerClient<ExperimentApi>;

export interface WorkerPoolOptions {
  /** Number of workers. By default, all threads but one: that one is the market's. */
  readonly workers?: number;
  /** Makes a worker; for tests. */
  readonly start?: () => Worker;
  /** The address beside which the weights of the scorers lie. */
  readonly page?: string;
}

/** Number of workers of the room on this machine. */
export const defaultWorkers = (): number => Math.max(1, navigator.hardwareConcurrency - 1);

/** Runs jobs in workers, which start when there is a job for them. `close` ends them at once. */
export function workerPool({
  workers = defaultWorkers(),
  start = () => startWorker('experiment'),
  page = document.baseURI,
}: WorkerPoolOptions = {}): JobRunner {
  const idle: Worked[] = [];
  const busy = new Set<Worked>();
  /** Jobs that wait for a worker. */
  const queue: ((worker: Worked) => void)[] = [];
  let closed = false;

  const open = () =>
    new WorkerClient<ExperimentApi>({ name: 'The experiment', start, startupTimeout: Infinity });
  const take = (): Promise<Worked> => {
    const free = idle.pop() ?? (busy.size < workers ? open() : undefined);
    if (free === undefined) return new Promise((resolve) => queue.push(resolve));
    busy.add(free);
    return Promise.resolve(free);
  };
  const give = (worker: Worked | null) => {
    const next = queue.shift();
    if (next === undefined) {
      if (worker !== null) idle.push(worker);
      return;
    }
    const free = worker ?? open();
    busy.add(free);
    next(free);
  };

  async function perform<R extends object>(job: Job, deaths = 0): Promise<R> {
    const worker = await take();
    let alive = true;
    try {
      if (closed) throw new Cancelled();
      return (await worker.calls.perform(job, page)) as R;
    } catch (error) {
      alive = !(error instanceof WorkerDied);
      if (alive || closed || deaths >= MAX_DEATHS) throw error;
    } finally {
      busy.delete(worker);
      if (!closed) give(alive ? worker : null);
    }
    return perform<R>(job, deaths + 1);
  }

  return {
    run: <R extends object>(jobs: readonly Job[], options = {}) =>
      inOrder<R>(jobs, (job) => perform<R>(job), options),
    close() {
      closed = true;
      for (const worker of [...busy, ...idle]) worker.dispose(new Cancelled());
      return Promise.resolve();
    },
  };
}
