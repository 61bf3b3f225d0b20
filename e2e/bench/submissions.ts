import type { GpuDevice } from '../../src/gpu/device.ts';
import { familyPool } from '../../src/gpu/testing/pools.ts';
import type { GpuBackend } from '../../src/match/gpu-backend.ts';
import type { WeightRule } from '../../src/score/types.ts';
import { benchPart } from './part.ts';

type Submission = Parameters<NonNullable<GpuDevice['watch']>>[0];

/** Maximum milliseconds of a submission: the browser draws in between. */
const LIMIT_MS = 100;
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };

export const submissionsPart = benchPart(
  `Submissions of one tick on the GPU clock: the longest, and how many exceed ${LIMIT_MS} ms`,
  ({ gpu, quick, large, realGpu, sizes }) => {
    if (gpu === null) return [];
    // An auction of thousands takes a software adapter minutes.
    const maxAuction = realGpu || large ? Infinity : 1000;
    return (sizes ?? (quick ? [200] : [200, 1000, 2000, 4000, 10_000])).flatMap((n) =>
      (['greedy', 'auction'] as const)
        .filter((matcher) => matcher === 'greedy' || n <= maxAuction)
        .map((matcher) => ({
          name: `${n} people, ${matcher}`,
          run: () => submissionRows(gpu, n, matcher),
        })),
    );
  },
  {
    people: (row) => row.n,
    matcher: (row) => row.matcher,
    'tick ms': (row) => row.tickMs,
    submissions: (row) => row.count,
    over: (row) => row.over,
    'longest ms': (row) => row.longestMs,
    'planned ms': (row) => row.plannedMs,
    'passes in it': (row) => row.passes,
  },
);

/** One tick on a clustered pool, after a small one that compiles the kernels. */
async function submissionRows(gpu: GpuBackend, n: number, matcher: 'greedy' | 'auction') {
  const tick = (size: number) =>
    gpu.match(familyPool({ family: 'clustered', n: size, dim: 64, seed: 11 }), rule, { matcher, seed: 1 });
  await tick(Math.min(n, 200));
  const seen: Submission[] = [];
  gpu.gpu.watch = (submission) => void seen.push(submission);
  const start = performance.now();
  await tick(n);
  const tickMs = performance.now() - start;
  gpu.gpu.watch = undefined;
  const timed = seen.flatMap((submission) => {
    const begin = submission.passes[0]?.begin;
    const end = submission.passes.at(-1)?.end;
    return begin === undefined || end === undefined ? [] : [{ ...submission, took: end - begin }];
  });
  if (timed.length === 0) return [];
  const longest = timed.reduce((a, b) => (b.took > a.took ? b : a));
  return [
    {
      ...{ n, matcher, tickMs, count: timed.length },
      over: timed.filter(({ took }) => took > LIMIT_MS).length,
      longestMs: longest.took,
      plannedMs: longest.ms,
      passes: [...new Set(longest.passes.map(({ kind }) => kind.name))].join(' + '),
    },
  ];
}
