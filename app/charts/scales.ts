import * as d3 from 'd3';
import { numbers, type Table } from '../../src/base/table.ts';
import { clock } from './format.ts';
import { BESIDE, type Anchor, type Axis, type Ctx, type Label, type TableSet, type Theme } from './layout.ts';

/** Sizes shared by all charts, CSS pixels. */
export const TEXT = 11;
export const ROW = 11.6;

/** Height kept for the tick texts of an x axis. */
export const X_AXIS = 18;

type Position = (value: number) => number;

/** Smallest and largest finite value, or null where there is none. */
export function extent(...columns: readonly ArrayLike<number>[]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i];
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/**
 * The table of that name, and that of the policy beside it, if there is one: scales that take in
 * both let two instruments be compared by eye.
 */
export function withBeside(tables: TableSet, name: string): Table[] {
  return [name, BESIDE + name].flatMap((n) => {
    const table = tables.get(n);
    return table === undefined || table.rows === 0 ? [] : [table];
  });
}

/** The values of numeric columns, also of the policy beside it. */
export function valuesWithBeside(tables: TableSet, name: string, columns: readonly string[]): Float64Array[] {
  return withBeside(tables, name).flatMap((table) => columns.map((column) => numbers(table, column)));
}

/** Width of a text on the page. */
export function textWidth(ctx: Ctx, theme: Theme, text: string, weight = 400): number {
  ctx.font = `${weight} ${TEXT}px ${theme.family}`;
  return ctx.measureText(text).width;
}

/** Width of the widest text. */
export function widest(ctx: Ctx, theme: Theme, texts: readonly string[], weight = 400): number {
  return texts.reduce((w, text) => Math.max(w, textWidth(ctx, theme, text, weight)), 0);
}

/** The largest 1, 2 or 5 x 10^k not above x (x > 0). A growing domain then changes rarely. */
export function stepDown(x: number): number {
  const base = 10 ** Math.floor(Math.log10(x));
  const lead = x / base;
  return base * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}

/** The smallest 1, 2 or 5 x 10^k not below x (x > 0). */
export function stepUp(x: number): number {
  const base = 10 ** Math.floor(Math.log10(x));
  const lead = x / base;
  return base * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

/** A logarithmic scale to pixels. It is clamped, so zero is at its start; NaN stays NaN. */
export function logPosition(domain: readonly [number, number], range: readonly [number, number]): Position {
  const scale = d3.scaleLog(domain, range).clamp(true);
  return (value) => (Number.isFinite(value) ? scale(Math.max(value, domain[0])) : NaN);
}

/** Ticks of a logarithmic axis: 1, 2, 5 or 1, 3 per decade where they fit, else decades. */
export function logTicks(domain: readonly [number, number], length: number): number[] {
  const decades = Math.log10(domain[1] / domain[0]);
  const room = length / Math.max(decades, 0.1);
  const leads = room > 220 ? [1, 2, 5] : room > 76 ? [1, 3] : [1];
  const every = room < 30 ? 2 : 1;
  const first = Math.floor(Math.log10(domain[0])) - 1;
  const last = Math.ceil(Math.log10(domain[1]));
  const ticks: number[] = [];
  for (let k = first; k <= last; k++) {
    if (k % every !== 0) continue;
    for (const lead of leads) {
      const tick = Number((lead * 10 ** k).toPrecision(6));
      if (tick >= domain[0] * 0.999 && tick <= domain[1] * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

/** Ticks of simulated time, at whole seconds or minutes. */
export function timeTicks([from, to]: readonly [number, number], length: number): number[] {
  const wanted = (to - from) / Math.max(2, length / 70);
  const step = timeSteps.find((s) => s >= wanted) ?? 21_600;
  const ticks: number[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) ticks.push(t);
  return ticks;
}

/** A tick with its sign: +20, 0, \u221240. */
export function signedPlain(value: number): string {
  const size = plain(Math.abs(Number(value.toPrecision(6))));
  return value > 0 ? `+${size}` : value < 0 ? `\u2212${size}` : size;
}

/** Plain text of a log tick: .1, 1, 30, 1,000. */
export function plain(value: number): string {
  return value >= 1000 ? d3.format(',')(value) : String(value);
}

/** The title of an axis, and where it stands. */
type AxisTitle = readonly [text: string, x: number, y: number, anchor: Anchor];

/** An x axis at the bottom of a plot. Its grid lines go up to `top`; by default there are none. */
export function bottomAxis(
  position: Position,
  values: readonly number[],
  format: (value: number) => string,
  at: number,
  top = at,
  [title, ...titleAt]: AxisTitle = ['', 0, 0, 'end'],
): Axis {
  const ticks = values.map((value) => ({ at: position(value), text: format(value) }));
  return { along: 'x', at, grid: [top, at], ticks, title, titleAt };
}

/** A y axis at the left of a plot, with grid lines over the plot. */
export function leftAxis(
  position: Position,
  values: readonly number[],
  format: (value: number) => string,
  [left, right]: readonly [number, number],
  [title, ...titleAt]: AxisTitle = ['', 0, 0, 'start'],
): Axis {
  const ticks = values.map((value) => ({ at: position(value), text: format(value) }));
  return { along: 'y', at: left - 6, grid: [left, right], ticks, title, titleAt };
}

/** The x axis of simulated time below a plot. */
export function timeAxis(
  position: Position,
  domain: readonly [number, number],
  { left, right, bottom }: { left: number; right: number; bottom: number },
): Axis {
  return bottomAxis(position, timeTicks(domain, right - left), clock, bottom);
}

/**
 * Moves overlapping labels apart: at least `gap` between neighbours, none outside [top, bottom].
 * One sweep down and one sweep up keep each label near its place.
 */
export function dodge(labels: readonly Label[], gap: number, top: number, bottom: number): Label[] {
  const order = [...labels].sort((a, b) => a.y - b.y);
  const y = order.map((label) => Math.min(bottom, Math.max(top, label.y)));
  for (let i = 1; i < y.length; i++) y[i] = Math.max(y[i], y[i - 1] + gap);
  for (let i = y.length - 1, limit = bottom; i >= 0; i--, limit = y[i + 1] - gap)
    y[i] = Math.min(y[i], limit);
  return order.map((label, i) => ({ ...label, y: y[i] }));
}
