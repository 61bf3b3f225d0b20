import { inOrder, type JobRunner } from '../../../src/experiment/jobs/runner.ts';
import type { Job } from '../../../src/experiment/jobs/perform.ts';
import type { DesignName } from '../../../src/experiment/run/names.ts';
import type { EveningResult } from '../../../src/experiment/run/rows.ts';
import { Cancelled } from '../../worker/worker-client.ts';

/** What a design reports about the matched share, without noise: the truth is 0. */
const reports: Partial<Record<DesignName, number>> = { users: 0.115, clusters: 0.06, switchback: 0 };

/** An evening as a worker would return it, with noise that depends on its seed. */
export function fakeEvening(seed: number, designs: readonly DesignName[]): EveningResult {
  return {
    seed,
    identical: true,
    aa: [],
    harm: designs.map((design) => ({ design, worse: 40, better: 50 })),
    rows: designs.map((design, d) => {
      const noise = design === 'paired' ? 0 : 0.01 * Math.sin(seed * 12.9 + d);
      const estimate = (reports[design] ?? 0) + noise;
      const half = design === 'paired' ? 0.002 : 0.02;
      return {
        ...{ seed, design, metric: 'matched' as const, estimate, method: 'fake' },
        ...{ low: estimate - half, high: estimate + half, standard_error: half / 2 },
      };
    }),
  };
}

/** A runner that lives through each evening when it is told to. */
export function fakeRunner(): {
  runner: JobRunner;
  readonly finishOne: () => Promise<void>;
  readonly closed: boolean;
} {
  const waiting: (() => void)[] = [];
  let closed = false;
  const start = async <R extends object>(job: Job): Promise<R> => {
    if (job.kind !== 'evening') throw new Error('the fake runner lives through evenings only');
    await new Promise<void>((resolve, reject) =>
      waiting.push(() => (closed ? reject(new Cancelled()) : resolve())),
    );
    return fakeEvening(job.seed, ['paired', ...job.designs]) as unknown as R;
  };
  return {
    runner: {
      run: <R extends object>(jobs: readonly Job[], options = {}) =>
        inOrder<R>(jobs, (job) => start<R>(job), options),
      close() {
        closed = true;
        for (const wake of waiting.splice(0)) wake();
        return Promise.resolve();
      },
    },
    async finishOne() {
      waiting.shift()?.();
      await new Promise((resolve) => setTimeout(resolve));
    },
    get closed() {
      return closed;
    },
  };
}
