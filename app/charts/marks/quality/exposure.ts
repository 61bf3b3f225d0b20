import { scaleLinear } from 'd3';
import { numbers } from '../../../../src/base/table.ts';
import { drawPath, drawShape, faded } from '../canvas.ts';
import { axisPercent, finePercent } from '../../format.ts';
import { emptyScene, sceneOf, type Mark, type Painter } from '../../layout.ts';
import { textWidth, widest, X_AXIS, bottomAxis, leftAxis } from '../../scales.ts';

const caption = 'Matches of the least matched people (Lorenz)';

/** Lorenz curve of matches over people, with the Gini coefficient. */
export const qualityExposure: Painter = (ctx, tables, { width, height }, theme) => {
  const table = tables.get('exposure');
  if (table === undefined || table.rows === 0) return emptyScene(caption, 'Nobody has been matched yet.');
  const [people, share] = [numbers(table, 'people_share'), numbers(table, 'match_share')];
  if (!share.some((s) => s > 0)) return emptyScene(caption, 'Nobody has been matched yet.');

  const bottom = Math.max(height, 120) - X_AXIS;
  const values = [0, 0.25, 0.5, 0.75, 1];
  const left = Math.ceil(widest(ctx, theme, values.map(axisPercent))) + 10;
  const right = Math.min(width - 20, left + (bottom - 8) * 1.6);
  const x = scaleLinear([0, 1], [left, right]);
  const y = scaleLinear([0, 1], [bottom, 8]);
  const points = Array.from(people, (p, i) => [x(p), y(share[i])] as const).filter(
    (q) => Number.isFinite(q[0]) && Number.isFinite(q[1]),
  );

  ctx.beginPath();
  ctx.moveTo(left, bottom);
  for (const [px, py] of points) ctx.lineTo(px, py);
  ctx.lineTo(right, y(1));
  ctx.closePath();
  ctx.fillStyle = faded(theme.data, theme.dark ? 0.2 : 0.16);
  ctx.fill();
  drawPath(ctx, points, theme.data, 1.8);
  const marks: Mark[] = [];
  for (let r = 0; r < table.rows; r++) {
    if (!Number.isFinite(people[r]) || !Number.isFinite(share[r])) continue;
    const at = { x: x(people[r]), y: y(share[r]) };
    marks.push({
      key: String(r),
      ...{ ...at, rx: 3, ry: 3, series: 0 },
      tip: () => ({
        head: `The least matched ${finePercent(people[r])} of people`,
        rows: [['have of all matches', finePercent(share[r])]],
      }),
    });
    if (r > 0 && r % 10 === 0 && r < table.rows - 1) drawShape(ctx, 'circle', at.x, at.y, 2.6, theme.data);
  }

  const gini = table.facts['gini'];
  const scale = '0: all alike, 1: one has all';
  const beside = width - right > textWidth(ctx, theme, scale) + 16;
  return sceneOf(
    {
      caption,
      axes: [bottomAxis(x, values, axisPercent, bottom, 8), leftAxis(y, values, axisPercent, [left, right])],
      rules: [{ x1: left, y1: bottom, x2: right, y2: 8, tone: 'muted', dash: [4, 3] }],
      labels:
        typeof gini === 'number' && Number.isFinite(gini)
          ? [
              {
                x: beside ? right + 14 : left + 10,
                y: 18,
                text: `Gini ${gini.toFixed(2)}`,
                anchor: 'start',
                tone: 'fg',
                strong: true,
              },
              {
                x: beside ? right + 14 : left + 10,
                y: 33,
                text: scale,
                anchor: 'start',
                tone: 'muted',
              },
            ]
          : [],
      legend: [
        { kind: 'line', text: 'matches', color: theme.data, dash: [], shape: 'circle' },
        { kind: 'line', text: 'all alike', color: theme.muted, dash: [4, 3] },
      ],
      minHeight: 120,
    },
    marks,
    [1, 0.6],
  );
};
