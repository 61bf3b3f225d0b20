/**
 * Floats of a point and of an arc as the renderers read them. Times are seconds since
 * `Scene.epoch`.
 */
export const POINT = {
  stride: 12,
  fromX: 0,
  fromY: 1,
  toX: 2,
  toY: 3,
  moved: 4,
  born: 5,
  state: 6,
  since: 7,
  colour: 8,
  waited: 9,
  flags: 10,
  /** When a pair went to its chat; far in the future before. */
  parted: 11,
} as const;
export const ARC = {
  stride: 8,
  ax: 0,
  ay: 1,
  bx: 2,
  by: 3,
  start: 4,
  /** Colour of a + 16 times the colour of b. */
  colours: 5,
  bend: 6,
  parted: 7,
} as const;
