import type { Table } from '../../../src/base/table.ts';
import { checkTables } from './check-tables.ts';
import type { ChartFeed } from '../../engine/api.ts';
import { BESIDE, type Ctx, type Hit, type Layout, type Painter, type Scene, type Theme } from '../layout.ts';
import { NearestMark, neighbour, type Direction } from '../nearest.ts';
import { firstPainters } from './first-painters.ts';
import { paintChart } from './paint.ts';
import type { PictureFormat } from './picture.ts';
import { marketTables, type ChartView } from '../views.ts';

/** What a slot shows, and its size in CSS pixels. */
export interface ShowRequest {
  readonly view: ChartView;
  /** The tables to draw; null: those that the engine sends. */
  readonly tables: readonly Table[] | null;
  readonly choice: string | null;
  /** Its policy where two instruments stand side by side, on the same scales; else null. */
  readonly pair: 'a' | 'b' | null;
  readonly width: number;
  readonly height: number;
  readonly devicePixelRatio: number;
}

/** What the chart worker reports to the page without a call. */
export type ChartEvent =
  | {
      readonly kind: 'drawn';
      readonly slot: string;
      readonly view: ChartView;
      /** The marks, for the same frame as the layout. */
      readonly bitmap: ImageBitmap;
      /** null: the one that was sent last. */
      readonly layout: Layout | null;
    }
  | { readonly kind: 'failed'; readonly slot: string; readonly view: ChartView; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

/** The numbers of a drawn chart. */
export interface DrawnTables {
  /** The tick of the engine's tables; null for tables of the page. */
  readonly tick: number | null;
  readonly tables: readonly Table[];
}

interface Slot {
  readonly canvas: OffscreenCanvas;
  readonly ctx: OffscreenCanvasRenderingContext2D;
  request: ShowRequest;
  /** What it shows: its marks, and the tables that they were drawn from. */
  scene: Scene | null;
  drawn: DrawnTables;
  /** The tables of the other policy of a pair. */
  peers: readonly Table[];
  nearest: NearestMark | null;
  /** The layout that was sent last, as text. An equal one is not sent again. */
  sent: string;
  dirty: boolean;
}

const nothing: DrawnTables = { tick: null, tables: [] };

/** Largest canvas side that every browser draws, pixels. */
const MAX_SIDE = 8192;

/** The worker's tables and canvases: one slot per mounted plot, drawn once per frame at most. */
export class ChartRenderer {
  readonly #tables = new Map<string, Table>();
  /** The tables of policy B, while two instruments stand side by side. */
  readonly #beside = new Map<string, Table>();
  #tick: number | null = null;
  readonly #slots = new Map<string, Slot>();
  readonly #emit: (event: ChartEvent) => void;
  readonly #nextFrame: (draw: () => void) => void;
  #theme: Theme | null = null;
  #scheduled = false;
  /** Those whose code has arrived. */
  #painters: Partial<Record<ChartView, Painter>> = firstPainters;

  constructor(emit: (event: ChartEvent) => void, nextFrame: (draw: () => void) => void) {
    this.#emit = emit;
    this.#nextFrame = nextFrame;
  }

  /**
   * Takes the engine's tables in place of those before: a comparison that has ended leaves none.
   * A malformed message is refused as a whole.
   */
  feed(message: unknown): void {
    let tables: readonly Table[];
    try {
      tables = checkTables(message);
    } catch (error) {
      this.#emit({ kind: 'refused', message: textOf(error) });
      return;
    }
    const { tick, beside = false } = message as ChartFeed;
    this.#tick = tick;
    const own = beside ? this.#beside : this.#tables;
    const names = new Set([...own.keys(), ...tables.map((t) => t.name)]);
    own.clear();
    for (const table of tables) own.set(table.name, table);
    for (const slot of this.#slots.values())
      if (marketTables(slot.request.view).some((name) => names.has(name))) this.#invalidate(slot);
  }

  /** Forgets the engine's tables: another market begins. */
  clear(): void {
    this.#tables.clear();
    this.#beside.clear();
    for (const slot of this.#slots.values()) this.#invalidate(slot);
  }

  theme(theme: Theme): void {
    this.#theme = theme;
    for (const slot of this.#slots.values()) this.#invalidate(slot);
  }

  /** Shows a view in a slot, from the next frame on. */
  show(id: string, request: ShowRequest): void {
    const slot = this.#slots.get(id) ?? makeSlot(request);
    this.#slots.set(id, slot);
    slot.request = request;
    slot.sent = '';
    this.#invalidate(slot);
  }

  /** Loads the painters of the views with which the page does not open. */
  async prepare(): Promise<void> {
    const { painters } = await import('./painters.ts');
    this.#painters = painters;
  }

  detach(id: string): void {
    this.#slots.delete(id);
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

  /** The tables that a slot shows, the main one first. */
  tables(id: string): DrawnTables {
    return this.#slots.get(id)?.drawn ?? nothing;
  }

  /** What a slot shows, as a file. */
  async picture(id: string, title: string, format: PictureFormat, theme: Theme): Promise<Blob> {
    const slot = this.#slots.get(id);
    if (!slot?.scene) throw new Error('this chart has not been drawn yet');
    const { request, drawn, peers } = slot;
    const { pictureOf } = await import('./picture.ts');
    return pictureOf(format, {
      ...{ title, theme, frame: request },
      paint: (ctx, frame) => this.#paint(ctx, { ...request, ...frame }, [...drawn.tables, ...peers], theme),
    });
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
    if (theme === null || request.width < 1 || request.height < 1) return;
    slot.dirty = false;
    if (this.#painters[request.view] === undefined) {
      this.#drawLater(id, slot);
      return;
    }
    const { width, height, devicePixelRatio } = request;
    const [w, h] = [pixels(width, devicePixelRatio), pixels(height, devicePixelRatio)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, w, h);
    ctx.scale(w / width, h / height);
    slot.nearest = null;
    const { tables, view, pair } = request;
    const [own, other] = pair === 'b' ? [this.#beside, this.#tables] : [this.#tables, this.#beside];
    const named = (from: ReadonlyMap<string, Table>) =>
      marketTables(view).flatMap((name) => from.get(name) ?? []);
    try {
      slot.drawn = tables === null ? { tick: this.#tick, tables: named(own) } : { tick: null, tables };
      slot.peers =
        pair === null ? [] : named(other).map((table) => ({ ...table, name: BESIDE + table.name }));
      slot.scene = this.#paint(ctx, request, [...slot.drawn.tables, ...slot.peers], theme);
    } catch (error) {
      this.#fail(id, slot, error);
      return;
    }
    const text = JSON.stringify(slot.scene.layout);
    const layout = text === slot.sent ? null : slot.scene.layout;
    slot.sent = text;
    this.#emit({ kind: 'drawn', slot: id, view, layout, bitmap: canvas.transferToImageBitmap() });
  }

  #drawLater(id: string, slot: Slot): void {
    this.prepare().then(
      () => this.#invalidate(slot),
      (error: unknown) => this.#fail(id, slot, error),
    );
  }

  #fail(id: string, slot: Slot, error: unknown): void {
    slot.scene = null;
    this.#emit({ kind: 'failed', slot: id, view: slot.request.view, message: textOf(error) });
  }

  #paint(ctx: Ctx, request: ShowRequest, tables: readonly Table[], theme: Theme): Scene {
    const { view, choice, width, height } = request;
    const painter = this.#painters[view];
    if (painter === undefined) throw new Error('the code of this chart has not arrived');
    const set = new Map(tables.map((t) => [t.name, t]));
    return paintChart(painter, ctx, set, { width, height }, theme, choice);
  }
}

function makeSlot(request: ShowRequest): Slot {
  const canvas = new OffscreenCanvas(1, 1);
  const ctx = canvas.getContext('2d');
  if (ctx === null) throw new Error('the browser gave no 2D context for a chart');
  return {
    canvas,
    ctx,
    request,
    scene: null,
    drawn: nothing,
    peers: [],
    nearest: null,
    sent: '',
    dirty: false,
  };
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
