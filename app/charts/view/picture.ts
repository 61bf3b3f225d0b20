import type { Anchor, Ctx, Layout, LegendEntry, Theme } from '../layout.ts';
import { shapePaths, type Shape } from '../palette.ts';

/** The parts of a chart's picture. The page composes it, because only the page draws text. */
export interface PictureParts {
  readonly title: string;
  readonly layout: Layout;
  /** The marks, `scale` pixels per CSS pixel. */
  readonly bitmap: ImageBitmap;
  readonly theme: Theme;
  readonly scale: number;
  /** Where the figures are from, in one line below; '' for nothing. */
  readonly origin?: string;
}

const PAD = 18;
const LINE = 17;

/** Composes the picture on a new canvas. The caller closes the bitmap. */
export function composePicture({
  title,
  layout,
  bitmap,
  theme,
  scale,
  origin = '',
}: PictureParts): OffscreenCanvas {
  const width = bitmap.width / scale + 2 * PAD;
  const inside = width - 2 * PAD;
  const ruler = context(new OffscreenCanvas(1, 1));
  ruler.font = font(theme, 400, 12);
  const captions = wrap(ruler, layout.caption, inside);
  const sentences = wrap(ruler, layout.sentence, inside);
  const origins = wrap(ruler, origin, inside);
  const legend = placeLegend(ruler, layout.legend, inside);
  const legendRows = legend.reduce((rows, place) => Math.max(rows, place.row + 1), 0);
  const plotTop = PAD + 20 + captions.length * LINE + 4;
  const legendTop = plotTop + bitmap.height / scale + 6;
  const sentenceTop = legendTop + legendRows * LINE + (legendRows > 0 ? 4 : 0);
  const originTop = sentenceTop + sentences.length * LINE;
  const height = originTop + origins.length * LINE + PAD;

  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  const ctx = context(canvas);
  ctx.scale(scale, scale);
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.bg;
  ctx.fillRect(0, 0, width, height);

  ctx.font = font(theme, 650, 15);
  write(ctx, title, PAD, PAD + 8, theme.fg);
  ctx.font = font(theme, 400, 12);
  captions.forEach((text, i) => write(ctx, text, PAD, PAD + 20 + LINE * (i + 0.5), theme.muted));

  ctx.save();
  ctx.translate(PAD, plotTop);
  drawLayers(ctx, layout, theme);
  ctx.drawImage(bitmap, 0, 0, bitmap.width / scale, bitmap.height / scale);
  ctx.restore();

  ctx.font = font(theme, 400, 12);
  for (const place of legend) {
    ctx.save();
    ctx.translate(PAD + place.x, legendTop + LINE * (place.row + 0.5));
    drawEntry(ctx, place.entry, theme);
    ctx.restore();
  }
  sentences.forEach((text, i) => write(ctx, text, PAD, sentenceTop + LINE * (i + 0.5), theme.fg));
  origins.forEach((text, i) => write(ctx, text, PAD, originTop + LINE * (i + 0.5), theme.muted));
  return canvas;
}

function drawLayers(ctx: Ctx, layout: Layout, theme: Theme): void {
  ctx.lineWidth = 1;
  ctx.font = font(theme, 400, 11);
  for (const axis of layout.axes) {
    const [from, to] = axis.grid;
    for (const { at, text } of axis.ticks) {
      if (axis.along === 'x') {
        if (from !== to) line(ctx, at, from, at, to, theme.rule);
        write(ctx, text, at, axis.at + 11, theme.muted, 'middle');
      } else {
        if (from !== to) line(ctx, from, at, to, at, theme.rule);
        write(ctx, text, axis.at, at, theme.muted, 'end');
      }
    }
    if (axis.title !== '')
      write(ctx, axis.title, axis.titleAt[0], axis.titleAt[1], theme.muted, axis.titleAt[2]);
  }
  for (const r of layout.rules) {
    ctx.setLineDash([...r.dash]);
    line(ctx, r.x1, r.y1, r.x2, r.y2, theme[r.tone]);
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
    const gradient = ctx.createLinearGradient(low, 0, low + 80, 0);
    entry.colors.forEach((color, i) => gradient.addColorStop(i / (entry.colors.length - 1), color));
    write(ctx, entry.low, 0, 0, theme.muted);
    ctx.fillStyle = gradient;
    ctx.fillRect(low, -4, 80, 8);
    write(ctx, `${entry.high} ${entry.text}`, low + 86, 0, theme.muted);
    return;
  }
  if (entry.kind === 'line') {
    ctx.lineWidth = 1.6;
    ctx.setLineDash([...entry.dash]);
    line(ctx, 0, 0, 22, 0, entry.color);
    ctx.setLineDash([]);
    if (entry.shape !== undefined) shape(ctx, entry.shape, 11, 3.6, entry.color, false);
  } else if (entry.kind === 'mark') {
    shape(ctx, entry.shape, 6, 4.2, entry.color, entry.hollow === true);
  } else {
    ctx.strokeStyle = entry.color;
    ctx.fillStyle = entry.color;
    if (entry.hatched === true) ctx.strokeRect(0.5, -5, 11, 10);
    else ctx.fillRect(0, -5, 12, 10);
  }
  write(ctx, entry.text, swatchWidth[entry.kind] + 4, 0, theme.muted);
}

function shape(ctx: Ctx, name: Shape, x: number, r: number, color: string, hollow: boolean): void {
  ctx.save();
  ctx.translate(x, 0);
  ctx.scale(r, r);
  ctx.lineWidth = 1.6 / r;
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  const path = new Path2D(shapePaths[name]);
  if (hollow) ctx.stroke(path);
  else ctx.fill(path, 'evenodd');
  ctx.restore();
}

function write(ctx: Ctx, text: string, x: number, y: number, color: string, anchor: Anchor = 'start'): void {
  ctx.fillStyle = color;
  ctx.textAlign = anchor === 'middle' ? 'center' : anchor;
  ctx.fillText(text, x, y);
}

function line(ctx: Ctx, x1: number, y1: number, x2: number, y2: number, color: string): void {
  ctx.strokeStyle = color;
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
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

function context(canvas: OffscreenCanvas): Ctx {
  const ctx = canvas.getContext('2d');
  if (ctx === null) throw new Error('the browser gave no 2D context for the picture');
  return ctx;
}
