import { runAha, type AhaJob } from '../aha/aha-evening.ts';
import { runEvening, type EveningJob } from '../run/evening.ts';
import { runWindows, type WindowJob } from '../windows/window-study.ts';
import { marketTools, type JobContext, type MarketTools } from './context.ts';
import { runSetting, type SettingJob } from './setting.ts';

/** A piece of work for any thread, process or machine: plain JSON, as is its result. */
export type Job = SettingJob | EveningJob | WindowJob | AhaJob;

/** Does a job. The same job has the same result everywhere. @throws LabError for wrong input. */
export async function perform(job: Job, context: JobContext): Promise<object> {
  switch (job.kind) {
    case 'setting':
      return runSetting(job, context);
    case 'evening':
      return runEvening(job, await toolsOf(job, context));
    case 'windows':
      return runWindows(job, await toolsOf(job, context));
    case 'aha':
      return runAha(job, await marketTools(context, [job.scenario.policy.scorer]));
  }
}

const toolsOf = ({ spec }: EveningJob | WindowJob, context: JobContext): Promise<MarketTools> =>
  marketTools(context, [spec.a.scorer, spec.b.scorer]);
