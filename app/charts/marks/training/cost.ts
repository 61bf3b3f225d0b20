import { scaleLinear } from 'd3';
import { numbers, texts } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { compact } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter } from '../../layout.ts';
import { widest } from '../../scales.ts';
import { drawShape } from '../canvas.ts';
import { seriesStyle, markEntry } from './series.ts';

const caption =
  'Passes are counted. Times are medians of some steps of either way, times the number of steps.';
const titles: Readonly<Record<string, string>> = {
  passes: 'Passes of the transformer over a session',
  s: 'Time, from measured steps',
};
const HEAD = 22;
const BAR = 20;
const STEP = 30;
const GAP = 12;

/** Passes and time of training in one phase and in two. Each pair of bars has its own scale. */
export const trainingCost: Painter = (ctx, tables, { width }, theme) => {
  const table = tables.get('two-phases');
  if (table === undefined || table.rows === 0) return emptyScene(caption, 'Nothing has been measured yet.');
  const [way, unit] = [texts(table, 'way'), texts(table, 'unit')];
  const parts = table.columns.filter((c) => c.values instanceof Float64Array).map((c) => c.label);
  const length = (r: number, p: number) => {
    const value = numbers(table, table.columns[p + 2].name)[r];
    return Number.isFinite(value) ? Math.max(0, value) : 0;
  };
  const totals = way.map((_, r) => parts.reduce((sum, _part, p) => sum + length(r, p), 0));
  const text = (value: number, r: number) =>
    `${value < 10 ? value.toFixed(1) : width < 420 ? compact(value) : count(value)} ${unit[r]}`;
  const left = Math.ceil(widest(ctx, theme, way)) + 14;
  const right = width - Math.ceil(widest(ctx, theme, totals.map(text), 650)) - 12;

  const marks: Mark[] = [];
  const labels: Label[] = [];
  let top = 0;
  way.forEach((name, r) => {
    if (unit[r] !== unit[r - 1]) {
      if (r > 0) top += GAP;
      labels.push({
        x: 0,
        y: top + 8,
        text: titles[unit[r]] ?? unit[r],
        anchor: 'start',
        tone: 'fg',
        strong: true,
      });
      top += HEAD;
    }
    const longest = Math.max(...totals.filter((_, k) => unit[k] === unit[r]));
    const x = scaleLinear([0, longest > 0 ? longest : 1], [left, right]);
    const middle = top + BAR / 2;
    labels.push({ x: 0, y: middle, text: name, anchor: 'start', tone: 'muted' });
    labels.push({
      x: x(totals[r]) + 6,
      y: middle,
      text: text(totals[r], r),
      anchor: 'start',
      tone: 'fg',
      strong: true,
    });
    let at = 0;
    parts.forEach((part, p) => {
      const from = x(at);
      at += length(r, p);
      if (length(r, p) === 0) return;
      const wide = Math.max(1, x(at) - from - 1);
      const { color, shape } = seriesStyle(theme, p);
      ctx.fillStyle = color;
      ctx.fillRect(from, top, wide, BAR);
      if (wide > 16) drawShape(ctx, shape, from + wide / 2, middle, 4.5, theme.bg);
      marks.push({
        key: `${r} ${part}`,
        ...{ x: from + wide / 2, y: middle, rx: wide / 2, ry: BAR / 2, series: r },
        tip: () => ({ head: name, rows: [[part, text(length(r, p), r)]] }),
      });
    });
    top += STEP;
  });
  return sceneOf(
    {
      caption,
      labels,
      legend: parts.map((part, p) => markEntry(part, seriesStyle(theme, p))),
      minHeight: top,
    },
    marks,
  );
};
