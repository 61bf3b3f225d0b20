import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { seconds } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type LegendEntry, type Mark, type Painter } from '../../layout.ts';
import { countryName } from '../../names.ts';
import { binsOf, drawRidge, percentileLegend, percentiles } from './ridge.ts';
import {
  extent,
  logPosition,
  logTicks,
  plain,
  ROW,
  stepDown,
  stepUp,
  textWidth,
  widest,
  X_AXIS,
  bottomAxis,
} from '../../scales.ts';

const caption = 'How long people wait for a match, in simulated seconds';

/** Waiting time: its distribution over everyone, and four percentiles also for each country. */
export const latencyWaits: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('waits');
  if (table === undefined || table.rows === 0 || !numbers(table, 'count').some((n) => n > 0))
    return emptyScene(caption, 'Nobody has stopped waiting yet.');
  const segments = texts(table, 'segment');
  const counts = numbers(table, 'count');
  const longest = numbers(table, 'max_s');
  const values = percentiles.map((p) => numbers(table, `${p.column}_s`));
  const names = segments.map((s) => (s === 'all' ? 'everyone' : width < 460 ? s : countryName(s)));

  const [low, high] = extent(...values.map((v) => v.filter((x) => x > 0))) ?? [0.5, 10];
  const domain: [number, number] = [
    stepDown(Math.max(0.05, low / 1.5)),
    stepUp(Math.max(high * 1.02, low * 4)),
  ];
  const minHeight = 26 + (table.rows - 1) * (ROW - 1.4) + X_AXIS;
  const bottom = Math.max(height, minHeight) - X_AXIS;
  const tall = Math.max(26, (bottom / (table.rows + 2)) * 2.6);
  const step = table.rows > 1 ? (bottom - tall) / (table.rows - 1) : 0;
  const left = Math.ceil(widest(ctx, theme, names, 650)) + 14;
  const right = width - Math.max(10, textWidth(ctx, theme, plain(domain[1])) / 2 + 2);
  const position = logPosition(domain, [left, right]);

  const histogram = tables.get('wait-histogram');
  const marks: Mark[] = [];
  const labels: Label[] = [];
  let gaveUp = false;
  for (let r = 0; r < table.rows; r++) {
    const overall = r === 0;
    const y = overall ? tall - 6 : tall + step * (r - 0.5);
    const at = values.map((v) => v[r]);
    const shown = overall && histogram !== undefined && histogram.rows > 0 ? histogram : null;
    const bins = shown && histogramBins(shown, 'matched');
    const also = shown && histogramBins(shown, 'left');
    if (also !== null) gaveUp = true;
    drawRidge(ctx, { bins, also, marks: at, y, rise: tall - 11 }, domain, [left, right], theme);
    labels.push({
      x: left - 12,
      y: overall ? y - 3 : y,
      text: names[r],
      anchor: 'end',
      tone: overall ? 'fg' : 'muted',
      strong: overall,
    });
    percentiles.forEach((p, i) => {
      const px = position(at[i]);
      if (Number.isFinite(px))
        marks.push({
          key: `${segments[r]} ${p.text}`,
          ...{ x: px, y, rx: 5, ry: 5, series: r },
          tip: () => ({
            head: `${segments[r] === 'all' ? 'Everyone' : countryName(segments[r])}: ${p.text}`,
            rows: [
              ...percentiles.map((other, k) => [other.text, seconds(values[k][r])] as const),
              ['longest', seconds(longest[r])],
              ['waits', count(counts[r])],
            ],
          }),
        });
    });
  }

  const legend: LegendEntry[] = percentileLegend(theme);
  if (gaveUp) legend.push({ kind: 'line', text: 'gave up', color: theme.loss, dash: [3, 2] });
  return sceneOf(
    {
      caption,
      axes: [
        bottomAxis(position, logTicks(domain, right - left), plain, bottom, 6, [
          's',
          left - 20,
          bottom + 11,
          'end',
        ]),
      ],
      labels,
      legend,
      minHeight,
    },
    marks,
  );
};

function histogramBins(table: Table, column: 'matched' | 'left') {
  return binsOf(null, null, numbers(table, 'from_s'), numbers(table, 'to_s'), numbers(table, column));
}
