import type { Side, SkyView } from '../api.ts';
import type { Markets } from '../markets.ts';
import { MarketSky } from './market-sky.ts';

/**
 * The skies on the canvases that the page has lent. A canvas keeps its first kind of context, so it
 * waits until it is known whether a GPU device draws.
 */
export class Skies {
  readonly #skies = new Map<Side, MarketSky>();
  readonly #pending = new Map<Side, { canvas: OffscreenCanvas; view: SkyView }>();
  /** null: the CPU draws. undefined: not known yet, or the device was lost. */
  #device: GPUDevice | null | undefined;
  #watched: Markets | null = null;

  attach(side: Side, canvas: OffscreenCanvas, view: SkyView): void {
    this.detach(side);
    if (this.#device === undefined) this.#pending.set(side, { canvas, view });
    else this.#put(side, canvas, view, this.#device);
  }

  setView(side: Side, view: SkyView): void {
    const pending = this.#pending.get(side);
    if (pending) pending.view = view;
    this.#skies.get(side)?.setView(view);
  }

  detach(side: Side): void {
    this.#pending.delete(side);
    this.#skies.get(side)?.dispose();
    this.#skies.delete(side);
  }

  get(side: Side): MarketSky | undefined {
    return this.#skies.get(side);
  }

  /**
   * Draws with this device from now on, or on the CPU (null). A canvas that belonged to WebGPU then
   * stays dark until the page brings a new one.
   */
  open(device: GPUDevice | null): void {
    this.#device = device;
    for (const sky of this.#skies.values()) sky.restore(device);
    for (const [side, { canvas, view }] of this.#pending) this.#put(side, canvas, view, device);
    this.#pending.clear();
  }

  /** The device is gone. Canvases that are attached before the next `open` wait for it. */
  lost(): void {
    this.#device = undefined;
    for (const sky of this.#skies.values()) sky.lost();
  }

  watch(markets: Markets | null): void {
    this.#watched = markets;
    if (markets === null) return;
    this.#skies.get('main')?.watch(markets.main.market);
    this.#skies.get('other')?.watch(markets.other?.market ?? null);
  }

  /** Draws the skies that moved or changed. Call it once per animation frame. */
  draw(now: number): void {
    for (const sky of this.#skies.values()) sky.draw(now);
  }

  resources(): { buffers: number; bufferBytes: number } {
    const sum = { buffers: 0, bufferBytes: 0 };
    for (const sky of this.#skies.values()) {
      const { buffers, bufferBytes } = sky.resources();
      sum.buffers += buffers;
      sum.bufferBytes += bufferBytes;
    }
    return sum;
  }

  #put(side: Side, canvas: OffscreenCanvas, view: SkyView, device: GPUDevice | null): void {
    this.#skies.set(side, new MarketSky(canvas, view, device));
    this.watch(this.#watched);
  }
}
