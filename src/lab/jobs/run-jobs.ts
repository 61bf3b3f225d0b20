import { dirname } from 'node:path';
import type { Job } from '../../experiment/jobs/perform.ts';
import type { Say } from '../cli/command.ts';
import { prepareFolder } from '../cli/files.ts';
import { flag, UsageError } from '../cli/options.ts';
import { contentKey } from './engine-version.ts';
import { openJournal } from './journal.ts';
import { runnerOptions, withRunner, type RunnerChoice } from './open-runner.ts';
import { sayProgress } from './progress.ts';

/** Options of a command whose jobs are evenings and whose result can be written with --out. */
export const jobOptions = {
  ...runnerOptions,
  resume: flag('goes on from FILE.partial, which keeps the finished evenings; they do not run again'),
};

interface JobChoice extends RunnerChoice {
  readonly resume: boolean;
  readonly out: string | undefined;
}

/**
 * Runs jobs and passes their results, in the order of the jobs, to `finish`, which writes the
 * output. Until then finished jobs are kept beside it, in FILE.partial.
 * @throws UsageError and LabError, before any job runs, for what cannot work.
 */
export async function runJobs<R extends object, T>(
  jobs: readonly Job[],
  options: JobChoice,
  say: Say,
  finish: (results: R[]) => Promise<T>,
): Promise<T> {
  const { out, resume } = options;
  if (resume && out === undefined) throw new UsageError('needs --out FILE', '--resume');
  if (out !== undefined) prepareFolder(dirname(out));
  const journal = out === undefined ? undefined : openJournal<R>(out, contentKey(jobs), resume);
  const results = new Map(journal?.finished);
  const left = [...jobs.keys()].filter((at) => !results.has(at));
  if (results.size > 0) say(`${results.size} of ${jobs.length} evenings are finished already`);
  await withRunner(options, say, async (runner, signal) => {
    const run = runner.run<R>(
      left.map((at) => jobs[at]),
      {
        signal,
        onResult(result, at) {
          results.set(left[at], result);
          journal?.add(left[at], result);
        },
        onDone: sayProgress(say, 'evenings'),
      },
    );
    try {
      for await (const _ of run);
    } catch (error) {
      journal?.close();
      if (journal !== undefined && results.size > 0)
        say(
          `${results.size} of ${jobs.length} evenings are kept in ${journal.path}; --resume goes on from there`,
        );
      throw error;
    }
  });
  const finished = await finish(jobs.map((_, at) => results.get(at) as R));
  journal?.remove();
  return finished;
}
