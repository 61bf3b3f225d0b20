import type { Table } from '../../src/base/table.ts';
import type { CapturedTick } from './capture.ts';
import type { Method } from './methods.ts';
import type { MethodRow } from './solve.ts';

export const methodName: Readonly<Record<Method, string>> = {
  random: 'Random',
  'first-come': 'First come',
  greedy: 'Greedy',
  auction: 'Auction',
  exact: 'Exact optimum',
};

/** The unit of the weights of a tick; '' if they have none, as those of a formula. */
export function weightUnit({ scorer, rule }: Pick<CapturedTick, 'scorer' | 'rule'>): string {
  if (rule.formula !== undefined) return '';
  return scorer === 'rules' ? 'points' : scorer === 'random' ? '' : 's';
}

/**
 * A method compared with the optimum. Shares are NaN while the optimum is unknown, or if it is 0.
 */
export interface JudgedRow extends MethodRow {
  /** total / optimum. */
  readonly share: number;
  /** (optimum - total) / optimum. */
  readonly trueGap: number;
  /** upperBound / optimum. */
  readonly bound: number;
}

export function compareToOptimum(rows: readonly MethodRow[]): JudgedRow[] {
  const best = rows.find((r) => r.method === 'exact')?.total ?? 0;
  const optimum = best > 0 ? best : NaN;
  return rows.map((row) => ({
    ...row,
    share: row.total / optimum,
    trueGap: (optimum - row.total) / optimum,
    bound: row.upperBound / optimum,
  }));
}

/** The rows as a table for the CSV export. */
export function solutionTable(captured: CapturedTick, rows: readonly MethodRow[]): Table {
  const { tick } = captured;
  const judged = compareToOptimum(rows);
  const unit = weightUnit(captured);
  const column = (name: string, label: string, columnUnit: string, read: (row: JudgedRow) => number) => ({
    name,
    label,
    unit: columnUnit,
    values: Float64Array.from(judged, read),
  });
  return {
    name: `exact-tick-${tick}`,
    title: `Tick ${tick} solved by every matcher and exactly`,
    rows: rows.length,
    columns: [
      { name: 'method', label: 'Method', unit: '', values: rows.map((r) => r.method) },
      column('weight', 'Total weight', unit, (r) => r.total),
      column('share_of_optimum', 'Share of the optimum', '1', (r) => r.share),
      column('true_gap', 'True gap', '1', (r) => r.trueGap),
      column('upper_bound', 'Upper bound', unit, (r) => r.upperBound),
      column('certified_gap', 'Certified gap', '1', (r) => r.gap),
      column('pairs', 'Pairs', '', (r) => r.pairs),
      column('rounds', 'Rounds or searches', '', (r) => r.rounds),
      column('time', 'Time', 'ms', (r) => r.ms),
    ],
    facts: {},
  };
}
