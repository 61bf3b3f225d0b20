import { scaleLinear } from 'd3';
import { numbers, texts } from '../../../../src/base/table.ts';
import { emptyScene, sceneOf, type Mark, type Painter } from '../../layout.ts';
import { extent } from '../../scales.ts';
import { drawLine, drawShape } from '../canvas.ts';
import { areaOf, axesOf, markEntry, modelLooks } from './series.ts';

const metrics = {
  auroc: {
    text: 'AUROC',
    title: 'AUROC (higher is better)',
    caption: 'How well a model ranks long chats above short ones, by segment',
  },
  mse: {
    text: 'squared error',
    title: 'squared error of ln s (lower is better)',
    caption: 'Squared error of the log duration, by segment',
  },
} as const;

/** A mark with its interval per model and segment. */
export const trainingAccuracy: Painter = (ctx, tables, frame, theme, chosen) => {
  const metric = chosen === 'mse' ? 'mse' : 'auroc';
  const { text, title, caption } = metrics[metric];
  const table = [...tables.values()][0];
  if (table === undefined) return emptyScene(caption, 'Nothing has been judged yet.');
  const [model, segment] = [texts(table, 'model'), texts(table, 'segment')];
  const [value, low, high] = [metric, `${metric}_low`, `${metric}_high`].map((c) => numbers(table, c));
  const range = extent(value, low, high);
  if (extent(value) === null || range === null) return emptyScene(caption, 'Nothing has been judged yet.');
  const [names, segments] = [[...new Set(model)], [...new Set(segment)]];
  const looks = modelLooks(theme, names);

  const scale = scaleLinear(range, [1, 0]).nice(5);
  const format = (v: number) => v.toFixed(2);
  const area = areaOf(ctx, theme, frame, scale.ticks(5).map(format));
  const { left, right, top, bottom } = area;
  const y = scale.copy().range([bottom, top]);
  const band = (right - left) / segments.length;
  const gap = Math.min(18, (0.8 * band) / names.length);
  const marks: Mark[] = [];
  names.forEach((name, k) => {
    const look = looks.get(name)!;
    model.forEach((owner, r) => {
      if (owner !== name || !Number.isFinite(value[r])) return;
      const x = left + band * (segments.indexOf(segment[r]) + 0.5) + (k - (names.length - 1) / 2) * gap;
      const ranged = Number.isFinite(low[r]) && Number.isFinite(high[r]);
      if (ranged) drawLine(ctx, x, y(low[r]), x, y(high[r]), look.color, 1.6);
      drawShape(ctx, look.shape, x, y(value[r]), 4.5, look.color);
      marks.push({
        key: `${name} ${segment[r]}`,
        ...{ x, y: y(value[r]), rx: 6, ry: 6, series: k },
        tip: () => ({
          head: `${name}, ${segment[r]}`,
          rows: [
            [text, value[r].toFixed(4)],
            ...(ranged ? [['95 % interval', `${low[r].toFixed(4)} to ${high[r].toFixed(4)}`] as const] : []),
          ],
        }),
      });
    });
  });
  return sceneOf(
    {
      caption,
      axes: axesOf(
        area,
        {
          position: (k) => left + band * (k + 0.5),
          values: segments.map((_, k) => k),
          format: (k) => segments[k],
          title: '',
        },
        { position: y, values: y.ticks(5), format, title },
      ),
      legend: names.map((name) => markEntry(name, looks.get(name)!)),
      choice: {
        label: 'Figure',
        value: metric,
        options: (['auroc', 'mse'] as const).map((m) => ({ value: m, text: metrics[m].text })),
      },
      minHeight: 140,
    },
    marks,
  );
};
