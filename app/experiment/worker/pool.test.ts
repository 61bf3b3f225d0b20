import { expect, test } from 'vitest';
import type { Job } from '../../../src/experiment/jobs/perform.ts';
import { parseExperiment } from '../../../src/experiment/run/spec.ts';
import { Cancelled } from '../../worker/worker-client.ts';
import { workerPool } from './pool.ts';

const spec = parseExperiment({
  scenario: { population: { people: 300, online: 60, arrivalsPerMinute: 20 } },
  a: { scorer: 'oracle' },
  b: { scorer: 'oracle', bonus: 5 },
  ticks: 20,
  metrics: ['matched'],
});
const jobs = (n: number): Job[] =>
  Array.from({ length: n }, (_, k) => ({
    kind: 'evening',
    spec,
    seed: 50_001 + k,
    designs: ['users'],
    aa: [],
  }));
const page = new URL('/', location.href).href;
const start = () => new Worker(new URL('./experiment-worker.ts', import.meta.url), { type: 'module' });

async function all<R extends object>(run: AsyncGenerator<R>): Promise<R[]> {
  const results: R[] = [];
  for await (const result of run) results.push(result);
  return results;
}

test('evenings come in the order of their seeds, the same from one worker and from two', async () => {
  const runs = [];
  for (const workers of [1, 2]) {
    const pool = workerPool({ workers, start, page });
    runs.push(await all(pool.run<{ seed: number }>(jobs(3))));
    await pool.close();
  }
  expect(runs[0].map((r) => r.seed)).toEqual([50_001, 50_002, 50_003]);
  expect(runs[1]).toEqual(runs[0]);
});

test('an evening whose worker dies is lived through again by another one', async () => {
  const workers: Worker[] = [];
  const pool = workerPool({
    ...{ workers: 1, page },
    start: () => {
      const worker = start();
      workers.push(worker);
      if (workers.length === 1)
        setTimeout(() =>
          worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true })),
        );
      return worker;
    },
  });
  const results = await all(pool.run<{ seed: number }>(jobs(2)));
  expect(results.map((r) => r.seed)).toEqual([50_001, 50_002]);
  expect(workers).toHaveLength(2);
  await pool.close();
});

test('closing ends the evenings that are being lived through', async () => {
  const pool = workerPool({ workers: 1, start, page });
  const run = all(pool.run(jobs(50)));
  const ended = expect(run).rejects.toThrow(Cancelled);
  await pool.close();
  await ended;
});
