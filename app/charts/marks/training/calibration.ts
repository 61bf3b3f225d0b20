import { numbers, texts } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { seconds, secondsRange } from '../../format.ts';
import { emptyScene, sceneOf, type Mark, type Painter } from '../../layout.ts';
import { extent, logPosition, logTicks, plain } from '../../scales.ts';
import { drawLine, drawShape } from '../canvas.ts';
import { areaOf, axesOf, markEntry, modelLooks } from './series.ts';

const caption =
  'Geometric mean length by decile of prediction, predicted and real, with 95 % intervals. A calibrated model is on the diagonal.';

/** Deciles of prediction against the real lengths, per model. */
export const trainingCalibration: Painter = (ctx, tables, frame, theme) => {
  const table = tables.get('calibration-models');
  if (table === undefined) return emptyScene(caption, 'Nothing has been judged yet.');
  const model = texts(table, 'model');
  const [predicted, real, low, high, chats] = ['predicted', 'real', 'low', 'high', 'chats'].map((c) =>
    numbers(table, c),
  );
  const rows = [...model.keys()].filter((r) =>
    [predicted[r], real[r]].every((s) => s > 0 && Number.isFinite(s)),
  );
  const span = extent(rows.flatMap((r) => [predicted[r], real[r]]));
  if (span === null) return emptyScene(caption, 'Nothing has been judged yet.');
  const domain: [number, number] = [span[0] * 0.9, span[1] * 1.1];
  const names = [...new Set(model)];
  const looks = modelLooks(theme, names);

  const yTicks = logTicks(domain, Math.max(frame.height, 140) * 1.2);
  const area = areaOf(ctx, theme, frame, yTicks.map(plain));
  const { left, right, top, bottom } = area;
  const x = logPosition(domain, [left, right]);
  const y = logPosition(domain, [bottom, top]);
  const marks: Mark[] = rows.map((r) => {
    const { color, shape } = looks.get(model[r])!;
    const [px, py] = [x(predicted[r]), y(real[r])];
    if (Number.isFinite(low[r]) && Number.isFinite(high[r]))
      drawLine(ctx, px, y(low[r]), px, y(high[r]), color, 1.4);
    drawShape(ctx, shape, px, py, 3.8, color);
    return {
      key: `${model[r]} ${r}`,
      ...{ x: px, y: py, rx: 5, ry: 5, series: names.indexOf(model[r]) },
      tip: () => ({
        head: model[r],
        rows: [
          ['predicted', seconds(predicted[r])],
          ['real', seconds(real[r])],
          ['95 % interval', secondsRange(low[r], high[r])],
          ['chats', count(chats[r])],
        ],
      }),
    };
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
          title: 'predicted, s (logarithmic)',
        },
        { position: y, values: yTicks, format: plain, title: 'real, s (logarithmic)' },
      ),
      rules: [{ x1: left, y1: bottom, x2: right, y2: top, tone: 'muted', dash: [3, 3] }],
      legend: names.map((name) => markEntry(name, looks.get(name)!)),
      minHeight: 140,
    },
    marks,
  );
};
