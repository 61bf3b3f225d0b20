import { LabError } from '../../src/base/errors.ts';
import type { SkyView } from '../engine/api.ts';
import { CanvasRenderer } from './render/canvas-renderer.ts';
import { budgets, lensOf, toCss, type Lens } from './render/frame.ts';
import type { GpuRenderer } from './render/gpu-renderer.ts';
import type { Renderer } from './render/renderer.ts';
import { SkyScene } from './scene.ts';
import type { SkyFrame } from './types.ts';

/** Max distance from the pointer to a person that it picks, CSS pixels. */
const PICK_RADIUS = 12;

/** What draws with WebGPU. Its code is loaded only where there is a device. */
export interface SkyGpu {
  readonly device: GPUDevice;
  readonly Renderer: typeof GpuRenderer;
}

/**
 * Draws the pool as an animated picture on one canvas: with WebGPU if there is a device, with
 * Canvas 2D if `gpu` is null. The caller owns the device. It calls `draw` once per animation frame
 * while `draw` returns true, and after every setPeople and setView.
 */
export class SkyCanvas {
  readonly #canvas: OffscreenCanvas;
  readonly #scene = new SkyScene();
  readonly #context: GPUCanvasContext | null;
  readonly #flat: OffscreenCanvasRenderingContext2D | null;
  #gpu: SkyGpu | null;
  #draws: Renderer | null = null;
  #view: SkyView;
  #crowd = 0;
  #lens: Lens;
  #stale = true;

  /** @throws LabError if the canvas has a context of another kind. */
  constructor(canvas: OffscreenCanvas, view: SkyView, gpu: SkyGpu | null) {
    this.#canvas = canvas;
    this.#view = view;
    this.#gpu = gpu;
    this.#context = gpu === null ? null : canvas.getContext('webgpu');
    this.#flat = gpu === null ? canvas.getContext('2d') : null;
    if (this.#context === null && this.#flat === null)
      throw new LabError('sky: this canvas already has a context of another kind; use a fresh canvas');
    this.#lens = lensOf(view, budgets.gpu, 1);
    this.#build();
  }

  /** Starts the transition from the last tick to this one. */
  setPeople(frame: SkyFrame, nowMs = performance.now()): void {
    this.#scene.setPeople(frame, this.#view, nowMs);
    // The size of the dots follows a moving average, so that it does not pulse with the ticks.
    this.#crowd = this.#crowd === 0 ? frame.n : this.#crowd + 0.15 * (frame.n - this.#crowd);
    this.#fit();
  }

  setView(view: SkyView): void {
    const rebuild = view.dark !== this.#view.dark && this.#draws !== null;
    this.#view = view;
    if (rebuild) this.#build();
    this.#fit();
  }

  /** Replaces the segments (u8[n]) of the last frame, after a change of `colourBy`. */
  recolour(segment: Uint8Array): void {
    this.#scene.recolour(segment, this.#view.colourBy);
    this.#stale = true;
  }

  /** Draws the picture at `nowMs`. Returns false if the next frame would be the same. */
  draw(nowMs: number): boolean {
    const moving = nowMs < this.#scene.busyUntil;
    if (this.#draws === null || (!moving && !this.#stale)) return false;
    // The last frame is drawn after the motion has ended, so that faded points are gone.
    this.#stale = moving;
    this.#draws.draw(this.#scene, this.#view, this.#lens, nowMs);
    return moving;
  }

  /**
   * Index into the pool of the last setPeople of the nearest person within 12 CSS pixels, or -1.
   */
  pick(x: number, y: number, nowMs = performance.now()): number {
    let best = -1;
    let nearest = PICK_RADIUS;
    for (let slot = 0; slot < this.#scene.count; slot += 1) {
      const index = this.#scene.poolIndex(slot);
      if (index < 0) continue;
      const at = this.#placeOf(slot, nowMs);
      const distance = Math.hypot(at.x - x, at.y - y);
      if (distance > nearest) continue;
      nearest = distance;
      best = index;
    }
    return best;
  }

  /** Position of a person of the last frame, CSS pixels; null if they are not in the pool. */
  locate(id: number, nowMs = performance.now()): { x: number; y: number } | null {
    const slot = this.#scene.slotOf(id);
    return slot < 0 || this.#scene.poolIndex(slot) < 0 ? null : this.#placeOf(slot, nowMs);
  }

  /** Call it when the device is lost. Nothing is drawn until `restore`. */
  lost(): void {
    if (this.#flat !== null) return;
    this.#draws?.dispose();
    this.#draws = null;
    this.#gpu = null;
  }

  /** Continues with a new device. Returns false if a WebGPU canvas gets none. */
  restore(gpu: SkyGpu | null): boolean {
    if (this.#flat !== null) return true;
    if (gpu === null) return false;
    this.lost();
    this.#gpu = gpu;
    this.#build();
    return true;
  }

  /** Live GPU resources and points, for leak tests. */
  resources(): { buffers: number; bufferBytes: number; points: number; arcs: number } {
    const { buffers, bufferBytes } = this.#draws?.resources() ?? { buffers: 0, bufferBytes: 0 };
    return { buffers, bufferBytes, points: this.#scene.count, arcs: this.#scene.arcCount };
  }

  dispose(): void {
    this.#draws?.dispose();
    this.#draws = null;
    this.#gpu = null;
    this.#scene.clear();
    this.#context?.unconfigure();
  }

  #build(): void {
    this.#draws?.dispose();
    this.#draws = null;
    if (this.#context !== null && this.#gpu !== null)
      this.#draws = new this.#gpu.Renderer(this.#context, this.#gpu.device, this.#view.dark);
    else if (this.#flat !== null) this.#draws = new CanvasRenderer(this.#flat, this.#view.dark);
    this.#fit();
  }

  #fit(): void {
    this.#stale = true;
    if (this.#draws === null) return;
    this.#lens = lensOf(this.#view, this.#draws.budget, this.#crowd);
    if (this.#canvas.width !== this.#lens.width) this.#canvas.width = this.#lens.width;
    if (this.#canvas.height !== this.#lens.height) this.#canvas.height = this.#lens.height;
  }

  #placeOf(slot: number, nowMs: number): { x: number; y: number } {
    this.#scene.placeAt(slot, nowMs, this.#view.reducedMotion, spot);
    return toCss(this.#lens, spot.x, spot.y);
  }
}

const spot = { x: 0, y: 0 };
