import { scaleLinear } from 'd3';
import { numbers, type Table } from '../../../../src/base/table.ts';
import { drawLine, drawPath, drawShape, faded } from '../canvas.ts';
import { count } from '../../../state/format.ts';
import { inUnit, seconds, secondsRange } from '../../format.ts';
import { unitOf } from '../../names.ts';
import { emptyScene, sceneOf, type Mark, type Painter } from '../../layout.ts';
import {
  extent,
  withBeside,
  logPosition,
  logTicks,
  plain,
  stepDown,
  stepUp,
  textWidth,
  widest,
  X_AXIS,
  bottomAxis,
  leftAxis,
} from '../../scales.ts';

const caption = 'Real length of chats by prediction';

/** Whether a logarithmic axis has a place for the value. */
const usable = (value: number) => value > 0 && Number.isFinite(value);

/**
 * Mean real length with its interval over the mean prediction, by decile of prediction. Predictions
 * in seconds share their scale with the real lengths, so a diagonal is perfect. Points have a scale
 * of their own and nothing to agree with.
 */
export const qualityCalibration: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('calibration');
  const waiting = 'No chat has begun yet.';
  if (table === undefined || table.rows === 0) return emptyScene(caption, waiting);
  const unit = unitOf(table, 'predicted');
  const inSeconds = unit === 's';
  if (!inSeconds && unit !== 'points')
    return emptyScene(caption, 'This policy predicts nothing that real chats could confirm or refute.');
  const [predicted, real] = [numbers(table, 'predicted'), numbers(table, 'real_s')];
  const [low, high] = [numbers(table, 'low'), numbers(table, 'high')];
  const [n, off] = [numbers(table, 'count'), numbers(table, 'off')];
  const rows = rowsOf(table, inSeconds);
  const alike = withBeside(tables, 'calibration').filter((t) => unitOf(t, 'predicted') === unit);
  const span = extent(...alike.map((t) => spanOf(t, inSeconds)));
  if (rows.length === 0 || span === null) return emptyScene(caption, waiting);
  const domain: [number, number] = [stepDown(span[0] * 0.9), stepUp(span[1] * 1.1)];

  const bottom = Math.max(height, 120) - X_AXIS - 6;
  const yTicks = logTicks(domain, (bottom - 8) * 1.5);
  const left = Math.ceil(widest(ctx, theme, yTicks.map(plain))) + 26;
  // The plot is at most about twice as wide as high; equal scales would leave a wide plot empty.
  const xTitle = `predicted, ${unit}`;
  const room = width - textWidth(ctx, theme, xTitle) - 22;
  const right = Math.min(room, left + Math.max(240, (bottom - 8) * 2.2));
  const byPoints = scaleLinear(extent(rows.map((r) => predicted[r])) ?? [0, 1], [left + 8, right - 8]).nice(
    4,
  );
  const x = inSeconds ? logPosition(domain, [left, right]) : byPoints;
  const xTicks = inSeconds ? logTicks(domain, right - left) : byPoints.ticks(4);
  const y = logPosition(domain, [bottom, 8]);

  const points = rows.map((r) => [x(predicted[r]), y(real[r])] as const);
  drawPath(ctx, points, theme.data, 1.2);
  const maxCount = Math.max(1, ...rows.map((r) => (Number.isFinite(n[r]) ? n[r] : 0)));
  const marks: Mark[] = rows.map((r, i) => {
    const [px, py] = points[i];
    if (Number.isFinite(low[r]) && Number.isFinite(high[r])) {
      drawLine(ctx, px, y(low[r]), px, y(high[r]), faded(theme.data, 0.6), 1.6);
    }
    // A hollow mark is off the diagonal by more than chance, corrected for the number of marks.
    const isOff = inSeconds && off[r] === 1;
    const size = 3 + 2 * Math.sqrt((n[r] > 0 ? n[r] : 0) / maxCount);
    drawShape(ctx, 'circle', px, py, size, isOff ? theme.accent : theme.data, isOff ? theme.bg : undefined);
    // Rugs at both axes: the predictions and the real lengths.
    drawLine(ctx, px, bottom + 1, px, bottom + 6, theme.data, 1.4);
    drawLine(ctx, left - 1, py, left - 6, py, theme.data, 1.4);
    return {
      key: `decile ${r}`,
      ...{ x: px, y: py, rx: 7, ry: 7, series: 0 },
      tip: () => ({
        head: `Tenth ${r + 1} of ${table.rows} by prediction`,
        rows: [
          ['predicted', inUnit(predicted[r], unit)],
          ['real', seconds(real[r])],
          ['95 % interval', secondsRange(low[r], high[r])],
          ['chats', count(n[r])],
        ],
      }),
    };
  });

  const ends: [number, number] = [left, right];
  return sceneOf(
    {
      caption: inSeconds ? `${caption}, both logarithmic` : `${caption}, which is in points, not in seconds`,
      axes: [
        {
          ...bottomAxis(x, xTicks, plain, bottom, 8, [xTitle, right + 20, bottom + 16, 'start']),
          at: bottom + 5,
        },
        { ...leftAxis(y, yTicks, plain, ends, ['real, s', left + 6, 13, 'start']), at: left - 12 },
      ],
      rules: inSeconds ? [{ x1: left, y1: bottom, x2: right, y2: 8, tone: 'muted', dash: [4, 3] }] : [],
      legend: [
        { kind: 'mark', text: 'tenth of the chats', color: theme.data, shape: 'circle' },
        ...(inSeconds
          ? ([
              {
                kind: 'mark',
                text: 'off by more than chance',
                color: theme.accent,
                shape: 'circle',
                hollow: true,
              },
              { kind: 'line', text: 'perfect', color: theme.muted, dash: [4, 3] },
            ] as const)
          : []),
      ],
      minHeight: 120,
    },
    marks,
  );
};

/** The rows that have a place on the axes. */
function rowsOf(table: Table, inSeconds: boolean): number[] {
  const [predicted, real] = [numbers(table, 'predicted'), numbers(table, 'real_s')];
  return Array.from(real, (_, r) => r).filter(
    (r) => usable(real[r]) && (inSeconds ? usable(predicted[r]) : Number.isFinite(predicted[r])),
  );
}

/** The seconds that the axes must hold, from the smallest to the largest; none without a row. */
function spanOf(table: Table, inSeconds: boolean): number[] {
  const rows = rowsOf(table, inSeconds);
  const [predicted, real] = [numbers(table, 'predicted'), numbers(table, 'real_s')];
  const [low, high] = [numbers(table, 'low'), numbers(table, 'high')];
  const means = extent(
    inSeconds ? rows.map((r) => predicted[r]) : [],
    rows.map((r) => real[r]),
  );
  if (means === null) return [];
  // Intervals widen the domain. One that nearly touches zero must not add empty decades.
  const low3 = rows.map((r) => (low[r] > 0 ? Math.max(low[r], means[0] / 3) : NaN));
  const high3 = rows.map((r) => Math.min(high[r], means[1] * 3));
  return [...(extent(means, low3, high3) ?? means)];
}
