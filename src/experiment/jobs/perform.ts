import { runEvening, type EveningJob } from '../run/evening.ts';
import { marketTools, type JobContext } from './context.ts';
import { runSetting, type SettingJob } from './setting.ts';

/** A piece of work that any thread, process or machine can do. It is plain JSON, as is its result. */
export type Job = SettingJob | EveningJob;

/** To add a kind of job: its type above, and its function here. */
const kinds: { readonly [K in Job['kind']]: (job: Job & { kind: K }, context: JobContext) => Promise<object> } = {
  setting: runSetting,
  evening: async (job, context) =>
    runEvening(job, await marketTools(context, [job.spec.a.scorer, job.spec.b.scorer])),
};

/** Does a job. The same job has the same result everywhere. @throws LabError for wrong input. */
export async function perform(job: Job, context: JobContext): Promise<object> {
  return kinds[job.kind](job, context);
}
