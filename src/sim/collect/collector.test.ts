import { beforeAll, describe, expect, test } from 'vitest';
import { numbers, tableBuffers, texts, type Table } from '../../base/table.ts';
import { createCpuBackend } from '../../match/cpu-backend.ts';
import type { StageTimes } from '../../match/backend.ts';
import { instrumentNames } from '../../metrics/market/instruments.ts';
import { countries } from '../../scenario/countries.ts';
import { scenario } from '../../scenario/parse.ts';
import { waitCurve } from '../../experiment/designs/survival.ts';
import { Ended } from '../../experiment/run/evening-log.ts';
import { Collector } from './collector.ts';
import { createMarket } from '../market.ts';
import type { ChatStart, Market, MarketObserver, TickReport } from '../types.ts';

const small = scenario({
  seed: 5,
  population: { people: 1_500, online: 300, arrivalsPerMinute: 200, newcomers: 0.3 },
  behaviour: { patience: 1 },
  policy: { scorer: 'oracle', threshold: 20 },
});

/** Everything the market told, kept raw: the collector's sums are checked against it. */
interface Diary {
  ticks: { report: TickReport; countries: number[]; waitedMatched: number[]; waited: number[] }[];
  chats: ChatStart[];
  gaveUp: number[];
  people: Set<number>;
  matches: Map<number, number>;
}

function keepDiary(market: Market): Diary {
  const diary: Diary = { ticks: [], chats: [], gaveUp: [], people: new Set(), matches: new Map() };
  const { people } = market.world;
  const observer: MarketObserver = {
    arrived: (person) => diary.people.add(person),
    chatBegan: (chat) => diary.chats.push({ ...chat }),
    left: (_p, _t, reason, waited) => {
      if (reason === 'waiting') diary.gaveUp.push(waited);
    },
    ticked: (report, pool) => {
      const matched = [...pool.ids.subarray(0, pool.n).keys()].filter((i) => report.matching.mate[i] >= 0);
      for (const i of matched) diary.matches.set(pool.ids[i], (diary.matches.get(pool.ids[i]) ?? 0) + 1);
      diary.ticks.push({
        report,
        countries: Array.from(pool.ids.subarray(0, pool.n), (id) => people.country[id]),
        waitedMatched: matched.map((i) => pool.waited[i]),
        waited: Array.from(pool.waited.subarray(0, pool.n)),
      });
    },
  };
  market.observe(observer);
  return diary;
}

let market: Market;
let collector: Collector;
let diary: Diary;
let tables: Map<string, Table>;
beforeAll(async () => {
  market = createMarket({ scenario: small, backend: createCpuBackend() });
  diary = keepDiary(market);
  collector = new Collector(market, { maxPoints: 64, adapter: 'WebAssembly' });
  for (let t = 0; t < 160; t++) await market.tick();
  tables = new Map(collector.tables().map((t) => [t.name, t]));
});
const get = (name: string) => tables.get(name)!;
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

