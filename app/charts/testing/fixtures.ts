import type { Column, Table } from '../../../src/base/table.ts';
import { ageBands, countries } from '../../../src/scenario/countries.ts';

/** TEST DATA, invented: tables in the form of src/metrics/instruments.ts for the charts' tests and their gallery. */

const codes = countries.map((c) => c.code);

export function column(name: string, unit: string, values: readonly number[] | readonly string[]): Column {
  const label = name.replaceAll('_', ' ');
  const text = typeof values[0] === 'string';
  return { name, label, unit, values: text ? (values as string[]) : Float64Array.from(values as number[]) };
}

export function table(
  name: string,
  title: string,
  columns: readonly Column[],
  facts: Table['facts'] = {},
): Table {
  return { name, title, rows: columns[0]?.values.length ?? 0, columns, facts };
}

/** The same table without rows. */
export function emptied(full: Table): Table {
  const columns = full.columns.map((c) => ({
    ...c,
    values: c.values instanceof Float64Array ? new Float64Array(0) : [],
  }));
  return { ...full, rows: 0, columns };
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
/** Deterministic wobble in [0, 1). */
const wobble = (i: number) => {
  const x = Math.sin(i * 12.9898) * 43758.5453;
  return x - Math.floor(x);
};

export function pressureTable(): Table {
  const cells = codes.flatMap((from, i) => codes.map((to, j) => ({ from, to, i, j })));
  const supply = cells.map((c) => 40 + 25 * ((c.j * 5) % 8));
  const demand = cells.map((c, k) =>
    Math.round(supply[k] * (c.i === c.j ? 1.1 + 0.25 * ((c.i * 3) % 8) : 0.12 + 0.5 * wobble(k))),
  );
  return table('pressure', 'Demand over supply by country of the asker and the asked', [
    column(
      'from',
      '',
      cells.map((c) => c.from),
    ),
    column(
      'to',
      '',
      cells.map((c) => c.to),
    ),
    column('demand', 'people', demand),
    column('supply', 'people', supply),
    column(
      'pressure',
      '1',
      demand.map((d, k) => d / supply[k]),
    ),
  ]);
}

export function segmentPriceTable(): Table {
  const rows = [
    ...codes.map((c) => ['country', c] as const),
    ['gender', 'women'] as const,
    ['gender', 'men'] as const,
    ...ageBands.map((a) => ['age', a] as const),
    ['newcomer', 'newcomers'] as const,
    ['newcomer', 'regulars'] as const,
  ];
  const supply = rows.map((_, i) => Math.round(90 + 700 * wobble(i + 3)));
  const demand = supply.map((s, i) => Math.round(s * (0.5 + 1.4 * wobble(i + 40))));
  return table('segment-price', 'Supply, demand and the price of one more, by group', [
    column(
      'dimension',
      '',
      rows.map((r) => r[0]),
    ),
    column(
      'segment',
      '',
      rows.map((r) => r[1]),
    ),
    column('supply', 'people', supply),
    column('demand', 'people', demand),
    column(
      'pressure',
      '1',
      demand.map((d, i) => d / supply[i]),
    ),
    column(
      'mean_price',
      's',
      rows.map((_, i) => 20 + 160 * wobble(i + 9)),
    ),
  ]);
}

export function supplySeriesTable(ticks = 240): Table {
  const time = range(ticks).map((i) => i * 2.5);
  const by = codes.map((_, c) =>
    time.map((t, i) =>
      Math.max(0, Math.round(120 + 40 * c + 60 * Math.sin(t / (70 + 13 * c) + c) + 14 * wobble(i * 8 + c))),
    ),
  );
  return table('supply-series', 'People who wait, over time', [
    column('time_s', 's', time),
    column(
      'waiting_all',
      'people',
      time.map((_, i) => by.reduce((sum, v) => sum + v[i], 0)),
    ),
    ...codes.map((code, c) => column(`waiting_${code}`, 'people', by[c])),
  ]);
}

const stages = ['upload', 'embed', 'score', 'match', 'readback', 'tick'];
const medians = [0.34, 1.1, 4.2, 6.1, 0.6, 13.2];
const spreads = [0.3, 0.35, 0.3, 0.5, 0.4, 0.32];

export function latencyTable(): Table {
  const at = (k: number, z: number, tail = 0) => medians[k] * Math.exp(spreads[k] * z + tail);
  const columnOf = (name: string, z: number, tail = 0) =>
    column(
      name,
      'ms',
      stages.map((s, k) => at(k, z, s === 'tick' ? tail : 0)),
    );
  return table(
    'latency',
    'Real time per stage of a tick',
    [
      column('stage', '', stages),
      column(
        'clock',
        '',
        stages.map((s) => (s === 'embed' || s === 'score' || s === 'match' ? 'GPU' : 'wall')),
      ),
      column(
        'count',
        '',
        stages.map(() => 1200),
      ),
      columnOf('p50_ms', 0),
      columnOf('p90_ms', 1.28, 0.1),
      columnOf('p99_ms', 2.33, 0.6),
      columnOf('p999_ms', 3.09, 1.4),
      columnOf('raw_p50_ms', 0),
      columnOf('raw_p90_ms', 1.28),
      columnOf('raw_p99_ms', 2.33),
      columnOf('raw_p999_ms', 3.09, 0.3),
      columnOf('max_ms', 3.5, 1.6),
    ],
    { adapter: 'test adapter' },
  );
}

export function latencyHistogramTable(): Table {
  const edges = range(61).map((i) => 0.05 * 10 ** (i / 12));
  const rows = stages.flatMap((stage, k) =>
    range(60).map((i) => {
      const mid = Math.sqrt(edges[i] * edges[i + 1]);
      const z = Math.log(mid / medians[k]) / spreads[k];
      return { stage, i, count: Math.round(400 * Math.exp(-(z * z) / 2)) };
    }),
  );
  return table('latency-histogram', 'How often each time was measured', [
    column(
      'stage',
      '',
      rows.map((r) => r.stage),
    ),
    column(
      'from_ms',
      'ms',
      rows.map((r) => edges[r.i]),
    ),
    column(
      'to_ms',
      'ms',
      rows.map((r) => edges[r.i + 1]),
    ),
    column(
      'count',
      '',
      rows.map((r) => r.count),
    ),
  ]);
}

export function waitsTable(): Table {
  const segments = ['all', ...codes];
  const at = (z: number) =>
    segments.map((_, i) => (1.4 + 0.3 * wobble(i)) * Math.exp(0.9 * z * (0.8 + 0.4 * wobble(i + 5))));
  return table('waits', 'Waiting time by country', [
    column('segment', '', segments),
    column(
      'count',
      '',
      segments.map((_, i) => (i === 0 ? 8000 : 1000)),
    ),
    column('p50_s', 's', at(0)),
    column('p90_s', 's', at(1.28)),
    column('p99_s', 's', at(2.33)),
    column('p999_s', 's', at(3.09)),
    column('max_s', 's', at(3.6)),
  ]);
}

export function waitHistogramTable(): Table {
  const edges = [0, ...range(30).map((i) => 0.25 * 10 ** (i / 12))];
  const bell = (i: number, centre: number, size: number) =>
    Math.round(size * Math.exp(-(((i - centre) / 5) ** 2)));
  return table('wait-histogram', 'How waiting ended', [
    column('from_s', 's', edges.slice(0, 30)),
    column('to_s', 's', edges.slice(1)),
    column(
      'matched',
      'people',
      range(30).map((i) => bell(i, 10, 900)),
    ),
    column(
      'left',
      'people',
      range(30).map((i) => bell(i, 20, 180)),
    ),
  ]);
}

export function slicesTable(): Table {
  const effects = [-9.1, 22, 14, 8, 31, 4, 17, 11, 2.5, 12, 9, 26, 6];
  const half = [3, 9, 8, 6, 12, 10, 7, 6, 9, 6, 5, 9, 4];
  const rows = [
    ['all', 'all'],
    ...codes.map((c) => ['country', c]),
    ['gender', 'women'],
    ['gender', 'men'],
    ['newcomer', 'newcomers'],
    ['newcomer', 'regulars'],
  ];
  const nA = rows.map((r, i) => (r[0] === 'all' ? 9200 : 500 + 140 * i));
  const nB = rows.map((r, i) => (r[0] === 'all' ? 9400 : 1900 - 110 * i));
  return table(
    'slices',
    'Effect by group',
    [
      column(
        'dimension',
        '',
        rows.map((r) => r[0]),
      ),
      column(
        'slice',
        '',
        rows.map((r) => r[1]),
      ),
      column('n_a', 'chat sides', nA),
      column('n_b', 'chat sides', nB),
      column(
        'mean_a',
        's',
        rows.map((_, i) => 140 + 12 * i),
      ),
      column(
        'mean_b',
        's',
        rows.map((_, i) => 140 + 12 * i + effects[i]),
      ),
      column('effect', 's', effects),
      column(
        'low',
        's',
        effects.map((e, i) => e - half[i]),
      ),
      column(
        'high',
        's',
        effects.map((e, i) => e + half[i]),
      ),
      column(
        'reversed',
        '',
        rows.map((r, i) => (r[0] !== 'all' && effects[i] > 0 ? 1 : 0)),
      ),
    ],
    {
      metric: 'mean chat length',
      verdict: 'full',
      explanation:
        'Test data: in every country chats become longer, and yet shorter overall, as more of them are now had where chats are short (Japan 12 % to 21 %).',
      policy_a: 'rules',
      policy_b: 'cupid',
    },
  );
}

export function calibrationTable(): Table {
  const predicted = range(10).map((i) => 9 * 1.55 ** i);
  const real = predicted.map((p, i) => p * Math.exp(0.25 * Math.sin(i * 0.9) - 0.05 * (i - 4)));
  return table('calibration', 'Predicted and real chat length by tenth of prediction', [
    column('predicted_s', 's', predicted),
    column('real_s', 's', real),
    column(
      'low',
      's',
      real.map((r, i) => r * (0.86 - 0.004 * i)),
    ),
    column(
      'high',
      's',
      real.map((r, i) => r * (1.15 + 0.004 * i)),
    ),
    column(
      'count',
      '',
      predicted.map((_, i) => 400 + 10 * i),
    ),
  ]);
}

export function qualitySeriesTable(ticks = 200): Table {
  const time = range(ticks).map((i) => i * 3);
  return table('quality-series', 'Quality over time', [
    column('time_s', 's', time),
    column(
      'matched_share',
      '1',
      time.map((_, i) => 0.82 + 0.1 * Math.sin(i / 25) + 0.05 * wobble(i)),
    ),
    column(
      'gap',
      '1',
      time.map((_, i) => (i < 12 ? NaN : 0.002 + 0.004 * wobble(i + 7))),
    ),
    column(
      'predicted_s',
      's',
      time.map((_, i) => 170 + 20 * Math.sin(i / 30)),
    ),
    column(
      'real_s',
      's',
      time.map((_, i) => 160 + 25 * Math.sin(i / 28) + 8 * wobble(i)),
    ),
  ]);
}

export function gapClosingTable(): Table {
  const rounds = [0, 270, 464, 629, 665, 665];
  const gap = [0.0385, 0.0178, 0.0118, 0.0114, 0.0107, 0.0063];
  return table('gap-closing', 'Certified gap, by bidding rounds', [
    column('rounds', '1', rounds),
    column('gap', '1', gap),
  ]);
}

export function exposureTable(): Table {
  const share = range(101).map((i) => i / 100);
  return table(
    'exposure',
    'Share of matches that go to the least matched people',
    [
      column('people_share', '1', share),
      column(
        'match_share',
        '1',
        share.map((s) => s ** 2.1),
      ),
    ],
    { gini: 0.355 },
  );
}

/** All tables. */
export function allTables(): Table[] {
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
  ];
}
