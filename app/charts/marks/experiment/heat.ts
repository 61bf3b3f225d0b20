import { scaleBand } from 'd3';
import { numbers, texts } from '../../../../src/base/table.ts';
import { figure } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter } from '../../layout.ts';
import { unitOf } from '../../names.ts';
import { ramp } from '../../palette.ts';
import { extent, textWidth, widest } from '../../scales.ts';
import { luminance } from '../../theme.ts';
import { drawText, hatch } from '../canvas.ts';

/** Height below the cells: the values of a knob, and its name. */
const FOOT = 42;

/**
 * A cell per setting of two knobs, shaded by a figure. The table has the texts x and y, and value,
 * low and high; facts `x_title`, `y_title`, `figure` and `caption` name them.
 */
export const experimentHeat: Painter = (ctx, tables, { width, height }, theme) => {
  const table = [...tables.values()].at(0);
  const fact = (name: string) => (typeof table?.facts[name] === 'string' ? table.facts[name] : '');
  const caption = fact('caption') || 'A figure by the values of two knobs';
  const range = table === undefined || table.rows === 0 ? null : extent(numbers(table, 'value'));
  if (table === undefined || range === null) return emptyScene(caption, 'No setting has run yet.');
  const [column, row] = [texts(table, 'x'), texts(table, 'y')];
  const [value, low, high] = ['value', 'low', 'high'].map((name) => numbers(table, name));
  const unit = unitOf(table, 'value');
  const [columns, rows] = [[...new Set(column)], [...new Set(row)]];
  const left = Math.ceil(widest(ctx, theme, rows)) + 12;
  const top = 22;
  const minHeight = top + rows.length * 26 + FOOT;
  const bottom = Math.max(height, minHeight) - FOOT;
  const x = scaleBand(columns, [left, width]).padding(0.04);
  const y = scaleBand(rows, [top, bottom]).padding(0.06);
  const shade = (v: number) => (range[0] === range[1] ? 0.5 : (v - range[0]) / (range[1] - range[0]));

  const labels: Label[] = [
    { x: 0, y: 7, text: fact('y_title'), anchor: 'start', tone: 'muted' },
    { x: width, y: bottom + 33, text: fact('x_title'), anchor: 'end', tone: 'muted' },
    ...rows.map((text): Label => ({
      x: left - 8,
      y: y(text)! + y.bandwidth() / 2,
      text,
      anchor: 'end',
      tone: 'muted',
    })),
  ];
  let free = left;
  for (const text of columns) {
    const [at, half] = [x(text)! + x.bandwidth() / 2, textWidth(ctx, theme, text) / 2];
    if (at - half < free) continue;
    labels.push({ x: at, y: bottom + 18, text, anchor: 'middle', tone: 'muted' });
    free = at + half + 8;
  }
  const marks: Mark[] = [...value.keys()].map((r) => {
    const [cx, cy, w, h] = [x(column[r])!, y(row[r])!, x.bandwidth(), y.bandwidth()];
    const known = Number.isFinite(value[r]);
    if (known) {
      const color = ramp(theme.dark, 0.12 + 0.88 * shade(value[r]));
      ctx.fillStyle = color;
      ctx.beginPath();
      ctx.roundRect(cx, cy, w, h, Math.min(3, h / 4));
      ctx.fill();
      const text = figure(value[r]);
      if (textWidth(ctx, theme, text) < w - 8)
        drawText(ctx, text, cx + w / 2, cy + h / 2, luminance(color) > 0.2 ? '#12151c' : '#ffffff');
    } else hatch(ctx, cx, cy, w, h, theme.rule);
    const place = { x: cx + w / 2, y: cy + h / 2 };
    return {
      key: `${column[r]} ${row[r]}`,
      ...{ ...place, rx: w / 2, ry: h / 2, series: rows.indexOf(row[r]) },
      tip: () => ({
        head: `${fact('x_title')} ${column[r]}, ${fact('y_title')} ${row[r]}`,
        rows: [
          [fact('figure'), known ? `${figure(value[r])} ${unit}` : 'not observed'],
          ...(Number.isFinite(low[r]) && Number.isFinite(high[r])
            ? [['95 % interval', `${figure(low[r])} to ${figure(high[r])} ${unit}`] as const]
            : []),
        ],
      }),
    };
  });
  const legend = [0, 0.25, 0.5, 0.75, 1].map((t) => ramp(theme.dark, 0.12 + 0.88 * t));
  return sceneOf(
    {
      ...{ caption, labels, minHeight },
      legend: [{ kind: 'ramp', text: unit, colors: legend, low: figure(range[0]), high: figure(range[1]) }],
    },
    marks,
  );
};
