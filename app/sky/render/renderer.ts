import type { SkyView } from '../../engine/api.ts';
import type { Budget, Lens } from './frame.ts';
import type { SkyScene } from '../scene.ts';

/** Draws a scene on one canvas. A change between light and dark needs a new renderer. */
export interface Renderer {
  readonly budget: Budget;
  draw(scene: SkyScene, view: SkyView, lens: Lens, nowMs: number): void;
  resources(): { buffers: number; bufferBytes: number };
  dispose(): void;
}
