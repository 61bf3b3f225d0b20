import { Queue, QueueEvents } from 'bullmq';
import type { Job } from '../../experiment/jobs/perform.ts';
import { inOrder, type JobRunner, type RunOptions } from '../../experiment/jobs/runner.ts';
import type { Say } from '../cli/command.ts';
import { resultIn, type Answer } from './answer.ts';
import { contentKey } from './engine-version.ts';
import { connectQueue } from './redis.ts';

/** How often it is said that nobody works. */
const NOBODY_MS = 15_000;
/** Results that nobody fetched are deleted after a day, seconds. */
const KEEP_SECONDS = 86_400;

/**
 * Runs jobs on the machines whose "lab worker" takes them from this Redis. The name of a job is a
 * hash of its content, so the same job is never in the queue twice, and a run that was cut off
 * finds the jobs that it had added.
 * @throws LabError within seconds if no Redis answers.
 */
export async function queueRunner(url: string, say: Say): Promise<JobRunner> {
  const { client, queue: name, address, lost } = await connectQueue(url, say);
  const queue = new Queue<Job, Answer>(name, { connection: client });
  const events = new QueueEvents(name, { connection: client });
  // What goes wrong with the connection is seen at the client.
  queue.on('error', () => undefined).setMaxListeners(0);
  events.on('error', () => undefined).setMaxListeners(0);

  async function start(job: Job): Promise<Answer> {
    const options = { jobId: contentKey(job), removeOnComplete: { age: KEEP_SECONDS }, removeOnFail: true };
    for (let tries = 1; ; tries++) {
      const added = await queue.add(job.kind, job, options);
      try {
        return await added.waitUntilFinished(events);
      } catch (error) {
        // Another run of the same jobs has fetched and removed it.
        if (tries === 3 || !(error instanceof Error && error.message.startsWith('Missing key'))) throw error;
      }
    }
  }

  async function sayNobody(): Promise<void> {
    if ((await queue.getWorkersCount()) > 0) return;
    say(`no worker takes jobs; start "lab worker --queue ${address}" with this version of the program`);
  }

  return {
    async *run<R extends object>(jobs: readonly Job[], options: RunOptions<R> = {}) {
      const signal = AbortSignal.any([lost, ...(options.signal ? [options.signal] : [])]);
      const nobody = setInterval(() => void sayNobody().catch(() => undefined), NOBODY_MS);
      try {
        yield* inOrder(jobs, async (job) => resultIn<R>(await start(job)), { ...options, signal });
      } finally {
        clearInterval(nobody);
        // A job that a worker has at the moment cannot be removed; it is deleted after a day.
        if (!lost.aborted) await Promise.allSettled(jobs.map((job) => queue.remove(contentKey(job))));
      }
    },
    async close() {
      await Promise.allSettled([queue.close(), events.close()]);
      client.disconnect();
    },
  };
}
