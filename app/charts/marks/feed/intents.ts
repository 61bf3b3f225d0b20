import { scaleLinear } from 'd3';
import { numbers, texts, type Table } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { axisPercent, finePercent } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type LegendEntry, type Mark, type Painter } from '../../layout.ts';
import { segmentColors, segmentShapes } from '../../palette.ts';
import { dodge, extent, leftAxis, valuesWithBeside, widest, X_AXIS } from '../../scales.ts';
import { drawLine, drawPath, drawShape } from '../canvas.ts';

const caption = 'Share of posts after which the reader leaves the feed, by the true intent';
/** Hues of the intents, as indices of segments: two that differ most. */
const HUES = [0, 1] as const;

/**
 * A line per intent, from what follows a post that was read to what follows one that was skipped:
 * where the lines cross, the same skip means opposite things.
 */
export const qualityIntents: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('feed-intents');
  if (table === undefined || table.rows === 0) return emptyScene(caption, 'Nobody has read the feed yet.');
  const [share, low, high] = ['left_share', 'low', 'high'].map((name) => numbers(table, name));
  const [posts, people] = ['posts', 'people'].map((name) => numbers(table, name));
  const intents = [...new Set(texts(table, 'intent'))];
  const columns = ['left_share', 'high'];
  const most = extent(...valuesWithBeside(tables, 'feed-intents', columns))?.[1];
  if (most === undefined) return emptyScene(caption, 'Nobody has read the feed yet.');

  const bottom = Math.max(height, 130) - X_AXIS;
  const y = scaleLinear([0, Math.max(0.1, most)], [bottom, 10]).nice(4);
  const yTicks = y.ticks(Math.max(2, Math.min(5, Math.floor(height / 36))));
  const left = Math.ceil(widest(ctx, theme, yTicks.map(axisPercent))) + 8;
  const right = width - Math.ceil(widest(ctx, theme, intents)) - 10;
  const inset = (right - left) * 0.18;
  const places = { 'a read': left + inset, 'a skip': right - inset } as const;
  const colors = segmentColors(theme.dark);
  const marks: Mark[] = [];
  const ends: Label[] = [];
  const legend: LegendEntry[] = [];
  intents.forEach((intent, i) => {
    const [color, shape] = [colors[HUES[i % 2]], segmentShapes[HUES[i % 2]]];
    // Intervals of two intents at the same place stand beside each other.
    const aside = 5 * (2 * i - 1);
    const own = rowsOf(table, intent).filter(({ row }) => Number.isFinite(share[row]));
    const points = own.map(({ row, after }) => [places[after] + aside, y(share[row])] as const);
    drawPath(ctx, points, color, 1.8, i === 0 ? [] : [6, 3]);
    own.forEach(({ row, after }, k) => {
      const [px, py] = points[k];
      if (Number.isFinite(low[row])) drawLine(ctx, px, y(low[row]), px, y(high[row]), color, 1.6);
      drawShape(ctx, shape, px, py, 5, color);
      marks.push({
        key: `${intent} ${after}`,
        ...{ x: px, y: py, rx: 8, ry: 8, series: i },
        tip: () => ({
          head: `${intent}, after ${after}`,
          rows: [
            ['leave the feed', finePercent(share[row])],
            [
              '95 %, at any look',
              Number.isFinite(low[row])
                ? `${finePercent(low[row])} to ${finePercent(high[row])}`
                : 'none: too little is known',
            ],
            ['posts', count(posts[row])],
            ['readers', count(people[row])],
          ],
        }),
      });
    });
    legend.push({ kind: 'mark', text: intent, color, shape });
    const end = points.at(-1);
    if (end !== undefined)
      ends.push({ x: end[0] + 12, y: end[1], text: intent, anchor: 'start', tone: 'fg', color });
  });
  const explanation = table.facts['explanation'];
  return sceneOf(
    {
      caption,
      axes: [
        leftAxis(y, yTicks, axisPercent, [left, right]),
        {
          ...{ along: 'x', at: bottom, grid: [bottom, bottom], title: '', titleAt: [0, 0, 'end'] },
          ticks: Object.entries(places).map(([after, at]) => ({ at, text: `after ${after}` })),
        },
      ],
      labels: dodge(ends, 12, 10, bottom),
      legend,
      sentence: typeof explanation === 'string' ? explanation : '',
      minHeight: 130,
    },
    marks,
  );
};

/** The rows of an intent, the read posts first. */
function rowsOf(table: Table, intent: string) {
  const [intents, afters] = [texts(table, 'intent'), texts(table, 'after')];
  return (['a read', 'a skip'] as const).flatMap((after) =>
    [...intents.keys()]
      .filter((r) => intents[r] === intent && afters[r] === after)
      .map((row) => ({ row, after })),
  );
}
