import type { Table } from '../../../src/base/table.ts';
import { plainTheme } from '../theme.ts';
import type { ChartView } from '../views.ts';
import { paintChart } from '../worker/paint.ts';
import { painters } from '../worker/painters.ts';

/** The size of a plot beside the sky at 1440 x 900, CSS pixels. */
export const [WIDTH, HEIGHT] = [398, 150];

/** The scene of a view, and the number of pixels that it drew. */
export function paint(
  view: ChartView,
  tables: readonly Table[],
  choice: string | null = null,
  width = WIDTH,
  height = HEIGHT,
) {
  const canvas = new OffscreenCanvas(width, Math.max(height, 400));
  const ctx = canvas.getContext('2d', { willReadFrequently: true })!;
  const set = new Map(tables.map((t) => [t.name, t]));
  const scene = paintChart(
    painters[view],
    ctx,
    set,
    { width, height },
    plainTheme(true, 'sans-serif'),
    choice,
  );
  const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
  let pixels = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) pixels++;
  return { ...scene, pixels };
}

/** The same table with other numbers. */
export function changed(source: Table, change: (value: number, row: number, name: string) => number): Table {
  const columns = source.columns.map((c) =>
    c.values instanceof Float64Array ? { ...c, values: c.values.map((v, r) => change(v, r, c.name)) } : c,
  );
  return { ...source, columns };
}

/** The first rows of a table. */
export function firstRows(source: Table, rows: number): Table {
  return { ...source, rows, columns: source.columns.map((c) => ({ ...c, values: c.values.slice(0, rows) })) };
}
