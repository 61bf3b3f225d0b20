import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCpuBackend } from '../../../src/match/cpu-backend.ts';
import { embedTower } from '../../../src/model/serve/tower.ts';
import { loadShippedTowers } from '../../../src/lab/train/load-model.ts';
import { scenario } from '../../../src/scenario/parse.ts';
import { contentReport } from '../../../src/sim/moments/report.ts';
import { createMarket } from '../../../src/sim/market.ts';
import type { Market } from '../../../src/sim/types.ts';
import { benchPart } from '../part.ts';
import { median, quantileOf } from '../stats.ts';

interface FeedRow {
  readonly market: string;
  readonly people: number;
  readonly posts: number;
  readonly minutes: number;
  /** Per tick, median over the second half of the evening. */
  readonly waiting: number;
  readonly requests: number;
  readonly tickMs: number;
  readonly tickP99Ms: number;
  /** A request: its own stages, and its part of the retrieval of its tick. */
  readonly requestMs: number;
  readonly requestP99Ms: number;
  /** Heap and typed arrays after a collection, MiB: after the first minute, and at the end. */
  readonly heapMiB: number;
  readonly heapEndMiB: number;
}

/** About 200 readers ask for a slate in every tick once the evening is full. */
const full = { people: 60_000, online: 36_000, arrivalsPerMinute: 14_000, startHour: 20 };

/** The same evening without and with feed and tray, on the CPU, one after the other. */
export const feedPart = benchPart<FeedRow>(
  'Ten simulated minutes with and without feed and tray, CPU; real ms, MiB after a collection',
  ({ quick }) =>
    (['off', 'on'] as const).map((on) => ({
      name: `feed ${on}`,
      run: async () => [await feedRow(on, quick ? 0.1 : 1, quick ? 2 : 10)],
    })),
  {
    market: (row) => row.market,
    people: (row) => row.people,
    posts: (row) => row.posts,
    minutes: (row) => row.minutes,
    waiting: (row) => row.waiting,
    'readers/tick': (row) => row.requests,
    'request ms': (row) => row.requestMs,
    'request p99': (row) => row.requestP99Ms,
    'tick ms': (row) => row.tickMs,
    'tick p99': (row) => row.tickP99Ms,
    'heap at 1 min': (row) => row.heapMiB,
    'heap at end': (row) => row.heapEndMiB,
  },
);

async function feedRow(on: 'on' | 'off', size: number, minutes: number): Promise<FeedRow> {
  const towers = await loadShippedTowers();
  const posts = on === 'on' ? 5000 : 0;
  const market = createMarket({
    scenario: scenario({
      seed: 50_001,
      population: { ...full, size },
      ...(on === 'on' && { feed: { on, posts }, tray: { on } }),
    }),
    backend: createCpuBackend({ embed: embedTower }),
    towers,
  });
  const ticks: { readonly ms: number; readonly waiting: number; readonly requests: number }[] = [];
  const until = async (seconds: number) => {
    while (market.time < seconds) ticks.push(await timed(market));
  };
  await until(60);
  const heapMiB = heapNow();
  await until(60 * minutes);
  const heapEndMiB = heapNow();
  const late = ticks.slice(ticks.length >> 1);
  const request = market.moments && contentReport(market.moments).stages.find((s) => s.stage === 'request');
  return {
    ...{ market: on === 'on' ? 'with feed' : 'without', people: market.world.people.count, posts, minutes },
    waiting: median(late.map((t) => t.waiting)),
    requests: median(late.map((t) => t.requests)),
    tickMs: median(late.map((t) => t.ms)),
    tickP99Ms: quantileOf(
      late.map((t) => t.ms),
      0.99,
    ),
    requestMs: request?.p50_ms ?? NaN,
    requestP99Ms: request?.p99_ms ?? NaN,
    ...{ heapMiB, heapEndMiB },
  };
}

async function timed(market: Market) {
  const [asked, start] = [market.moments?.tally.requests ?? 0, performance.now()];
  const { waiting } = await market.tick();
  const ms = performance.now() - start;
  return { ms, waiting, requests: (market.moments?.tally.requests ?? 0) - asked };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapNow(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
