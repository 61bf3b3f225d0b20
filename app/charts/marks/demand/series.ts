import { scaleLinear } from 'd3';
import { numbers } from '../../../../src/base/table.ts';
import { drawPath, drawShape } from '../canvas.ts';
import { count } from '../../../state/format.ts';
import { clock, compact } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter } from '../../layout.ts';
import { countryName, segmentIndex } from '../../names.ts';
import { segmentColors, segmentDashes, segmentShapes } from '../../palette.ts';
import { dodge, extent, timeAxis, valuesWithBeside, widest, X_AXIS, leftAxis } from '../../scales.ts';

const caption = 'People who wait, by country';

/** A line of the people who wait per country (hue, dash and marker), labelled at its end. */
export const demandSeries: Painter = (ctx, tables, { width, height }, theme, chosen) => {
  const table = tables.get('supply-series');
  if (table === undefined || table.rows === 0)
    return emptyScene(caption, 'No tick has run yet. The lines begin with the first one.');
  const all = chosen === 'all';
  const names = table.columns
    .map((c) => c.name)
    .filter((name) => name.startsWith('waiting_') && (name === 'waiting_all') === all)
    .map((name) => name.slice('waiting_'.length));
  const time = numbers(table, 'time_s');
  const values = names.map((name) => numbers(table, `waiting_${name}`));
  const title = (name: string) => (name === 'all' ? 'everyone' : countryName(name));

  const domainX = extent(time) ?? [0, 1];
  if (domainX[0] === domainX[1]) domainX[1] = domainX[0] + 1;
  const columns = names.map((name) => `waiting_${name}`);
  const top = Math.max(1, extent(...valuesWithBeside(tables, 'supply-series', columns))?.[1] ?? 1);
  const short = width < 520;
  const endText = (name: string) => (short && name !== 'all' ? name : title(name));
  const bottom = Math.max(height, 120) - X_AXIS;
  const y = scaleLinear([0, top], [bottom, 8]).nice(4);
  const yTicks = y.ticks(Math.max(2, Math.min(6, Math.floor(height / 36))));
  const left = Math.ceil(widest(ctx, theme, yTicks.map(compact))) + 8;
  const right = width - Math.ceil(widest(ctx, theme, names.map(endText))) - 18;
  const x = scaleLinear(domainX, [left, right]);

  const colors = segmentColors(theme.dark);
  const marks: Mark[] = [];
  const ends: Label[] = [];
  names.forEach((name, s) => {
    const k = segmentIndex(name, names);
    const color = name === 'all' ? theme.fg : colors[k % colors.length];
    const shape = segmentShapes[k % segmentShapes.length];
    const points = Array.from(time, (t, i) => [x(t), y(values[s][i])] as const);
    drawPath(ctx, points, color, name === 'all' ? 1.8 : 1.4, name === 'all' ? [] : segmentDashes[k]);
    let lastMarker = -Infinity;
    let end: readonly [number, number] | null = null;
    points.forEach(([px, py], i) => {
      if (!Number.isFinite(px) || !Number.isFinite(py)) return;
      end = [px, py];
      marks.push({
        key: `${name} ${time[i]}`,
        ...{ x: px, y: py, rx: 3, ry: 3, series: s },
        tip: () => ({
          head: title(name),
          rows: [
            ['time', clock(time[i])],
            ['people who wait', count(values[s][i])],
          ],
        }),
      });
      // Markers are spaced, and shifted per series so that they do not pile up.
      if (px - lastMarker < 84 || (lastMarker === -Infinity && px < left + (s % 8) * 9)) return;
      lastMarker = px;
      if (right - px > 14) drawShape(ctx, shape, px, py, 3.4, color);
    });
    if (end === null) return;
    drawShape(ctx, shape, end[0], end[1], 4, color);
    ends.push({ x: right + 9, y: end[1], text: endText(name), anchor: 'start', tone: 'fg', color });
  });

  const plot = { left, right, bottom };
  return sceneOf(
    {
      caption: all ? 'People who wait' : caption,
      axes: [leftAxis(y, yTicks, compact, [left, right]), timeAxis(x, domainX, plot)],
      labels: dodge(ends, 12, 8, bottom),
      choice: {
        label: 'Lines',
        value: all ? 'all' : 'country',
        options: [
          { value: 'country', text: 'by country' },
          { value: 'all', text: 'everyone' },
        ],
      },
      minHeight: 120,
    },
    marks,
    [1, 0.5],
  );
};
