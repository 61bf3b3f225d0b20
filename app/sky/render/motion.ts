/**
 * Durations (seconds) and distances (in radii of the disc) of the animation, shared by the shader,
 * the Canvas 2D renderer and `pick`.
 */
export const motion = {
  /** An arrival fades in with a glow. */
  arrive: 0.9,
  /** A point moves to its new position. */
  drift: 0.8,
  /** From the pairing until the lights that run along its arc meet. */
  meet: 0.42,
  /** Then pair and arc dim to `held` of their strength until the next tick. */
  settle: 0.5,
  held: 0.6,
  /** At the next tick the pair leaves for its chat: both points fade. */
  part: 0.5,
  /** A person who gave up fades while moving outwards by `outwards`. */
  leave: 1.1,
  outwards: 0.14,
} as const;

/** States of a point. */
export const State = { waiting: 0, matched: 1, leaving: 2 } as const;
export type State = (typeof State)[keyof typeof State];

/** Hermite interpolation from 0 to 1, as WGSL's smoothstep(0, 1, t). */
export function ease(t: number): number {
  const x = Math.min(1, Math.max(0, t));
  return x * x * (3 - 2 * x);
}

/**
 * Brightness of a pair, from 1: it dims after the lights meet and reaches 0 after the next tick
 * (`parted` seconds ago).
 */
export function pairLight(since: number, parted: number): number {
  const calm = 1 - (1 - motion.held) * ease((since - motion.meet) / motion.settle);
  return calm * (1 - ease(parted / motion.part));
}

/**
 * Visibility from 0 to 1 of a point `age` seconds after it appeared, `since` seconds after its
 * state changed.
 */
export function visibility(state: number, age: number, since: number, parted: number): number {
  const shown = ease(age / (0.5 * motion.arrive));
  if (state === State.matched) return shown * pairLight(since, parted);
  if (state === State.leaving) return shown * (1 - ease(since / motion.leave));
  return shown;
}

/** Extra glow from 0 to 1: an arrival glows and dims; a matched pair glows when the lights meet. */
export function shine(state: number, age: number, since: number): number {
  const arrival = 1 - ease(age / motion.arrive);
  if (state !== State.matched) return arrival;
  return Math.max(arrival, ease(since / motion.meet) * (1 - ease((since - motion.meet) / motion.settle)));
}
