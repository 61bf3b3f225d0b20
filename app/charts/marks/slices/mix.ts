import { scaleLinear } from 'd3';
import { numbers, texts } from '../../../../src/base/table.ts';
import { drawLine, drawShape, faded } from '../canvas.ts';
import { count } from '../../../state/format.ts';
import { figure, finePercent } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter } from '../../layout.ts';
import { countryName, unitOf } from '../../names.ts';
import { extent, ROW, widest, X_AXIS, bottomAxis } from '../../scales.ts';
import { chooseDimension, metricChoice, nothingYet, sentenceFor, waitingForOther } from './groups.ts';

/** The mix of chats under each policy. Its shift can turn gains in every group into a loss. */
export const slicesMix: Painter = (ctx, tables, { width, height }, theme, chosen) => {
  const table = tables.get('slices');
  if (table === undefined || table.rows === 0)
    return emptyScene('Share of the chats by group, and the mean of the group', waitingForOther);
  const caption = `Share of the ${unitOf(table, 'n_a')} by group, and the mean of the group`;
  const dimension = texts(table, 'dimension');
  const slice = texts(table, 'slice');
  const [nA, nB] = [numbers(table, 'n_a'), numbers(table, 'n_b')];
  const [meanA, meanB] = [numbers(table, 'mean_a'), numbers(table, 'mean_b')];
  const [a, b] = [String(table.facts['policy_a'] ?? 'A'), String(table.facts['policy_b'] ?? 'B')];
  const unit = unitOf(table, 'mean_a');
  const { rows: chosenRows, choice } = chooseDimension(dimension, chosen === 'everything' ? null : chosen);
  const rows = chosenRows.filter((r) => dimension[r] !== 'all');
  const total = (n: Float64Array) => rows.reduce((sum, r) => sum + (Number.isFinite(n[r]) ? n[r] : 0), 0);
  const [allA, allB] = [total(nA), total(nB)];
  if (rows.length === 0 || allA === 0 || allB === 0) return nothingYet(table, caption);
  const shareA = rows.map((r) => nA[r] / allA);
  const shareB = rows.map((r) => nB[r] / allB);

  const names = rows.map((r) => countryName(slice[r]));
  const left = Math.ceil(widest(ctx, theme, names)) + 14;
  const meanWidth = width < 380 ? 64 : Math.min(160, width * 0.24);
  const right = width - meanWidth - 46;
  const minHeight = 12 + rows.length * ROW + X_AXIS;
  const bottom = Math.max(height, minHeight) - X_AXIS;
  const step = Math.min(36, (bottom - 12) / rows.length);
  const x = scaleLinear([0, extent(shareA, shareB)?.[1] ?? 1], [left, right]).nice(4);
  const mean = rows.map((r) => (nA[r] * meanA[r] + nB[r] * meanB[r]) / (nA[r] + nB[r]));
  const meanTexts = mean.map(figure);
  const longest = Math.max(8, meanWidth + 26 - widest(ctx, theme, meanTexts));
  const bar = scaleLinear([0, extent(mean)?.[1] ?? 1], [0, longest]);

  const labels: Label[] = [{ x: right + 14, y: 6, text: `mean, ${unit}`, anchor: 'start', tone: 'muted' }];
  const marks: Mark[] = [];
  rows.forEach((r, i) => {
    const y = 12 + step * (i + 0.5);
    const [xa, xb] = [x(shareA[i]), x(shareB[i])];
    labels.push({ x: left - 12, y, text: names[i], anchor: 'end', tone: 'muted' });
    if (!Number.isFinite(xa) || !Number.isFinite(xb)) return;
    drawLine(ctx, xa, y, xb, y, theme.muted, 1.5);
    drawShape(ctx, 'circle', xa, y, 4.4, theme.data, theme.bg);
    drawShape(ctx, 'diamond', xb, y, 5, theme.accent);
    const length = Number.isFinite(mean[i]) ? Math.max(0, bar(mean[i])) : 0;
    ctx.fillStyle = faded(theme.muted, 0.5);
    ctx.fillRect(right + 14, y - 2.5, length, 5);
    labels.push({ x: right + 18 + length, y, text: meanTexts[i], anchor: 'start', tone: 'muted' });
    marks.push({
      key: `${dimension[r]} ${slice[r]}`,
      x: (xa + xb) / 2,
      y,
      rx: Math.abs(xb - xa) / 2 + 7,
      ry: Math.min(8, step / 2),
      series: i,
      tip: () => ({
        head: names[i],
        rows: [
          [`share under ${a}`, `${finePercent(shareA[i])}, n ${count(nA[r])}`],
          [`share under ${b}`, `${finePercent(shareB[i])}, n ${count(nB[r])}`],
          ['mean', `${figure(mean[i])} ${unit}`],
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
          x.ticks(Math.max(2, Math.min(6, Math.floor((right - left) / 52)))),
          (v) => `${Number((v * 100).toFixed(3))} %`,
          bottom,
          12,
        ),
      ],
      legend: [
        { kind: 'mark', text: a, color: theme.data, shape: 'circle', hollow: true },
        { kind: 'mark', text: b, color: theme.accent, shape: 'diamond' },
      ],
      choice:
        choice === null
          ? null
          : { ...choice, options: choice.options.filter((o) => o.value !== 'everything') },
      metric: metricChoice(table),
      sentence: sentenceFor(table, choice),
      minHeight,
    },
    marks,
    [0.05, 1],
  );
};
