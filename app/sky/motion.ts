/** How long things take in the sky, seconds, and how far they go, in units of the disc. One truth for the shaders, the 2-D renderer and pick. */
export const motion = {
  /** An arrival glows in. */
  arrive: 0.9,
  /** Someone in a new place drifts there. */
  drift: 0.8,
  /** An arc of light from first spark to dark. */
  arc: 0.7,
  /** A matched pair stays until the lights meet, then fades. */
  matched: 0.75,
  /** One who gave up fades, moving outwards by `outwards`. */
  leave: 1.1,
  outwards: 0.14,
} as const;

/** States of a point. */
export const State = { waiting: 0, matched: 1, leaving: 2 } as const;
export type State = (typeof State)[keyof typeof State];

/** Hermite step from 0 to 1, as WGSL's smoothstep(0, 1, t). */
export function ease(t: number): number {
  const x = Math.min(1, Math.max(0, t));
  return x * x * (3 - 2 * x);
}

/** Visibility from 0 to 1 of a point `age` seconds after it appeared and `since` seconds after its state changed. */
export function visibility(state: number, age: number, since: number): number {
  const shown = ease(age / (0.5 * motion.arrive));
  if (state === State.matched) return shown * (1 - ease((since / motion.matched - 0.45) / 0.55));
  if (state === State.leaving) return shown * (1 - ease(since / motion.leave));
  return shown;
}

/** Extra glow from 0 to 1: an arrival shines and calms down, a matched pair lights up when the lights meet. */
export function shine(state: number, age: number, since: number): number {
  const arrival = 1 - ease(age / motion.arrive);
  if (state !== State.matched) return arrival;
  const t = since / motion.matched;
  return Math.max(arrival, ease(t / 0.45) * (1 - ease((t - 0.45) / 0.55)));
}
