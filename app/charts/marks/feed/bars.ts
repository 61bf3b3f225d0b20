import { scaleLinear } from 'd3';
import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { axisPercent, figure, fine, finePercent, millis } from '../../format.ts';
import { emptyScene, sceneOf, type Mark, type Painter } from '../../layout.ts';
import { bottomAxis, extent, valuesWithBeside, widest, X_AXIS } from '../../scales.ts';
import type { FeedViewId } from '../../views.ts';
import { drawShape, faded } from '../canvas.ts';
import { qualityIntents } from './intents.ts';

interface Bars {
  readonly table: string;
  readonly caption: string;
  /** Said where there are no rows, or nothing was counted. */
  readonly empty: string;
  /** Columns: names of the rows, lengths of the bars, and a mark beside each bar. */
  readonly label: string;
  readonly value: string;
  readonly mark?: readonly [column: string, name: string];
  readonly format: (value: number) => string;
  /** Of the ticks of the scale. */
  readonly tick: (value: number) => string;
  /** The scale reaches at least this far. */
  readonly atLeast: number;
  readonly sentence?: (table: Table) => string;
  /** Added to the text of a row. */
  readonly note?: (table: Table, row: number) => string;
}

/** Horizontal bars, one per row of a table; a diamond shows a second value. The text has both. */
const barsOf = (bars: Bars): Painter => {
  const { caption, label, value, mark, format, tick } = bars;
  return (ctx, tables, { width, height }, theme) => {
    const table = tables.get(bars.table);
    if (table === undefined || table.rows === 0) return emptyScene(caption, bars.empty);
    const names = texts(table, label);
    const lengths = numbers(table, value);
    const seconds = mark === undefined ? undefined : numbers(table, mark[0]);
    const valueText = (r: number) => {
      const second = seconds?.[r] ?? NaN;
      const text = Number.isFinite(second) ? `${format(lengths[r])} ◆ ${format(second)}` : format(lengths[r]);
      return text + (bars.note?.(table, r) ?? '');
    };
    const known = [...names.keys()].filter((r) => Number.isFinite(lengths[r]));
    if (known.length === 0) return emptyScene(caption, bars.empty);
    const columns = [value, ...(mark === undefined ? [] : [mark[0]])];
    const most = extent(...valuesWithBeside(tables, bars.table, columns))?.[1] ?? 0;
    const left = Math.min(width / 2, Math.ceil(widest(ctx, theme, names)) + 12);
    const right = width - widest(ctx, theme, known.map(valueText)) - 16;
    const minHeight = 22 * known.length + X_AXIS + 8;
    const bottom = Math.max(height, minHeight) - X_AXIS;
    const x = scaleLinear([0, Math.max(bars.atLeast, most)], [left, right]).nice(4);
    const row = Math.min(34, (bottom - 6) / known.length);
    const marks: Mark[] = known.map((r, k) => {
      const y = 6 + (k + 0.5) * row;
      const end = x(lengths[r]);
      const thick = Math.min(16, 0.6 * row);
      ctx.fillStyle = faded(theme.data, theme.dark ? 0.55 : 0.45);
      ctx.fillRect(left, y - thick / 2, Math.max(1, end - left), thick);
      const second = seconds?.[r] ?? NaN;
      if (Number.isFinite(second)) drawShape(ctx, 'diamond', x(second), y, 4.5, theme.data);
      return {
        key: names[r],
        ...{ x: (left + end) / 2, y, rx: Math.max(4, (end - left) / 2), ry: thick / 2, series: 0 },
        tip: () => ({
          head: names[r],
          rows: [
            [columnLabel(table, value), format(lengths[r])],
            ...(mark !== undefined && Number.isFinite(second) ? [[mark[1], format(second)] as const] : []),
          ],
        }),
      };
    });
    const ticks = x.ticks(Math.max(2, Math.floor((right - left) / 70)));
    return sceneOf(
      {
        caption,
        axes: [bottomAxis(x, ticks, tick, bottom, 8)],
        labels: known.flatMap((r, k) => {
          const y = 6 + (k + 0.5) * row;
          const after = Math.max(x(lengths[r]), x(seconds?.[r] ?? 0) || 0) + 8;
          return [
            { x: left - 8, y, text: names[r], anchor: 'end' as const, tone: 'fg' as const },
            { x: after, y, text: valueText(r), anchor: 'start' as const, tone: 'muted' as const },
          ];
        }),
        sentence: bars.sentence?.(table) ?? '',
        minHeight,
      },
      marks,
      [0.3, 1],
    );
  };
};

