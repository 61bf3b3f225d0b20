import { csvLine } from '../../base/text/csv-write.ts';
import type { DesignName, OutcomeName } from './names.ts';

/** What one design says about one metric after one evening. A missing figure is null. */
export interface EveningRow {
  readonly seed: number;
  readonly design: DesignName;
  readonly metric: OutcomeName;
  /** Under B minus under A. */
  readonly estimate: number | null;
  /** 95 % interval, fixed at the end of the evening. */
  readonly low: number | null;
  readonly high: number | null;
  readonly standard_error: number | null;
  readonly method: string;
  readonly mean_a?: number | null;
  readonly mean_b?: number | null;
  /** Of the paired markets: whether a slice is claimed to go against the overall effect. */
  readonly reversal?: 'none' | 'partial' | 'full';
  readonly looks?: readonly LookRow[];
  readonly slices?: readonly SliceRow[];
}

/** The paired markets at a moment of the evening; the interval is always valid. */
export interface LookRow {
  /** Simulated. */
  readonly seconds: number;
  readonly mean_a: number | null;
  readonly mean_b: number | null;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A group of people in the paired markets, at the end. */
export interface SliceRow {
  readonly dimension: string;
  readonly slice: string;
  /** Different people with an observation in either market. */
  readonly people: number;
  readonly estimate: number | null;
  /** The slice's own interval, not corrected for the number of slices. */
  readonly low: number | null;
  readonly high: number | null;
  /** Whether the interval that is corrected for all slices excludes 0. */
  readonly flagged: boolean;
}

/** People who spent less or more time in chats than the same people did in the market under A. */
export interface Harm {
  readonly design: DesignName;
  readonly worse: number;
  readonly better: number;
}

export interface EveningResult {
  readonly seed: number;
  /** Whether the event logs under A and under B are the same. */
  readonly identical: boolean;
  readonly rows: readonly EveningRow[];
  readonly harm: readonly Harm[];
  /** The designs for which A/A was asked, with policy A in both arms. */
  readonly aa: readonly EveningRow[];
}

/** Rows by design and metric, in the order in which these first appear. */
export function rowsByStudy(rows: readonly EveningRow[]): Map<DesignName, Map<OutcomeName, EveningRow[]>> {
  const studies = new Map<DesignName, Map<OutcomeName, EveningRow[]>>();
  for (const row of rows) {
    let metrics = studies.get(row.design);
    if (metrics === undefined) studies.set(row.design, (metrics = new Map<OutcomeName, EveningRow[]>()));
    const own = metrics.get(row.metric);
    if (own === undefined) metrics.set(row.metric, [row]);
    else own.push(row);
  }
  return studies;
}

const columns = [
  ...['seed', 'design', 'metric', 'estimate', 'low', 'high'],
  ...['standard_error', 'mean_a', 'mean_b', 'reversal', 'method'],
] as (keyof Omit<EveningRow, 'looks' | 'slices'>)[];

/** One line per evening, design and metric; a missing figure is an empty cell. */
export function rowsToCsv(rows: readonly EveningRow[]): string {
  const lines = rows.map((row) => csvLine(columns.map((name) => String(row[name] ?? ''))));
  return [csvLine(columns), ...lines, ''].join('\r\n');
}
