import { scaleLinear, type ScaleLinear } from 'd3';
import { figure, signed } from '../../format.ts';
import {
  emptyScene,
  sceneOf,
  type Ctx,
  type Label,
  type Mark,
  type Painter,
  type Theme,
} from '../../layout.ts';
import { unitOf } from '../../names.ts';
import { bottomAxis, extent, signedPlain, textWidth, widest, X_AXIS } from '../../scales.ts';
import { drawLine, drawShape, faded } from '../canvas.ts';
import {
  biasOf,
  captionOf,
  figuresOf,
  rowsOf,
  truthOf,
  type MeanFigures,
  type TruthBand,
} from './design-rows.ts';

const RADIUS = 3.4;
/** Least height of a design, and what its name adds where it stands above the dots. */
const BAND = 40;
const NAME = 24;
/** Below this width, names stand above their dots and the biases are left to the figures. */
const NARROW = 620;
const NO_EFFECT = 'no effect';

/** One row per design: a dot per evening, and their mean, against the line of truth. */
export const experimentDesigns: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('experiment-rows');
  const caption = captionOf(table);
  if (table === undefined || table.rows === 0) return emptyScene(caption, 'No evening has run yet.');
  const unit = unitOf(table, 'estimate');
  const rows = rowsOf(table);
  const figures = figuresOf(tables.get('experiment-figures'));
  const truth = truthOf(table);
  const reach = extent(
    rows.flatMap((r) => r.points.map((p) => p.estimate)),
    [0],
    truth === null ? [] : [truth.low, truth.high, truth.value],
  );
  if (reach === null || rows.every((r) => r.points.length === 0))
    return emptyScene(caption, 'No evening has an estimate yet.');

  const narrow = width < NARROW;
  const left = narrow
    ? 10
    : Math.ceil(
        widest(
          ctx,
          theme,
          rows.map((r) => r.name),
          650,
        ),
      ) + 18;
  const biasText = rows.map((r) => biasOf(figures.get(r.name), unit));
  const right = narrow ? width - 10 : width - Math.ceil(widest(ctx, theme, [...biasText, 'bias'])) - 22;
  const top = 16;
  const least = top + rows.length * (BAND + (narrow ? NAME : 0)) + X_AXIS + 2;
  const bottom = Math.max(height, least) - X_AXIS;
  const step = Math.min(96, (bottom - top) / rows.length);
  const end = top + step * rows.length;
  const pad = Math.max(1e-9, reach[1] - reach[0]) * 0.04;
  const x = scaleLinear([reach[0] - pad, reach[1] + pad], [left + RADIUS, right - RADIUS]);

  drawLine(ctx, x(0), top, x(0), end, theme.muted, 1.5);
  if (truth !== null) drawTruth(ctx, theme, x, truth, top, end);
  const marks: Mark[] = [];
  const labels: Label[] = narrow ? [] : [{ x: width - 4, y: 7, text: 'bias', anchor: 'end', tone: 'muted' }];
  if (truth !== null) {
    const text = `truth ${signed(truth.value)} ${unit}`;
    const half = textWidth(ctx, theme, text) / 2;
    const at = Math.min(width - half - 2, Math.max(half + 2, x(truth.value)));
    labels.push({ x: at, y: 7, text, anchor: 'middle', tone: 'accent', strong: true });
    const zero = textWidth(ctx, theme, NO_EFFECT) / 2;
    const isFree = Math.abs(x(0) - at) > half + zero + 10 && x(0) - zero > 0 && x(0) + zero < right;
    if (isFree) labels.push({ x: x(0), y: 7, text: NO_EFFECT, anchor: 'middle', tone: 'muted' });
  }
  rows.forEach((row, i) => {
    const from = top + step * i + (narrow ? NAME : 0);
    const middle = (from + top + step * (i + 1)) / 2;
    if (i > 0) drawLine(ctx, 0, top + step * i, width, top + step * i, theme.rule);
    const own = figures.get(row.name);
    const sure = own?.biased === true;
    labels.push({
      ...(narrow
        ? { x: left, y: from - NAME / 2 + 3, anchor: 'start' }
        : { x: left - 14, y: middle, anchor: 'end' }),
      ...{ text: row.name, tone: 'fg', strong: true },
    } satisfies Label);
    if (!narrow && biasText[i] !== '')
      labels.push({
        x: width - 4,
        y: middle,
        text: biasText[i],
        anchor: 'end',
        tone: sure ? 'loss' : 'muted',
        strong: sure,
      });
    if (row.points.length === 0)
      labels.push({ x: left + 4, y: middle, text: 'no estimate', anchor: 'start', tone: 'muted' });
    const places = swarm(
      row.points.map((p) => x(p.estimate)),
      step - (narrow ? NAME : 0) - 8,
    );
    row.points.forEach((point, k) => {
      const at = { x: x(point.estimate), y: middle + places[k] };
      drawDot(ctx, theme, at, point.misses);
      marks.push({
        key: `${row.name} ${point.seed}`,
        ...{ ...at, rx: RADIUS + 1, ry: RADIUS + 1, series: 2 * i },
        tip: () => ({
          head: `${row.name}, evening ${point.seed}`,
          rows: [
            ['estimate', `${signed(point.estimate)} ${unit}`],
            ...(Number.isFinite(point.low) && Number.isFinite(point.high)
              ? [['95 % interval', `${signed(point.low)} to ${signed(point.high)} ${unit}`] as const]
              : []),
            ...(truth === null ? [] : [['truth', `${signed(truth.value)} ${unit}`] as const]),
          ],
        }),
      });
    });
    if (own === undefined || !Number.isFinite(own.estimate)) return;
    drawMean(ctx, theme, x, own, middle, [left, right]);
    marks.push({
      key: `${row.name} mean`,
      ...{ x: Math.min(right, Math.max(left, x(own.estimate))), y: middle, rx: 8, ry: 8, series: 2 * i + 1 },
      tip: () => ({
        head: `${row.name}, mean of ${row.points.length} evenings`,
        rows: [
          ['estimate', `${signed(own.estimate)} ${unit}`],
          ...(Number.isFinite(own.low)
            ? [['95 % interval', `${signed(own.low)} to ${signed(own.high)} ${unit}`] as const]
            : []),
          ['bias', `${signed(own.bias)} ± ${figure(own.error)} ${unit}`],
        ],
      }),
    });
  });

  return sceneOf(
    {
      caption,
      labels,
      axes: [
        bottomAxis(
          x,
          x.ticks(Math.max(2, Math.min(9, Math.floor((right - left) / 74)))),
          signedPlain,
          end,
          top,
          [unit, narrow ? right : width - 4, narrow ? end - 8 : end + 11, 'end'],
        ),
      ],
      legend: [
        { kind: 'line', text: 'truth, with its 95 % band', color: theme.accent, dash: [] },
        { kind: 'mark', text: 'an evening', color: theme.data, shape: 'circle' },
        {
          kind: 'mark',
          text: 'its interval misses the truth',
          color: theme.loss,
          shape: 'circle',
          hollow: true,
        },
        {
          kind: 'mark',
          text: 'mean of the evenings, with its 95 % interval',
          color: theme.fg,
          shape: 'diamond',
        },
      ],
      minHeight: least,
    },
    marks,
  );
};

