import type { SkyView } from './api.ts';
import type { Rooms } from './rooms.ts';
import { SkyRoom } from './sky-room.ts';

export type Which = 'main' | 'other';

/** A hidden page gets no frames: then nobody waits for one. */
const FRAME_MS = 100;

/**
 * The skies that the page has lent canvases for, and when they are drawn. The browser, which waits until a frame is finished, waits for all that
 * was submitted to the GPU before it; where that is much, at work on the processors that the page needs, clicks stay unanswered meanwhile. So
 * skies can be held: they are drawn before and after such work, not beside it.
 */
export class Skies {
  readonly #rooms = new Map<Which, SkyRoom>();
  readonly #pending = new Map<Which, { canvas: OffscreenCanvas; view: SkyView }>();
  /** undefined: not known yet. */
  #device: GPUDevice | null | undefined;
  #watched: Rooms | null = null;
  #held = false;
  /** Frames so far, and the one by which all that was drawn has left for the screen. */
  #frames = 0;
  #shownBy = 0;
  #inFrame = false;
  #waiting: (() => void)[] = [];

  /** `atWork`: the GPU is, in software: nothing is drawn beside it. */
  constructor(private readonly atWork: () => boolean) {}

  /** The canvas waits for the device: once it has a context of one kind, it keeps it. */
  attach(which: Which, canvas: OffscreenCanvas, view: SkyView): void {
    this.detach(which);
    if (this.#device === undefined) this.#pending.set(which, { canvas, view });
    else this.#put(which, canvas, view, this.#device);
  }

  setView(which: Which, view: SkyView): void {
    const pending = this.#pending.get(which);
    if (pending) pending.view = view;
    this.#rooms.get(which)?.setView(view);
  }

  detach(which: Which): void {
    this.#pending.delete(which);
    this.#rooms.get(which)?.dispose();
    this.#rooms.delete(which);
  }

  get(which: Which): SkyRoom | undefined {
    return this.#rooms.get(which);
  }

  /** Draws with this device from now on; null: without any. A canvas that belonged to WebGPU stays dark then, until the page brings a fresh one. */
  open(device: GPUDevice | null): void {
    this.#device = device;
    for (const room of this.#rooms.values()) room.restore(device);
    for (const [which, { canvas, view }] of this.#pending) this.#put(which, canvas, view, device);
    this.#pending.clear();
  }

  /** The device went away; `open` brings another, for which canvases that come meanwhile wait. */
  lost(): void {
    this.#device = undefined;
    for (const room of this.#rooms.values()) room.lost();
  }

  watch(rooms: Rooms | null): void {
    this.#watched = rooms;
    if (rooms === null) return;
    this.#rooms.get('main')?.watch(rooms.main.market);
    this.#rooms.get('other')?.watch(rooms.other?.market ?? null);
  }

  /** Call it once per animation frame of the worker. */
  frame(now: number): void {
    this.#frames += 1;
    for (const go of this.#waiting.splice(0)) go();
    this.#inFrame = true;
    this.draw(now);
    this.#inFrame = false;
  }

  /** Draws the skies that moved or changed, unless they are held. */
  draw(now: number): void {
    if (this.#held || this.atWork()) return;
    for (const room of this.#rooms.values())
      // What is drawn within a frame leaves at its end, what is drawn between two at the end of the next.
      if (room.draw(now)) this.#shownBy = this.#frames + (this.#inFrame ? 1 : 2);
  }

  /** Draws nothing more; `clear`: and resolves when what was drawn has left for the screen. */
  async hold(clear: boolean): Promise<void> {
    this.#held = true;
    while (clear && this.#frames < this.#shownBy) {
      const came = await new Promise<boolean>((resolve) => {
        const late = setTimeout(() => {
          resolve(false);
        }, FRAME_MS);
        this.#waiting.push(() => {
          clearTimeout(late);
          resolve(true);
        });
      });
      if (!came) this.#shownBy = this.#frames;
    }
  }

  release(now: number): void {
    this.#held = false;
    this.draw(now);
  }

  resources(): { buffers: number; bufferBytes: number } {
    const sum = { buffers: 0, bufferBytes: 0 };
    for (const room of this.#rooms.values()) {
      const { buffers, bufferBytes } = room.resources();
      sum.buffers += buffers;
      sum.bufferBytes += bufferBytes;
    }
    return sum;
  }

  #put(which: Which, canvas: OffscreenCanvas, view: SkyView, device: GPUDevice | null): void {
    this.#rooms.set(which, new SkyRoom(canvas, view, device));
    this.watch(this.#watched);
  }
}
