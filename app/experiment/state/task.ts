import type { Job } from '../../../src/experiment/jobs/perform.ts';
import { Cancelled } from '../../worker/worker-client.ts';
import { workerPool } from '../worker/pool.ts';
import { useExperiment, type ExperimentTask } from './store.ts';

/** The task of the room: one at a time. */

const set = useExperiment.setState;

/** Ends the task in progress. */
let stop: (() => void) | null = null;

export interface TaskOrder<R> {
  /** Throws what is wrong with the settings, before anything starts. */
  readonly plan: () => readonly Job[];
  /** Takes the results that are in, by the place of their job, whenever one comes in. */
  readonly take: (results: ReadonlyMap<number, R>) => void;
  /** Makes the workers; for tests. */
  readonly open?: typeof workerPool | undefined;
}

/** Runs jobs in workers. What goes wrong, or how it ended, is in the store. */
export async function runTask<R extends object>({
  plan,
  take,
  open = workerPool,
}: TaskOrder<R>): Promise<void> {
  if (useExperiment.getState().task !== null) return;
  const began = performance.now();
  let results: ReadonlyMap<number, R> = new Map();
  let of = 0;
  try {
    const jobs = plan();
    of = jobs.length;
    const pool = open();
    const abort = new AbortController();
    stop = () => {
      abort.abort(new Cancelled());
      void pool.close();
    };
    set({ problem: null, said: '', task: taskOf(0, of, 0) });
    take(results);
    try {
      const running = pool.run<R>(jobs, {
        signal: abort.signal,
        onResult(result, job) {
          results = new Map([...results, [job, result] as const].sort(([x], [y]) => x - y));
          set({ task: taskOf(results.size, of, performance.now() - began) });
          take(results);
        },
      });
      for await (const _ of running);
    } finally {
      void pool.close();
    }
    set({ said: `${evenings(of)} in ${((performance.now() - began) / 1000).toFixed(1)} s.` });
  } catch (error) {
    if (error instanceof Cancelled) set({ said: `Cancelled after ${results.size} of ${evenings(of)}.` });
    else set({ problem: error instanceof Error ? error.message : String(error) });
  } finally {
    stop = null;
    set({ task: null });
  }
}

/** Ends the task; what came in stays. */
export function cancelRun(): void {
  stop?.();
}

const evenings = (n: number): string => `${n} evening${n === 1 ? '' : 's'}`;

function taskOf(done: number, of: number, ms: number): ExperimentTask {
  const text = done === 0 ? 'The first evening' : `Evening ${Math.min(of, done + 1)} of ${of}`;
  return { text, done, of, left: done === 0 ? null : ((ms / done) * (of - done)) / 1000 };
}
