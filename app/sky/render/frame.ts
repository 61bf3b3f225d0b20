import type { SkyView } from '../../engine/api.ts';

/** The view as the renderers need it, in device pixels. */
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
  /** Min radius of a dot. */
  readonly dot: number;
  /** Reach of a halo, in radii of the dot. */
  readonly halo: number;
  /** Opacity of the arcs from 0 to 1. Many arcs are drawn more faintly. */
  readonly arcs: number;
}

/** Limits of a renderer. Canvas 2D is slower per pixel. */
export interface Budget {
  readonly maxPixels: number;
  /** Reach of a halo, in radii of the dot. */
  readonly halo: number;
}
export const budgets = {
  gpu: { maxPixels: 9_000_000, halo: 5 },
  canvas: { maxPixels: 1_500_000, halo: 3.6 },
} as const satisfies Record<string, Budget>;

/** Max device pixels per CSS pixel. */
const MAX_RATIO = 2;

/** `crowd`: number of people in the sky (smoothed). The dots shrink as it grows. */
export function lensOf(view: SkyView, budget: Budget, crowd: number): Lens {
  const cssWidth = Math.max(1, view.width);
  const cssHeight = Math.max(1, view.height);
  const scale = Math.min(
    Math.max(0.5, view.devicePixelRatio),
    MAX_RATIO,
    Math.sqrt(budget.maxPixels / (cssWidth * cssHeight)),
  );
  const width = Math.max(1, Math.round(cssWidth * scale));
  const height = Math.max(1, Math.round(cssHeight * scale));
  // The disc stretches to the shape of the view by at most half, and leaves space above and below
  // for text.
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
    halo: budget.halo,
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
