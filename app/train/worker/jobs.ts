import { fit } from './fit.ts';
import { effect, latency } from './market-jobs.ts';
import { record } from './record.ts';
import { cost, runJudgeOrder } from './study-jobs.ts';

/** The worker's jobs. Each takes its order and a {@link TrainingContext}. */
export const jobs = { record, fit, judge: runJudgeOrder, cost, latency, effect };

export type JobKind = keyof typeof jobs;
export type Order<K extends JobKind> = Parameters<(typeof jobs)[K]>[0];
export type Result<K extends JobKind> = Awaited<ReturnType<(typeof jobs)[K]>>;
