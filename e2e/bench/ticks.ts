import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import type { MatchBackend, StageTimes } from '../../src/match/backend.ts';
import { embedTower } from '../../src/model/serve/tower.ts';
import type { TowerModel } from '../../src/model/layout/save-towers.ts';
import { presets } from '../../src/scenario/presets.ts';
import { expectedWaiting, scaleScenario } from '../../src/scenario/scale.ts';
import type { Policy } from '../../src/scenario/schema.ts';
import { createMarket } from '../../src/sim/market.ts';
import type { Market } from '../../src/sim/types.ts';
import { createWorld } from '../../src/world/world.ts';
import { floorMs, stageWork } from './floors.ts';
import type { Peak } from './peaks.ts';
import { interleaved, median, medianRatio } from './stats.ts';

export const stages = ['upload', 'embed', 'score', 'match', 'readback', 'rest'] as const;
export type Stage = (typeof stages)[number];

export interface TickRow {
  readonly backend: string;
  readonly matcher: string;
  readonly scorer: string;
  /** Median number of people who waited. */
  readonly waiting: number;
  readonly ticks: number;
  /** Median of a whole tick of the simulator, ms, and its inverse. */
  readonly tickMs: number;
  readonly ticksPerSecond: number;
  /** Median ms of each stage (wall clock); `rest` is the simulator outside the backend. */
  readonly stageMs: Record<Stage, number>;
  readonly share: Record<Stage, number>;
  /** Least possible ms of a stage on this machine, and how many times that was needed. */
  readonly floorMs: Partial<Record<Stage, number>>;
  readonly overFloor: Partial<Record<Stage, number>>;
  /** Median over ticks of this backend's time by the CPU's in the same round. */
  readonly timeToCpu: number;
}

export interface TickOptions {
  /** People waiting, aimed at. */
  readonly n: number;
  readonly ticks: number;
  readonly matcher: Policy['matcher'];
  readonly towers: TowerModel | null;
  readonly gpu: MatchBackend | null;
  readonly peaks: { readonly cpu: Peak; readonly gpu: Peak | null };
  readonly progress: (text: string) => void;
}

/** A floor below this says nothing: no stage is made of so little. */
const MEANINGFUL_MS = 0.01;
/** Seconds of simulated time until everybody who is online at opening has come into the pool. */
const WARM_UP_SECONDS = 60;

/** The same evening lived through tick by tick on each backend in turn, without drawing. */
export async function benchTicks(options: TickOptions): Promise<TickRow[]> {
  const { n, towers, progress } = options;
  const base = presets[0].scenario;
  const scorer = towers === null ? 'oracle' : 'towers';
  const policy: Policy = { ...base.policy, scorer, matcher: options.matcher };
  const scenario = scaleScenario({ ...base, policy }, n / expectedWaiting({ ...base, policy }));
  const world = createWorld(scenario);
  const backends: Record<string, MatchBackend> = { cpu: createCpuBackend({ embed: embedTower }) };
  if (options.gpu !== null) backends['gpu'] = options.gpu;
  const markets: Record<string, Market> = {};
  for (const name of Object.keys(backends)) {
    progress(`${n} waiting, ${options.matcher}: warming up ${name}`);
    const market = createMarket({ scenario, world, backend: backends['cpu'], ...(towers && { towers }) });
    market.setPolicy({ ...policy, scorer: 'first-come', matcher: 'first-come' });
    while (market.time < WARM_UP_SECONDS) await market.tick();
    market.setPolicy(policy);
    market.setBackend(backends[name]);
    for (let k = 0; k < 3; k += 1) await market.tick();
    markets[name] = market;
  }
  progress(`${n} waiting, ${options.matcher}: measuring ${options.ticks} ticks`);
  const dims: number[] = [];
  const unobserve = markets['cpu'].observe({ ticked: (_, pool) => void dims.push(pool.dim) });
  const contenders = Object.fromEntries(
    Object.entries(markets).map(([name, market]) => [name, () => timedTick(market)]),
  );
  const rounds = await interleaved(contenders, options.ticks);
  unobserve();
  const shape = {
    n: median(rounds['cpu'].map((r) => r.waiting)),
    dim: dims[0],
    tower: towers?.tower ?? null,
  };
  return Object.entries(rounds).map(([name, ticks]) => {
    const peak = name === 'gpu' && options.peaks.gpu !== null ? options.peaks.gpu : options.peaks.cpu;
    const stageMs = byStage((stage) => median(ticks.map((t) => t[stage])));
    const tickMs = median(ticks.map((t) => t.tick));
    const work = stageWork(shape);
    const floor: Partial<Record<Stage, number>> = {};
    const overFloor: Partial<Record<Stage, number>> = {};
    for (const stage of stages) {
      if (stage === 'rest' || (name === 'cpu' && (stage === 'upload' || stage === 'readback'))) continue;
      const least = floorMs(work[stage], peak);
      if (!(least > MEANINGFUL_MS)) continue;
      floor[stage] = least;
      overFloor[stage] = stageMs[stage] / least;
    }
    return {
      backend: name === 'gpu' ? `gpu (${backends[name].adapter})` : 'cpu (JavaScript, one thread)',
      matcher: policy.matcher,
      scorer,
      waiting: median(ticks.map((t) => t.waiting)),
      ticks: ticks.length,
      tickMs,
      ticksPerSecond: 1000 / tickMs,
      stageMs,
      share: byStage((stage) => median(ticks.map((t) => t[stage] / t.tick))),
      floorMs: floor,
      overFloor,
      timeToCpu: medianRatio(
        ticks.map((t) => t.tick),
        rounds['cpu'].map((t) => t.tick),
      ),
    };
  });
}

type TimedTick = Record<Stage, number> & { waiting: number; tick: number };

async function timedTick(market: Market): Promise<TimedTick> {
  const start = performance.now();
  const { waiting, times } = await market.tick();
  const tick = performance.now() - start;
  const wall: StageTimes | undefined = times.find((t) => t.clock === 'wall');
  if (wall === undefined) throw new Error(`a tick with ${waiting} people reported no wall clock`);
  const { upload, embed, score, match, readback, total } = wall;
  return { waiting, tick, upload, embed, score, match, readback, rest: tick - total };
}

function byStage(value: (stage: Stage) => number): Record<Stage, number> {
  return Object.fromEntries(stages.map((stage) => [stage, value(stage)])) as Record<Stage, number>;
}
