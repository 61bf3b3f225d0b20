import { scaleLinear } from 'd3';
import { numbers, texts } from '../../../../src/base/table.ts';
import { drawLine, drawShape } from '../canvas.ts';
import { count } from '../../../state/format.ts';
import { compact, figure, signed } from '../../format.ts';
import {
  emptyScene,
  sceneOf,
  type Ctx,
  type Label,
  type Mark,
  type Painter,
  type Theme,
} from '../../layout.ts';
import { countryName, unitOf } from '../../names.ts';
import { ROW, signedPlain, textWidth, widest, X_AXIS, bottomAxis } from '../../scales.ts';
import {
  chooseDimension,
  metricChoice,
  nothingYet,
  sentenceFor,
  slicesCaption,
  waitingForOther,
} from './groups.ts';

/**
 * Forest plot: effect and interval of all and of each slice. A filled mark is a claim, corrected
 * for the number of slices; a hollow one may be chance.
 */
export const slicesForest: Painter = (ctx, tables, { width, height }, theme, chosen) => {
  const table = tables.get('slices');
  if (table === undefined || table.rows === 0)
    return emptyScene('Effect on the people, by group', waitingForOther);
  const dimension = texts(table, 'dimension');
  const slice = texts(table, 'slice');
  const [nA, nB] = [numbers(table, 'n_a'), numbers(table, 'n_b')];
  const [meanA, meanB] = [numbers(table, 'mean_a'), numbers(table, 'mean_b')];
  const effect = numbers(table, 'effect');
  const [low, high] = [numbers(table, 'low'), numbers(table, 'high')];
  const reversed = numbers(table, 'reversed');
  const [flagged, mayBeChance] = [numbers(table, 'flagged'), numbers(table, 'may_be_chance')];
  const people = numbers(table, 'people');
  const sure = (r: number) => flagged[r] === 1;
  const against = (r: number) => reversed[r] === 1 || mayBeChance[r] === 1;
  const { rows, choice } = chooseDimension(dimension, chosen);
  const unit = unitOf(table, 'effect');
  const caption = slicesCaption(table);
  const sentence = sentenceFor(table, choice);
  if (!rows.some((r) => Number.isFinite(effect[r]))) return nothingYet(table, caption);

  const names = rows.map((r) => (dimension[r] === 'all' ? 'all' : countryName(slice[r])));
  const full = table.facts['verdict'] === 'full';
  const notes = rows.map((r) =>
    reversed[r] === 1
      ? 'reversed'
      : mayBeChance[r] === 1
        ? 'chance?'
        : full && dimension[r] === 'all'
          ? 'against all'
          : '',
  );
  const sizes = rows.map((r) => compact(nA[r] + nB[r]));
  const left = Math.ceil(widest(ctx, theme, names)) + 14;
  const noteWidth = notes.some((t) => t !== '') ? Math.ceil(widest(ctx, theme, notes)) + 10 : 0;
  const sizeWidth = Math.ceil(Math.max(widest(ctx, theme, sizes), textWidth(ctx, theme, 'n'))) + 8;
  const right = width - noteWidth - sizeWidth - 8;
  const minHeight = 2 + rows.length * ROW + X_AXIS;
  const bottom = Math.max(height, minHeight) - X_AXIS;
  const step = Math.min(36, (bottom - 2) / rows.length);

  const x = scaleLinear(effectDomain(rows, effect, low, high), [left, right]).nice(5);
  const clampX = (value: number) => Math.min(right, Math.max(left, x(value)));
  const marks: Mark[] = [];
  const labels: Label[] = [
    { x: width - noteWidth - 4, y: bottom + 11, text: 'n', anchor: 'end', tone: 'muted' },
  ];
  rows.forEach((r, i) => {
    const y = 2 + step * (i + 0.5);
    const whole = dimension[r] === 'all';
    labels.push({
      x: left - 12,
      y,
      text: names[i],
      anchor: 'end',
      tone: whole ? 'fg' : 'muted',
      strong: whole,
    });
    labels.push({ x: width - noteWidth - 4, y, text: sizes[i], anchor: 'end', tone: 'muted' });
    if (notes[i] !== '')
      labels.push({
        x: width - 2,
        y,
        text: notes[i],
        anchor: 'end',
        tone: against(r) ? 'reversed' : 'fg',
      });
    if (!Number.isFinite(effect[r])) {
      labels.push({ x: x(0) + 6, y, text: 'too few', anchor: 'start', tone: 'muted' });
      return;
    }
    drawEffect(ctx, theme, {
      x: clampX(effect[r]),
      lo: Number.isFinite(low[r]) ? x(low[r]) : x(effect[r]),
      hi: Number.isFinite(high[r]) ? x(high[r]) : x(effect[r]),
      y,
      range: [left, right],
      kind: whole ? 'all' : against(r) ? 'reversed' : 'slice',
      color: against(r) ? theme.reversed : effect[r] >= 0 ? theme.gain : theme.loss,
      sure: sure(r),
    });
    const [a, b] = [clampX(low[r]), clampX(high[r])];
    const spread = Number.isFinite(a) && Number.isFinite(b);
    marks.push({
      key: `${dimension[r]} ${slice[r]}`,
      x: clampX(effect[r]),
      y,
      rx: spread ? Math.max(8, b - clampX(effect[r]), clampX(effect[r]) - a) : 8,
      ry: Math.min(9, step / 2),
      series: i,
      reversed: reversed[r] === 1,
      tip: () => ({
        head: whole ? 'All' : names[i],
        rows: [
          ['effect', `${signed(effect[r])} ${unit}`],
          ['95 %, at any look', intervalText(low[r], high[r], unit)],
          ['people', count(people[r])],
          [String(table.facts['policy_a'] ?? 'A'), `${figure(meanA[r])} ${unit}, n ${count(nA[r])}`],
          [String(table.facts['policy_b'] ?? 'B'), `${figure(meanB[r])} ${unit}, n ${count(nB[r])}`],
          ...(against(r)
            ? [['reversed', `goes against the whole${sure(r) ? '' : ', which may be chance'}`] as const]
            : []),
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
          x.ticks(Math.max(2, Math.min(8, Math.floor((right - left) / 52)))),
          signedPlain,
          bottom,
          2,
          [unit, left - 20, bottom + 11, 'end'],
        ),
      ],
      rules: [{ x1: x(0), y1: 2, x2: x(0), y2: bottom, tone: 'muted', dash: [] }],
      legend: [
        { kind: 'mark', text: 'gain', color: theme.gain, shape: 'circle' },
        { kind: 'mark', text: 'loss', color: theme.loss, shape: 'square' },
        { kind: 'mark', text: 'reversed', color: theme.reversed, shape: 'triangle' },
        { kind: 'mark', text: 'may be chance', color: theme.muted, shape: 'circle', hollow: true },
      ],
      choice,
      metric: metricChoice(table),
      sentence,
      minHeight,
    },
    marks,
    [0.05, 1],
  );
};

interface Effect {
  readonly x: number;
  readonly lo: number;
  readonly hi: number;
  readonly y: number;
  readonly range: readonly [number, number];
  readonly kind: 'all' | 'slice' | 'reversed';
  readonly color: string;
  /** The effect is claimed. */
  readonly sure: boolean;
}

/**
 * One row: an interval with an arrow head where it leaves the plot, and a mark.
 * The mark is a diamond (all), circle (gain), square (loss) or triangle (reversed).
 */
function drawEffect(ctx: Ctx, theme: Theme, e: Effect): void {
  const [from, to] = e.range;
  const clamp = (v: number) => Math.min(to, Math.max(from, v));
  drawLine(ctx, clamp(e.lo), e.y, clamp(e.hi), e.y, e.color, 1.8);
  for (const [end, side] of [
    [e.lo, -1],
    [e.hi, 1],
  ] as const) {
    const edge = clamp(end);
    if (edge === end) continue;
    drawLine(ctx, edge, e.y, edge - side * 5, e.y - 3.5, e.color, 1.8);
    drawLine(ctx, edge, e.y, edge - side * 5, e.y + 3.5, e.color, 1.8);
  }
  const shape =
    e.kind === 'all'
      ? 'diamond'
      : e.kind === 'reversed'
        ? 'triangle'
        : e.color === theme.loss
          ? 'square'
          : 'circle';
  drawShape(ctx, shape, e.x, e.y, e.kind === 'all' ? 7 : 4.8, e.color, e.sure ? undefined : theme.bg);
}

const intervalText = (low: number, high: number, unit: string): string =>
  Number.isNaN(low) ? 'none: too little is known' : `${signed(low)} to ${signed(high)} ${unit}`;

/** Covers zero and every effect, and the intervals up to three times the largest effect. */
function effectDomain(
  rows: readonly number[],
  effect: Float64Array,
  low: Float64Array,
  high: Float64Array,
): [number, number] {
  let [a, b] = [0, 0];
  const reach = 3 * Math.max(0, ...rows.map((r) => Math.abs(effect[r])).filter(Number.isFinite));
  for (const r of rows) {
    if (!Number.isFinite(effect[r])) continue;
    a = Math.min(a, effect[r], Math.max(-reach, Number.isFinite(low[r]) ? low[r] : 0));
    b = Math.max(b, effect[r], Math.min(reach, Number.isFinite(high[r]) ? high[r] : 0));
  }
  if (a === b) return [-1, 1];
  const pad = (b - a) * 0.04;
  return [a - pad, b + pad];
}
