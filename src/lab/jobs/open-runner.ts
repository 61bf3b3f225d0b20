import { availableParallelism } from 'node:os';
import { inlineRunner } from '../../experiment/jobs/inline.ts';
import type { JobRunner } from '../../experiment/jobs/runner.ts';
import type { Say } from '../cli/command.ts';
import { integer, text, UsageError } from '../cli/options.ts';
import { nodeContext } from './node-context.ts';
import { untilSignal } from './signals.ts';

/** Options of a command that runs jobs. */
export const runnerOptions = {
  workers: integer('N', 'worker threads; 0 works in the process itself; default: one per core', {
    min: 0,
    max: 512,
  }),
  queue: text('URL', 'leaves the work to every "lab worker" of this Redis: redis://HOST:PORT/DB'),
};

export interface RunnerChoice {
  readonly workers: number | undefined;
  readonly queue: string | undefined;
}

/**
 * Opens the runner that the options name, and closes it after the work. Ctrl-C and SIGTERM abort
 * the signal and end the threads at once; the process then ends by that signal.
 * @throws UsageError, and LabError if the queue cannot be reached.
 */
export async function withRunner<T>(
  choice: RunnerChoice,
  say: Say,
  work: (runner: JobRunner, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const runner = await openRunner(choice, say);
  return untilSignal(async (cancelled) => {
    try {
      return await work(runner, cancelled);
    } finally {
      await runner.close();
    }
  });
}

async function openRunner({ workers, queue }: RunnerChoice, say: Say): Promise<JobRunner> {
  if (queue !== undefined) {
    if (workers !== undefined) throw new UsageError('--queue leaves the work to "lab worker"', '--workers');
    return (await import('./queue.ts')).queueRunner(queue, say);
  }
  if (workers === 0) return inlineRunner(nodeContext());
  return (await import('./threads.ts')).threadRunner({
    threads: workers ?? availableParallelism(),
    onDeath: (reason) => say(`a worker thread died (${reason}); its job starts again`),
  });
}