describe('tables of a running market', () => {
  test('all instruments but the slices, columns of the rows they claim, buffers of their own', () => {
    // Tables of the feed are there where the scenario has one.
    const expected = instrumentNames.filter((n) => n !== 'slices' && !n.startsWith('feed-'));
    expect([...tables.keys()].toSorted()).toEqual(expected.toSorted());
    const buffers = [...tables.values()].flatMap(tableBuffers);
    expect(new Set(buffers).size).toBe(buffers.length);
    for (const table of tables.values())
      for (const column of table.columns) expect(column.values.length).toBe(table.rows);
    const again = collector.tables().flatMap(tableBuffers);
    expect(again.some((b) => buffers.includes(b))).toBe(false);
  });
  test('supply series: joined points are means of their ticks, and countries add up', () => {
    const table = get('supply-series');
    expect(table.rows).toBeLessThanOrEqual(64);
    const time = numbers(table, 'time_s');
    const all = numbers(table, 'waiting_all');
    const width = time[1] - time[0];
    for (let r = 0; r < table.rows; r++) {
      const within = diary.ticks.filter((t) => t.report.time >= time[r] && t.report.time < time[r] + width);
      expect(all[r]).toBeCloseTo(sum(within.map((t) => t.report.waiting)) / within.length, 9);
      expect(sum(countries.map(({ code }) => numbers(table, `waiting_${code}`)[r]))).toBeCloseTo(all[r], 9);
    }
  });
  test('pressure and segments describe the last tick', () => {
    const last = diary.ticks.at(-1)!;
    const segment = get('segment-price');
    const supply = numbers(segment, 'supply');
    for (const dimension of ['country', 'gender', 'age', 'newcomer']) {
      const rows = texts(segment, 'dimension').flatMap((d, r) => (d === dimension ? [r] : []));
      expect(sum(rows.map((r) => supply[r]))).toBe(last.report.waiting);
    }
    const table = get('pressure');
    expect(table.rows).toBe(64);
    texts(table, 'to').forEach((to, r) => {
      const of = countries.findIndex((c) => c.code === to);
      expect(numbers(table, 'supply')[r]).toBe(last.countries.filter((c) => c === of).length);
      expect(numbers(table, 'demand')[r]).toBeLessThanOrEqual(last.report.waiting);
    });
    expect(sum(numbers(table, 'demand'))).toBeGreaterThan(0);
  });
  test('waits count every wait: matched, given up, and those that go on with their length so far', () => {
    const matched = diary.ticks.flatMap((t) => t.waitedMatched);
    const { waited, report } = diary.ticks.at(-1)!;
    const open = waited.filter((_, i) => report.matching.mate[i] === -1);
    const ended = [...matched, ...diary.gaveUp];
    expect(Math.min(diary.gaveUp.length, open.length)).toBeGreaterThan(0);
    const table = get('waits');
    expect(numbers(table, 'count')[0]).toBe(ended.length + open.length);
    expect(sum(numbers(table, 'count').subarray(1))).toBe(ended.length + open.length);
    expect(numbers(table, 'open')[0]).toBe(open.length);
    // The exact curve, wait by wait.
    const curve = waitCurve(
      [...ended, ...open],
      [...ended.map(() => Ended.matched), ...open.map(() => Ended.waiting)],
    );
    for (const [column, q] of [
      ['p50_s', 0.5],
      ['p90_s', 0.9],
    ] as const)
      expect(Math.abs(numbers(table, column)[0] - curve.quantile(q))).toBeLessThanOrEqual(
        0.01 * curve.quantile(q) + 0.01,
      );
    expect(numbers(table, 'p999_s')[0]).toBeNaN();
    expect(numbers(table, 'max_s')[0]).toBeCloseTo(Math.max(...ended, ...open), 5);
    expect(table.facts['gave_up_share']).toBeCloseTo(diary.gaveUp.length / ended.length, 12);
    const histogram = get('wait-histogram');
    expect(sum(numbers(histogram, 'matched'))).toBe(matched.length);
    expect(sum(numbers(histogram, 'left'))).toBe(diary.gaveUp.length);
    expect(sum(numbers(histogram, 'open'))).toBe(open.length);
  });
  test('calibration holds all chats, each decile inside its interval', () => {
    const table = get('calibration');
    expect(sum(numbers(table, 'count'))).toBe(diary.chats.length);
    const weighted = sum(numbers(table, 'real_s').map((v, r) => v * numbers(table, 'count')[r]));
    expect(weighted / diary.chats.length).toBeCloseTo(
      sum(diary.chats.map((c) => c.duration)) / diary.chats.length,
      6,
    );
    numbers(table, 'real_s').forEach((v, r) => {
      expect(numbers(table, 'low')[r]).toBeLessThanOrEqual(v);
      expect(numbers(table, 'high')[r]).toBeGreaterThanOrEqual(v);
    });
  });
  test('exposure is the Lorenz curve of the matches of everyone who came', () => {
    const everyone = [...new Set([...diary.people, ...diary.matches.keys()])];
    const matches = everyone.map((p) => diary.matches.get(p) ?? 0);
    // The Gini coefficient is half the relative mean absolute difference.
    const sum = (x: number[]) => x.reduce((a, b) => a + b, 0);
    const differences = sum(matches.map((m) => sum(matches.map((n) => Math.abs(m - n)))));
    const gini = differences / (2 * matches.length * sum(matches));
    expect(get('exposure').facts['gini']).toBeCloseTo(gini, 9);
    expect(get('exposure').rows).toBe(101);
  });
  test('latency counts ticks on the wall clock', () => {
    const table = get('latency');
    const tick = texts(table, 'stage').indexOf('tick');
    expect(numbers(table, 'count')[tick]).toBe(diary.ticks.filter((t) => t.report.times.length > 0).length);
    expect(table.facts).toMatchObject({ adapter: 'WebAssembly', tick_ms: 500, budget_ms: 100 });
    const histogram = get('latency-histogram');
    const ticks = texts(histogram, 'stage').flatMap((s, r) => (s === 'tick' ? [r] : []));
    expect(sum(ticks.map((r) => numbers(histogram, 'count')[r]))).toBe(numbers(table, 'count')[tick]);
  });
  test('the summary speaks of the last tick and the last minute', () => {
    const summary = collector.summary();
    const last = diary.ticks.at(-1)!.report;
    expect(summary).toMatchObject({
      waiting: last.waiting,
      pairs: last.pairs,
      gap: last.matching.gap,
    });
    const recent = diary.chats.filter((c) => c.start >= 25);
    expect(summary.meanChat).toBeCloseTo(sum(recent.map((c) => c.duration)) / recent.length, 6);
    const pairs = sum(diary.ticks.filter((t) => t.report.time >= 72).map((t) => t.report.pairs));
    expect(summary.matchesPerSecond).toBeCloseTo(pairs / 8, 9);
    expect(summary.medianWait).toBeGreaterThanOrEqual(0);
  });
});

