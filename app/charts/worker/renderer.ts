import type { Table } from '../../../src/base/table.ts';
import { checkTables } from './check-tables.ts';
import type { Ctx, Hit, Layout, Scene, TableSet, Theme } from '../layout.ts';
import { NearestMark, neighbour, type Direction } from '../nearest.ts';
import { painters } from './painters.ts';
import { marketTables, type ChartView } from '../views.ts';

/** What a slot shows, and its size in CSS pixels. */
export interface ShowRequest {
  readonly view: ChartView;
  /** The tables to draw; null: those that the engine sends. */
  readonly tables: readonly Table[] | null;
  readonly choice: string | null;
  readonly width: number;
  readonly height: number;
  readonly devicePixelRatio: number;
}

/** What the chart worker reports to the page without a call. */
export type ChartEvent =
  | { readonly kind: 'layout'; readonly slot: string; readonly view: ChartView; readonly layout: Layout }
  | { readonly kind: 'failed'; readonly slot: string; readonly view: ChartView; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

interface Slot {
  readonly canvas: OffscreenCanvas;
  readonly ctx: Ctx;
  request: ShowRequest | null;
  scene: Scene | null;
  nearest: NearestMark | null;
  /** The layout that was sent last, as text. An equal one is not sent again. */
  sent: string;
  dirty: boolean;
}

/** Largest canvas side that every browser draws, pixels. */
const MAX_SIDE = 8192;

/** The worker's tables and canvases: one slot per mounted plot, drawn once per frame at most. */
export class ChartRenderer {
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

  /** Takes the engine's tables by name. A malformed message is refused as a whole. */
  feed(message: unknown): void {
    let tables: readonly Table[];
    try {
      tables = checkTables(message);
    } catch (error) {
      this.#emit({ kind: 'refused', message: textOf(error) });
      return;
    }
    const names = new Set(tables.map((t) => t.name));
    for (const table of tables) this.#tables.set(table.name, table);
    for (const slot of this.#slots.values())
      if (slot.request !== null && marketTables(slot.request.view).some((name) => names.has(name)))
        this.#invalidate(slot);
  }

  /** Forgets the engine's tables: another market begins. */
  clear(): void {
    this.#tables.clear();
    for (const slot of this.#slots.values()) this.#invalidate(slot);
  }

  theme(theme: Theme): void {
    this.#theme = theme;
    for (const slot of this.#slots.values()) this.#invalidate(slot);
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
    this.#invalidate(slot);
  }

  /** The mark nearest to a point, or null. */
  hit(id: string, x: number, y: number): Hit | null {
    const slot = this.#slots.get(id);
    if (!slot?.scene) return null;
    slot.nearest ??= new NearestMark(slot.scene);
    return hitOf(slot.scene, slot.nearest.find(x, y));
  }

  /** The mark to which an arrow key leads from the mark of that key; null without marks. */
  step(id: string, from: string | null, direction: Direction): Hit | null {
    const scene = this.#slots.get(id)?.scene;
    if (!scene) return null;
    const at = from === null ? -1 : scene.marks.findIndex((m) => m.key === from);
    return hitOf(scene, neighbour(scene.marks, at, direction));
  }

  /** The mark of that key with its present numbers, or null if it no longer exists. */
  find(id: string, key: string): Hit | null {
    const scene = this.#slots.get(id)?.scene;
    const at = scene?.marks.findIndex((m) => m.key === key) ?? -1;
    return scene ? hitOf(scene, at) : null;
  }

  /** The engine's tables that a view draws and that have arrived, the main one first. */
  tables(view: ChartView): Table[] {
    return marketTables(view).flatMap((name) => this.#tables.get(name) ?? []);
  }

  /** The marks of a view at any size and theme, for a picture. */
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

  #invalidate(slot: Slot): void {
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
    const { width, height, devicePixelRatio } = request;
    const [w, h] = [pixels(width, devicePixelRatio), pixels(height, devicePixelRatio)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, w, h);
    ctx.scale(w / width, h / height);
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
    const tables: TableSet =
      request.tables === null ? this.#tables : new Map(request.tables.map((t) => [t.name, t]));
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
  if (scene.marks[i] === undefined) return null;
  const { key, x, y, rx, ry, reversed = false, tip } = scene.marks[i];
  return { key, x, y, rx, ry, reversed, tip: tip() };
}

function pixels(size: number, scale: number): number {
  return Math.min(MAX_SIDE, Math.max(1, Math.round(size * scale)));
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
