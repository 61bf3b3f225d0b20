import type { Table } from '../../base/table.ts';
import { calibrationError } from '../../metrics/ranking/calibration.ts';
import { numberColumn, numberColumnOf, tableOf, textColumnOf } from '../../metrics/market/table-columns.ts';
import { TAIL_FROM, type LogHistogram } from '../../metrics/market/histogram.ts';
import { pressure, supplyDemand, type WaitingPeople } from '../../metrics/market/supply-demand.ts';
import { countries } from '../../scenario/countries.ts';
import { TICK_BUDGET_MS } from '../../scenario/scale.ts';
import { QualityColumn, stageNames, WaitingColumn, type Collected } from './collected.ts';
import { marketSegments } from './segments.ts';
import { longest, union, waitQuantiles } from './wait-book.ts';

/** All tables of metrics/market/instruments.ts except 'slices'. All arrays are new. */
export function instrumentTables(collected: Collected): Table[] {
  return [
    supplySeries(collected),
    ...supplyTables(collected),
    ...latency(collected),
    ...waits(collected),
    calibration(collected),
    qualitySeries(collected),
    gapClosing(collected),
    exposure(collected),
  ];
}

/** Count of 2 % bins that one bar joins: about 13 % for latencies, 27 % for waits. */
const LATENCY_JOIN = 6;
const WAIT_JOIN = 12;

const percentiles = [
  { name: 'p50', q: 0.5, label: 'Median', from: 1 },
  { name: 'p90', q: 0.9, label: '90th percentile', from: 1 },
  { name: 'p99', q: 0.99, label: '99th percentile', from: 1 },
  { name: 'p999', q: 0.999, label: '99.9th percentile', from: TAIL_FROM },
] as const;

function supplySeries({ waiting }: Collected): Table {
  const { time, columns } = waiting.read();
  return tableOf('supply-series', 'People who wait, over time', [
    numberColumn('time_s', 'Time', 's', time),
    numberColumn('waiting_all', 'All who wait', 'people', columns[WaitingColumn.all]),
    ...countries.map(({ code, name }, c) =>
      numberColumn(`waiting_${code}`, name, 'people', columns[WaitingColumn.country + c]),
    ),
  ]);
}

const nobody: WaitingPeople = {
  n: 0,
  have: new Uint32Array(0),
  avoid: new Uint32Array(0),
  speaks: new Uint32Array(0),
  member: new Uint32Array(0),
  price: new Float32Array(0),
};

function supplyTables({ pool, predictionUnit: unit }: Collected): Table[] {
  const { supply, demand, meanPrice, from } = supplyDemand(pool ?? nobody, marketSegments);
  // The countries are the first segments.
  const cells = countries.flatMap((a, i) =>
    countries.map((b, j) => ({
      from: a.code,
      to: b.code,
      demand: from[i * marketSegments.length + j],
      supply: supply[j],
    })),
  );
  const groups = marketSegments.map((s, i) => ({
    ...s,
    demand: demand[i],
    supply: supply[i],
    price: meanPrice[i],
  }));
  const cellRows = pool === null ? [] : cells;
  const groupRows = pool === null ? [] : groups;
  return [
    tableOf('pressure', 'People of one country who would take people of another, per one of them who waits', [
      textColumnOf(cellRows, 'from', 'Asking country', (r) => r.from),
      textColumnOf(cellRows, 'to', 'Asked country', (r) => r.to),
      numberColumnOf(cellRows, 'demand', 'Demand', 'people', (r) => r.demand),
      numberColumnOf(cellRows, 'supply', 'Supply', 'people', (r) => r.supply),
      numberColumnOf(cellRows, 'pressure', 'Demand per supply', '1', (r) => pressure(r.demand, r.supply)),
    ]),
    tableOf('segment-price', 'Supply, demand and dual price by group', [
      textColumnOf(groupRows, 'dimension', 'Dimension', (r) => r.dimension),
      textColumnOf(groupRows, 'segment', 'Group', (r) => r.name),
      numberColumnOf(groupRows, 'supply', 'Supply', 'people', (r) => r.supply),
      numberColumnOf(groupRows, 'demand', 'Demand', 'people', (r) => r.demand),
      numberColumnOf(groupRows, 'pressure', 'Demand per supply', '1', (r) => pressure(r.demand, r.supply)),
      numberColumnOf(groupRows, 'mean_price', 'Mean dual price', unit, (r) => r.price),
    ]),
  ];
}

