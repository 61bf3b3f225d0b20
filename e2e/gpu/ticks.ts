import { createGpuBackend, type GpuBackend } from '../../src/match/gpu-backend.ts';
import { UNDRAWN_SUBMISSION_MS } from '../../src/gpu/batch/throughput.ts';
import type { ScoreVariant } from '../../src/gpu/passes/score/score-topk.ts';
import { familyPool, type PoolFamily } from '../../src/gpu/testing/pools.ts';
import { loadShippedTowers } from '../../src/lab/train/load-model.ts';
import type { TickResult } from '../../src/match/backend.ts';
import { presets } from '../../src/scenario/presets.ts';
import { expectedWaiting, scaleScenario } from '../../src/scenario/scale.ts';
import type { Policy } from '../../src/scenario/schema.ts';
import type { Pool, WeightRule } from '../../src/score/types.ts';
import { createMarket } from '../../src/sim/market.ts';
import { median, quantileOf } from '../bench/stats.ts';
import { openGpu } from './adapter.ts';
import { countCalls, watchPasses, type CallCounts, type PassTimes } from './observe.ts';

/** Quantiles over ticks, in milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface TickSpread {
  readonly of: TickRun['of'];
  readonly n: number;
  readonly matcher: Policy['matcher'];
  readonly ticks: number;
  /** What the calibration chose. */
  readonly variant: ScoreVariant;
  /** One whole tick. For a market this includes the simulation. */
  readonly tickMs: Spread;
  /** Stages of the backend on the wall clock and on the GPU clock. */
  readonly wall: Readonly<Record<string, Spread>>;
  readonly gpu: Readonly<Record<string, Spread>>;
  /** GFLOP/s of scoring: 2 n (n - 1) dim operations, as in a product of n x dim by dim x n. */
  readonly scoreGflops: { readonly gpu: number };
  /** CPU time of this process per tick, over all threads. */
  readonly cpuMs: Spread;
  /** Medians over ticks. */
  readonly rounds: number;
  readonly scans: number;
  readonly gap: number;
  /** From one tick each, after the timed ones. */
  readonly calls: CallCounts;
  readonly passes: PassTimes;
}

/** One measurement. */
export interface TickRun {
  /** Generated pools of a family, or a simulated evening with embedding. */
  readonly of: PoolFamily | 'market';
  readonly n: number;
  readonly matcher: 'greedy' | 'auction';
  readonly ticks: number;
}

const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
const DIM = 64;
/** Warm-up ticks: they compile code, teach the throughput model and grow the buffers. */
const WARM_UP = 10;
const stages = ['upload', 'embed', 'score', 'match', 'readback', 'total'] as const;

/** Measures `run.ticks` ticks, or as many as fit in `seconds`. */
export async function benchTickSpread(
  run: TickRun,
  seconds: number,
  flags: readonly string[] | undefined,
  progress: (text: string) => void,
): Promise<TickSpread> {
  const backend = await createGpuBackend({
    gpu: await openGpu(flags),
    submissionMs: UNDRAWN_SUBMISSION_MS,
  });
  try {
    await backend.calibrate();
    const { of } = run;
    const tick = of === 'market' ? await marketTicks(backend, run) : poolTicks(backend, of, run);
    return await measureTicks(backend, tick, run, seconds, progress);
  } finally {
    backend.dispose();
  }
}

/** Runs one tick. */
type Tick = () => Promise<{ readonly n: number; readonly result: TickResult }>;

/**
 * Ticks on pools of different sizes in turn, so that cached buffers meet changing sizes as in a
 * market.
 */
function poolTicks(backend: GpuBackend, family: PoolFamily, { n, matcher }: TickRun): Tick {
  const count = n > 20_000 ? 3 : 6;
  const pools: Pool[] = Array.from({ length: count }, (_, k) =>
    familyPool({ family, n: n - 3 * k, dim: DIM, seed: 11 + k, recent: 0.1 }),
  );
  let seed = 0;
  return async () => {
    seed++;
    const pool = pools[seed % count];
    return { n: pool.n, result: await backend.match(pool, rule, { matcher, seed }) };
  };
}

/**
 * Ticks of the default evening, scaled to about n waiting people. Beyond the range of the knobs,
 * ticks get longer.
 */
async function marketTicks(backend: GpuBackend, { n, matcher }: TickRun): Promise<Tick> {
  const base = presets[0].scenario;
  const towers = await loadShippedTowers();
  const policy: Policy = { ...base.policy, scorer: 'towers', matcher };
  const large = scaleScenario({ ...base, policy }, n / expectedWaiting({ ...base, policy }));
  const tickMs = Math.min(5000, Math.max(500, (500 * n) / expectedWaiting(large)));
  const scenario = { ...large, policy: { ...policy, tickMs: Math.round(tickMs) } };
  const market = createMarket({ scenario, backend, towers });
  // Everybody who is online at the opening enters the pool within the first minute.
  while (market.time < 60) await market.tick();
  return async () => {
    const { waiting, matching, times } = await market.tick();
    return { n: waiting, result: { ...matching, times } };
  };
}

async function measureTicks(
  backend: GpuBackend,
  tick: Tick,
  { of, matcher, ticks, n }: TickRun,
  seconds: number,
  progress: (text: string) => void,
): Promise<TickSpread> {
  progress(`ticks: ${of}, ${n} people, ${matcher}: warming up`);
  const begin = performance.now();
  const inTime = () => performance.now() - begin < 1000 * seconds;
  for (let k = 0; k < WARM_UP && (k < 2 || inTime()); k++) await tick();
  progress(`  measuring, after ${((performance.now() - begin) / 1000).toFixed(1)} s`);

  const whole: number[] = [];
  const cpu: number[] = [];
  const waiting: number[] = [];
  const results: Pick<TickResult, 'rounds' | 'scans' | 'gap' | 'times'>[] = [];
  while (results.length < ticks && (results.length < 3 || inTime())) {
    const before = process.cpuUsage();
    const start = performance.now();
    const { n: size, result } = await tick();
    whole.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
    waiting.push(size);
    const { rounds, scans, gap, times } = result;
    results.push({ rounds, scans, gap, times });
  }

  const counter = countCalls();
  await tick();
  const calls = counter.stop();
  const watch = watchPasses(backend.gpu);
  await tick();
  const passes = watch.stop();
  const byStage = (clock: 'wall' | 'gpu') =>
    Object.fromEntries(
      stages.map((stage) => [
        stage,
        spreadOf(results.flatMap(({ times }) => times.filter((t) => t.clock === clock).map((t) => t[stage]))),
      ]),
    );
  const size = median(waiting);
  const scoreGflops = { gpu: (2 * size * (size - 1) * DIM) / byStage('gpu').score.p50 / 1e6 };
  return {
    of,
    n: size,
    matcher,
    ticks: results.length,
    variant: backend.passes.score.variant,
    tickMs: spreadOf(whole),
    wall: byStage('wall'),
    gpu: byStage('gpu'),
    scoreGflops,
    cpuMs: spreadOf(cpu),
    rounds: median(results.map((r) => r.rounds)),
    scans: median(results.map((r) => r.scans)),
    gap: median(results.map((r) => r.gap)),
    calls,
    passes,
  };
}

function spreadOf(values: number[]): Spread {
  const at = (q: number) => quantileOf(values, q);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
