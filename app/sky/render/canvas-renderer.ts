import type { SkyView } from '../../engine/api.ts';
import { ARC, POINT } from './fields.ts';
import { budgets, type Lens } from './frame.ts';
import { ease, motion, pairLight, shine, State, visibility } from './motion.ts';
import { skyColours } from '../palette.ts';
import type { Renderer } from './renderer.ts';
import type { SkyScene } from '../scene.ts';
import { makeSprites, SIZES, type Sprites } from './sprites.ts';

/** Every so many frames the renderer waits until the canvas is painted. */
const WAIT_EVERY = 4;

/**
 * Draws the same picture as GpuRenderer with Canvas 2D, from sprites and curves. It serves browsers
 * without WebGPU and software adapters.
 */
export class CanvasRenderer implements Renderer {
  readonly budget = budgets.canvas;
  readonly #dark: boolean;
  readonly #context: OffscreenCanvasRenderingContext2D;
  #sprites: Sprites | null = null;
  #spriteKey = '';
  #frames = 0;

  constructor(context: OffscreenCanvasRenderingContext2D, dark: boolean) {
    this.#context = context;
    this.#dark = dark;
  }

  draw(scene: SkyScene, view: SkyView, lens: Lens, nowMs: number): void {
    const context = this.#context;
    context.globalCompositeOperation = 'source-over';
    context.globalAlpha = 1;
    context.clearRect(0, 0, lens.width, lens.height);
    if (this.#dark) context.globalCompositeOperation = 'lighter';
    const sprites = this.#ready(lens);
    this.#drawArcs(scene, view, lens, sprites, nowMs);
    // Dots that lie on each other keep their colour.
    context.globalCompositeOperation = 'source-over';
    this.#drawPoints(scene, view, lens, sprites, nowMs);
    context.globalAlpha = 1;
    // The browser paints after this function returns. Reading a pixel waits for that, so that the
    // caller can measure what a frame costs.
    if (this.#frames++ % WAIT_EVERY === 0) context.getImageData(0, 0, 1, 1);
  }

  resources(): { buffers: number; bufferBytes: number } {
    return { buffers: 0, bufferBytes: 0 };
  }

  dispose(): void {
    this.#sprites = null;
    this.#spriteKey = '';
  }

  #ready(lens: Lens): Sprites {
    // The dots shrink in steps of 0.05 CSS pixels, so that most ticks can reuse the sprites.
    const dot = lens.scale * 0.05 * Math.round(lens.dot / lens.scale / 0.05);
    const key = `${dot} ${lens.scale} ${lens.halo}`;
    if (this.#sprites === null || key !== this.#spriteKey) {
      this.#sprites = makeSprites({ ...lens, dot }, this.#dark);
      this.#spriteKey = key;
    }
    return this.#sprites;
  }

  #drawPoints(scene: SkyScene, view: SkyView, lens: Lens, { atlas, cell }: Sprites, nowMs: number): void {
    const context = this.#context;
    const p = scene.points;
    const still = view.reducedMotion;
    const now = (nowMs - scene.epoch) / 1000;
    for (let slot = 0; slot < scene.count; slot += 1) {
      const at = slot * POINT.stride;
      const state = p[at + POINT.state];
      const age = now - p[at + POINT.born];
      const since = now - p[at + POINT.since];
      const visible = still
        ? Number(state !== State.leaving)
        : visibility(state, age, since, now - p[at + POINT.parted]);
      if (visible <= 0.004) continue;
      scene.placeAt(slot, nowMs, still, spot);
      const x = lens.centreX + spot.x * lens.reachX;
      const y = lens.centreY - spot.y * lens.reachY;
      const row = p[at + POINT.colour] * cell;
      const size = Math.round(p[at + POINT.waited] * (SIZES - 1));
      const glow = still ? 0 : shine(state, age, since);
      if (glow > 0.02) {
        context.globalAlpha = glow * visible;
        context.drawImage(atlas, SIZES * cell, row, cell, cell, x - cell / 2, y - cell / 2, cell, cell);
      }
      context.globalAlpha = visible;
      context.drawImage(atlas, size * cell, row, cell, cell, x - cell / 2, y - cell / 2, cell, cell);
    }
  }

