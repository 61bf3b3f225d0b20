import { availableParallelism } from 'node:os';
import { Worker } from 'bullmq';
import type { Job } from '../../experiment/jobs/perform.ts';
import { defineCommand } from '../cli/command.ts';
import { integer, requiredText } from '../cli/options.ts';
import type { Answer } from '../jobs/answer.ts';
import { connectQueue } from '../jobs/redis.ts';
import { untilSignal } from '../jobs/signals.ts';
import { JobThreads } from '../jobs/threads.ts';

/**
 * A job whose worker does not renew its lock for this time goes back to the queue; how often that
 * is checked; and how often it may happen to one job.
 */
const LOCK_MS = 3000;
const CHECK_MS = 1000;
const MAX_LOST = 100;
/** Real time between two lines of progress. */
const SAY_MS = 10_000;

export const command = defineCommand({
  arguments: [],
  about: `The jobs come from "lab sweep --queue" and "lab experiment run --queue". Start as many workers as
you like, on any machine that reaches the Redis, with the same version of the program; Ctrl-C ends
one. If a worker is lost, its jobs run again elsewhere within seconds.`,
  options: {
    queue: requiredText('URL', 'address of the Redis: redis://HOST:PORT/DB'),
    jobs: integer('N', 'jobs at a time, each in a thread; default: one per core', { min: 1, max: 512 }),
  },
  async run({ options, say }) {
    const { client, queue, address, lost } = await connectQueue(options.queue, say);
    const count = options.jobs ?? availableParallelism();
    const threads = new JobThreads({
      threads: count,
      onDeath: (reason) => say(`a thread died (${reason}); its job starts again`),
    });
    let done = 0;
    return untilSignal(async (cancelled) => {
      const stop = AbortSignal.any([cancelled, lost]);
      const worker = new Worker<Job, Answer>(
        queue,
        async ({ data }) => {
          const answer = await threads.answer(data).catch((error: unknown) => {
            // The job stays locked, not failed: another worker takes it when the lock expires.
            if (stop.aborted) return new Promise<Answer>(() => undefined);
            throw error;
          });
          done++;
          return answer;
        },
        {
          connection: client,
          concurrency: count,
          ...{ lockDuration: LOCK_MS, stalledInterval: CHECK_MS, maxStalledCount: MAX_LOST },
        },
      );
      worker.on('error', () => undefined);
      const told = setInterval(() => say(`${done} jobs done`), SAY_MS);
      await worker.waitUntilReady();
      say(`takes jobs from ${address}, ${count} at a time; Ctrl-C ends it`);
      try {
        await new Promise((_, reject) => {
          stop.throwIfAborted();
          stop.addEventListener('abort', () => reject(stop.reason as Error));
        });
      } finally {
        clearInterval(told);
        await Promise.allSettled([worker.close(true), threads.close()]);
        client.disconnect();
      }
      return { jobs: done };
    });
  },
  print: ({ jobs }) => `${jobs} jobs done`,
});
