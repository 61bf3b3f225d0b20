import { interpolateRgb, piecewise, rgb } from 'd3';
import type { Anchor, Ctx, Frame, Layout, LegendEntry, Scene, Theme } from '../layout.ts';
import { drawLine, drawShape } from '../marks/canvas.ts';
import { SvgContext } from './svg.ts';

/** The parts of a chart's picture. */
export interface PictureParts {
  readonly title: string;
  readonly frame: Frame;
  readonly theme: Theme;
  /** Draws the marks. */
  readonly paint: (ctx: Ctx, frame: Frame) => Scene;
}

export type PictureFormat = 'png' | 'svg';

const PAD = 18;
const LINE = 17;
/** Pixels of a PNG per CSS pixel of the plot. */
const SCALE = 2;

/** A chart as a file, with its title, caption, axes, legend and sentence, as high as it needs. */
export async function pictureOf(format: PictureFormat, parts: PictureParts): Promise<Blob> {
  const ruler = context(1, 1);
  const plan = planOf(ruler, parts);
  if (format === 'svg') {
    const svg = new SvgContext(ruler);
    compose(svg, parts, plan);
    return new Blob([svg.text(plan.width, plan.height, parts.title)], { type: 'image/svg+xml' });
  }
  const ctx = context(Math.round(plan.width * SCALE), Math.round(plan.height * SCALE));
  ctx.scale(SCALE, SCALE);
  compose(ctx, parts, plan);
  return ctx.canvas.convertToBlob({ type: 'image/png' });
}

type Plan = ReturnType<typeof planOf>;

/** Where everything stands. */
function planOf(ruler: Ctx, { frame, theme, paint }: PictureParts) {
  const needed = paint(ruler, frame).layout.minHeight;
  const plot = { ...frame, height: Math.max(frame.height, needed) };
  const { layout } = paint(ruler, plot);
  ruler.font = font(theme, 400, 12);
  const captions = wrap(ruler, layout.caption, plot.width);
  const sentences = wrap(ruler, layout.sentence, plot.width);
  const legend = placeLegend(ruler, layout.legend, plot.width);
  const legendRows = legend.reduce((rows, place) => Math.max(rows, place.row + 1), 0);
  const plotTop = PAD + 20 + captions.length * LINE + 4;
  const legendTop = plotTop + plot.height + 6;
  const sentenceTop = legendTop + legendRows * LINE + (legendRows > 0 ? 4 : 0);
  const height = sentenceTop + sentences.length * LINE + PAD;
  const width = plot.width + 2 * PAD;
  return { width, height, plot, layout, captions, sentences, legend, plotTop, legendTop, sentenceTop };
}

function compose(ctx: Ctx, { title, theme, paint }: PictureParts, plan: Plan): void {
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.bg;
  ctx.fillRect(0, 0, plan.width, plan.height);

  ctx.font = font(theme, 650, 15);
  write(ctx, title, PAD, PAD + 8, theme.fg);
  ctx.font = font(theme, 400, 12);
  plan.captions.forEach((text, i) => write(ctx, text, PAD, PAD + 20 + LINE * (i + 0.5), theme.muted));

  ctx.save();
  ctx.translate(PAD, plan.plotTop);
  drawLayers(ctx, plan.layout, theme);
  paint(ctx, plan.plot);
  ctx.restore();

  ctx.font = font(theme, 400, 12);
  for (const place of plan.legend) {
    ctx.save();
    ctx.translate(PAD + place.x, plan.legendTop + LINE * (place.row + 0.5));
    drawEntry(ctx, place.entry, theme);
    ctx.restore();
  }
  plan.sentences.forEach((text, i) => write(ctx, text, PAD, plan.sentenceTop + LINE * (i + 0.5), theme.fg));
}

