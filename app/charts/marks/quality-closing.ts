import { scaleLinear } from 'd3';
import { numbers } from '../../../src/base/table.ts';
import { drawPath, drawShape } from '../worker/canvas.ts';
import { percent } from '../format.ts';
import { emptyLayout, emptyScene, type Mark, type Painter } from '../layout.ts';
import { extent, widest, X_AXIS, xAxis, yAxis } from '../scales.ts';

const caption = 'How the last auction closed its gap, by bidding rounds';

/** Certified gap over bidding rounds; it holds between two looks, so the line goes in steps. */
export const qualityClosing: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('gap-closing');
  if (table === undefined || table.rows === 0)
    return emptyScene(caption, 'No auction has run yet. Choose the matcher "Auction".');
  const rounds = numbers(table, 'rounds');
  const gap = numbers(table, 'gap');
  const format = (v: number) => `${Number((v * 100).toPrecision(4))} %`;
  const top = Math.max(1e-4, extent(gap)?.[1] ?? 0);
  const bottom = height - X_AXIS;
  const y = scaleLinear([0, top * 1.05], [bottom, 26]).nice(3);
  const ticks = y.ticks(Math.max(2, Math.floor(bottom / 40)));
  const left = Math.ceil(widest(ctx, theme, ticks.map(format))) + 10;
  const right = width - 12;
  const x = scaleLinear([0, Math.max(1, extent(rounds)?.[1] ?? 1)], [left, right]).nice();

  const known = Array.from(rounds, (_, i) => i).filter(
    (i) => Number.isFinite(rounds[i]) && Number.isFinite(gap[i]),
  );
  if (known.length === 0) return emptyScene(caption, 'The last auction certified nothing.');
  const at = known.map((i) => [x(rounds[i]), y(gap[i])] as const);
  const steps = at.flatMap((p, i) => (i === 0 ? [p] : [[p[0], at[i - 1][1]] as const, p]));
  drawPath(ctx, steps, theme.data, 1.5, []);
  at.forEach(([px, py], i) =>
    drawShape(
      ctx,
      i === at.length - 1 ? 'diamond' : 'circle',
      px,
      py,
      i === at.length - 1 ? 4.5 : 3,
      theme.data,
    ),
  );
  const marks: Mark[] = at.map(([px, py], i) => ({
    key: `look ${i}`,
    x: px,
    y: py,
    rx: 4,
    ry: 4,
    series: 0,
  }));
  return {
    layout: {
      ...emptyLayout,
      caption,
      axes: [
        yAxis({
          position: y,
          domain: y.domain() as [number, number],
          values: ticks,
          format,
          at: left - 6,
          grid: [left, right],
        }),
        xAxis({
          position: x,
          domain: x.domain() as [number, number],
          values: x.ticks(Math.max(2, Math.floor((right - left) / 80))),
          format: String,
          at: bottom,
          grid: [bottom, bottom],
        }),
      ],
      labels: [
        {
          x: left,
          y: 10,
          text: `certified gap; after the exchanges (diamond) ${percent(gap[known[known.length - 1]])}`,
          anchor: 'start',
          tone: 'muted',
        },
      ],
      marks: marks.length,
    },
    marks,
    reach: [1, 0.7],
    describe: (i) => ({
      head: i === at.length - 1 ? 'after the exchanges' : `after ${rounds[known[i]]} rounds`,
      rows: [['gap', percent(gap[known[i]])]],
    }),
  };
};
