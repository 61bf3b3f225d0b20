import * as d3 from 'd3';
import type { Ctx } from '../layout.ts';
import { shapePaths, type Shape } from '../palette.ts';

const paths = new Map<Shape, Path2D>();

/** The text of each path that is drawn, for a context that writes SVG. */
export const pathTexts = new WeakMap<Path2D, string>();

function pathOf(shape: Shape): Path2D {
  let path = paths.get(shape);
  if (path === undefined) {
    paths.set(shape, (path = new Path2D(shapePaths[shape])));
    pathTexts.set(path, shapePaths[shape]);
  }
  return path;
}

/** A shape of half size `r` around a point. With `hollow` it is outlined and has that fill. */
export function drawShape(
  ctx: Ctx,
  shape: Shape,
  x: number,
  y: number,
  r: number,
  color: string,
  hollow?: string,
): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(r, r);
  if (hollow === undefined) {
    ctx.fillStyle = color;
    ctx.fill(pathOf(shape), 'evenodd');
  } else {
    ctx.fillStyle = hollow;
    ctx.strokeStyle = color;
    ctx.lineWidth = 1.6 / r;
    ctx.fill(pathOf(shape));
    ctx.stroke(pathOf(shape));
  }
  ctx.restore();
}

/** A straight line. */
export function drawLine(
  ctx: Ctx,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  color: string,
  width = 1,
): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

/** A line through points. A point that is not finite makes a gap; one between gaps is a dot. */
export function drawPath(
  ctx: Ctx,
  points: readonly (readonly [number, number])[],
  color: string,
  width: number,
  dash: readonly number[] = [],
): void {
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineJoin = 'round';
  ctx.lineCap = dash.length === 0 ? 'round' : 'butt';
  ctx.setLineDash([...dash]);
  ctx.beginPath();
  // d3 expects an on-screen context, but calls only path methods, which both have.
  d3
    .line<readonly [number, number]>()
    .defined((p) => Number.isFinite(p[0]) && Number.isFinite(p[1]))
    .context(ctx as unknown as CanvasRenderingContext2D)(points);
  ctx.stroke();
  ctx.restore();
}

/** A text in the middle of a mark, in the font measured last. Labels lie below the marks. */
export function drawText(ctx: Ctx, text: string, x: number, y: number, color: string): void {
  ctx.fillStyle = color;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(text, x, y);
}

/** A filled area between a curve and its base line, with a soft outline. */
export function drawArea(
  ctx: Ctx,
  points: readonly (readonly [number, number])[],
  base: number,
  fill: string,
  stroke: string,
  alpha: number,
): void {
  const area = d3
    .area<readonly [number, number]>()
    .x((p) => p[0])
    .y0(base)
    .y1((p) => p[1])
    .curve(d3.curveMonotoneX)
    .context(ctx as unknown as CanvasRenderingContext2D);
  ctx.save();
  ctx.globalAlpha = alpha;
  ctx.fillStyle = fill;
  ctx.beginPath();
  area(points);
  ctx.fill();
  ctx.globalAlpha = Math.min(1, alpha + 0.4);
  ctx.strokeStyle = stroke;
  ctx.lineWidth = 1;
  ctx.beginPath();
  area.lineY1()(points);
  ctx.stroke();
  ctx.restore();
}

/** Thin diagonal lines in a rectangle: "no value here". */
export function hatch(ctx: Ctx, x: number, y: number, w: number, h: number, color: string): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, w, h);
  ctx.clip();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let d = -h; d < w; d += 5) {
    ctx.moveTo(x + d, y + h);
    ctx.lineTo(x + d + h, y);
  }
  ctx.stroke();
  ctx.restore();
}

/** The colour with an opacity, for #rrggbb. */
export function faded(hex: string, opacity: number): string {
  return `${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
