import { scaleLinear } from 'd3';
import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { drawPath, drawShape } from '../canvas.ts';
import { millis } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter, type Rule } from '../../layout.ts';
import {
  logPosition,
  logTicks,
  plain,
  textWidth,
  widest,
  X_AXIS,
  bottomAxis,
  dodge,
  leftAxis,
  withBeside,
} from '../../scales.ts';
import { percentiles } from './ridge.ts';
import { limitsOf, timeDomain } from './stages.ts';

const caption = 'Real time as measured, and corrected';

/** Percentiles of one stage, raw and corrected for coordinated omission, over -log10(1 - p). */
export const latencyCorrected: Painter = (ctx, tables, { width, height }, theme, chosen) => {
  const table = tables.get('latency');
  if (table === undefined || table.rows === 0) return emptyScene(caption, 'No tick has been measured yet.');
  const stages = texts(table, 'stage');
  const stage = chosen !== null && stages.includes(chosen) ? chosen : (stages.at(-1) ?? '');
  const row = stages.includes('tick') && chosen === null ? stages.indexOf('tick') : stages.indexOf(stage);
  const series = [
    { name: 'corrected', prefix: '', shape: 'circle', color: theme.accent, hollow: false, dash: [] },
    { name: 'raw', prefix: 'raw_', shape: 'square', color: theme.data, hollow: true, dash: [5, 3] },
  ] as const;
  const values = series.map((s) => percentiles.map((p) => numbers(table, `${s.prefix}${p.column}_ms`)[row]));
  const limits = limitsOf(table);
  const both = withBeside(tables, 'latency').flatMap((t) =>
    timesOf(t, texts(t, 'stage').indexOf(stages[row])),
  );
  const domain = timeDomain(both, limits.tick);

  const bottom = Math.max(height, 120) - X_AXIS;
  const yTicks = logTicks(domain, (bottom - 8) * 1.6);
  const left = Math.ceil(widest(ctx, theme, yTicks.map(plain))) + 10;
  const right = width - Math.ceil(textWidth(ctx, theme, `budget ${limits.budget} ms`)) - 12;
  const y = logPosition(domain, [bottom, 8]);
  // Equal steps of -log10(1 - p): 50 %, 90 %, 99 %, 99.9 %, as in HdrHistogram's plots.
  const x = scaleLinear([-0.05, 3.15], [left, right]);
  const at = [0.5, 0.9, 0.99, 0.999].map((p) => x(-Math.log10(1 - p)));

  const marks: Mark[] = [];
  [...series].reverse().forEach((s) => {
    const k = series.indexOf(s);
    const points = values[k].map((v, i) => [at[i], y(v)] as const);
    drawPath(ctx, points, s.color, 1.6, s.dash);
    points.forEach(([px, py], i) => {
      if (!Number.isFinite(py)) return;
      drawShape(ctx, s.shape, px, py, s.hollow ? 4.6 : 4, s.color, s.hollow ? theme.bg : undefined);
      marks.push({
        key: `${s.name} ${percentiles[i].text}`,
        ...{ x: px, y: py, rx: 5, ry: 5, series: k },
        tip: () => ({
          head: `${stages[row]} ${percentiles[i].text}`,
          rows: [
            ['raw', millis(values[1][i])],
            ['corrected', millis(values[0][i])],
          ],
        }),
      });
    });
  });

  const rules: Rule[] = [];
  const labels: Label[] = [];
  for (const [value, text, tone] of [
    [limits.budget, `budget ${plain(limits.budget)} ms`, 'reversed'],
    [limits.tick, `tick ${plain(limits.tick)} ms`, 'muted'],
  ] as const) {
    rules.push({ x1: left, y1: y(value), x2: right, y2: y(value), tone, dash: [3, 3] });
    labels.push({ x: right + 6, y: y(value), text, anchor: 'start', tone });
  }
  return sceneOf(
    {
      caption,
      axes: [
        leftAxis(y, yTicks, plain, [left, right], ['ms', left - 6, bottom + 11, 'end']),
        bottomAxis(
          (i) => at[i],
          [0, 1, 2, 3],
          (i) => percentiles[i].text,
          bottom,
        ),
      ],
      rules,
      labels: dodge(labels, 12, 6, bottom),
      legend: series.map((s) => ({
        kind: 'line',
        text: s.name,
        color: s.color,
        dash: s.dash,
        shape: s.shape,
      })),
      choice: {
        label: 'Stage',
        value: stages[row],
        options: stages.map((s) => ({ value: s, text: s })),
      },
      minHeight: 120,
    },
    marks,
  );
};

/** All percentiles of a row of the table; none without the row. */
function timesOf(table: Table, row: number): Float64Array[] {
  return ['', 'raw_'].map((prefix) =>
    Float64Array.from(row < 0 ? [] : percentiles.map((p) => numbers(table, `${prefix}${p.column}_ms`)[row])),
  );
}
