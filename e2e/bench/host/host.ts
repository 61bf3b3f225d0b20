import { ThroughputModel } from '../../../src/gpu/batch/throughput.ts';
import { familyPool, type PoolFamily } from '../../../src/gpu/testing/pools.ts';
import type { GpuBackend } from '../../../src/match/gpu-backend.ts';
import type { Pool, WeightRule } from '../../../src/score/types.ts';
import { countCalls } from '../../gpu/observe.ts';
import { createNullBackend } from '../../soak/null-backend.ts';
import { benchPart } from '../part.ts';
import { median } from '../stats.ts';
import { fewBidAtTheEnd, playBatches, type PlayedBatch } from './played.ts';

const DIM = 64;
const WARM_UP = 20;
const TICKS = 51;
/** Multiply-adds of scoring per millisecond: a discrete GPU. Rates decide how work is cut. */
const SCORING_RATE = 3e9;
const families = ['random', 'clustered', 'hubs', 'popularity'] as const satisfies PoolFamily[];
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };

/** Does not follow the adapter at hand, so that work is cut as on hardware. */
class FixedRates extends ThroughputModel {
  override learn(): void {
    // Rates stay.
  }
}

export const hostPart = benchPart(
  "Host's part of a greedy tick in the steady state, with Dawn's null backend, which computes nothing",
  ({ quick, sizes }) =>
    (sizes ?? (quick ? [1000] : [10_000, 100_000])).map((n) => ({
      name: `${n} people`,
      run: async () => {
        const backend = await createNullBackend();
        try {
          return [await hostRow(backend, poolOf('random', n), WARM_UP, TICKS)];
        } finally {
          backend.dispose();
        }
      },
    })),
  {
    people: (row) => row.n,
    'processor ms': (row) => row.cpuMs,
    submissions: (row) => row.submissions,
    dispatches: (row) => row.dispatches,
    'bind groups': (row) => row.bindGroups,
    'awaited readbacks': (row) => row.waits,
    'MB written': (row) => row.writtenBytes / 1e6,
    'MB read': (row) => row.readBytes / 1e6,
  },
);

/**
 * The CPU plays greedy in the batches of the GPU, and the null backend reports what it played, as
 * well as whether many people bid to the end of the certificate's sketch.
 */
export const callsPart = benchPart(
  'Calls of a greedy tick in the steady state, by what the lists of the pool decide',
  ({ quick, sizes }) =>
    (sizes ?? (quick ? [1000] : [10_000, 40_000])).flatMap((n) =>
      families.map((family) => ({
        name: `${family}, ${n} people`,
        run: async () => {
          const pool = poolOf(family, n);
          const options = { matcher: 'greedy', seed: 0 } as const;
          const played = playBatches(pool, rule, options);
          const fewBid = fewBidAtTheEnd(pool, rule, options);
          const after = (batches: number) => played[Math.min(batches, played.length) - 1];
          const backend = await createNullBackend(after);
          let finished = false;
          const { greedy, finish, pace } = backend.passes;
          // The status that is read back says that nobody bids.
          Object.defineProperty(pace, 'fewBid', {
            get: () => fewBid,
            set() {
              return;
            },
          });
          const report = greedy.played.bind(greedy);
          greedy.played = (read, people) => {
            const batch = report(read, people) as PlayedBatch;
            ({ finished } = batch);
            return batch;
          };
          finish.finished = () => ({ done: finished, rounds: 1 });
          try {
            const row = await hostRow(backend, pool, 2, 1);
            return [{ family, batches: played.length, refills: after(Infinity).refills, ...row }];
          } finally {
            backend.dispose();
          }
        },
      })),
    ),
  {
    family: (row) => row.family,
    people: (row) => row.n,
    refills: (row) => row.refills,
    submissions: (row) => row.submissions,
    dispatches: (row) => row.dispatches,
    'bind groups': (row) => row.bindGroups,
    'awaited readbacks': (row) => row.waits,
  },
);

const poolOf = (family: PoolFamily, n: number) => familyPool({ family, n, dim: DIM, seed: 11, recent: 0.1 });

/**
 * Processor time of a tick, the median: all threads of this process, so that other processes do not
 * count. Then the calls of one tick.
 */
async function hostRow(backend: GpuBackend, pool: Pool, warmUp: number, ticks: number) {
  const { gpu } = backend;
  const before = { rate: gpu.scoringRate, throughput: gpu.throughput };
  gpu.scoringRate = SCORING_RATE;
  gpu.throughput = new FixedRates();
  const tick = (seed: number) => backend.match(pool, rule, { matcher: 'greedy', seed });
  const cpuMs: number[] = [];
  for (let k = 0; k < warmUp + ticks; k++) {
    const start = process.cpuUsage();
    await tick(k);
    const { user, system } = process.cpuUsage(start);
    if (k >= warmUp) cpuMs.push((user + system) / 1000);
  }
  const counter = countCalls();
  await tick(0);
  const calls = counter.stop();
  gpu.scoringRate = before.rate;
  gpu.throughput = before.throughput;
  return { n: pool.n, cpuMs: median(cpuMs), ...calls };
}
