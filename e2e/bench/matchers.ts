import { familyPool, type PoolFamily } from '../../src/gpu/testing/pools.ts';
import type { MatchBackend } from '../../src/match/backend.ts';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import type { WeightRule } from '../../src/score/types.ts';
import { benchPart, type BenchContext } from './part.ts';
import { interleaved, median, medianRatio, tailOf } from './stats.ts';

const families = ['random', 'clustered', 'hubs', 'popularity'] as const satisfies PoolFamily[];
/** Milliseconds for the ticks of one family on one backend, and with their number given. */
const BUDGET_MS = { default: 30_000, given: 300_000 };
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };

export const matchersPart = benchPart(
  'Matchers, ms of a tick at p50, p99 and p99.9; time and weight: ratios to greedy on the same backend in the same rounds',
  (context) =>
    (context.sizes ?? (context.quick ? [200] : [1000, ...(context.large ? [10_000] : [])])).flatMap((n) =>
      families.map((family) => ({
        name: `${family}, ${n} people`,
        run: () => matcherRows(context, family, n),
      })),
    ),
  {
    family: (row) => row.family,
    people: (row) => row.n,
    matcher: (row) => row.matcher,
    backend: (row) => row.backend,
    ticks: (row) => row.ticks,
    ms: (row) => row.ms,
    p99: (row) => row.p99,
    'p99.9': (row) => row.p999,
    'match ms': (row) => row.matchMs,
    rounds: (row) => row.rounds,
    scans: (row) => row.scans,
    'gap %': (row) => 100 * row.gap,
    time: (row) => row.timeToGreedy,
    weight: (row) => row.weightToGreedy,
  },
);

/**
 * Greedy and auction on a pool of n people, on the CPU and on the GPU. A software adapter would
 * take minutes for a large pool.
 */
async function matcherRows({ gpu, realGpu, quick, ticks }: BenchContext, family: PoolFamily, n: number) {
  const pool = familyPool({ family, n, dim: 16, seed: 7 });
  const backends: MatchBackend[] = [
    createCpuBackend(),
    ...(gpu !== null && (realGpu || n <= 2000) ? [gpu] : []),
  ];
  const rows = [];
  for (const backend of backends) {
    const timed = (matcher: 'greedy' | 'auction') => async () => {
      const start = performance.now();
      const result = await backend.match(pool, rule, { matcher, seed: 7 });
      const matchMs = result.times.at(-1)?.match ?? NaN;
      return { result, matchMs, ms: performance.now() - start };
    };
    const contenders = { greedy: timed('greedy'), auction: timed('auction') };
    const warmUp = await interleaved(contenders, 1);
    const budget = ticks === undefined ? BUDGET_MS.default : BUDGET_MS.given;
    const repeats = Math.floor(budget / (warmUp.greedy[0].ms + warmUp.auction[0].ms));
    const wanted = ticks ?? (quick ? 3 : 5);
    const runs = repeats < 1 ? warmUp : await interleaved(contenders, Math.min(wanted, repeats));
    const msOf = (matcher: 'greedy' | 'auction') => runs[matcher].map(({ ms }) => ms);
    for (const matcher of ['greedy', 'auction'] as const) {
      const { rounds, scans, gap, total } = runs[matcher][0].result;
      rows.push({
        ...{ family, n, matcher, backend: backend.kind, rounds, scans, gap, weight: total },
        ticks: runs[matcher].length,
        ms: median(msOf(matcher)),
        ...{ p99: tailOf(msOf(matcher), 0.99), p999: tailOf(msOf(matcher), 0.999) },
        matchMs: median(runs[matcher].map(({ matchMs }) => matchMs)),
        timeToGreedy: medianRatio(msOf(matcher), msOf('greedy')),
        weightToGreedy: total / runs.greedy[0].result.total,
      });
    }
  }
  return rows;
}
