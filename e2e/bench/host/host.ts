import {
  SMALL_SCORING_RATE,
  SUBMISSION_MS,
  ThroughputModel,
  UNDRAWN_SUBMISSION_MS,
} from '../../../src/gpu/batch/throughput.ts';
import type { ScoreVariant } from '../../../src/gpu/passes/score/score-topk.ts';
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
/** Devices as the calibration finds them. Rates decide how work is cut. */
const devices = {
  /** An integrated GPU of .4 TFLOPS, which reads 34 GB/s. */
  small: { scoringRate: SMALL_SCORING_RATE, variant: { tile: 'cached', merge: 'rows' } },
  /** Scores 100,000 people of 64 components in 150 of the 250 ms that a tick of them may take. */
  goal: { scoringRate: (1e10 / 2 / 150) * (64 + 16), variant: { tile: 'blocks', merge: 'groups' } },
} as const satisfies Record<string, { scoringRate: number; variant: ScoreVariant }>;
/** What is counted: on a page, which draws in between, and from a terminal. */
const places = [
  { device: 'small', where: 'page', submissionMs: SUBMISSION_MS },
  { device: 'goal', where: 'page', submissionMs: SUBMISSION_MS },
  { device: 'goal', where: 'lab', submissionMs: UNDRAWN_SUBMISSION_MS },
] as const;
const families = ['random', 'clustered', 'hubs', 'popularity'] as const satisfies PoolFamily[];
const greedy = { matcher: 'greedy', seed: 0 } as const;
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
          return [await hostRow(backend, poolOf('random', n))];
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
  `Calls of a greedy tick in the steady state and in the first tick of a backend, by what the lists of the pool decide; submissions are cut at ${SUBMISSION_MS} ms on a page and at ${UNDRAWN_SUBMISSION_MS} ms in lab; least: planned ms in such submissions`,
  ({ quick, sizes }) =>
    (sizes ?? (quick ? [1000] : [10_000, 40_000])).flatMap((n) =>
      families.map((family) => ({
        name: `${family}, ${n} people`,
        run: () => callRows(family, n),
      })),
    ),
  {
    family: (row) => row.family,
    people: (row) => row.n,
    refills: (row) => row.refills,
    'pairs read / n^2': (row) => 0.5 + row.scans,
    device: (row) => row.device,
    where: (row) => row.where,
    'planned ms': (row) => row.plannedMs,
    least: (row) => Math.ceil(row.plannedMs / row.submissionMs),
    submissions: (row) => row.submissions,
    dispatches: (row) => row.dispatches,
    'awaited readbacks': (row) => row.waits,
    'first tick: submissions': (row) => row.first.submissions,
    'its readbacks': (row) => row.first.waits,
  },
);

/** Calls of a greedy tick of this pool on each device. */
export async function callRows(family: PoolFamily, n: number) {
  const pool = poolOf(family, n);
  const played = playBatches(pool, rule, greedy);
  const fewBid = fewBidAtTheEnd(pool, rule, greedy);
  const rows = [];
  for (const place of places) {
    const [first, , steady] = await ticksOf(pool, place, { played, fewBid }, 3);
    const { refills, scans } = played[played.length - 1];
    rows.push({ family, n, ...place, refills, scans, ...steady, first });
  }
  return rows;
}

type Rates = (typeof devices)[keyof typeof devices];

/** Calls of the first ticks of a backend on a device of these rates. */
async function ticksOf(
  pool: Pool,
  { device, submissionMs }: (typeof places)[number],
  { played, fewBid }: { played: readonly PlayedBatch[]; fewBid: boolean },
  count: number,
) {
  const backend = await createNullBackend(
    (batches) => played[Math.min(batches, played.length) - 1],
    submissionMs,
  );
  const { greedy: pass, finish, pace } = backend.passes;
  // The status that is read back says that nobody bids.
  Object.defineProperty(pace, 'fewBid', {
    get: () => fewBid,
    set() {
      return;
    },
  });
  let finished = false;
  const report = pass.played.bind(pass);
  pass.played = (...read) => {
    const batch = report(...read) as PlayedBatch;
    ({ finished } = batch);
    return batch;
  };
  finish.finished = () => ({ done: finished, rounds: 1 });
  try {
    await setRates(backend, devices[device]);
    const ticks = [];
    for (let k = 0; k < count; k++) ticks.push(await countedTick(backend, pool));
    return ticks;
  } finally {
    backend.dispose();
  }
}

async function setRates({ gpu, passes }: GpuBackend, { scoringRate, variant }: Rates): Promise<void> {
  await passes.score.choose(variant);
  gpu.scoringRate = scoringRate;
  gpu.throughput = new FixedRates();
}

async function countedTick(backend: GpuBackend, pool: Pool) {
  let plannedMs = 0;
  backend.gpu.watch = ({ ms }) => void (plannedMs += ms);
  const counter = countCalls();
  await backend.match(pool, rule, greedy);
  backend.gpu.watch = undefined;
  return { ...counter.stop(), plannedMs };
}

const poolOf = (family: PoolFamily, n: number) => familyPool({ family, n, dim: DIM, seed: 11, recent: 0.1 });

/**
 * Processor time of a tick, the median: all threads of this process, so that other processes do not
 * count. Then the calls of one tick.
 */
async function hostRow(backend: GpuBackend, pool: Pool) {
  await setRates(backend, devices.goal);
  const cpuMs: number[] = [];
  for (let k = 0; k < WARM_UP + TICKS; k++) {
    const start = process.cpuUsage();
    await backend.match(pool, rule, { ...greedy, seed: k });
    const { user, system } = process.cpuUsage(start);
    if (k >= WARM_UP) cpuMs.push((user + system) / 1000);
  }
  return { n: pool.n, cpuMs: median(cpuMs), ...(await countedTick(backend, pool)) };
}
