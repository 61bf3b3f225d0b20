/**
 * Layout of a point and of an arc in floats, shared with shaders/sky.wgsl. Times are seconds since
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
  /** When a pair left for its chat; far in the future until then. Float 11 is padding. */
  parted: 10,
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
