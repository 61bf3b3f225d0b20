import type { Lens } from './frame.ts';
import { shapeIndex, skyColours } from '../palette.ts';

/**
 * Number of prepared sizes of a dot, from the min radius to the max, as in shaders/sky/sky.wgsl.
 */
export const SIZES = 4;
const SMALLEST = 0.8;
const GROWTH = 0.9;

/**
 * Dots of every colour and size, and one glow per colour. They are drawn once per lens; a frame
 * only copies them.
 */
export interface Sprites {
  readonly atlas: OffscreenCanvas;
  /** Width and height of a cell, device pixels. Row: colour; columns: sizes, then the glow. */
  readonly cell: number;
}

export function makeSprites(lens: Lens, dark: boolean): Sprites {
  const colours = skyColours(dark);
  const largest = lens.dot * (SMALLEST + GROWTH) * (dark ? lens.halo : 1.8);
  const cell = 2 * Math.ceil(largest + 2);
  const atlas = new OffscreenCanvas(cell * (SIZES + 1), cell * colours.length);
  const context = atlas.getContext('2d');
  if (context === null) return { atlas, cell };
  colours.forEach((colour, row) => {
    for (let size = 0; size < SIZES; size += 1) {
      context.setTransform(1, 0, 0, 1, (size + 0.5) * cell, (row + 0.5) * cell);
      const radius = lens.dot * (SMALLEST + (GROWTH * size) / (SIZES - 1));
      if (dark) glow(context, colour, radius * lens.halo, 0.3);
      context.globalAlpha = dark ? 0.96 : 0.9;
      context.fillStyle = dark ? towardsWhite(colour, 0.12) : colour;
      context.fill(shapePath(shapeIndex(row), radius), 'evenodd');
    }
    context.setTransform(1, 0, 0, 1, (SIZES + 0.5) * cell, (row + 0.5) * cell);
    glow(context, towardsWhite(colour, dark ? 0.4 : 0), cell / 2, dark ? 0.8 : 0.35);
  });
  return { atlas, cell };
}

function glow(
  context: OffscreenCanvasRenderingContext2D,
  colour: string,
  reach: number,
  strength: number,
): void {
  const gradient = context.createRadialGradient(0, 0, 0, 0, 0, reach);
  // A piecewise linear version of the cubic halo in the shader.
  for (const t of [0, 0.15, 0.3, 0.5, 0.75, 1])
    gradient.addColorStop(t, colour + hexByte(strength * (1 - t) ** 3));
  context.globalAlpha = 1;
  context.fillStyle = gradient;
  context.fillRect(-reach, -reach, 2 * reach, 2 * reach);
}

/**
 * Outline of a shape with the area of a disc of radius r. Same as shapeDistance in
 * shaders/sky/sky.wgsl.
 */
function shapePath(shape: number, r: number): Path2D {
  const path = new Path2D();
  const polygon = (...at: number[]) => {
    for (let k = 0; k < at.length; k += 2) path.lineTo(at[k] * r, at[k + 1] * r);
    path.closePath();
  };
  switch (shape) {
    case 1:
      polygon(0, -1.555, 1.347, 0.7775, -1.347, 0.7775);
      break;
    case 2:
      polygon(-0.886, -0.886, 0.886, -0.886, 0.886, 0.886, -0.886, 0.886);
      break;
    case 3:
      polygon(0, -1.253, 1.253, 0, 0, 1.253, -1.253, 0);
      break;
    case 4: {
      const [a, b] = [0.42, 1.25];
      polygon(-a, -b, a, -b, a, -a, b, -a, b, a, a, a, a, b, -a, b, -a, a, -b, a, -b, -a, -a, -a);
      break;
    }
    case 5:
      polygon(0, 1.555, 1.347, -0.7775, -1.347, -0.7775);
      break;
    case 6: {
      const [tip, dent] = [1.818, 0.4545];
      polygon(0, -tip, dent, -dent, tip, 0, dent, dent, 0, tip, -dent, dent, -tip, 0, -dent, -dent);
      break;
    }
    case 7:
      path.arc(0, 0, 1.32 * r, 0, 2 * Math.PI);
      path.moveTo(0.68 * r, 0);
      path.arc(0, 0, 0.68 * r, 0, 2 * Math.PI);
      break;
    default:
      path.arc(0, 0, r, 0, 2 * Math.PI);
  }
  return path;
}

function towardsWhite(colour: string, share: number): string {
  const mixed = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return hexByte(value + (1 - value) * share);
  });
  return `#${mixed.join('')}`;
}

function hexByte(share: number): string {
  return Math.round(255 * Math.min(1, Math.max(0, share)))
    .toString(16)
    .padStart(2, '0');
}