interface LatencyRow {
  readonly stage: string;
  readonly clock: string;
  /** Corrected where that differs. */
  readonly shown: LogHistogram;
  readonly raw: LogHistogram;
}

function latency({ stages, tick, tickMs, adapter }: Collected): Table[] {
  // Prefer the GPU's own clock where a stage was measured on it. A stage without any time did not
  // run, or on a GPU without timestamps was not measured.
  const rows: LatencyRow[] = stageNames.flatMap((stage) => {
    const clock = stages.gpu[stage].max > 0 ? 'gpu' : 'wall';
    const histogram = stages[clock][stage];
    return histogram.max > 0
      ? [{ stage, clock: clock === 'gpu' ? 'GPU' : clock, shown: histogram, raw: histogram }]
      : [];
  });
  if (tick.raw.count > 0) rows.push({ stage: 'tick', clock: 'wall', shown: tick.corrected, raw: tick.raw });
  const facts = { budget_ms: TICK_BUDGET_MS, tick_ms: tickMs, adapter, p999_from: TAIL_FROM };
  const bars = rows.flatMap(({ stage, raw }) => raw.bars(LATENCY_JOIN).map((bar) => ({ stage, ...bar })));
  return [
    tableOf(
      'latency',
      'Real time per stage of a tick; for the whole tick corrected for what late ticks delayed, and raw',
      [
        textColumnOf(rows, 'stage', 'Stage', (r) => r.stage),
        textColumnOf(rows, 'clock', 'Clock', (r) => r.clock),
        numberColumnOf(rows, 'count', 'Measured', '1', (r) => r.raw.count),
        ...percentiles.map(({ name, q, label, from }) =>
          numberColumnOf(rows, `${name}_ms`, label, 'ms', ({ raw, shown }) =>
            raw.count < from ? NaN : shown.percentile(q),
          ),
        ),
        ...percentiles.map(({ name, q, label, from }) =>
          numberColumnOf(rows, `raw_${name}_ms`, `${label}, raw`, 'ms', ({ raw }) =>
            raw.count < from ? NaN : raw.percentile(q),
          ),
        ),
        numberColumnOf(rows, 'max_ms', 'Longest', 'ms', (r) => r.raw.max),
      ],
      facts,
    ),
    tableOf(
      'latency-histogram',
      'How often each real time was measured, raw',
      [
        textColumnOf(bars, 'stage', 'Stage', (b) => b.stage),
        numberColumnOf(bars, 'from_ms', 'From', 'ms', (b) => b.from),
        numberColumnOf(bars, 'to_ms', 'To', 'ms', (b) => b.to),
        numberColumnOf(bars, 'count', 'Measured', '1', (b) => b.count),
      ],
      facts,
    ),
  ];
}

