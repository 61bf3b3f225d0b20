import { numbers, texts, type Table } from '../../../src/base/table.ts';
import type { LessonCommand, Finding, Look, SeeStep } from '../format.ts';

/** What several lessons read from the engine's tables. */

/** One cell of the first row in which every named text matches; NaN where there is none. */
export function cell(
  tables: Look['tables'],
  name: string,
  where: Readonly<Record<string, string>>,
  column: string,
): number {
  const table = tables.get(name);
  if (table === undefined) return NaN;
  const keys = Object.entries(where).map(([key, value]) => [texts(table, key), value] as const);
  for (let row = 0; row < table.rows; row++)
    if (keys.every(([values, value]) => values[row] === value)) return numbers(table, column)[row];
  return NaN;
}

/** A fact of a table; NaN where it has none. */
export function fact(tables: Look['tables'], name: string, key: string): number {
  const value = tables.get(name)?.facts[key];
  return typeof value === 'number' ? value : NaN;
}

/** Mean of a column over the points of a series with a time from `from` on, seconds. */
export function meanSince(table: Table | undefined, column: string, from: number, until = Infinity): number {
  if (table === undefined) return NaN;
  const time = numbers(table, 'time_s');
  const values = numbers(table, column).filter(
    (x, i) => Number.isFinite(x) && time[i] >= from && time[i] < until,
  );
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Simulated seconds since this knob of A was changed by hand, or since the evening began. */
export function secondsSince({ status }: Look, knob: string): number {
  const last = status.changes.findLast(({ side, policy }) => side !== 'b' && knob in policy);
  return status.time - (last?.atSeconds ?? 0);
}

/** A goal that waits for something. */
export const notYet = (says: string, share = 0): Finding => ({ met: false, share, says });

/** Before the first look. */
export const starting = notYet('The evening is starting.');

/** A button that runs the market for some simulated seconds. */
export const runSeconds = (text: string, seconds: number): LessonCommand => ({
  text,
  run: (bench) => bench.runFor(seconds),
});

export const runTicks = (text: string, ticks: number, every?: number): LessonCommand => ({
  text,
  run: (bench) => bench.run(ticks, every),
});

/** Replies for a question with one right option. */
export const rightIs =
  (right: number, replies: (notes: Parameters<SeeStep['check']>[1]) => readonly string[]): SeeStep['check'] =>
  ([chosen], notes) => ({ right: chosen === right, says: replies(notes)[chosen] });

export const secondsText = (x: number): string => `${x < 10 ? x.toFixed(1) : Math.round(x)}\u202fs`;
export const msText = (x: number): string =>
  x >= 1000 ? `${(x / 1000).toFixed(1)}\u202fs` : `${x < 10 ? x.toFixed(1) : Math.round(x)}\u202fms`;
export const points = (share: number): string =>
  `${share > 0 ? '+' : share < 0 ? '\u2212' : ''}${Math.abs(100 * share).toFixed(1)}`;
