import type { Table } from '../../../src/base/table.ts';
import { ageBands, countries } from '../../../src/scenario/countries.ts';
import { feedTables } from './feed-fixtures.ts';
import { table } from './table.ts';

/**
 * Test data, invented: tables in the form of src/metrics/market/instruments.ts and of
 * app/train/state/tables.ts, for the tests of the charts and their gallery.
 */

const codes = countries.map((c) => c.code);
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
/** Deterministic noise in [0, 1). */
const noise = (i: number) => {
  const x = Math.sin(i * 12.9898) * 43758.5453;
  return x - Math.floor(x);
};

function pressureTable(): Table {
  const cells = codes.flatMap((from, i) => codes.map((to, j) => ({ from, to, i, j })));
  const supply = cells.map((c) => 40 + 25 * ((c.j * 5) % 8));
  const share = cells.map((c, k) => (c.i === c.j ? 1.1 + 0.25 * ((c.i * 3) % 8) : 0.12 + 0.5 * noise(k)));
  const demand = cells.map((_, k) => Math.round(supply[k] * share[k]));
  return table('pressure', 'Demand over supply by country of the asker and the asked', {
    from: ['', cells.map((c) => c.from)],
    to: ['', cells.map((c) => c.to)],
    demand: ['people', demand],
    supply: ['people', supply],
    pressure: ['1', demand.map((d, k) => d / supply[k])],
  });
}

function segmentPriceTable(): Table {
  const rows = [
    ...codes.map((c) => ['country', c] as const),
    ...['women', 'men'].map((g) => ['gender', g] as const),
    ...ageBands.map((a) => ['age', a] as const),
    ...['newcomers', 'regulars'].map((n) => ['newcomer', n] as const),
  ];
  const supply = rows.map((_, i) => Math.round(90 + 700 * noise(i + 3)));
  const demand = supply.map((s, i) => Math.round(s * (0.5 + 1.4 * noise(i + 40))));
  return table('segment-price', 'Supply, demand and the price of one more, by group', {
    dimension: ['', rows.map((r) => r[0])],
    segment: ['', rows.map((r) => r[1])],
    supply: ['people', supply],
    demand: ['people', demand],
    pressure: ['1', demand.map((d, i) => d / supply[i])],
    mean_price: ['s', rows.map((_, i) => 20 + 160 * noise(i + 9))],
  });
}

function supplySeriesTable(ticks = 240): Table {
  const time = range(ticks).map((i) => i * 2.5);
  const wave = (t: number, i: number, c: number) =>
    120 + 40 * c + 60 * Math.sin(t / (70 + 13 * c) + c) + 14 * noise(i * 8 + c);
  const by = codes.map((_, c) => time.map((t, i) => Math.max(0, Math.round(wave(t, i, c)))));
  return table('supply-series', 'People who wait, over time', {
    time_s: ['s', time],
    waiting_all: ['people', time.map((_, i) => by.reduce((sum, v) => sum + v[i], 0))],
    ...Object.fromEntries(codes.map((code, c) => [`waiting_${code}`, ['people', by[c]]] as const)),
  });
}

const stages = ['upload', 'embed', 'score', 'match', 'readback', 'tick'];
const medians = [0.34, 1.1, 4.2, 6.1, 0.6, 13.2];
const spreads = [0.3, 0.35, 0.3, 0.5, 0.4, 0.32];

function latencyTable(): Table {
  const at = (z: number, tail = 0): readonly [string, number[]] => [
    'ms',
    stages.map((s, k) => medians[k] * Math.exp(spreads[k] * z + (s === 'tick' ? tail : 0))),
  ];
  return table(
    'latency',
    'Real time per stage of a tick',
    {
      stage: ['', stages],
      clock: ['', stages.map((s) => (/embed|score|match/.test(s) ? 'GPU' : 'wall'))],
      count: ['', stages.map(() => 1200)],
      ...{ p50_ms: at(0), p90_ms: at(1.28, 0.1), p99_ms: at(2.33, 0.6), p999_ms: at(3.09, 1.4) },
      ...{ raw_p50_ms: at(0), raw_p90_ms: at(1.28), raw_p99_ms: at(2.33), raw_p999_ms: at(3.09, 0.3) },
      max_ms: at(3.5, 1.6),
    },
    { adapter: 'test adapter' },
  );
}

function latencyHistogramTable(): Table {
  const edges = range(61).map((i) => 0.05 * 10 ** (i / 12));
  const rows = stages.flatMap((stage, k) =>
    range(60).map((i) => {
      const z = Math.log(Math.sqrt(edges[i] * edges[i + 1]) / medians[k]) / spreads[k];
      return { stage, i, count: Math.round(400 * Math.exp(-(z * z) / 2)) };
    }),
  );
  return table('latency-histogram', 'How often each time was measured', {
    stage: ['', rows.map((r) => r.stage)],
    from_ms: ['ms', rows.map((r) => edges[r.i])],
    to_ms: ['ms', rows.map((r) => edges[r.i + 1])],
    count: ['', rows.map((r) => r.count)],
  });
}

function waitsTable(): Table {
  const segments = ['all', ...codes];
  const at = (z: number): readonly [string, number[]] => [
    's',
    segments.map((_, i) => (1.4 + 0.3 * noise(i)) * Math.exp(0.9 * z * (0.8 + 0.4 * noise(i + 5)))),
  ];
  return table('waits', 'Waiting time by country', {
    segment: ['', segments],
    count: ['', segments.map((_, i) => (i === 0 ? 8000 : 1000))],
    open: ['people', segments.map((_, i) => (i === 0 ? 80 : 10))],
    ...{ p50_s: at(0), p90_s: at(1.28), p99_s: at(2.33), p999_s: at(3.09), max_s: at(3.6) },
  });
}

