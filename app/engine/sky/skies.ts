import type { SkyGpu } from '../../sky/sky.ts';
import type { Side, SkyView } from '../api.ts';
import type { Markets } from '../markets.ts';
import { MarketSky } from './market-sky.ts';

/**
 * After a frame nothing is drawn for this many times its duration, so that drawing on the CPU takes
 * at most a quarter of a core from the match workers.
 */
const REST = 3;
/** Decay per frame of the measured duration: only some frames wait until they are painted. */
const DECAY = 0.95;

/**
 * The skies on the canvases of the page. A canvas keeps its first kind of context, so its sky is
 * made when it is known whether a GPU device draws.
 */
export class Skies {
  readonly #skies = new Map<Side, MarketSky>();
  readonly #pending = new Map<Side, { canvas: OffscreenCanvas; view: SkyView }>();
  /** null if the CPU draws; undefined if not known yet, or after the device was lost. */
  #gpu: SkyGpu | null | undefined;
  /** Counts devices that were opened or lost. */
  #changes = 0;
  #watched: Markets | null = null;
  #frameMs = 0;
  #restUntil = -Infinity;

  attach(side: Side, canvas: OffscreenCanvas, view: SkyView): void {
    this.detach(side);
    if (this.#gpu === undefined) this.#pending.set(side, { canvas, view });
    else this.#put(side, canvas, view, this.#gpu);
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
   * Draws with this device from now on, or on the CPU (null). A WebGPU canvas then stays blank
   * until the page attaches a new one.
   */
  async open(device: GPUDevice | null): Promise<void> {
    const change = ++this.#changes;
    let gpu: SkyGpu | null = null;
    if (device !== null) {
      const { GpuRenderer } = await import('../../sky/render/gpu-renderer.ts');
      // The device may have been lost since.
      if (change !== this.#changes) return;
      gpu = { device, Renderer: GpuRenderer };
    }
    this.#gpu = gpu;
    for (const sky of this.#skies.values()) sky.restore(gpu);
    for (const [side, { canvas, view }] of this.#pending) this.#put(side, canvas, view, gpu);
    this.#pending.clear();
  }

  /** Call it when the device is lost. Canvases that are attached now wait for the next `open`. */
  lost(): void {
    this.#changes++;
    this.#gpu = undefined;
    for (const sky of this.#skies.values()) sky.lost();
  }

  watch(markets: Markets | null): void {
    this.#watched = markets;
    if (markets === null) return;
    this.#skies.get('main')?.watch(markets.main.market);
    this.#skies.get('other')?.watch(markets.other?.market ?? null);
  }

  /**
   * Draws the skies that moved or changed. On the CPU the frame starts after the messages that have
   * already arrived, such as the result of a tick. Call it once per animation frame.
   */
  frame(now: number): void {
    if (this.#gpu === null) setTimeout(() => this.#drawOnCpu());
    else for (const sky of this.#skies.values()) sky.draw(now);
  }

  #drawOnCpu(): void {
    const start = performance.now();
    if (start < this.#restUntil) return;
    for (const sky of this.#skies.values()) sky.draw(start);
    const end = performance.now();
    this.#frameMs = Math.max(end - start, DECAY * this.#frameMs);
    this.#restUntil = end + REST * this.#frameMs;
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

  #put(side: Side, canvas: OffscreenCanvas, view: SkyView, gpu: SkyGpu | null): void {
    this.#skies.set(side, new MarketSky(canvas, view, gpu));
    this.watch(this.#watched);
  }
}
