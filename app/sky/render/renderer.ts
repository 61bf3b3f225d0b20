import type { SkyView } from '../../engine/api.ts';
import type { Budget, Lens } from './frame.ts';
import type { SkyScene } from '../scene.ts';

/** Draws a scene on a canvas of its own. */
export interface Renderer {
  readonly budget: Budget;
  /** The mode it was made for; a change of mode needs a new one. */
  readonly dark: boolean;
  draw(scene: SkyScene, view: SkyView, lens: Lens, nowMs: number): void;
  /** What the validation had to say, '' when nothing. */
  checked(): Promise<string>;
  resources(): { buffers: number; bufferBytes: number };
  dispose(): void;
}