function drawLayers(ctx: Ctx, layout: Layout, theme: Theme): void {
  ctx.font = font(theme, 400, 11);
  for (const axis of layout.axes) {
    const [from, to] = axis.grid;
    for (const { at, text } of axis.ticks) {
      if (axis.along === 'x') {
        if (from !== to) drawLine(ctx, at, from, at, to, theme.rule);
        write(ctx, text, at, axis.at + 11, theme.muted, 'middle');
      } else {
        if (from !== to) drawLine(ctx, from, at, to, at, theme.rule);
        write(ctx, text, axis.at, at, theme.muted, 'end');
      }
    }
    if (axis.title !== '')
      write(ctx, axis.title, axis.titleAt[0], axis.titleAt[1], theme.muted, axis.titleAt[2]);
  }
  for (const r of layout.rules) {
    ctx.setLineDash([...r.dash]);
    drawLine(ctx, r.x1, r.y1, r.x2, r.y2, theme[r.tone]);
  }
  ctx.setLineDash([]);
  for (const l of layout.labels) {
    ctx.font = font(theme, l.strong === true ? 650 : 400, 11);
    write(ctx, l.text, l.x, l.y, l.color ?? theme[l.tone], l.anchor);
  }
}

interface Place {
  readonly entry: LegendEntry;
  readonly x: number;
  readonly row: number;
}

const swatchWidth = { mark: 14, line: 26, area: 16, ramp: 90 } as const;

function placeLegend(ruler: Ctx, entries: readonly LegendEntry[], inside: number): Place[] {
  let x = 0;
  let row = 0;
  return entries.map((entry) => {
    const text = entry.kind === 'ramp' ? `${entry.low} ${entry.high} ${entry.text}` : entry.text;
    const width = swatchWidth[entry.kind] + 6 + ruler.measureText(text).width + 18;
    if (x > 0 && x + width > inside) [x, row] = [0, row + 1];
    const place = { entry, x, row };
    x += width;
    return place;
  });
}

function drawEntry(ctx: Ctx, entry: LegendEntry, theme: Theme): void {
  if (entry.kind === 'ramp') {
    const low = ctx.measureText(entry.low).width + 6;
    const shade: (t: number) => string = piecewise(interpolateRgb, [...entry.colors]);
    write(ctx, entry.low, 0, 0, theme.muted);
    for (let k = 0; k < 40; k++) {
      ctx.fillStyle = rgb(shade(k / 39)).formatHex();
      ctx.fillRect(low + 2 * k, -4, 2, 8);
    }
    write(ctx, `${entry.high} ${entry.text}`, low + 86, 0, theme.muted);
    return;
  }
  if (entry.kind === 'line') {
    ctx.setLineDash([...entry.dash]);
    drawLine(ctx, 0, 0, 22, 0, entry.color, 1.6);
    ctx.setLineDash([]);
    if (entry.shape !== undefined) drawShape(ctx, entry.shape, 11, 0, 3.6, entry.color);
  } else if (entry.kind === 'mark') {
    drawShape(ctx, entry.shape, 6, 0, 4.2, entry.color, entry.hollow === true ? theme.bg : undefined);
  } else {
    ctx.strokeStyle = entry.color;
    ctx.fillStyle = entry.color;
    if (entry.hatched === true) ctx.strokeRect(0.5, -5, 11, 10);
    else ctx.fillRect(0, -5, 12, 10);
  }
  write(ctx, entry.text, swatchWidth[entry.kind] + 4, 0, theme.muted);
}

function write(ctx: Ctx, text: string, x: number, y: number, color: string, anchor: Anchor = 'start'): void {
  ctx.fillStyle = color;
  ctx.textAlign = anchor === 'middle' ? 'center' : anchor;
  ctx.fillText(text, x, y);
}

function font(theme: Theme, weight: number, size: number): string {
  return `${weight} ${size}px ${theme.family}`;
}

/** Breaks a text into lines that fit; [] for no text. */
function wrap(ruler: Ctx, text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((w) => w !== '')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && ruler.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function context(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const ctx = new OffscreenCanvas(width, height).getContext('2d');
  if (ctx === null) throw new Error('the browser gave no 2D context for the picture');
  return ctx;
}
