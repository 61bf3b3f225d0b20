import { scaleLinear } from 'd3';
import { numbers } from '../../../../src/base/table.ts';
import { drawPath, drawShape } from '../canvas.ts';
import { axisPercent, finePercent } from '../../format.ts';
import { emptyScene, sceneOf, type Mark, type Painter } from '../../layout.ts';
import { extent, valuesWithBeside, widest, X_AXIS, bottomAxis, leftAxis } from '../../scales.ts';

const caption = 'Certified gap of the last auction, by bidding rounds';

/** Certified gap over bidding rounds. A certificate holds until the next one: a step line. */
export const qualityGap: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('gap-closing');
  if (table === undefined || table.rows === 0)
    return emptyScene(caption, 'No auction has run yet. Choose the matcher "Auction".');
  const rounds = numbers(table, 'rounds');
  const gap = numbers(table, 'gap');
  const top = Math.max(1e-4, extent(...valuesWithBeside(tables, 'gap-closing', ['gap']))?.[1] ?? 0);
  const bottom = Math.max(height, 100) - X_AXIS;
  const y = scaleLinear([0, top * 1.05], [bottom, 10]).nice(3);
  const ticks = y.ticks(Math.max(2, Math.floor(bottom / 40)));
  const left = Math.ceil(widest(ctx, theme, ticks.map(axisPercent))) + 10;
  const right = width - 12;
  const x = scaleLinear(
    [0, Math.max(1, extent(...valuesWithBeside(tables, 'gap-closing', ['rounds']))?.[1] ?? 1)],
    [left, right],
  ).nice();

  const known = Array.from(rounds, (_, i) => i).filter(
    (i) => Number.isFinite(rounds[i]) && Number.isFinite(gap[i]),
  );
  if (known.length === 0) return emptyScene(caption, 'The last auction certified nothing.');
  const at = known.map((i) => [x(rounds[i]), y(gap[i])] as const);
  const steps = at.flatMap((p, i) => (i === 0 ? [p] : [[p[0], at[i - 1][1]] as const, p]));
  drawPath(ctx, steps, theme.data, 1.5, []);
  const marks: Mark[] = at.map(([px, py], i) => {
    const last = i === at.length - 1;
    drawShape(ctx, last ? 'diamond' : 'circle', px, py, last ? 4.5 : 3, theme.data);
    return {
      key: `certificate ${i}`,
      ...{ x: px, y: py, rx: 4, ry: 4, series: 0 },
      tip: () => ({
        head: last ? 'after the exchanges' : `after ${rounds[known[i]]} rounds`,
        rows: [['gap', finePercent(gap[known[i]])]],
      }),
    };
  });
  return sceneOf(
    {
      caption: `${caption}: ${finePercent(gap[known[known.length - 1]])} after the exchanges (diamond)`,
      axes: [
        leftAxis(y, ticks, axisPercent, [left, right]),
        bottomAxis(x, x.ticks(Math.max(2, Math.floor((right - left) / 80))), String, bottom),
      ],
      minHeight: 100,
    },
    marks,
    [1, 0.7],
  );
};
