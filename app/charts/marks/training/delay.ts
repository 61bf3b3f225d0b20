import { scaleLinear } from 'd3';
import { numbers } from '../../../../src/base/table.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter, type Rule } from '../../layout.ts';
import { extent } from '../../scales.ts';
import { drawPath, drawShape } from '../canvas.ts';
import { areaOf, axesOf, lineEntry, seriesStyle } from './series.ts';

const caption =
  'AUROC by the delay of the session vectors, by segment. Delays are evenly spaced, not to scale.';

/** A line of AUROC over the delay per segment, and Wide&Deep on all chats as a rule. */
export const trainingDelay: Painter = (ctx, tables, frame, theme) => {
  const table = [...tables.values()][0];
  const columns = table?.columns.filter((c) => c.name.startsWith('auroc_')) ?? [];
  const lines = columns.map((c) => numbers(table, c.name));
  const fact = table?.facts['wide_deep_auroc'];
  const base = typeof fact === 'number' && Number.isFinite(fact) ? fact : null;
  const range = extent(...lines, base === null ? [] : [base]);
  if (table === undefined || extent(...lines) === null || range === null)
    return emptyScene(caption, 'No delay has been judged yet.');
  const delay = numbers(table, 'delay');
  const names = columns.map((c) => c.label.replace('AUROC ', ''));

  const scale = scaleLinear(range, [1, 0]).nice(5);
  const format = (v: number) => v.toFixed(2);
  const area = areaOf(ctx, theme, frame, scale.ticks(5).map(format));
  const { left, right, top, bottom } = area;
  const y = scale.copy().range([bottom, top]);
  const x = scaleLinear([0, Math.max(1, table.rows - 1)], [left + 14, right - 14]);
  const marks: Mark[] = [];
  lines.forEach((auroc, s) => {
    const { color, shape, dash } = seriesStyle(theme, s);
    drawPath(
      ctx,
      Array.from(auroc, (v, k) => [x(k), y(v)] as const),
      color,
      1.6,
      dash,
    );
    auroc.forEach((v, k) => {
      if (!Number.isFinite(v)) return;
      drawShape(ctx, shape, x(k), y(v), 3.8, color);
      marks.push({
        key: `${names[s]} ${k}`,
        ...{ x: x(k), y: y(v), rx: 5, ry: 5, series: s },
        tip: () => ({ head: `${names[s]}, ${delay[k]} s late`, rows: [['AUROC', v.toFixed(4)]] }),
      });
    });
  });
  const rules: Rule[] = [];
  const labels: Label[] = [];
  if (base !== null) {
    rules.push({ x1: left, x2: right, y1: y(base), y2: y(base), tone: 'muted', dash: [3, 3] });
    labels.push({ x: right, y: y(base) - 8, text: 'Wide&Deep, entire', anchor: 'end', tone: 'muted' });
  }
  return sceneOf(
    {
      caption,
      axes: axesOf(
        area,
        { position: x, values: [...delay.keys()], format: (k) => `${delay[k]} s`, title: 'late by' },
        { position: y, values: y.ticks(5), format, title: 'AUROC' },
      ),
      rules,
      labels,
      legend: names.map((name, s) => lineEntry(name, seriesStyle(theme, s))),
      minHeight: 140,
    },
    marks,
  );
};
