import { availableParallelism } from 'node:os';
import { inlineRunner } from '../../experiment/jobs/inline.ts';
import type { JobRunner } from '../../experiment/jobs/runner.ts';
import type { Say } from '../cli/command.ts';
import { integer } from '../cli/options.ts';
import { nodeContext } from './node-context.ts';
import { threadRunner } from './threads.ts';

/** Options of a command that runs jobs. */
export const runnerOptions = {
  workers: integer('N', 'worker threads; 0 works in the process itself; default: one per core', {
    min: 0,
    max: 512,
  }),
};

interface RunnerChoice {
  readonly workers: number | undefined;
}

/**
 * Opens the runner that the options name, and closes it after the work. Ctrl-C and SIGTERM abort
 * the signal and end the threads at once; the process then ends by that signal.
 */
export async function withRunner<T>(
  { workers = availableParallelism() }: RunnerChoice,
  say: Say,
  work: (runner: JobRunner, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const cancel = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    received = signal;
    cancel.abort(new Error(`cancelled by ${signal}`));
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, stop);
  const runner =
    workers === 0
      ? inlineRunner(nodeContext())
      : threadRunner({
          threads: workers,
          onDeath: (reason) => say(`a worker thread died (${reason}); its job starts again`),
        });
  try {
    return await work(runner, cancel.signal);
  } finally {
    await runner.close();
    for (const signal of signals) process.off(signal, stop);
    // Without a handler the signal ends the process, so that a shell sees 130 or 143.
    if (received !== undefined) process.kill(process.pid, received);
  }
}