/** Vertical offsets that keep dots of nearly the same x apart, within a height. */
function swarm(x: readonly number[], height: number): number[] {
  const columns = new Map<number, number>();
  const ranks = x.map((at) => {
    const column = Math.round(at / (2 * RADIUS));
    const rank = columns.get(column) ?? 0;
    columns.set(column, rank + 1);
    return rank % 2 === 0 ? rank / 2 : -(rank + 1) / 2;
  });
  const most = Math.max(1, ...ranks.map(Math.abs));
  const gap = Math.min(2 * RADIUS, (height / 2 - RADIUS) / most);
  return ranks.map((rank) => rank * gap);
}

function drawTruth(
  ctx: Ctx,
  theme: Theme,
  x: ScaleLinear<number, number>,
  { value, low, high }: TruthBand,
  top: number,
  bottom: number,
): void {
  ctx.fillStyle = faded(theme.accent, theme.dark ? 0.2 : 0.16);
  ctx.fillRect(x(low), top, Math.max(0, x(high) - x(low)), bottom - top);
  drawLine(ctx, x(value), top, x(value), bottom, theme.accent, 2);
}

function drawDot(ctx: Ctx, theme: Theme, at: { x: number; y: number }, misses: boolean): void {
  if (misses) drawShape(ctx, 'circle', at.x, at.y, RADIUS, theme.loss, theme.bg);
  else drawShape(ctx, 'circle', at.x, at.y, RADIUS, faded(theme.data, 0.75));
}

/** The mean of the evenings with its 95 % interval. */
function drawMean(
  ctx: Ctx,
  theme: Theme,
  x: ScaleLinear<number, number>,
  { estimate, low, high }: MeanFigures,
  y: number,
  [from, to]: readonly [number, number],
): void {
  const clamp = (at: number) => Math.min(to, Math.max(from, at));
  if (Number.isFinite(low) && Number.isFinite(high)) {
    drawLine(ctx, clamp(x(low)), y, clamp(x(high)), y, theme.fg, 2.5);
    for (const end of [low, high]) drawLine(ctx, clamp(x(end)), y - 5, clamp(x(end)), y + 5, theme.fg, 2);
  }
  drawShape(ctx, 'diamond', clamp(x(estimate)), y, 7.5, theme.bg);
  drawShape(ctx, 'diamond', clamp(x(estimate)), y, 6, theme.fg);
}
