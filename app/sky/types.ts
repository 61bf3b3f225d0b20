import type { SkyView } from '../engine/api.ts';

/** What a tick tells the sky. Arrays are read during the call and not kept. */
export interface SkyFrame {
  /** How many wait in this tick, those just paired included. */
  readonly n: number;
  /** u32[n]: person ids, each at most once. */
  readonly ids: Uint32Array;
  /** f32[n][2]: places on the unit disc, y upwards, from the projector. */
  readonly positions: Float32Array;
  /**
   * u8[n]: segment under `SkyView.colourBy`, taken modulo the palette's length; not read under
   * 'waited'.
   */
  readonly segment: Uint8Array;
  /** f32[n]: seconds waited so far; a longer wait is a larger dot. */
  readonly waited: Float32Array;
  /** u8[n]: bits of {@link Flag}. */
  readonly flags: Uint8Array;
  /** u32[m][2]: the pairs just made, as positions in the pool. */
  readonly pairs: Uint32Array;
  /** u32[]: ids of those who gave up waiting since the last frame. */
  readonly left: Uint32Array;
}

/** Bits of `SkyFrame.flags`. */
export const Flag = { selected: 1 } as const;

/** A pool as a living picture on one canvas. */
export interface SkyCanvas {
  /** 'gpu' or '2d': what draws. It is settled with the canvas and never changes. */
  readonly renderer: 'gpu' | '2d';
  /** The picture goes over from the last tick to this one. */
  setPeople(frame: SkyFrame, nowMs?: number): void;
  setView(view: SkyView): void;
  /**
   * Other segments for the people of the last frame (u8[n]), after a change of `colourBy` while no
   * tick runs.
   */
  recolour(segment: Uint8Array): void;
  /**
   * Draws the picture of that moment; true when something is still moving, false when the next
   * frame would be the same.
   */
  draw(nowMs: number): boolean;
  /**
   * Position in the pool (as of the last setPeople) of the person within 12 CSS pixels of a point,
   * or -1.
   */
  pick(x: number, y: number, nowMs?: number): number;
  /** Where a person of the last frame is, in CSS pixels; null when not in the sky. */
  locate(id: number, nowMs?: number): { x: number; y: number } | null;
  /** The device is gone: nothing is drawn until `restore`. */
  lost(): void;
  /**
   * Goes on with a new device. False when this canvas cannot (it was a WebGPU canvas and there is
   * no device any more).
   */
  restore(device: GPUDevice | null): boolean;
  /** Resolves to what WebGPU had to say against the pipelines, '' when nothing. */
  checked(): Promise<string>;
  /** Live GPU resources and points, for leak tests. */
  resources(): { buffers: number; bufferBytes: number; points: number; arcs: number };
  dispose(): void;
}
