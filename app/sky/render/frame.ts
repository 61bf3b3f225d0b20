import type { SkyView } from '../../engine/api.ts';
import { MAX_ARCS, MAX_POINTS } from '../scene.ts';
import type { Most } from '../types.ts';

/** What the renderers need to know of the view, in device pixels. */
export interface Lens {
  readonly width: number;
  readonly height: number;
  readonly centreX: number;
  readonly centreY: number;
  /** Half axes of the disc. */
  readonly reachX: number;
  readonly reachY: number;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
  /** Smallest radius of a dot. */
  readonly dot: number;
  /** Reach of the halo of one who shines, and of one who just waits, in radii of the dot. */
  readonly halo: number;
  readonly rest: number;
  /** Strength of the arcs from 0 to 1: many at once are drawn more faintly. */
  readonly arcs: number;
}

/** How much a renderer may draw: a software rasteriser pays for every pixel and corner. */
export interface Budget extends Most {
  readonly maxRatio: number;
  readonly maxPixels: number;
  readonly halo: number;
  readonly rest: number;
  /** Up to so many people those who shine do so in full. */
  readonly shining: number;
  /** Least time between two frames, milliseconds. */
  readonly frameMs: number;
  /** Straight pieces of an arc. */
  readonly segments: number;
}
const everybody = { points: MAX_POINTS, arcs: MAX_ARCS, shining: Infinity };
export const budgets = {
  gpu: { maxRatio: 2, maxPixels: 9_000_000, halo: 5, rest: 5, frameMs: 0, segments: 20, ...everybody },
  // Some 50 ms a frame at most on two slow threads: it shares them with the matching, and the page waits for its frames.
  software: {
    maxRatio: 1,
    maxPixels: 320_000,
    halo: 3.2,
    rest: 1.9,
    shining: 1000,
    frameMs: 80,
    segments: 12,
    points: 2000,
    arcs: 400,
  },
  canvas: { maxRatio: 2, maxPixels: 1_500_000, halo: 3.6, rest: 3.6, frameMs: 0, segments: 20, ...everybody },
} as const satisfies Record<string, Budget>;

/** `crowd`: how many people are in the sky (smoothed); the dots shrink as it grows. */
export function lensOf(view: SkyView, budget: Budget, crowd: number): Lens {
  const cssWidth = Math.max(1, view.width);
  const cssHeight = Math.max(1, view.height);
  const scale = Math.min(
    Math.max(0.5, view.devicePixelRatio),
    budget.maxRatio,
    Math.sqrt(budget.maxPixels / (cssWidth * cssHeight)),
  );
  const width = Math.max(1, Math.round(cssWidth * scale));
  const height = Math.max(1, Math.round(cssHeight * scale));
  // The disc is stretched towards the view, but never by more than half; room above and below stays for the page's words.
  const reachX = Math.min(0.485 * width, 0.66 * height);
  const reachY = Math.min(0.425 * height, 0.75 * width);
  const spacing = Math.sqrt((cssWidth * cssHeight) / Math.max(1, crowd));
  const dot = scale * Math.min(3.4, Math.max(1, 0.85 + 0.04 * spacing));
  return {
    width,
    height,
    centreX: width / 2,
    centreY: height * 0.505,
    reachX,
    reachY,
    scale,
    dot,
    halo: Math.max(
      budget.rest / 1.4,
      budget.halo * Math.min(1, Math.sqrt(budget.shining / Math.max(1, crowd))),
    ),
    rest: budget.rest,
    arcs: Math.min(1, Math.max(0.5, Math.sqrt(900 / Math.max(1, crowd)))),
  };
}

/** From the disc (y upwards) to CSS pixels. */
export function toCss(lens: Lens, x: number, y: number): { x: number; y: number } {
  return {
    x: (lens.centreX + x * lens.reachX) / lens.scale,
    y: (lens.centreY - y * lens.reachY) / lens.scale,
  };
}
