import { inlineRunner } from '../../src/experiment/jobs/inline.ts';
import type { EveningJob } from '../../src/experiment/run/evening.ts';
import { parseExperiment } from '../../src/experiment/run/spec.ts';
import { nodeContext } from '../../src/lab/jobs/node-context.ts';
import { benchPart } from './part.ts';

/** Two truths and three mixed markets: five worlds per evening. */
const designs = ['users', 'clusters', 'switchback'] as const;
const spec = parseExperiment({
  scenario: {
    population: { people: 3000, online: 600, arrivalsPerMinute: 140, women: 0.25, genderFilter: 0.7 },
    behaviour: { patience: 25 },
  },
  ...{ a: { scorer: 'oracle' }, b: { scorer: 'oracle', bonus: 1000 } },
  ...{ ticks: 360, warm_up: 20, metrics: ['matched', 'wait'] },
});

export const eveningsPart = benchPart(
  'Evenings of an experiment in five worlds, by worker threads (0: in the process itself)',
  ({ quick }) =>
    [0, 1, 2].map((workers) => ({
      name: `${workers} workers`,
      run: async () => [await eveningsRow(workers, quick ? 6 : 200)],
    })),
  {
    workers: (row) => row.workers,
    evenings: (row) => row.evenings,
    seconds: (row) => row.seconds,
    'of processor': (row) => row.processorSeconds,
    'processor ms per evening': (row) => (1000 * row.processorSeconds) / row.evenings,
    'cancel ms': (row) => row.cancelMs,
  },
);

/** Runs the evenings, start of the threads included; then cancels another run of them. */
async function eveningsRow(workers: number, evenings: number) {
  // Only here: elsewhere the bench runs without the packages of the threads.
  const { threadRunner } = await import('../../src/lab/jobs/threads.ts');
  const open = () => (workers === 0 ? inlineRunner(nodeContext()) : threadRunner({ threads: workers }));
  const jobs = Array.from({ length: evenings }, (_, k): EveningJob => {
    return { kind: 'evening', spec, seed: 50_000 + k, designs, aa: [] };
  });
  const [before, from] = [process.cpuUsage(), performance.now()];
  const runner = open();
  for await (const _ of runner.run(jobs));
  await runner.close();
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(before);

  const cancelled = open();
  const stop = new AbortController();
  let asked = performance.now();
  try {
    for await (const _ of cancelled.run(jobs, { signal: stop.signal })) {
      // After a delay, so that the next evening has begun.
      setTimeout(() => {
        asked = performance.now();
        stop.abort(new Error('cancelled'));
      }, 100);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  await cancelled.close();
  const cancelMs = performance.now() - asked;
  return { workers, evenings, seconds, processorSeconds: (user + system) / 1e6, cancelMs };
}
