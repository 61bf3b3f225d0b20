import { pathRound } from 'd3';
import type { Ctx } from '../layout.ts';
import { pathTexts } from '../marks/canvas.ts';

/** Everything that `save` keeps and `restore` brings back. */
const initial = {
  ...{
    fillStyle: '#000000',
    strokeStyle: '#000000',
    lineWidth: 1,
    globalAlpha: 1,
    font: '400 10px sans-serif',
  },
  ...{ lineCap: 'butt' as CanvasLineCap, lineJoin: 'miter' as CanvasLineJoin },
  ...{ textAlign: 'start' as CanvasTextAlign, textBaseline: 'middle' as CanvasTextBaseline },
  ...{ dash: [] as readonly number[], transform: '', clipId: '' },
};
type State = typeof initial;

const anchors: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', end: 'end' };

/**
 * Writes what is drawn as SVG elements: the same code draws a chart on a canvas and into a file.
 * Texts are centred on their line. `ruler` measures them.
 */
export class SvgContext implements Ctx {
  #state: State = { ...initial };
  readonly #saved: State[] = [];
  readonly #ruler: Pick<Ctx, 'font' | 'measureText'>;
  readonly #elements: string[] = [];
  #path = pathRound(2);
  #clips = 0;

  constructor(ruler: Pick<Ctx, 'font' | 'measureText'>) {
    this.#ruler = ruler;
  }

  /** The file. */
  text(width: number, height: number, title: string): string {
    const size = `width="${round(width)}" height="${round(height)}"`;
    const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${round(width)} ${round(height)}">`;
    return [head, `<title>${escaped(title)}</title>`, ...this.#elements, '</svg>', ''].join('\n');
  }

  save() {
    this.#saved.push({ ...this.#state });
  }
  restore() {
    this.#state = this.#saved.pop() ?? this.#state;
  }
  translate(x: number, y: number) {
    this.#state.transform += `translate(${round(x)} ${round(y)})`;
  }
  scale(x: number, y: number) {
    this.#state.transform += `scale(${round(x)} ${round(y)})`;
  }

  beginPath() {
    this.#path = pathRound(2);
  }
  closePath() {
    this.#path.closePath();
  }
  moveTo(x: number, y: number) {
    this.#path.moveTo(x, y);
  }
  lineTo(x: number, y: number) {
    this.#path.lineTo(x, y);
  }
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number) {
    this.#path.bezierCurveTo(x1, y1, x2, y2, x, y);
  }
  rect(x: number, y: number, w: number, h: number) {
    this.#path.rect(x, y, w, h);
  }
  roundRect(x: number, y: number, w: number, h: number, radius: number) {
    const r = Math.min(radius, w / 2, h / 2);
    this.#path.moveTo(x + r, y);
    this.#path.arcTo(x + w, y, x + w, y + h, r);
    this.#path.arcTo(x + w, y + h, x, y + h, r);
    this.#path.arcTo(x, y + h, x, y, r);
    this.#path.arcTo(x, y, x + w, y, r);
    this.#path.closePath();
  }

  clip() {
    const id = `clip${++this.#clips}`;
    this.#elements.push(`<clipPath id="${id}"><path d="${this.#path.toString()}"/></clipPath>`);
    this.#state.clipId = id;
  }
  fill(first?: Path2D | CanvasFillRule, second?: CanvasFillRule) {
    const rule = typeof first === 'string' ? first : second;
    const fill = paint('fill', this.#state.fillStyle, this.#state.globalAlpha);
    this.#shape(first, `${fill}${rule === 'evenodd' ? ' fill-rule="evenodd"' : ''}`);
  }
  stroke(path?: Path2D) {
    const { strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin, dash } = this.#state;
    const pen = paint('stroke', strokeStyle, globalAlpha);
    const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
    const line = `stroke-width="${round(lineWidth)}" stroke-linecap="${lineCap}" stroke-linejoin="${lineJoin}"`;
    this.#shape(path, `fill="none" ${pen} ${line}${dashes}`);
  }
  fillRect(x: number, y: number, w: number, h: number) {
    this.beginPath();
    this.rect(x, y, w, h);
    this.fill();
  }
  strokeRect(x: number, y: number, w: number, h: number) {
    this.beginPath();
    this.rect(x, y, w, h);
    this.stroke();
  }
  fillText(text: string, x: number, y: number) {
    const { font, textAlign, fillStyle, globalAlpha } = this.#state;
    const [, weight, size, family] = /^(\d+) ([\d.]+)px (.*)$/.exec(font) ?? ['', '400', '10', font];
    const face = `font-family="${escaped(family)}" font-size="${size}" font-weight="${weight}"`;
    const at = `x="${round(x)}" y="${round(y)}" dy=".35em" text-anchor="${anchors[textAlign] ?? 'start'}"`;
    this.#elements.push(
      `<text ${at} ${face} ${paint('fill', fillStyle, globalAlpha)}${this.#where()}>${escaped(text)}</text>`,
    );
  }
  measureText(text: string) {
    this.#ruler.font = this.#state.font;
    return this.#ruler.measureText(text);
  }
  setLineDash(dash: readonly number[]) {
    this.#state.dash = [...dash];
  }

  #shape(path: unknown, look: string) {
    const d = path instanceof Path2D ? (pathTexts.get(path) ?? '') : this.#path.toString();
    if (d !== '') this.#elements.push(`<path d="${d}" ${look}${this.#where()}/>`);
  }
  #where(): string {
    const { transform, clipId } = this.#state;
    return `${transform === '' ? '' : ` transform="${transform}"`}${clipId === '' ? '' : ` clip-path="url(#${clipId})"`}`;
  }

  declare fillStyle: string;
  declare strokeStyle: string;
  declare lineWidth: number;
  declare globalAlpha: number;
  declare font: string;
  declare lineCap: CanvasLineCap;
  declare lineJoin: CanvasLineJoin;
  declare textAlign: CanvasTextAlign;
  declare textBaseline: CanvasTextBaseline;
  static {
    for (const name of Object.keys(initial) as (keyof State)[])
      Object.defineProperty(this.prototype, name, {
        get(this: SvgContext) {
          return this.#state[name];
        },
        set(this: SvgContext, value: never) {
          this.#state[name] = value;
        },
      });
  }
}

/** #rrggbb or #rrggbbaa as attributes: many readers of SVG know no colour with an alpha. */
function paint(what: 'fill' | 'stroke', color: string, alpha: number): string {
  const opacity = round(alpha * (color.length === 9 ? Number.parseInt(color.slice(7), 16) / 255 : 1));
  return `${what}="${color.slice(0, 7)}"${opacity === 1 ? '' : ` ${what}-opacity="${opacity}"`}`;
}

const round = (value: number) => Math.round(value * 1000) / 1000;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (c) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt' }[c] ?? 'quot'};`);
