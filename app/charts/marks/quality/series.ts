import { scaleLinear } from 'd3';
import { numbers } from '../../../../src/base/table.ts';
import { drawPath, drawShape } from '../canvas.ts';
import { clock, finePercent, seconds } from '../../format.ts';
import { emptyScene, sceneOf, type Axis, type Label, type Mark, type Painter } from '../../layout.ts';
import type { Shape } from '../../palette.ts';
import { extent, timeAxis, valuesWithBeside, widest, X_AXIS, leftAxis } from '../../scales.ts';

const caption = 'Over simulated time, tick by tick';

const glyphs = { circle: '\u25cf', diamond: '\u25c6' } as const satisfies Partial<Record<Shape, string>>;

interface Line {
  readonly column: string;
  readonly text: string;
  readonly tone: 'data' | 'accent';
  readonly shape: keyof typeof glyphs;
  readonly dash: readonly number[];
}

interface Panel {
  readonly title: string;
  readonly unit: 'share' | 's';
  readonly lines: readonly Line[];
}

const panels: readonly Panel[] = [
  {
    title: 'matched share of those who wait',
    unit: 'share',
    lines: [{ column: 'matched_share', text: 'matched share', tone: 'data', shape: 'circle', dash: [] }],
  },
  {
    title: 'gap to the best possible (upper bound)',
    unit: 'share',
    lines: [{ column: 'gap', text: 'gap', tone: 'data', shape: 'circle', dash: [] }],
  },
  {
    title: 'chat length, s',
    unit: 's',
    lines: [
      { column: 'predicted_s', text: 'predicted', tone: 'accent', shape: 'diamond', dash: [6, 3] },
      { column: 'real_s', text: 'real', tone: 'data', shape: 'circle', dash: [] },
    ],
  },
];

/** Matched share, gap and chat length over time: one panel each, above a common time axis. */
export const qualitySeries: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('quality-series');
  if (table === undefined || table.rows === 0) return emptyScene(caption, 'No tick has run yet.');
  const time = numbers(table, 'time_s');
  const domainX = extent(time) ?? [0, 1];
  if (domainX[0] === domainX[1]) domainX[1] = domainX[0] + 1;
  const shown = height < 250 ? panels.slice(0, 2) : panels;
  const minHeight = 2 * 56 + X_AXIS;
  const bottom = Math.max(height, minHeight) - X_AXIS;
  const tall = bottom / shown.length;

  const format = (unit: Panel['unit']) => (v: number) =>
    unit === 'share' ? `${Number((v * 100).toPrecision(4))} %` : String(v);
  const scales = shown.map((panel, p) => {
    const names = panel.lines.map((l) => l.column);
    const columns = valuesWithBeside(tables, 'quality-series', names);
    const top = extent(...columns)?.[1] ?? 1;
    const limit =
      panel.lines[0].column === 'matched_share'
        ? 1
        : top > 0
          ? top * 1.05
          : panel.unit === 'share'
            ? 0.01
            : 1;
    return scaleLinear([0, limit], [tall * (p + 1) - 8, tall * p + 18]).nice(3);
  });
  const ticks = scales.map((s) => s.ticks(Math.max(2, Math.floor(tall / 34))));
  const left =
    Math.ceil(
      widest(
        ctx,
        theme,
        ticks.flatMap((t, p) => t.map(format(shown[p].unit))),
      ),
    ) + 10;
  const right = width - 12;
  const x = scaleLinear(domainX, [left, right]);

  const marks: Mark[] = [];
  const axes: Axis[] = [];
  const labels: Label[] = [];
  const lines = shown.flatMap((panel, p) => panel.lines.map((line) => ({ line, panel, p })));
  lines.forEach(({ line, panel, p }, s) => {
    const values = numbers(table, line.column);
    const color = theme[line.tone];
    const points = Array.from(time, (t, i) => [x(t), scales[p](values[i])] as const);
    drawPath(ctx, points, color, 1.5, line.dash);
    const last = points.findLast((q) => q.every(Number.isFinite));
    if (last !== undefined) drawShape(ctx, line.shape, last[0], last[1], 3.8, color);
    points.forEach(([px, py], i) => {
      if (Number.isFinite(px) && Number.isFinite(py))
        marks.push({
          key: `${line.column} ${i}`,
          ...{ x: px, y: py, rx: 3, ry: 3, series: s },
          tip: () => ({
            head: clock(time[i]),
            rows: panel.lines.map((other) => [
              other.text,
              (panel.unit === 'share' ? finePercent : seconds)(numbers(table, other.column)[i]),
            ]),
          }),
        });
    });
  });
  shown.forEach((panel, p) => {
    labels.push({ x: left, y: tall * p + 8, text: panel.title, anchor: 'start', tone: 'muted' });
    // In the panel: a legend below would change the height by which the panels are chosen.
    if (panel.lines.length > 1) {
      const text = panel.lines.map((line) => `${glyphs[line.shape]} ${line.text}`).join('  ');
      labels.push({ x: right, y: tall * p + 8, text, anchor: 'end', tone: 'muted' });
    }
    axes.push(leftAxis(scales[p], ticks[p], format(panel.unit), [left, right]));
  });
  axes.push(timeAxis(x, domainX, { left, right, bottom }));

  return sceneOf(
    {
      caption,
      axes,
      labels,
      minHeight,
    },
    marks,
    [1, 0.7],
  );
};
