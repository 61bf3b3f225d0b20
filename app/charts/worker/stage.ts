import type { Table } from '../../../src/base/table.ts';
import { checkFeed } from './feed.ts';
import type { Ctx, Hit, Layout, Scene, TableSet, Theme } from '../layout.ts';
import { NearestMark, neighbour, type Direction } from '../nearest.ts';
import { painters } from './registry.ts';
import { viewInfo, type ViewId } from '../views.ts';

/** What a slot shows, and how large, CSS pixels. */
export interface ShowRequest {
  readonly view: ViewId;
  readonly choice: string | null;
  readonly width: number;
  readonly height: number;
  readonly devicePixelRatio: number;
}

/** What the chart worker tells the page unasked. */
export type ChartEvent =
  | { readonly kind: 'layout'; readonly slot: string; readonly view: ViewId; readonly layout: Layout }
  | { readonly kind: 'failed'; readonly slot: string; readonly view: ViewId; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

interface Slot {
  readonly canvas: OffscreenCanvas;
  readonly ctx: Ctx;
  request: ShowRequest | null;
  scene: Scene | null;
  nearest: NearestMark | null;
  /** The layout last sent, as text: an equal one is not sent again. */
  sent: string;
  dirty: boolean;
}

/** Largest side of a canvas that every browser draws. */
const LARGEST = 8192;

/** The tables, the canvases and what is drawn on them: all that lives in the chart worker. One slot per mounted plot. */
export class ChartStage {
  readonly #tables = new Map<string, Table>();
  readonly #slots = new Map<string, Slot>();
  readonly #emit: (event: ChartEvent) => void;
  readonly #nextFrame: (draw: () => void) => void;
  #theme: Theme | null = null;
  #scheduled = false;

  constructor(emit: (event: ChartEvent) => void, nextFrame: (draw: () => void) => void) {
    this.#emit = emit;
    this.#nextFrame = nextFrame;
  }

  /** Takes tables; each replaces the one of its name. What is not a table is refused as a whole, and the page is told. */
  feed(message: unknown): void {
    let tables: readonly Table[];
    try {
      tables = checkFeed(message);
    } catch (error) {
      this.#emit({ kind: 'refused', message: textOf(error) });
      return;
    }
    const names = new Set(tables.map((t) => t.name));
    for (const table of tables) this.#tables.set(table.name, table);
    for (const slot of this.#slots.values()) {
      const view = slot.request?.view;
      if (view !== undefined && viewInfo(view).tables.some((name) => names.has(name))) this.#soil(slot);
    }
  }

  /** Forgets all tables: the market starts anew. */
  clear(): void {
    this.#tables.clear();
    for (const slot of this.#slots.values()) this.#soil(slot);
  }

  theme(theme: Theme): void {
    this.#theme = theme;
    for (const slot of this.#slots.values()) this.#soil(slot);
  }

  attach(id: string, canvas: OffscreenCanvas): void {
    const ctx = canvas.getContext('2d');
    if (ctx === null) throw new Error('the browser gave no 2D context for a chart');
    this.#slots.set(id, {
      canvas,
      ctx,
      request: null,
      scene: null,
      nearest: null,
      sent: '',
      dirty: false,
    });
  }

  detach(id: string): void {
    this.#slots.delete(id);
  }

  show(id: string, request: ShowRequest): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    slot.request = request;
    slot.sent = '';
    this.#soil(slot);
  }

  /** The mark nearest to a point, or null. */
  hit(id: string, x: number, y: number): Hit | null {
    const slot = this.#slots.get(id);
    if (!slot?.scene) return null;
    slot.nearest ??= new NearestMark(slot.scene);
    return hitOf(slot.scene, slot.nearest.find(x, y));
  }

  /** The mark an arrow key leads to from the mark of that key, or null where there are no marks. */
  step(id: string, from: string | null, direction: Direction): Hit | null {
    const scene = this.#slots.get(id)?.scene;
    if (!scene) return null;
    const at = from === null ? -1 : scene.marks.findIndex((m) => m.key === from);
    return hitOf(scene, neighbour(scene.marks, at, direction));
  }

  /** The mark of that key with its present numbers, or null where it is gone. */
  find(id: string, key: string): Hit | null {
    const scene = this.#slots.get(id)?.scene;
    return scene
      ? hitOf(
          scene,
          scene.marks.findIndex((m) => m.key === key),
        )
      : null;
  }

  /** The tables a view draws, main one first; those that have come. */
  tables(view: ViewId): Table[] {
    return viewInfo(view).tables.flatMap((name) => this.#tables.get(name) ?? []);
  }

  /** The marks of a view at any size and theme, apart from all slots: for a picture to keep. */
  render(request: ShowRequest, theme: Theme): { layout: Layout; bitmap: ImageBitmap } {
    const scale = request.devicePixelRatio;
    const measure = new OffscreenCanvas(1, 1).getContext('2d');
    if (measure === null) throw new Error('the browser gave no 2D context for a chart');
    const needed = this.#paint(measure, request, theme).layout.minHeight;
    const height = Math.max(request.height, needed);
    const canvas = new OffscreenCanvas(pixels(request.width, scale), pixels(height, scale));
    const ctx = canvas.getContext('2d');
    if (ctx === null) throw new Error('the browser gave no 2D context for a chart');
    ctx.scale(scale, scale);
    const { layout } = this.#paint(ctx, { ...request, height }, theme);
    return { layout, bitmap: canvas.transferToImageBitmap() };
  }

  #soil(slot: Slot): void {
    slot.dirty = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#nextFrame(() => {
      this.#scheduled = false;
      for (const [id, s] of this.#slots) if (s.dirty) this.#draw(id, s);
    });
  }

  #draw(id: string, slot: Slot): void {
    const { canvas, ctx, request } = slot;
    const theme = this.#theme;
    if (request === null || theme === null || request.width < 1 || request.height < 1) return;
    slot.dirty = false;
    const [w, h] = [
      pixels(request.width, request.devicePixelRatio),
      pixels(request.height, request.devicePixelRatio),
    ];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, w, h);
    ctx.scale(w / request.width, h / request.height);
    slot.nearest = null;
    try {
      slot.scene = this.#paint(ctx, request, theme);
    } catch (error) {
      slot.scene = null;
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, w, h);
      this.#emit({ kind: 'failed', slot: id, view: request.view, message: textOf(error) });
      return;
    }
    const text = JSON.stringify(slot.scene.layout);
    if (text === slot.sent) return;
    slot.sent = text;
    this.#emit({ kind: 'layout', slot: id, view: request.view, layout: slot.scene.layout });
  }

  #paint(ctx: Ctx, request: ShowRequest, theme: Theme): Scene {
    const tables: TableSet = this.#tables;
    return painters[request.view](
      ctx,
      tables,
      { width: request.width, height: request.height },
      theme,
      request.choice,
    );
  }
}

function hitOf(scene: Scene, i: number): Hit | null {
  const mark = scene.marks[i];
  if (mark === undefined) return null;
  const { key, x, y, rx, ry, reversed = false } = mark;
  return { key, x, y, rx, ry, reversed, tip: scene.describe(i) };
}

function pixels(size: number, scale: number): number {
  return Math.min(LARGEST, Math.max(1, Math.round(size * scale)));
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
