import type { Table } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { drawArea, drawLine, drawPath, drawShape } from '../canvas.ts';
import { densityAlong, type Bins } from './density.ts';
import type { Ctx, LegendEntry, Theme } from '../../layout.ts';
import type { Shape } from '../../palette.ts';

/** The four percentiles. Each has its own shape, so colour is not needed to tell them apart. */
export const percentiles = [
  { column: 'p50', text: 'p50', shape: 'circle', late: false, r: 4.4 },
  { column: 'p90', text: 'p90', shape: 'square', late: false, r: 3.6 },
  { column: 'p99', text: 'p99', shape: 'triangle', late: true, r: 4.2 },
  { column: 'p999', text: 'p99.9', shape: 'diamond', late: true, r: 4.6 },
] as const satisfies readonly { column: string; text: string; shape: Shape; late: boolean; r: number }[];

/** Legend of the percentile marks. One for which no row has enough observations says so. */
export function percentileLegend(
  theme: Theme,
  { facts }: Table,
  counts: Float64Array,
  observations: string,
): LegendEntry[] {
  const from = Number(facts['p999_from'] ?? 0);
  return percentiles.map(({ column, text, shape, late }) => ({
    kind: 'mark',
    text:
      column !== 'p999' || counts.some((n) => n >= from)
        ? text
        : `${text} from ${count(from)} ${observations} on`,
    shape,
    color: late ? theme.accent : theme.data,
  }));
}

export interface Outline {
  readonly bins: Bins;
  readonly color: string;
  readonly dash: readonly number[];
}

interface Ridge {
  /** Histogram of the row, or null where only its percentiles are known. */
  readonly bins: Bins | null;
  /** Further groups on the same scale, drawn as outlines. */
  readonly also?: readonly Outline[];
  /** p50, p90, p99, p99.9 in the axis's unit; NaN where unknown. */
  readonly marks: readonly number[];
  readonly y: number;
  /** Largest height of the ridge, pixels. */
  readonly rise: number;
}

/**
 * Draws one row: the density as a ridge, the range from p50 to p99.9, and the four marks.
 * `position` maps a value to its place in `range`.
 */
export function drawRidge(
  ctx: Ctx,
  ridge: Ridge,
  position: (value: number) => number,
  range: readonly [number, number],
  theme: Theme,
): void {
  const { bins, also = [], marks, y, rise } = ridge;
  const length = range[1] - range[0];
  const columns = Math.max(24, Math.round(length / 3));
  const place = (value: number) => (position(value) - range[0]) / length;
  const density = (of: Bins) => densityAlong(of, place, columns, 1.6);
  const [ground, outlines] = [bins && density(bins), also.map((o) => density(o.bins))];
  const peak = Math.max(0, ...[ground ?? [], ...outlines].flatMap((d) => [...d]));
  const pointsOf = (d: Float64Array) =>
    peak === 0
      ? []
      : runs(d, peak * 0.004).map((run) =>
          run.map((c) => [range[0] + ((c + 0.5) * length) / columns, y - (d[c] / peak) * rise] as const),
        );
  for (const points of ground === null ? [] : pointsOf(ground))
    drawArea(ctx, points, y, theme.data, theme.data, theme.dark ? 0.28 : 0.25);
  also.forEach(({ color, dash }, k) => {
    for (const points of pointsOf(outlines[k])) drawPath(ctx, points, color, 1.3, dash);
  });
  const finite = marks.map(position).filter(Number.isFinite);
  if (finite.length > 1) drawLine(ctx, Math.min(...finite), y, Math.max(...finite), y, theme.muted, 1);
  percentiles.forEach(({ shape, late, r }, i) => {
    const px = position(marks[i]);
    if (Number.isFinite(px)) drawShape(ctx, shape, px, y, r, late ? theme.accent : theme.data);
  });
}

/** Runs of columns above the minimum, plus one at each end. Elsewhere no line is drawn. */
function runs(density: Float64Array, min: number): number[][] {
  const out: number[][] = [];
  let run: number[] = [];
  for (let c = 0; c < density.length; c++) {
    const near = Math.max(density[c - 1] ?? 0, density[c], density[c + 1] ?? 0);
    if (near > min) run.push(c);
    else if (run.length > 0) {
      out.push(run);
      run = [];
    }
  }
  if (run.length > 0) out.push(run);
  return out.filter((r) => r.length > 1);
}

/** The rows of a histogram table that belong to one key, as bins. */
export function binsOf(
  key: string | null,
  keys: readonly string[] | null,
  from: Float64Array,
  to: Float64Array,
  count: Float64Array,
): Bins | null {
  const rows: number[] = [];
  for (let r = 0; r < count.length; r++) if (key === null || keys?.[r] === key) rows.push(r);
  if (!rows.some((r) => count[r] > 0)) return null;
  const pick = (column: Float64Array) => rows.map((r) => column[r]);
  return { from: pick(from), to: pick(to), count: pick(count) };
}