  /** The arcs of one tick have the same age, so all arcs of a colour share one stroke. */
  #drawArcs(scene: SkyScene, view: SkyView, lens: Lens, sprites: Sprites, nowMs: number): void {
    const { arcs, arcCount } = scene;
    const now = (nowMs - scene.epoch) / 1000;
    let from = 0;
    while (from < arcCount) {
      const start = arcs[from * ARC.stride + ARC.start];
      let to = from + 1;
      while (to < arcCount && arcs[to * ARC.stride + ARC.start] === start) to += 1;
      const since = now - start;
      const parted = now - arcs[from * ARC.stride + ARC.parted];
      const strength = lens.arcs * (view.reducedMotion ? 0.75 : pairLight(since, parted));
      const travelled = view.reducedMotion ? 0.5 : 0.5 * ease(since / motion.meet);
      const moving = !view.reducedMotion && since < motion.meet + motion.settle;
      if (strength > 0.004 && travelled > 0)
        this.#strokeArcs(scene, lens, sprites, from, to, travelled, strength, moving);
      from = to;
    }
  }

  #strokeArcs(
    scene: SkyScene,
    lens: Lens,
    { atlas, cell }: Sprites,
    from: number,
    to: number,
    travelled: number,
    strength: number,
    moving: boolean,
  ): void {
    const context = this.#context;
    const colours = skyColours(this.#dark);
    context.lineWidth = (this.#dark ? 1.2 : 1.1) * lens.scale;
    const glow = 10 * lens.scale;
    for (let colour = 0; colour < colours.length; colour += 1) {
      let any = false;
      context.globalAlpha = 0.6 * strength;
      context.beginPath();
      for (let k = from; k < to; k += 1) {
        for (const end of [0, 1]) {
          if (colourAt(scene.arcs, k, end) !== colour) continue;
          any = true;
          curve(scene.arcs, k, lens, end === 1);
          context.moveTo(ax, ay);
          // The piece from 0 to `travelled` of a quadratic Bezier (de Casteljau).
          const mx = ax + (cx - ax) * travelled;
          const my = ay + (cy - ay) * travelled;
          headOf(travelled);
          context.quadraticCurveTo(mx, my, hx, hy);
        }
      }
      if (!any) continue;
      context.strokeStyle = colours[colour];
      context.stroke();
      if (!moving) continue;
      context.globalAlpha = strength;
      for (let k = from; k < to; k += 1) {
        for (const end of [0, 1]) {
          if (colourAt(scene.arcs, k, end) !== colour) continue;
          curve(scene.arcs, k, lens, end === 1);
          headOf(travelled);
          context.drawImage(
            atlas,
            SIZES * cell,
            colour * cell,
            cell,
            cell,
            hx - glow / 2,
            hy - glow / 2,
            glow,
            glow,
          );
        }
      }
    }
  }
}

const spot = { x: 0, y: 0 };
// The current curve in device pixels, from a to b with control point c; h is the light's position.
let ax = 0;
let ay = 0;
let bx = 0;
let by = 0;
let cx = 0;
let cy = 0;
let hx = 0;
let hy = 0;

/** Colour of an arc's end a (0) or b (1). */
function colourAt(arcs: Float32Array, k: number, end: number): number {
  const both = arcs[k * ARC.stride + ARC.colours];
  return end === 0 ? both & 15 : both >> 4;
}

/** Loads an arc, starting at its end b if `reversed`. */
function curve(arcs: Float32Array, k: number, lens: Lens, reversed: boolean): void {
  const at = k * ARC.stride;
  ax = lens.centreX + arcs[at + ARC.ax] * lens.reachX;
  ay = lens.centreY - arcs[at + ARC.ay] * lens.reachY;
  bx = lens.centreX + arcs[at + ARC.bx] * lens.reachX;
  by = lens.centreY - arcs[at + ARC.by] * lens.reachY;
  const bend = arcs[at + ARC.bend];
  cx = 0.5 * (ax + bx) - (by - ay) * bend;
  cy = 0.5 * (ay + by) + (bx - ax) * bend;
  if (reversed) {
    [ax, bx] = [bx, ax];
    [ay, by] = [by, ay];
  }
}

function headOf(t: number): void {
  const s = 1 - t;
  hx = s * s * ax + 2 * s * t * cx + t * t * bx;
  hy = s * s * ay + 2 * s * t * cy + t * t * by;
}
