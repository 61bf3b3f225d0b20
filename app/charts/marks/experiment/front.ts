import { scaleLinear } from 'd3';
import { numbers, texts } from '../../../../src/base/table.ts';
import { figure } from '../../format.ts';
import { emptyScene, sceneOf, type Label, type Mark, type Painter } from '../../layout.ts';
import { unitOf } from '../../names.ts';
import { extent, textWidth } from '../../scales.ts';
import { drawPath, drawShape, faded } from '../canvas.ts';
import { areaOf, axesOf } from '../training/series.ts';

/**
 * Two figures of many candidates, and the front of those that no other beats in both. The table has
 * the columns name, x, y and front (0 or 1); facts: `x_title`, `y_title`, `caption`.
 */
export const experimentFront: Painter = (ctx, tables, frame, theme) => {
  const table = [...tables.values()].at(0);
  const fact = (name: string) => (typeof table?.facts[name] === 'string' ? table.facts[name] : '');
  const caption = fact('caption') || 'Two figures of every candidate';
  if (table === undefined || table.rows === 0) return emptyScene(caption, 'There are no candidates yet.');
  const name = texts(table, 'name');
  const [xs, ys, front] = ['x', 'y', 'front'].map((column) => numbers(table, column));
  const [xUnit, yUnit] = [unitOf(table, 'x'), unitOf(table, 'y')];
  const known = [...xs.keys()].filter((r) => Number.isFinite(xs[r]) && Number.isFinite(ys[r]));
  const domain = (values: Float64Array): [number, number] => {
    const [low, high] = extent(known.map((r) => values[r]))!;
    return low === high ? [low - 1, high + 1] : [low, high];
  };
  if (known.length === 0) return emptyScene(caption, 'There are no candidates yet.');

  const scale = scaleLinear(domain(ys), [1, 0]).nice(5);
  const area = areaOf(ctx, theme, frame, scale.ticks(5).map(figure));
  const { left, right, top, bottom } = area;
  const y = scale.copy().range([bottom, top]);
  const x = scaleLinear(domain(xs), [left + 8, right - 8]).nice(6);
  const best = known.filter((r) => front[r] === 1).sort((a, b) => xs[a] - xs[b] || ys[a] - ys[b]);
  drawPath(
    ctx,
    best.map((r) => [x(xs[r]), y(ys[r])] as const),
    faded(theme.accent, 0.6),
    2,
  );
  const marks: Mark[] = known.map((r) => {
    const at = { x: x(xs[r]), y: y(ys[r]) };
    if (front[r] === 1) drawShape(ctx, 'diamond', at.x, at.y, 6, theme.accent);
    else drawShape(ctx, 'circle', at.x, at.y, 3.6, faded(theme.data, 0.7));
    return {
      key: `${name[r]} ${r}`,
      ...{ ...at, rx: 7, ry: 7, series: front[r] === 1 ? 0 : 1 },
      tip: () => ({
        head: name[r],
        rows: [
          [fact('x_title'), `${figure(xs[r])} ${xUnit}`],
          [fact('y_title'), `${figure(ys[r])} ${yUnit}`],
        ],
      }),
    };
  });
  const labels = namesOf(
    best.map((r) => ({ text: name[r], width: textWidth(ctx, theme, name[r]), x: x(xs[r]), y: y(ys[r]) })),
    area,
  );
  return sceneOf(
    {
      ...{ caption, labels, minHeight: 180 },
      axes: axesOf(
        area,
        {
          position: x,
          values: x.ticks(6),
          format: figure,
          title: `${fact('x_title')}${xUnit === '' ? '' : `, ${xUnit}`}`,
        },
        {
          position: y,
          values: y.ticks(5),
          format: figure,
          title: `${fact('y_title')}${yUnit === '' ? '' : `, ${yUnit}`}`,
        },
      ),
      legend: [
        { kind: 'mark', text: 'no other is better in both', color: theme.accent, shape: 'diamond' },
        { kind: 'mark', text: 'another one is better in both', color: theme.data, shape: 'circle' },
      ],
    },
    marks,
  );
};

interface Named {
  readonly text: string;
  readonly width: number;
  readonly x: number;
  readonly y: number;
}

/** Names beside the front, where its line leaves room; those that find none are left out. */
function namesOf(
  points: readonly Named[],
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): Label[] {
  const falls = points.length < 2 || points[0].y <= points[points.length - 1].y;
  const taken: { from: number; to: number; y: number }[] = [];
  return points.flatMap(({ text, width, x, y }): Label[] => {
    // A falling line leaves the corners above on the right and below on the left, a rising one the
    // others.
    for (const above of [true, false]) {
      const onRight = above === falls;
      const from = onRight ? x + 10 : x - 10 - width;
      const box = { from, to: from + width, y: above ? y - 9 : y + 12 };
      const meets = taken.some(
        (t) => t.from < box.to + 8 && box.from < t.to + 8 && Math.abs(t.y - box.y) < 15,
      );
      if (meets || from < left || box.to > right || box.y < top || box.y > bottom - 4) continue;
      taken.push(box);
      return [
        { x: onRight ? x + 10 : x - 10, y: box.y, text, anchor: onRight ? 'start' : 'end', tone: 'fg' },
      ];
    }
    return [];
  });
}
