import { scaleSymlog } from 'd3';
import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { seconds } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type LegendEntry, type Mark, type Painter } from '../../layout.ts';
import { countryName } from '../../names.ts';
import { binsOf, drawRidge, percentileLegend, percentiles, type Outline } from './ridge.ts';
import {
  extent,
  plain,
  ROW,
  stepUp,
  textWidth,
  valuesWithBeside,
  widest,
  X_AXIS,
  bottomAxis,
} from '../../scales.ts';

const caption = 'How long people wait, s; a wait that goes on counts so far (Kaplan-Meier)';

/** Ticks of the axis, which is linear up to about half a second and logarithmic above. */
const ticks = [0, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** Waiting time: its distribution over everyone, and four percentiles also for each country. */
export const latencyWaits: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('waits');
  if (table === undefined || table.rows === 0 || !numbers(table, 'count').some((n) => n > 0))
    return emptyScene(caption, 'Nobody has waited yet.');
  const segments = texts(table, 'segment');
  const [counts, open] = [numbers(table, 'count'), numbers(table, 'open')];
  const longest = numbers(table, 'max_s');
  const values = percentiles.map((p) => numbers(table, `${p.column}_s`));
  const names = segments.map((s) => (s === 'all' ? 'everyone' : width < 460 ? s : countryName(s)));

  const times = ['max_s', ...percentiles.map((p) => `${p.column}_s`)];
  const high = stepUp(Math.max(1, extent(...valuesWithBeside(tables, 'waits', times))?.[1] ?? 1));
  const minHeight = 26 + (table.rows - 1) * (ROW - 1.4) + X_AXIS;
  const bottom = Math.max(height, minHeight) - X_AXIS;
  const tall = Math.max(26, (bottom / (table.rows + 2)) * 2.6);
  const step = table.rows > 1 ? (bottom - tall) / (table.rows - 1) : 0;
  const left = Math.ceil(widest(ctx, theme, names, 650)) + 14;
  const right = width - Math.max(10, textWidth(ctx, theme, plain(high)) / 2 + 2);
  const scale = scaleSymlog([0, high], [left, right]).constant(0.5).clamp(true);
  const position = (value: number) => (Number.isFinite(value) ? scale(value) : NaN);

  const histogram = tables.get('wait-histogram');
  const outlines = [
    { column: 'left', text: 'gave up', color: theme.loss, dash: [3, 2] },
    { column: 'open', text: 'still waiting', color: theme.accent, dash: [] },
  ].flatMap(({ column, ...outline }) => {
    const bins = binsAt(histogram, column);
    return bins === null ? [] : [{ ...outline, bins } satisfies Outline];
  });
  const marks: Mark[] = [];
  const labels: Label[] = [];
  for (let r = 0; r < table.rows; r++) {
    const overall = r === 0;
    const y = overall ? tall - 6 : tall + step * (r - 0.5);
    const at = values.map((v) => v[r]);
    const bins = overall ? binsAt(histogram, 'matched') : null;
    const also = overall ? outlines : [];
    drawRidge(ctx, { bins, also, marks: at, y, rise: tall - 11 }, position, [left, right], theme);
    labels.push({
      x: left - 12,
      y: overall ? y - 3 : y,
      text: names[r],
      anchor: 'end',
      tone: overall ? 'fg' : 'muted',
      strong: overall,
    });
    const told = (k: number) =>
      Number.isFinite(values[k][r]) || k === 3 ? seconds(values[k][r]) : `over ${seconds(longest[r])}`;
    percentiles.forEach((p, i) => {
      const px = position(at[i]);
      if (Number.isFinite(px))
        marks.push({
          key: `${segments[r]} ${p.text}`,
          ...{ x: px, y, rx: 5, ry: 5, series: r },
          tip: () => ({
            head: `${segments[r] === 'all' ? 'Everyone' : countryName(segments[r])}: ${p.text}`,
            rows: [
              ...percentiles.map((other, k) => [other.text, told(k)] as const),
              ['longest so far', seconds(longest[r])],
              ['waits', count(counts[r])],
              ['still waiting', count(open[r])],
            ],
          }),
        });
    });
  }

  const legend: LegendEntry[] = percentileLegend(theme, table, counts, 'waits');
  for (const { text, color, dash } of outlines) legend.push({ kind: 'line', text, color, dash });
  return sceneOf(
    {
      caption,
      axes: [
        bottomAxis(
          position,
          ticks.filter((t) => t <= high),
          plain,
          bottom,
          6,
          ['s', left - 20, bottom + 11, 'end'],
        ),
      ],
      labels,
      legend,
      minHeight,
    },
    marks,
  );
};

function binsAt(table: Table | undefined, column: string) {
  return table === undefined || table.rows === 0
    ? null
    : binsOf(null, null, numbers(table, 'from_s'), numbers(table, 'to_s'), numbers(table, column));
}