function waitHistogramTable(): Table {
  const edges = [0, ...range(30).map((i) => 0.25 * 10 ** (i / 12))];
  const bell = (centre: number, size: number): readonly [string, number[]] => [
    'people',
    range(30).map((i) => Math.round(size * Math.exp(-(((i - centre) / 5) ** 2)))),
  ];
  return table('wait-histogram', 'How waiting ended', {
    from_s: ['s', edges.slice(0, 30)],
    to_s: ['s', edges.slice(1)],
    matched: bell(10, 900),
    left: bell(20, 180),
    open: bell(14, 80),
  });
}

export function slicesTable(): Table {
  const effects = [-9.1, 22, 14, 8, 31, 4, 17, 11, 2.5, 12, 9, 26, 6];
  const half = [3, 9, 8, 6, 12, 10, 7, 6, 9, 6, 5, 9, 4];
  const rows = [
    ['all', 'all'],
    ...codes.map((c) => ['country', c]),
    ...['women', 'men'].map((g) => ['gender', g]),
    ...['newcomers', 'regulars'].map((n) => ['newcomer', n]),
  ];
  const whole = (i: number) => rows[i][0] === 'all';
  return table(
    'slices',
    'Effect by group',
    {
      dimension: ['', rows.map((r) => r[0])],
      slice: ['', rows.map((r) => r[1])],
      people: ['', rows.map((_, i) => (whole(i) ? 900 : 50 + 14 * i))],
      n_a: ['chat sides', rows.map((_, i) => (whole(i) ? 9200 : 500 + 140 * i))],
      n_b: ['chat sides', rows.map((_, i) => (whole(i) ? 9400 : 1900 - 110 * i))],
      mean_a: ['s', rows.map((_, i) => 140 + 12 * i)],
      mean_b: ['s', rows.map((_, i) => 140 + 12 * i + effects[i])],
      effect: ['s', effects],
      low: ['s', effects.map((e, i) => e - half[i])],
      high: ['s', effects.map((e, i) => e + half[i])],
      flagged: ['', effects.map((e, i) => (Math.abs(e) > half[i] ? 1 : 0))],
      reversed: ['', effects.map((e, i) => (e > half[i] ? 1 : 0))],
      may_be_chance: ['', effects.map((e, i) => (e > 0 && e <= half[i] ? 1 : 0))],
    },
    {
      metric: 'mean chat length',
      metric_name: 'chat',
      warm_up_s: 30,
      verdict: 'full',
      explanation:
        'Test data: in every country chats become longer, and yet shorter overall, as more of them are now had where chats are short (Japan 12 % to 21 %).',
      explanation_gender: 'Test data: chats become longer for women and for men, yet shorter overall.',
      policy_a: 'rules',
      policy_b: 'cupid',
    },
  );
}

function calibrationTable(): Table {
  const predicted = range(10).map((i) => 9 * 1.55 ** i);
  const real = predicted.map((p, i) => p * Math.exp(0.25 * Math.sin(i * 0.9) - 0.05 * (i - 4)));
  return table('calibration', 'Predicted and real chat length by tenth of prediction', {
    predicted: ['s', predicted],
    real_s: ['s', real],
    low: ['s', real.map((r, i) => r * (0.86 - 0.004 * i))],
    high: ['s', real.map((r, i) => r * (1.15 + 0.004 * i))],
    count: ['', predicted.map((_, i) => 400 + 10 * i)],
    off: ['', predicted.map((p, i) => Number(p < real[i] * 0.86 || p > real[i] * 1.15))],
  });
}

function qualitySeriesTable(ticks = 200): Table {
  const time = range(ticks);
  return table('quality-series', 'Quality over time', {
    time_s: ['s', time.map((i) => i * 3)],
    matched_share: ['1', time.map((i) => 0.82 + 0.1 * Math.sin(i / 25) + 0.05 * noise(i))],
    gap: ['1', time.map((i) => (i < 12 ? NaN : 0.002 + 0.004 * noise(i + 7)))],
    predicted_s: ['s', time.map((i) => 170 + 20 * Math.sin(i / 30))],
    real_s: ['s', time.map((i) => 160 + 25 * Math.sin(i / 28) + 8 * noise(i))],
  });
}

function gapClosingTable(): Table {
  return table('gap-closing', 'Certified gap, by bidding rounds', {
    rounds: ['1', [0, 270, 464, 629, 665, 665]],
    gap: ['1', [0.0385, 0.0178, 0.0118, 0.0114, 0.0107, 0.0063]],
  });
}

function exposureTable(): Table {
  const share = range(101).map((i) => i / 100);
  return table(
    'exposure',
    'Share of matches that go to the least matched people',
    { people_share: ['1', share], match_share: ['1', share.map((s) => s ** 2.1)] },
    { gini: 0.355 },
  );
}

/** The engine's tables. */
export function marketFixtures(): Table[] {
  return [
    pressureTable(),
    segmentPriceTable(),
    supplySeriesTable(),
    latencyTable(),
    latencyHistogramTable(),
    waitsTable(),
    waitHistogramTable(),
    slicesTable(),
    calibrationTable(),
    qualitySeriesTable(),
    gapClosingTable(),
    exposureTable(),
    ...feedTables(),
  ];
}
