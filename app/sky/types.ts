import type { SkyView } from '../engine/api.ts';

/** The result of a tick as the sky needs it. The arrays are read during the call and not kept. */
export interface SkyFrame {
  /** Number of people in the pool of this tick, including those who were just paired. */
  readonly n: number;
  /** u32[n]: person ids, each at most once. */
  readonly ids: Uint32Array;
  /** f32[n][2]: positions on the unit disc, y upwards, from the projector. */
  readonly positions: Float32Array;
  /**
   * u8[n]: segment under `SkyView.colourBy`, taken modulo the length of the palette. Ignored
   * under 'waited'.
   */
  readonly segment: Uint8Array;
  /** f32[n]: seconds waited so far. A longer wait gives a larger dot. */
  readonly waited: Float32Array;
  /** u32[m][2]: the new pairs, as indices into the pool. */
  readonly pairs: Uint32Array;
  /** u32[]: ids of the people who gave up waiting since the last frame. */
  readonly left: Uint32Array;
}

/** An animated picture of the pool on one canvas. */
export interface SkyCanvas {
  /** Starts the transition from the last tick to this one. */
  setPeople(frame: SkyFrame, nowMs?: number): void;
  setView(view: SkyView): void;
  /** Replaces the segments (u8[n]) of the last frame, after a change of `colourBy`. */
  recolour(segment: Uint8Array): void;
  /** Draws the picture at `nowMs`. Returns false if the next frame would be the same. */
  draw(nowMs: number): boolean;
  /**
   * Index into the pool of the last setPeople of the nearest person within 12 CSS pixels, or -1.
   */
  pick(x: number, y: number, nowMs?: number): number;
  /** Position of a person of the last frame, CSS pixels; null if they are not in the pool. */
  locate(id: number, nowMs?: number): { x: number; y: number } | null;
  /** Call it when the device is lost. Nothing is drawn until `restore`. */
  lost(): void;
  /** Continues with a new device. Returns false if a WebGPU canvas gets none. */
  restore(device: GPUDevice | null): boolean;
  /** Live GPU resources and points, for leak tests. */
  resources(): { buffers: number; bufferBytes: number; points: number; arcs: number };
  dispose(): void;
}
