import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlineRunner } from '../../experiment/jobs/inline.ts';
import type { Job } from '../../experiment/jobs/perform.ts';
import { nodeContext } from './node-context.ts';
import { all, smallJobs } from './testing/small-jobs.ts';
import { threadRunner } from './threads.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-jobs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A job for testing/dying-thread.mjs. */
const dying = (name: string, deaths: number) =>
  ({ kind: 'setting', file: join(folder, name), deaths }) as unknown as Job;
const dyingThreads = (onDeath?: () => void) =>
  threadRunner({
    threads: 1,
    entry: new URL('testing/dying-thread.mjs', import.meta.url),
    ...(onDeath && { onDeath }),
  });

test('threads give the results of one process, in the order of the jobs', async () => {
  const jobs = smallJobs(5);
  const finished: number[] = [];
  const counts: number[] = [];
  const inline = await all(inlineRunner(nodeContext()), jobs);
  const threads = await all(threadRunner({ threads: 2 }), jobs, {
    onResult: (_, job) => finished.push(job),
    onDone: (done, of) => counts.push(done, of),
  });
  expect(JSON.stringify(threads)).toBe(JSON.stringify(inline));
  expect(new Set(threads.map((r) => JSON.stringify(r))).size).toBe(jobs.length);
  expect(finished.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
  expect(counts).toEqual([1, 5, 2, 5, 3, 5, 4, 5, 5, 5]);
});

test('a job whose thread dies runs again', async () => {
  let deaths = 0;
  const runner = dyingThreads(() => deaths++);
  expect(await all(runner, [dying('once', 1), dying('never', 0)])).toEqual([{ starts: 2 }, { starts: 1 }]);
  expect(deaths).toBe(1);
});

test('a job whose thread always dies is an error', async () => {
  await expect(all(dyingThreads(), [dying('always', 9)])).rejects.toThrow(
    'a job of kind "setting" ended its thread 3 times (worker exited with code: 7)',
  );
});

test('threads that cannot start are an error, not an endless wait', async () => {
  const runner = threadRunner({ threads: 2, entry: new URL('testing/broken-thread.mjs', import.meta.url) });
  await expect(all(runner, smallJobs(3))).rejects.toThrow(
    /no worker thread can start \(|ended its thread 3 times \(/,
  );
});

test.each([
  ['threads', () => threadRunner({ threads: 1 })],
  ['one process', () => inlineRunner(nodeContext())],
])('an error of input has its place, and the signal ends %s', async (_, open) => {
  const [job] = smallJobs(1);
  const wrong = { ...job, scenario: { ...job.scenario, cast: 'people-12345678' } };
  await expect(all(open(), [wrong])).rejects.toThrow(
    'scenario.cast: the people of this scenario come from files',
  );
  const cancel = new AbortController();
  const endless = { ...job, seconds: 1e9 };
  const run = all(open(), [job, endless], {
    signal: cancel.signal,
    onDone: () => cancel.abort(new Error('enough')),
  });
  await expect(run).rejects.toThrow('enough');
});
