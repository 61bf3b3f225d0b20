import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { figure, roundedTo, signed } from '../../format.ts';
import { unitOf } from '../../names.ts';

/** Readers of the tables behind the picture of the designs. */

interface Point {
  readonly seed: number;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** There is an interval, and it does not hold the truth. */
  readonly misses: boolean;
}

export interface Row {
  readonly name: string;
  readonly points: readonly Point[];
}

export function captionOf(table: Table | undefined): string {
  const metric = table?.facts['metric'];
  const of = typeof metric === 'string' ? ` on ${metric}` : '';
  const points = table !== undefined && unitOf(table, 'estimate') === 'pp' ? ' (pp: percentage points)' : '';
  return `Effect of B against A${of}${points}. Each dot is what a design reports after one evening.`;
}

/** The rows of each design, in the order in which designs first occur. */
export function rowsOf(table: Table): Row[] {
  const [design, seed] = [texts(table, 'design'), numbers(table, 'seed')];
  const [estimate, low, high] = ['estimate', 'low', 'high'].map((name) => numbers(table, name));
  const truth = truthOf(table);
  const rows = new Map<string, Point[]>();
  design.forEach((name, r) => {
    let points = rows.get(name);
    if (points === undefined) rows.set(name, (points = []));
    if (!Number.isFinite(estimate[r])) return;
    const misses = truth !== null && (low[r] > truth.value || high[r] < truth.value);
    points.push({
      seed: Number.isFinite(seed[r]) ? seed[r] : r,
      estimate: estimate[r],
      low: low[r],
      high: high[r],
      misses,
    });
  });
  return [...rows].map(([name, points]) => ({ name, points }));
}

export interface TruthBand {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function truthOf({ facts }: Table): TruthBand | null {
  const { truth, truth_low: low, truth_high: high } = facts;
  if (typeof truth !== 'number' || !Number.isFinite(truth)) return null;
  const bound = (x: number | string | undefined) => (typeof x === 'number' && Number.isFinite(x) ? x : truth);
  return { value: truth, low: bound(low), high: bound(high) };
}

export interface MeanFigures {
  readonly estimate: number;
  readonly bias: number;
  /** Standard error of the bias. */
  readonly error: number;
  /** 95 % interval of the estimate over evenings. */
  readonly low: number;
  readonly high: number;
  /** The bias is more than chance. */
  readonly biased: boolean;
}

export function figuresOf(table: Table | undefined): ReadonlyMap<string, MeanFigures> {
  if (table === undefined || table.rows === 0) return new Map();
  const columns = ['estimate', 'bias', 'bias_error', 'mean_low', 'mean_high', 'biased'];
  const [estimate, bias, error, low, high, biased] = columns.map((name) => numbers(table, name));
  return new Map(
    texts(table, 'design').map((name, r) => [
      name,
      {
        ...{ estimate: estimate[r], bias: bias[r], error: error[r] },
        ...{ low: low[r], high: high[r], biased: biased[r] === 1 },
      },
    ]),
  );
}

export function biasOf(figures: MeanFigures | undefined, unit: string): string {
  return figures === undefined || !Number.isFinite(figures.bias)
    ? ''
    : `${signed(roundedTo(figures.bias, figures.error))}${Number.isFinite(figures.error) ? ` ± ${figure(figures.error)}` : ''} ${unit}`;
}
