import type { MatchBackend, StageTimes } from '../../src/match/backend.ts';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import { embedTower } from '../../src/model/serve/tower.ts';
import { loadShippedTowers } from '../../src/lab/train/load-model.ts';
import { presets } from '../../src/scenario/presets.ts';
import { expectedWaiting, scaleScenario } from '../../src/scenario/scale.ts';
import type { Policy } from '../../src/scenario/schema.ts';
import { createMarket } from '../../src/sim/market.ts';
import type { Market } from '../../src/sim/types.ts';
import { createWorld } from '../../src/world/world.ts';
import { floorMs, stageWork } from './floors.ts';
import { benchPart, type BenchContext } from './part.ts';
import { interleaved, median, medianRatio, tailOf } from './stats.ts';
import { cellText, type TableCell } from './table.ts';

/** `rest` is the simulation outside the backend. */
export const tickStages = ['upload', 'embed', 'score', 'match', 'readback', 'rest'] as const;
type TickStage = (typeof tickStages)[number];

export interface TickRow {
  readonly backend: string;
  readonly waiting: number;
  readonly ticks: number;
  readonly tickMs: number;
  readonly p99: number | undefined;
  readonly p999: number | undefined;
  readonly stageMs: Record<TickStage, number>;
  /** Share of each stage in the tick. */
  readonly share: Record<TickStage, number>;
  /**
   * Milliseconds of a stage divided by its floor on this machine. Missing where the floor is close
   * to 0.
   */
  readonly overFloor: Partial<Record<TickStage, number>>;
  /** Milliseconds divided by those of the CPU backend in the same round. */
  readonly timeToCpu: number;
}

/** Floors below this many milliseconds are not compared. */
const MIN_FLOOR_MS = 0.01;
/** Simulated seconds until everybody who is online at the opening is in the pool. */
const WARM_UP_SECONDS = 60;

export const ticksPart = benchPart<TickRow>(
  'Simulation without drawing, medians; ms (share of the tick) of each stage, x: times its floor',
  (context) =>
    (context.sizes ?? (context.quick ? [200] : [200, 1000])).map((n) => ({
      name: `${n} waiting`,
      run: () => tickRows(context, n, context.ticks ?? (context.quick ? 15 : n > 500 ? 12 : 40)),
    })),
  {
    backend: (row) => row.backend,
    waiting: (row) => row.waiting,
    'ticks/s': (row) => 1000 / row.tickMs,
    'tick ms': (row) => row.tickMs,
    p99: (row) => row.p99,
    'p99.9': (row) => row.p999,
    'of cpu': (row) => row.timeToCpu,
    ...(Object.fromEntries(
      tickStages.map((stage) => [stage, (row: TickRow) => stageCell(row, stage)]),
    ) as Record<TickStage, (row: TickRow) => TableCell>),
  },
);

function stageCell({ stageMs, share, overFloor }: TickRow, stage: TickStage): string {
  const over = overFloor[stage];
  const cell = `${cellText(stageMs[stage])} (${Math.round(100 * share[stage])}%)`;
  return over === undefined ? cell : `${cell} ${cellText(over)}x`;
}

/** The same evening on each backend, tick by tick in turn, with the trained towers and greedy. */
async function tickRows(
  { gpu, peaks, progress }: BenchContext,
  n: number,
  count: number,
): Promise<TickRow[]> {
  const towers = await loadShippedTowers();
  const base = presets[0].scenario;
  const policy: Policy = { ...base.policy, scorer: 'towers', matcher: 'greedy' };
  const scenario = scaleScenario({ ...base, policy }, n / expectedWaiting({ ...base, policy }));
  const world = createWorld(scenario);
  const backends: Record<string, MatchBackend> = { cpu: createCpuBackend({ embed: embedTower }) };
  if (gpu !== null) backends['gpu'] = gpu;
  const markets: Record<string, Market> = {};
  for (const name of Object.keys(backends)) {
    progress(`  warming up ${name}`);
    const market = createMarket({ scenario, world, backend: backends['cpu'], towers });
    market.setPolicy({ ...policy, scorer: 'first-come', matcher: 'first-come' });
    while (market.time < WARM_UP_SECONDS) await market.tick();
    market.setPolicy(policy);
    market.setBackend(backends[name]);
    for (let k = 0; k < 3; k += 1) await market.tick();
    markets[name] = market;
  }
  const dims: number[] = [];
  const unobserve = markets['cpu'].observe({ ticked: (_, pool) => void dims.push(pool.dim) });
  const contenders = Object.fromEntries(
    Object.entries(markets).map(([name, market]) => [name, () => timedTick(market)]),
  );
  const rounds = await interleaved(contenders, count);
  unobserve();
  const work = stageWork({
    n: median(rounds['cpu'].map((r) => r.waiting)),
    dim: dims[0],
    tower: towers.tower,
  });
  return Object.entries(rounds).map(([name, ticks]) => {
    const peak = (name === 'gpu' ? peaks.gpu : null) ?? peaks.cpu;
    const stageMs = byStage((stage) => median(ticks.map((t) => t[stage])));
    const all = ticks.map((t) => t.tick);
    const overFloor: TickRow['overFloor'] = {};
    for (const stage of tickStages) {
      if (stage === 'rest' || (name === 'cpu' && (stage === 'upload' || stage === 'readback'))) continue;
      const floor = floorMs(work[stage], peak);
      if (floor > MIN_FLOOR_MS) overFloor[stage] = stageMs[stage] / floor;
    }
    return {
      backend: name === 'gpu' ? `gpu (${backends[name].adapter})` : 'cpu (one thread)',
      waiting: median(ticks.map((t) => t.waiting)),
      ticks: ticks.length,
      tickMs: median(all),
      ...{ p99: tailOf(all, 0.99), p999: tailOf(all, 0.999) },
      stageMs,
      share: byStage((stage) => median(ticks.map((t) => t[stage] / t.tick))),
      overFloor,
      timeToCpu: medianRatio(
        all,
        rounds['cpu'].map((t) => t.tick),
      ),
    };
  });
}

type TimedTick = Record<TickStage, number> & { waiting: number; tick: number };

async function timedTick(market: Market): Promise<TimedTick> {
  const start = performance.now();
  const { waiting, times } = await market.tick();
  const tick = performance.now() - start;
  const wall: StageTimes | undefined = times.find((t) => t.clock === 'wall');
  if (wall === undefined) throw new Error(`a tick with ${waiting} people reported no wall clock`);
  // Only a GPU itself knows how long its stages take.
  const { embed, score, match } = times.find((t) => t.clock === 'gpu') ?? wall;
  const { upload, readback, total } = wall;
  return { waiting, tick, upload, embed, score, match, readback, rest: tick - total };
}

function byStage(value: (stage: TickStage) => number): Record<TickStage, number> {
  return Object.fromEntries(tickStages.map((stage) => [stage, value(stage)])) as Record<TickStage, number>;
}
