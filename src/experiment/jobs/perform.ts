import { runEvening, type EveningJob } from '../run/evening.ts';
import { marketTools, type JobContext } from './context.ts';
import { runSetting, type SettingJob } from './setting.ts';

/** A piece of work for any thread, process or machine: plain JSON, as is its result. */
export type Job = SettingJob | EveningJob;

/** Does a job. The same job has the same result everywhere. @throws LabError for wrong input. */
export async function perform(job: Job, context: JobContext): Promise<object> {
  switch (job.kind) {
    case 'setting':
      return runSetting(job, context);
    case 'evening':
      return runEvening(job, await marketTools(context, [job.spec.a.scorer, job.spec.b.scorer]));
  }
}
