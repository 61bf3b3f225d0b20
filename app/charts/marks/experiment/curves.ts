import { scaleLinear, scaleLog } from 'd3';
import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { figure } from '../../format.ts';
import {
  emptyScene,
  sceneOf,
  type Axis,
  type Label,
  type Mark,
  type Painter,
  type Rule,
} from '../../layout.ts';
import { unitOf } from '../../names.ts';
import { extent, textWidth } from '../../scales.ts';
import { drawLine, drawPath, drawShape } from '../canvas.ts';
import { areaOf, axesOf, lineEntry, seriesStyle, type Area } from '../training/series.ts';

/** Below this width, panels stand above each other. */
const NARROW = 620;
const PANEL_HEIGHT = 220;
const GAP = 34;

/**
 * Curves with their intervals, in one panel or in several that share their x axis. The table has
 * the columns panel, series, x, y, low and high, and may name the x values in x_text. Facts: `x`
 * and `y` title the axes, `scale` may be "log", and `rule` draws a level that `rule_text` names.
 */
export const experimentCurves: Painter = (ctx, tables, frame, theme) => {
  const table = [...tables.values()].at(0);
  const fact = (name: string, otherwise: string) =>
    typeof table?.facts[name] === 'string' ? table.facts[name] : otherwise;
  const caption = fact('caption', 'Figures by setting');
  const points = table === undefined ? [] : pointsOf(table);
  if (table === undefined || points.length === 0)
    return emptyScene(caption, 'Nothing has been computed yet.');
  const panels = [...new Set(points.map((p) => p.panel))];
  const names = [...new Set(points.map((p) => p.series))];
  const sideways = panels.length > 1 && frame.width >= NARROW;
  const minHeight = sideways ? PANEL_HEIGHT : panels.length * PANEL_HEIGHT;
  const all = Math.max(frame.height, minHeight);
  const width = sideways ? (frame.width - GAP * (panels.length - 1)) / panels.length : frame.width;
  const height = sideways ? all : all / panels.length;
  const rule =
    typeof table.facts['rule'] === 'number' && Number.isFinite(table.facts['rule'])
      ? table.facts['rule']
      : null;
  const unit = unitOf(table, 'y');
  const looks = new Map(names.map((name, k) => [name, seriesStyle(theme, k)]));
  const [axes, rules, labels, marks]: [Axis[], Rule[], Label[], Mark[]] = [[], [], [], []];

  panels.forEach((panel, p) => {
    const own = points.filter((point) => point.panel === panel);
    const [dx, dy] = sideways ? [p * (width + GAP), 0] : [0, p * height];
    const range = extent(
      own.flatMap(({ y, low, high }) => [y, low, high]),
      rule === null ? [] : [rule],
    )!;
    const flat = range[0] === range[1];
    const scale = scaleLinear(flat ? [range[0] - 1, range[1] + 1] : range, [1, 0]).nice(5);
    const text = areaOf(ctx, theme, { width, height }, scale.ticks(5).map(figure));
    const area = movedBy(text, dx, dy);
    const { left, right, top, bottom } = area;
    const y = scale.copy().range([bottom, top]);
    const xs = [...new Map(own.map((point) => [point.x, point.xText])).entries()].sort((a, b) => a[0] - b[0]);
    const x = xScale(
      xs.map(([value]) => value),
      fact('scale', 'linear') === 'log',
      [left + 16, right - 16],
    );
    for (const [name, look] of looks) {
      const line = own.filter((point) => point.series === name).sort((a, b) => a.x - b.x);
      drawPath(
        ctx,
        line.map((point) => [x(point.x), y(point.y)] as const),
        look.color,
        1.8,
        look.dash,
      );
      for (const point of line) {
        const at = { x: x(point.x), y: y(point.y) };
        if (Number.isFinite(point.low) && Number.isFinite(point.high))
          drawLine(ctx, at.x, y(point.low), at.x, y(point.high), look.color, 1.2);
        drawShape(ctx, look.shape, at.x, at.y, 4, look.color);
        marks.push({
          key: `${panel} ${name} ${point.x}`,
          ...{ ...at, rx: 6, ry: 6, series: p * names.length + names.indexOf(name) },
          tip: () => ({
            head:
              name === '' ? `${fact('x', 'x')} ${point.xText}` : `${name}, ${fact('x', 'x')} ${point.xText}`,
            rows: [
              [panel === '' ? fact('y', 'value') : panel, `${figure(point.y)} ${unit}`],
              ...(Number.isFinite(point.low) && Number.isFinite(point.high)
                ? [['95 % interval', `${figure(point.low)} to ${figure(point.high)} ${unit}`] as const]
                : []),
            ],
          }),
        });
      }
    }
    if (rule !== null) {
      rules.push({ x1: left, x2: right, y1: y(rule), y2: y(rule), tone: 'accent', dash: [] });
      labels.push({ x: right, y: y(rule) - 8, text: fact('rule_text', ''), anchor: 'end', tone: 'accent' });
    }
    const title = panel === '' ? `${fact('y', '')}, ${unit}` : `${panel}, ${unit}`;
    const shown = thinned(xs, x, (s) => textWidth(ctx, theme, s) + 10);
    axes.push(
      ...axesOf(
        area,
        {
          position: x,
          values: shown.map(([value]) => value),
          format: (v) => shown.find(([at]) => at === v)![1],
          title: fact('x', ''),
        },
        { position: y, values: y.ticks(5), format: figure, title },
      ),
    );
  });

  return sceneOf(
    {
      ...{ caption, axes, rules, labels, minHeight },
      sentence: fact('sentence', ''),
      legend: names.length < 2 ? [] : names.map((name) => lineEntry(name, looks.get(name)!)),
    },
    marks,
  );
};

interface Point {
  readonly panel: string;
  readonly series: string;
  readonly x: number;
  readonly xText: string;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

function pointsOf(table: Table): Point[] {
  const [panel, series] = [texts(table, 'panel'), texts(table, 'series')];
  const [x, y, low, high] = ['x', 'y', 'low', 'high'].map((name) => numbers(table, name));
  const named = table.columns.find((c) => c.name === 'x_text');
  const name = named === undefined || named.values instanceof Float64Array ? null : named.values;
  return [...x.keys()].flatMap((r) =>
    Number.isFinite(x[r]) && Number.isFinite(y[r])
      ? [
          {
            panel: panel[r],
            series: series[r],
            x: x[r],
            xText: name?.[r] ?? figure(x[r]),
            y: y[r],
            low: low[r],
            high: high[r],
          },
        ]
      : [],
  );
}

const movedBy = ({ left, right, top, bottom }: Area, dx: number, dy: number): Area => ({
  ...{ left: left + dx, right: right + dx, top: top + dy, bottom: bottom + dy },
});

function xScale(values: readonly number[], log: boolean, range: readonly [number, number]) {
  const [low, high] = [values[0], values[values.length - 1]];
  if (low === high) return () => (range[0] + range[1]) / 2;
  return log && low > 0 ? scaleLog([low, high], range) : scaleLinear([low, high], range);
}

/** The values whose texts fit beside each other, first to last. */
function thinned(
  values: readonly (readonly [number, string])[],
  x: (value: number) => number,
  space: (text: string) => number,
): (readonly [number, string])[] {
  const shown: (readonly [number, string])[] = [];
  for (const value of values) {
    const before = shown.at(-1);
    if (before === undefined || x(value[0]) - x(before[0]) > (space(before[1]) + space(value[1])) / 2)
      shown.push(value);
  }
  return shown;
}