function waits({ waits: book, pool }: Collected): Table[] {
  const { all, byCountry } = book.read(pool);
  const rows = [
    { segment: 'all', ...all },
    ...countries.map(({ code }, c) => ({ segment: code, ...byCountry[c] })),
  ].map(({ segment, matched, left, open }) => {
    const ended = union([matched, left]);
    const count = ended.count + open.count;
    const at = waitQuantiles(
      { ended, open },
      percentiles.map(({ q }) => q),
    );
    return { segment, count, open: open.count, at, max: longest({ ended, open }) };
  });
  const counts = (h: LogHistogram) => new Map(h.bars(WAIT_JOIN).map((b) => [b.from, b.count]));
  const bars = union(Object.values(all)).bars(WAIT_JOIN);
  const column = (name: 'matched' | 'left' | 'open', label: string) => {
    const inBar = counts(all[name]);
    return numberColumnOf(bars, name, label, 'people', (b) => inBar.get(b.from) ?? 0);
  };
  const ended = all.matched.count + all.left.count;
  return [
    tableOf(
      'waits',
      'How long people wait, until they are matched or give up; those who still wait count',
      [
        textColumnOf(rows, 'segment', 'Country', (r) => r.segment),
        numberColumnOf(rows, 'count', 'Waits', '1', (r) => r.count),
        numberColumnOf(rows, 'open', 'Still waiting', 'people', (r) => r.open),
        ...percentiles.map(({ name, label, from }, k) =>
          numberColumnOf(rows, `${name}_s`, label, 's', (r) => (r.count < from ? NaN : r.at[k])),
        ),
        numberColumnOf(rows, 'max_s', 'Longest so far', 's', (r) => r.max),
      ],
      {
        method: 'Kaplan-Meier: a wait that goes on counts with its length so far',
        p999_from: TAIL_FROM,
        ...(ended > 0 && { gave_up_share: all.left.count / ended }),
      },
    ),
    tableOf('wait-histogram', 'How waits end, and how long those that go on have lasted', [
      numberColumnOf(bars, 'from_s', 'From', 's', (b) => b.from),
      numberColumnOf(bars, 'to_s', 'To', 's', (b) => b.to),
      column('matched', 'Matched'),
      column('left', 'Gave up'),
      column('open', 'Still waiting'),
    ]),
  ];
}

function calibration({ calibration: stream, predictionUnit: unit }: Collected): Table {
  const bins = stream.bins(10);
  return tableOf(
    'calibration',
    `What the scorer predicted, and real chat length, by tenth of prediction`,
    [
      numberColumnOf(bins, 'predicted', 'Predicted', unit, (b) => b.predicted),
      numberColumnOf(bins, 'real_s', 'Real', 's', (b) => b.real),
      numberColumnOf(bins, 'low', 'Low (95 %)', 's', (b) => b.low),
      numberColumnOf(bins, 'high', 'High (95 %)', 's', (b) => b.high),
      numberColumnOf(bins, 'count', 'Chats', '1', (b) => b.count),
      numberColumnOf(bins, 'off', 'Off by more than chance', '1', (b) =>
        unit === 's' ? Number(b.isOff) : NaN,
      ),
    ],
    unit === 's' && bins.length > 0 ? { mean_error_s: calibrationError(bins) } : {},
  );
}

function qualitySeries({ quality }: Collected): Table {
  const { time, columns } = quality.read();
  return tableOf('quality-series', 'Matched share, gap to the bound, and the chats that began, over time', [
    numberColumn('time_s', 'Time', 's', time),
    numberColumn('matched_share', 'Matched of those who wait', '1', columns[QualityColumn.matched]),
    numberColumn('gap', 'Gap to the upper bound', '1', columns[QualityColumn.gap]),
    numberColumn('predicted_s', 'Predicted for the chats that began', 's', columns[QualityColumn.predicted]),
    numberColumn('real_s', 'Real length of the chats that began', 's', columns[QualityColumn.real]),
  ]);
}

function gapClosing({ closing }: Collected): Table {
  return tableOf('gap-closing', 'Certified gap of the last auction, by bidding rounds', [
    numberColumnOf(closing, 'rounds', 'Bidding rounds', '1', (point) => point.rounds),
    numberColumnOf(closing, 'gap', 'Gap to the upper bound', '1', (point) => point.gap),
  ]);
}

function exposure({ exposure: counts }: Collected): Table {
  const { gini, curve } = counts.lorenz(101);
  const shown = counts.people === 0 ? curve.subarray(0, 0) : curve;
  return tableOf(
    'exposure',
    'Share of all matches that the least matched people have',
    [
      numberColumn(
        'people_share',
        'People',
        '1',
        shown.map((_, i) => i / 100),
      ),
      numberColumn('match_share', 'Matches', '1', shown),
    ],
    { gini, people: counts.people },
  );
}
