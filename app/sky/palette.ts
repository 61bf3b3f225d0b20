import type { SkyView } from '../engine/api.ts';

/** Number of segment colours. Segments also differ by shape; waiting time has a perceptual ramp. */
export const SEGMENTS = 8;
/** Number of ramp colours. They follow the segments in the colour table. */
export const RAMP = 8;

/** Names of the shapes in the order of `shapeDistance` in shaders/sky/sky.wgsl. */
export const segmentShapes = [
  'circle',
  'triangle',
  'square',
  'diamond',
  'cross',
  'triangle-down',
  'star',
  'ring',
] as const;

const hues = {
  dark: ['#6cb2ff', '#ffb454', '#5fd3b0', '#ee8fcf', '#a78bfa', '#c3c8d2', '#ff7f6e', '#b9dc6c'],
  light: ['#0a6fc2', '#b8620a', '#0d7f62', '#a93480', '#6a55d4', '#565f6d', '#bf372b', '#5c7a10'],
} as const;

/**
 * From "just arrived" to "has waited long", in even steps of lightness: dim violet to bright amber
 * (dark theme), pale to deep (light theme).
 */
const ramps = {
  dark: ['#5a5391', '#77579d', '#965ca0', '#b5639a', '#d06d8b', '#e58077', '#f49b63', '#ffbd59'],
  light: ['#c9a878', '#c79255', '#c17a39', '#b56227', '#a24a1e', '#89341c', '#6d221b', '#4f1416'],
} as const;

/** '#rrggbb' for the eight segments and then the ramp. */
export function skyColours(dark: boolean): readonly string[] {
  const mode = dark ? 'dark' : 'light';
  return [...hues[mode], ...ramps[mode]];
}

/** The red, green and blue components, from 0 to 1. */
export function rgb(hex: string): [number, number, number] {
  const word = Number.parseInt(hex.slice(1), 16);
  return [(word >> 16) / 255, ((word >> 8) & 255) / 255, (word & 255) / 255];
}

/** Waiting time at which the ramp and the size of a dot reach their maximum, seconds. */
export const LONG_WAIT = 30;

/** Waiting time mapped to [0, 1] on a logarithmic scale. */
export function waitShare(seconds: number): number {
  return Math.min(1, Math.log1p(Math.max(0, seconds)) / Math.log1p(LONG_WAIT));
}

/** Index into {@link skyColours}; `waited` is a {@link waitShare}. */
export function colourIndex(colourBy: SkyView['colourBy'], segment: number, waited: number): number {
  if (colourBy !== 'waited') return segment % SEGMENTS;
  return SEGMENTS + Math.min(RAMP - 1, Math.floor(waited * RAMP));
}

/** Shape of a colour index. The colours of the ramp are all circles. */
export function shapeIndex(colour: number): number {
  return colour < SEGMENTS ? colour : 0;
}
