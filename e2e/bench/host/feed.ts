import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCpuBackend } from '../../../src/match/cpu-backend.ts';
import { embedTower } from '../../../src/model/serve/tower.ts';
import { loadShippedTowers } from '../../../src/lab/train/load-model.ts';
import { scenario } from '../../../src/scenario/parse.ts';
import { createMarket } from '../../../src/sim/market.ts';
import type { Market } from '../../../src/sim/types.ts';
import { slopeOf } from '../../soak/slope.ts';
import { benchPart } from '../part.ts';
import { median, quantileOf } from '../stats.ts';

interface FeedRow {
  readonly market: string;
  readonly people: number;
  readonly posts: number;
  /** Of simulated time: 120 ticks each. */
  readonly minutes: number;
  /** Per tick, medians over the second half of the evening; the 1st percentile of the requests. */
  readonly waiting: number;
  readonly requests: number;
  readonly fewRequests: number;
  /** Of a tick in the second half: wall time, and processor time of all threads. */
  readonly tickMs: number;
  readonly tickP99Ms: number;
  readonly tickP999Ms: number;
  readonly tickCpuMs: number;
  /** A request of the second half: its own stages, and its part of the retrieval of its tick. */
  readonly requestMs: number;
  readonly requestP99Ms: number;
  /** Heap and typed arrays after a collection, MiB: after the first minute, and at the end. */
  readonly heapMiB: number;
  readonly heapEndMiB: number;
  /** MiB per simulated minute from the first minute on, with its 95 % interval. */
  readonly heapSlope: number;
  readonly heapSlopeLow: number;
  readonly heapSlopeHigh: number;
}

/** More than 200 readers ask for a slate in every tick once the evening is full. */
const full = { people: 60_000, online: 48_000, arrivalsPerMinute: 24_000, startHour: 20 };
const behaviour = { comeBackMinutes: 3 };
const feed = { on: 'on', open: 1, posts: 5000 } as const;
/** Simulated seconds between two samples of the heap. */
const SAMPLED = 15;

/** The same evening without and with feed and tray, on the CPU, one after the other. */
export const feedPart = benchPart<FeedRow>(
  'Ten simulated minutes with and without feed and tray, CPU; ms of real time, MiB after a collection',
  ({ quick }) =>
    (['off', 'on'] as const).map((on) => ({
      name: `feed ${on}`,
      run: async () => [await feedRow(on, quick ? 0.1 : 1, quick ? 4 : 10)],
    })),
  {
    market: (row) => row.market,
    people: (row) => row.people,
    posts: (row) => row.posts,
    minutes: (row) => row.minutes,
    waiting: (row) => row.waiting,
    'readers/tick': (row) => row.requests,
    'readers p1': (row) => row.fewRequests,
    'request ms': (row) => row.requestMs,
    'request p99': (row) => row.requestP99Ms,
    'tick ms': (row) => row.tickMs,
    'tick p99': (row) => row.tickP99Ms,
    'tick p99.9': (row) => row.tickP999Ms,
    'tick cpu ms': (row) => row.tickCpuMs,
    'heap at 1 min': (row) => row.heapMiB,
    'heap at end': (row) => row.heapEndMiB,
    'MiB/min': (row) => `${fixed(row.heapSlope)} (${fixed(row.heapSlopeLow)} to ${fixed(row.heapSlopeHigh)})`,
  },
);

const fixed = (value: number) => value.toFixed(2);

async function feedRow(on: 'on' | 'off', size: number, minutes: number): Promise<FeedRow> {
  const open = () => openMarket(on, size);
  const times = await timedEvening(await open(), minutes);
  // Another evening, so that no tick is spared the collections of the samples.
  const heap = await heapOf(await open(), minutes);
  const { slope, low, high } = slopeOf(heap, SAMPLED / 60);
  return {
    market: on === 'on' ? 'with feed' : 'without',
    ...{ ...times, posts: on === 'on' ? feed.posts : 0, minutes },
    ...{ heapMiB: heap[0], heapEndMiB: heap.at(-1) ?? NaN },
    ...{ heapSlope: slope, heapSlopeLow: low, heapSlopeHigh: high },
  };
}

async function openMarket(on: 'on' | 'off', size: number): Promise<Market> {
  const content = on === 'on' ? { feed, tray: { on } } : {};
  return createMarket({
    scenario: scenario({ seed: 50_001, population: { ...full, size }, behaviour, ...content }),
    backend: createCpuBackend({ embed: embedTower }),
    towers: await loadShippedTowers(),
  });
}

async function timedEvening(market: Market, minutes: number) {
  const until = async (seconds: number) => {
    const ticks: Awaited<ReturnType<typeof timed>>[] = [];
    while (market.time < seconds) ticks.push(await timed(market));
    return ticks;
  };
  await until(30 * minutes);
  const request = market.moments?.tally.times.request;
  request?.clear();
  const ticks = await until(60 * minutes);
  const over = (name: keyof (typeof ticks)[0]) => ticks.map((tick) => tick[name]);
  return {
    people: market.world.people.count,
    waiting: median(over('waiting')),
    requests: median(over('requests')),
    fewRequests: quantileOf(over('requests'), 0.01),
    tickMs: median(over('ms')),
    tickP99Ms: quantileOf(over('ms'), 0.99),
    tickP999Ms: quantileOf(over('ms'), 0.999),
    tickCpuMs: median(over('cpuMs')),
    requestMs: request?.percentile(0.5) ?? NaN,
    requestP99Ms: request?.percentile(0.99) ?? NaN,
  };
}

async function timed(market: Market) {
  const asked = market.moments?.tally.requests ?? 0;
  const before = process.cpuUsage();
  const start = performance.now();
  const { waiting } = await market.tick();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const requests = (market.moments?.tally.requests ?? 0) - asked;
  return { ms, cpuMs: (user + system) / 1000, waiting, requests };
}

/** Samples from the first minute on. */
async function heapOf(market: Market, minutes: number): Promise<number[]> {
  const samples: number[] = [];
  for (let at = 60; at <= 60 * minutes; at += SAMPLED) {
    while (market.time < at) await market.tick();
    samples.push(heapNow());
  }
  return samples;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapNow(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
