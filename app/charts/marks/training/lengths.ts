import { scaleLinear } from 'd3';
import { numbers } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { emptyScene, sceneOf, type Mark, type Painter } from '../../layout.ts';
import { extent, logPosition, logTicks, plain } from '../../scales.ts';
import { drawPath, drawShape } from '../canvas.ts';
import { areaOf, axesOf, lineEntry, modelLooks } from './series.ts';

const caption =
  'Share of the later chats by length: bars are real, lines predicted. Predictions below zero seconds count as the shortest.';

/** Histogram of the real lengths as bars, and of the predicted lengths as a line per model. */
export const trainingLengths: Painter = (ctx, tables, frame, theme) => {
  const table = tables.get('lengths');
  const columns = table?.columns.filter((c) => c.name.startsWith('predicted_')) ?? [];
  const real = table === undefined ? new Float64Array() : numbers(table, 'real');
  const chats = real.reduce((sum, n) => sum + (Number.isFinite(n) ? n : 0), 0);
  if (table === undefined || chats === 0) return emptyScene(caption, 'Nothing has been judged yet.');
  const [from, to] = [numbers(table, 'from'), numbers(table, 'to')];
  const domain = extent([...from, ...to].filter((s) => s > 0));
  if (domain === null || domain[0] === domain[1]) return emptyScene(caption, 'Nothing has been judged yet.');
  const names = columns.map((c) => c.label.replace('Predicted by ', ''));
  const predicted = columns.map((c) => numbers(table, c.name));
  const looks = modelLooks(theme, names);

  const max = extent(real, ...predicted)?.[1] ?? 1;
  const scale = scaleLinear([0, max / chats], [1, 0]).nice(4);
  const format = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
  const area = areaOf(ctx, theme, frame, scale.ticks(4).map(format));
  const { left, right, top, bottom } = area;
  const y = scale.copy().range([bottom, top]);
  const x = logPosition(domain, [left, right]);
  const marks: Mark[] = [];
  const mark = (r: number, share: number, px: number, name: string, series: number) => {
    if (!Number.isFinite(px) || !Number.isFinite(share)) return;
    marks.push({
      key: `${name} ${r}`,
      ...{ x: px, y: y(share), rx: 5, ry: 5, series },
      tip: () => ({
        head: `${name}, ${plain(Number(from[r].toPrecision(2)))} to ${plain(Number(to[r].toPrecision(2)))} s`,
        rows: [
          ['chats', count(share * chats)],
          ['share', format(share)],
        ],
      }),
    });
  };
  ctx.fillStyle = theme.rule;
  const middle = Array.from(from, (_, r) => (x(from[r]) + x(to[r])) / 2);
  real.forEach((n, r) => {
    const height = bottom - y(n / chats);
    if (height > 0)
      ctx.fillRect(x(from[r]) + 0.5, y(n / chats), Math.max(0, x(to[r]) - x(from[r]) - 1), height);
    mark(r, n / chats, middle[r], 'Real', 0);
  });
  predicted.forEach((counts, k) => {
    const { color, shape, dash } = looks.get(names[k])!;
    const points = Array.from(counts, (n, r) => [middle[r], y(n / chats)] as const);
    drawPath(ctx, points, color, 1.6, dash);
    const peak = points.filter((p) => p.every(Number.isFinite)).sort((a, b) => a[1] - b[1])[0];
    if (peak !== undefined) drawShape(ctx, shape, peak[0], peak[1], 4, color);
    counts.forEach((n, r) => mark(r, n / chats, middle[r], names[k], k + 1));
  });
  return sceneOf(
    {
      caption,
      axes: axesOf(
        area,
        {
          position: x,
          values: logTicks(domain, right - left),
          format: plain,
          title: 'seconds (logarithmic)',
        },
        { position: y, values: y.ticks(4), format, title: 'share of chats' },
      ),
      legend: [
        { kind: 'area', text: 'real', color: theme.rule },
        ...names.map((name) => lineEntry(name, looks.get(name)!)),
      ],
      minHeight: 140,
    },
    marks,
  );
};
