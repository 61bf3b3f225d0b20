import { drawArea, drawLine, drawPath, drawShape } from '../canvas.ts';
import { logDensity, type Bins } from './density.ts';
import type { Ctx, LegendEntry, Theme } from '../../layout.ts';
import type { Shape } from '../../palette.ts';
import { logPosition } from '../../scales.ts';

/** The four percentiles. Each has its own shape, so colour is not needed to tell them apart. */
export const percentiles = [
  { column: 'p50', text: 'p50', shape: 'circle', late: false, r: 4.4 },
  { column: 'p90', text: 'p90', shape: 'square', late: false, r: 3.6 },
  { column: 'p99', text: 'p99', shape: 'triangle', late: true, r: 4.2 },
  { column: 'p999', text: 'p99.9', shape: 'diamond', late: true, r: 4.6 },
] as const satisfies readonly { column: string; text: string; shape: Shape; late: boolean; r: number }[];

/** Legend of the percentile marks. */
export function percentileLegend(theme: Theme): LegendEntry[] {
  return percentiles.map(({ text, shape, late }) => ({
    kind: 'mark',
    text,
    shape,
    color: late ? theme.accent : theme.data,
  }));
}

interface Ridge {
  /** Histogram of the row, or null where only its percentiles are known. */
  readonly bins: Bins | null;
  /** A second group on the same scale, drawn as a dashed outline. */
  readonly also?: Bins | null;
  /** p50, p90, p99, p99.9 in the axis's unit; NaN where unknown. */
  readonly marks: readonly number[];
  readonly y: number;
  /** Largest height of the ridge, pixels. */
  readonly rise: number;
}

/** Draws one row: the density as a ridge, the range from p50 to p99.9, and the four marks. */
export function drawRidge(
  ctx: Ctx,
  ridge: Ridge,
  domain: readonly [number, number],
  range: readonly [number, number],
  theme: Theme,
): void {
  const { bins, also = null, marks, y, rise } = ridge;
  const position = logPosition(domain, range);
  const columns = Math.max(24, Math.round((range[1] - range[0]) / 3));
  const densities = [bins, also].map((b) => (b === null ? null : logDensity(b, domain, columns, 1.6)));
  const peak = Math.max(0, ...densities.map((d) => d?.reduce((a, b) => Math.max(a, b), 0) ?? 0));
  densities.forEach((density, k) => {
    if (density === null || peak === 0) return;
    const width = (range[1] - range[0]) / columns;
    for (const run of runs(density, peak * 0.004)) {
      const points = run.map((c) => [range[0] + (c + 0.5) * width, y - (density[c] / peak) * rise] as const);
      if (k === 0) drawArea(ctx, points, y, theme.data, theme.data, theme.dark ? 0.28 : 0.25);
      else drawPath(ctx, points, theme.loss, 1.3, [3, 2]);
    }
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