const columnLabel = (table: Table, name: string): string =>
  table.columns.find((column) => column.name === name)?.label.toLowerCase() ?? name;

const points = (share: number): string => (100 * Math.abs(share)).toFixed(1);
const signedPoints = (share: number): string => {
  const size = points(share);
  return size === '0.0' ? size : `${share < 0 ? '\u2212' : '+'}${size}`;
};

const explanation = (table: Table): string => {
  const text = table.facts['explanation'];
  return typeof text === 'string' ? text : '';
};

const fact = (table: Table, name: string): number => Number(table.facts[name] ?? NaN);

/** Painters of the feed's views. */
export const feedPainters: Readonly<Record<FeedViewId, Painter>> = {
  'quality-intents': qualityIntents,
  'demand-feed': barsOf({
    table: 'feed-exposure',
    caption:
      'Share of posts by creators outside the most popular tenth after each stage of the feed, and its change in percentage points',
    empty: 'Nobody has read the feed yet.',
    ...{ label: 'stage', value: 'tail_share', format: finePercent, tick: axisPercent, atLeast: 1 },
    sentence: explanation,
    note(table, row) {
      const [change, chance] = ['change', 'chance'].map((name) => numbers(table, name)[row]);
      if (!Number.isFinite(change)) return '';
      return ` (${signedPoints(change)}, by chance ±${points(chance)})`;
    },
  }),
  'demand-gates': barsOf({
    table: 'feed-gates',
    caption: 'Share of the posts at a gate that pass it (bar), and if all posts were alike (diamond)',
    empty: 'No post has reached a gate. Switch the gates of posts on.',
    ...{ label: 'gate', value: 'passed_share', format: finePercent, tick: axisPercent, atLeast: 1 },
    mark: ['if_alike', 'if all were alike'],
  }),
  'latency-feed': barsOf({
    table: 'feed-latency',
    caption: 'Real time of a feed request by stage: median (bar) and 99th percentile (diamond)',
    empty: 'Nobody has read the feed yet.',
    ...{ label: 'stage', value: 'p50_ms', format: millis, tick: (t) => `${fine(t)} ms`, atLeast: 0.1 },
    mark: ['p99_ms', '99th percentile'],
  }),
  'slices-parties': barsOf({
    table: 'feed-parties',
    caption: 'Money of the platform and of creators so far, in the currency of the prices',
    empty: 'Nothing has been paid yet.',
    ...{ label: 'party', value: 'money', format: figure, tick: fine, atLeast: 1 },
    sentence: (table) =>
      `People read ${figure(fact(table, 'people_reading_s'))} s per reading of the feed, and ${finePercent(fact(table, 'reentry_share'))} return to the queue. ${figure(fact(table, 'shares_per_chat'))} stickers per chat. ${fine(fact(table, 'creators_seen'))} of ${fine(fact(table, 'creators'))} creators were seen.`,
  }),
  'quality-heads': barsOf({
    table: 'feed-heads',
    caption: 'How often a card was clicked, liked, commented and shared (bar), and the prediction (diamond)',
    empty: 'Nobody has read the feed yet.',
    ...{ label: 'outcome', value: 'real', format: finePercent, tick: axisPercent, atLeast: 0.1 },
    mark: ['predicted', 'predicted'],
  }),
};