test('before the first tick every table is there and empty, and the figures are NaN', () => {
  const fresh = new Collector(createMarket({ scenario: small, backend: createCpuBackend() }));
  for (const table of fresh.tables()) {
    if (table.name === 'waits') expect(Array.from(numbers(table, 'count'))).toEqual(Array(9).fill(0));
    else expect([table.name, table.rows]).toEqual([table.name, 0]);
  }
  expect(fresh.summary()).toMatchObject({ waiting: 0, meanChat: NaN, medianWait: NaN });
  expect(fresh.alarms()).toEqual([]);
});

test('an outage does not look healthy: the few who were matched at once are outnumbered by those who wait', async () => {
  const stuck = createMarket({
    scenario: scenario({
      seed: 50_005,
      population: { people: 1_500, online: 300, arrivalsPerMinute: 200 },
      behaviour: { patience: 300 },
      policy: { scorer: 'oracle' },
    }),
    backend: createCpuBackend(),
  });
  const watching = new Collector(stuck);
  for (let t = 0; t < 4; t++) await stuck.tick();
  expect(watching.summary().medianWaitIsOver).toBe(false);
  stuck.setPolicy({ ...stuck.policy, threshold: 2000 });
  for (let t = 0; t < 116; t++) await stuck.tick();
  const { waiting, medianWait, medianWaitIsOver } = watching.summary();
  const waits = watching.tables().find((t) => t.name === 'waits')!;
  expect(numbers(waits, 'open')[0]).toBe(waiting);
  expect(medianWaitIsOver).toBe(true);
  expect(medianWait).toBe(numbers(waits, 'max_s')[0]);
  expect(medianWait).toBeGreaterThan(50);
  expect(numbers(waits, 'p50_s')[0]).toBeNaN();
});

test('late ticks: corrected tail, raw tail, alarm; a new adapter restarts the latencies; nothing changes after dispose', async () => {
  const cpu = createCpuBackend();
  let slow = 20;
  const times = (): StageTimes[] => [
    { clock: 'gpu', upload: 0, embed: 0, score: 3, match: 4, readback: 0, total: 7 },
    { clock: 'wall', upload: 1, embed: 0, score: 0, match: 0, readback: 2, total: slow },
  ];
  const backend = {
    ...cpu,
    match: async (...args: Parameters<typeof cpu.match>) => ({
      ...(await cpu.match(...args)),
      times: times(),
    }),
  };
  const late = createMarket({ scenario: small, backend });
  const watching = new Collector(late);
  for (let t = 0; t < 20; t++) {
    slow = t < 16 ? 20 : 5_000;
    await late.tick();
  }
  const latency = watching.tables().find((t) => t.name === 'latency')!;
  expect(texts(latency, 'stage')).toEqual(['upload', 'score', 'match', 'readback', 'tick']);
  expect(texts(latency, 'clock')).toEqual(['wall', 'GPU', 'GPU', 'wall', 'wall']);
  // 4 late ticks of 10 intervals hide 9 more each: of 56, the median is already one that was
  // delayed.
  expect(numbers(latency, 'raw_p50_ms')[4]).toBeCloseTo(20, 0);
  expect(numbers(latency, 'p50_ms')[4]).toBeGreaterThan(1_000);
  expect(watching.alarms().map((a) => a.kind)).toContain('late-ticks');
  watching.setAdapter('another');
  watching.dispose();
  await late.tick();
  expect(watching.tables().find((t) => t.name === 'latency')!.rows).toBe(0);
});

test.each([
  ['of a new policy', false],
  ['of arm B', true],
])(
  'the scorer %s is judged by its own chats only, and points never enter the seconds of the series',
  async (_, isArm) => {
    const rules = { ...small.policy, scorer: 'rules', threshold: 0 } as const;
    const changing = createMarket({
      ...{ scenario: small, backend: createCpuBackend() },
      ...(isArm && { arms: { by: 'time', b: rules, armAt: (time) => (time >= 30 ? 1 : 0) } }),
    });
    const watching = new Collector(changing);
    const started: number[] = [];
    changing.observe({ chatBegan: ({ start }) => started.push(start) });
    for (let t = 0; t < 60; t++) await changing.tick();
    if (!isArm) changing.setPolicy(rules);
    for (let t = 0; t < 60; t++) await changing.tick();
    const find = (name: string) => watching.tables().find((t) => t.name === name)!;
    const own = started.filter((start) => start >= 30).length;
    expect(own).toBeGreaterThan(0);
    expect(sum(numbers(find('calibration'), 'count'))).toBe(own);
    expect(find('calibration').columns[0].unit).toBe('points');
    const series = find('quality-series');
    const late = numbers(series, 'time_s').findIndex((t) => t >= 30);
    expect(Array.from(numbers(series, 'predicted_s').subarray(late)).every(Number.isNaN)).toBe(true);
    expect(numbers(series, 'predicted_s').some((v) => v > 0)).toBe(true);
  },
);
