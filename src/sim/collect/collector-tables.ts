import type { Table } from '../../base/table.ts';
import { calibrationError } from '../../metrics/ranking/calibration.ts';
import { column, columnOf, table, textOf } from '../../metrics/market/columns.ts';
import { LogHistogram } from '../../metrics/market/histogram.ts';
import { pressure, supplyDemand, type WaitingPeople } from '../../metrics/market/supply-demand.ts';
import { countries } from '../../scenario/countries.ts';
import { Quality, stageNames, Waiting, waitRange, type Collected } from './collected.ts';
import { segments } from './segments.ts';

/** The tables of metrics/instruments.ts, but for 'slices', from what was collected. All arrays are fresh. */
export function instruments(collected: Collected): Table[] {
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

/** Bins of 2 % joined for drawing: about 13 % for latencies, 27 % for waits. */
const LATENCY_JOIN = 6;
const WAIT_JOIN = 12;
/** Compute budget of a tick, real ms. */
const BUDGET_MS = 100;

const percentiles = [
  ['p50', 0.5, 'Median'],
  ['p90', 0.9, '90th percentile'],
  ['p99', 0.99, '99th percentile'],
  ['p999', 0.999, '99.9th percentile'],
] as const;

function supplySeries({ waiting }: Collected): Table {
  const { time, columns } = waiting.read();
  return table('supply-series', 'People who wait, over time', [
    column('time_s', 'Time', 's', time),
    column('waiting_all', 'All who wait', 'people', columns[Waiting.all]),
    ...countries.map(({ code, name }, c) =>
      column(`waiting_${code}`, name, 'people', columns[Waiting.country + c]),
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
  const { supply, demand, meanPrice, from } = supplyDemand(pool ?? nobody, segments);
  // The countries are the first segments.
  const cells = countries.flatMap((a, i) =>
    countries.map((b, j) => ({
      from: a.code,
      to: b.code,
      demand: from[i * segments.length + j],
      supply: supply[j],
    })),
  );
  const groups = segments.map((s, i) => ({
    ...s,
    demand: demand[i],
    supply: supply[i],
    price: meanPrice[i],
  }));
  const cellRows = pool === null ? [] : cells;
  const groupRows = pool === null ? [] : groups;
  return [
    table('pressure', 'People of one country who would take people of another, per one of them who waits', [
      textOf(cellRows, 'from', 'Asking country', (r) => r.from),
      textOf(cellRows, 'to', 'Asked country', (r) => r.to),
      columnOf(cellRows, 'demand', 'Demand', 'people', (r) => r.demand),
      columnOf(cellRows, 'supply', 'Supply', 'people', (r) => r.supply),
      columnOf(cellRows, 'pressure', 'Demand per supply', '1', (r) => pressure(r.demand, r.supply)),
    ]),
    table('segment-price', 'Supply, demand and dual price by group', [
      textOf(groupRows, 'dimension', 'Dimension', (r) => r.dimension),
      textOf(groupRows, 'segment', 'Group', (r) => r.name),
      columnOf(groupRows, 'supply', 'Supply', 'people', (r) => r.supply),
      columnOf(groupRows, 'demand', 'Demand', 'people', (r) => r.demand),
      columnOf(groupRows, 'pressure', 'Demand per supply', '1', (r) => pressure(r.demand, r.supply)),
      columnOf(groupRows, 'mean_price', 'Mean dual price', unit, (r) => r.price),
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
  // A stage is shown on the GPU's own clock where it was measured there. A stage that never took any time was not run.
  const rows: LatencyRow[] = stageNames.flatMap((stage) => {
    const clock = stages.gpu[stage].max > 0 ? 'gpu' : 'wall';
    const histogram = stages[clock][stage];
    return histogram.max > 0
      ? [{ stage, clock: clock === 'gpu' ? 'GPU' : clock, shown: histogram, raw: histogram }]
      : [];
  });
  if (tick.raw.count > 0) rows.push({ stage: 'tick', clock: 'wall', shown: tick.corrected, raw: tick.raw });
  const facts = { budget_ms: BUDGET_MS, tick_ms: tickMs, adapter };
  const bars = rows.flatMap(({ stage, raw }) => raw.bars(LATENCY_JOIN).map((bar) => ({ stage, ...bar })));
  return [
    table(
      'latency',
      'Real time per stage of a tick; for the whole tick corrected for what late ticks delayed, and raw',
      [
        textOf(rows, 'stage', 'Stage', (r) => r.stage),
        textOf(rows, 'clock', 'Clock', (r) => r.clock),
        columnOf(rows, 'count', 'Measured', '1', (r) => r.raw.count),
        ...percentiles.map(([name, q, label]) =>
          columnOf(rows, `${name}_ms`, label, 'ms', (r) => r.shown.percentile(q)),
        ),
        ...percentiles.map(([name, q, label]) =>
          columnOf(rows, `raw_${name}_ms`, `${label}, raw`, 'ms', (r) => r.raw.percentile(q)),
        ),
        columnOf(rows, 'max_ms', 'Longest', 'ms', (r) => r.raw.max),
      ],
      facts,
    ),
    table(
      'latency-histogram',
      'How often each real time was measured, raw',
      [
        textOf(bars, 'stage', 'Stage', (b) => b.stage),
        columnOf(bars, 'from_ms', 'From', 'ms', (b) => b.from),
        columnOf(bars, 'to_ms', 'To', 'ms', (b) => b.to),
        columnOf(bars, 'count', 'Measured', '1', (b) => b.count),
      ],
      facts,
    ),
  ];
}

function waits({ matchedWaits, leftWaits }: Collected): Table[] {
  const bySegment = countries.map(({ code }, c) => ({
    segment: code,
    waits: union([matchedWaits[c], leftWaits[c]]),
  }));
  const all = union(bySegment.map((r) => r.waits));
  const rows = [{ segment: 'all', waits: all }, ...bySegment];
  const left = union(leftWaits);
  const counts = (h: LogHistogram) => new Map(h.bars(WAIT_JOIN).map((b) => [b.from, b.count]));
  const [inMatch, byLeaving] = [counts(union(matchedWaits)), counts(left)];
  const bars = all.bars(WAIT_JOIN);
  return [
    table(
      'waits',
      'How long people wait, until they are matched or give up',
      [
        textOf(rows, 'segment', 'Country', (r) => r.segment),
        columnOf(rows, 'count', 'Waits', '1', (r) => r.waits.count),
        ...percentiles.map(([name, q, label]) =>
          columnOf(rows, `${name}_s`, label, 's', (r) => r.waits.percentile(q)),
        ),
        columnOf(rows, 'max_s', 'Longest', 's', (r) => (r.waits.count === 0 ? NaN : r.waits.max)),
      ],
      all.count === 0 ? {} : { gave_up_share: left.count / all.count },
    ),
    table('wait-histogram', 'How waits end', [
      columnOf(bars, 'from_s', 'From', 's', (b) => b.from),
      columnOf(bars, 'to_s', 'To', 's', (b) => b.to),
      columnOf(bars, 'matched', 'Matched', 'people', (b) => inMatch.get(b.from) ?? 0),
      columnOf(bars, 'left', 'Gave up', 'people', (b) => byLeaving.get(b.from) ?? 0),
    ]),
  ];
}

function calibration({ calibration: stream, predictionUnit: unit }: Collected): Table {
  const bins = stream.bins(10);
  return table(
    'calibration',
    'Predicted and real chat length by tenth of prediction',
    [
      columnOf(bins, 'predicted_s', 'Predicted', unit, (b) => b.predicted),
      columnOf(bins, 'real_s', 'Real', 's', (b) => b.real),
      columnOf(bins, 'low', 'Low (95 %)', 's', (b) => b.low),
      columnOf(bins, 'high', 'High (95 %)', 's', (b) => b.high),
      columnOf(bins, 'count', 'Chats', '1', (b) => b.count),
    ],
    unit === 's' && bins.length > 0 ? { mean_error_s: calibrationError(bins) } : {},
  );
}

function qualitySeries({ quality }: Collected): Table {
  const { time, columns } = quality.read();
  return table('quality-series', 'Matched share, gap to the bound, and the chats that began, over time', [
    column('time_s', 'Time', 's', time),
    column('matched_share', 'Matched of those who wait', '1', columns[Quality.matched]),
    column('gap', 'Gap to the upper bound', '1', columns[Quality.gap]),
    column('predicted_s', 'Predicted for the chats that began', 's', columns[Quality.predicted]),
    column('real_s', 'Real length of the chats that began', 's', columns[Quality.real]),
  ]);
}

function gapClosing({ closing }: Collected): Table {
  return table('gap-closing', 'Certified gap of the last auction, by bidding rounds', [
    columnOf(closing, 'rounds', 'Bidding rounds', '1', (point) => point.rounds),
    columnOf(closing, 'gap', 'Gap to the upper bound', '1', (point) => point.gap),
  ]);
}

function exposure({ exposure: counts }: Collected): Table {
  const { gini, curve } = counts.lorenz(101);
  const shown = counts.people === 0 ? curve.subarray(0, 0) : curve;
  return table(
    'exposure',
    'Share of all matches that the least matched people have',
    [
      column(
        'people_share',
        'People',
        '1',
        shown.map((_, i) => i / 100),
      ),
      column('match_share', 'Matches', '1', shown),
    ],
    { gini, people: counts.people },
  );
}

function union(histograms: readonly LogHistogram[]): LogHistogram {
  const all = new LogHistogram(waitRange);
  for (const h of histograms) all.merge(h);
  return all;
}
