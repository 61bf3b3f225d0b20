import { scaleLinear } from 'd3';
import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { drawLine, drawShape } from '../canvas.ts';
import { count } from '../../../state/format.ts';
import { compact, figure, priceText } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter } from '../../layout.ts';
import { countryName, unitOf } from '../../names.ts';
import { extent, ROW, widest, withBeside, X_AXIS, bottomAxis } from '../../scales.ts';

const caption = 'Who waits, and who would take them';

/** Supply and demand of each segment as two marks on one axis, with pressure and price beside. */
export const demandSegments: Painter = (ctx, tables, { width, height }, theme, chosen) => {
  const table = tables.get('segment-price');
  if (table === undefined || table.rows === 0) return emptyScene(caption, 'Nobody waits yet.');
  const dimension = texts(table, 'dimension');
  const segment = texts(table, 'segment');
  const [supply, demand] = [numbers(table, 'supply'), numbers(table, 'demand')];
  const [pressure, price] = [numbers(table, 'pressure'), numbers(table, 'mean_price')];
  const unit = unitOf(table, 'mean_price');
  const dimensions = [...new Set(dimension)];
  const all = dimensions.length > 1 ? [...dimensions, 'everything'] : dimensions;
  const fallback = dimensions.find((d) => d !== 'country') ?? dimensions[0];
  const value = chosen !== null && all.includes(chosen) ? chosen : fallback;
  const rows = Array.from({ length: table.rows }, (_, r) => r).filter(
    (r) => value === 'everything' || dimension[r] === value,
  );

  const names = rows.map((r) => countryName(segment[r]));
  const left = Math.ceil(widest(ctx, theme, names)) + 14;
  const beside = width >= 330;
  const priceTexts = rows.map((r) => priceText(price[r], unit));
  const priceWidth = Math.ceil(widest(ctx, theme, [...priceTexts, 'price']));
  const right = width - (beside ? 52 + priceWidth + 16 : 16);
  const minHeight = 18 + rows.length * ROW + X_AXIS;
  const bottom = Math.max(height, minHeight) - X_AXIS;
  const step = Math.min(34, (bottom - 18) / rows.length);
  const top = Math.max(
    1,
    extent(...withBeside(tables, 'segment-price').flatMap((t) => peopleOf(t, value)))?.[1] ?? 1,
  );
  const x = scaleLinear([0, top], [left, right]).nice(4);

  const labels: Label[] = [];
  const marks: Mark[] = [];
  if (beside) {
    labels.push({ x: right + 54, y: 8, text: 'pressure', anchor: 'end', tone: 'muted' });
    labels.push({ x: width - 2, y: 8, text: 'price', anchor: 'end', tone: 'muted' });
  }
  rows.forEach((r, i) => {
    const cy = 18 + step * (i + 0.5);
    const [sx, dx] = [x(supply[r]), x(demand[r])];
    const short = demand[r] > supply[r];
    if (Number.isFinite(sx) && Number.isFinite(dx))
      drawLine(ctx, sx, cy, dx, cy, short ? theme.accent : theme.muted, 1.5);
    if (Number.isFinite(sx)) drawShape(ctx, 'circle', sx, cy, 4.6, theme.data, theme.bg);
    if (Number.isFinite(dx)) drawShape(ctx, 'diamond', dx, cy, 4.8, theme.accent);
    labels.push({ x: left - 12, y: cy, text: names[i], anchor: 'end', tone: 'muted' });
    if (beside) {
      labels.push({ x: right + 54, y: cy, text: `\u00d7${figure(pressure[r])}`, anchor: 'end', tone: 'fg' });
      labels.push({ x: width - 2, y: cy, text: priceTexts[i], anchor: 'end', tone: 'muted' });
    }
    const ends = [sx, dx].filter(Number.isFinite);
    if (ends.length === 0) return;
    const [lo, hi] = [Math.min(...ends), Math.max(...ends)];
    marks.push({
      key: `${dimension[r]} ${segment[r]}`,
      x: (lo + hi) / 2,
      y: cy,
      rx: (hi - lo) / 2 + 6,
      ry: 6,
      series: i,
      tip: () => ({
        head: names[i],
        rows: [
          ['who wait (supply)', count(supply[r])],
          ['who would take them (demand)', count(demand[r])],
          ['demand / supply', figure(pressure[r])],
          ['mean price', priceTexts[i]],
        ],
      }),
    });
  });

  return sceneOf(
    {
      caption,
      labels,
      axes: [bottomAxis(x, x.ticks(Math.max(2, Math.floor((right - left) / 64))), compact, bottom, 16)],
      legend: [
        { kind: 'mark', text: 'who wait', color: theme.data, shape: 'circle', hollow: true },
        { kind: 'mark', text: 'who would take them', color: theme.accent, shape: 'diamond' },
      ],
      choice: {
        label: 'Groups',
        value,
        options: all.map((d) => ({ value: d, text: d === 'everything' ? d : `by ${d}` })),
      },
      minHeight,
    },
    marks,
    [0.05, 1],
  );
};

/** Supply and demand of the segments of a dimension, or of all. */
function peopleOf(table: Table, chosen: string): number[][] {
  const dimension = texts(table, 'dimension');
  return ['supply', 'demand'].map((name) => [
    ...numbers(table, name).filter((_, r) => chosen === 'everything' || dimension[r] === chosen),
  ]);
}
