import type { Combination } from './types.ts';

const f = Math.fround;

/** Scores are clamped to this size before exp, so that no weight overflows f32. */
export const MAX_LOG_SCORE = 80;

/**
 * (a, b) -> weight: the two sides' scores s(i,j), s(j,i) in f32 to a weight in f32, without bonus.
 * Symmetric bit for bit.
 */
export type Combine = (a: number, b: number) => number;

/** The rule for one transform and combination. Every operation is rounded to f32. */
export function combiner(transform: 'exp' | 'identity', combination: Combination): Combine {
  if (transform === 'identity') return combination === 'minimum' ? Math.min : half;
  return exponential[combination];
}

function half(a: number, b: number): number {
  return f(f(a + b) * 0.5);
}

function clamp(s: number): number {
  return s > MAX_LOG_SCORE ? MAX_LOG_SCORE : s < -MAX_LOG_SCORE ? -MAX_LOG_SCORE : s;
}

const exponential: Record<Combination, Combine> = {
  product: (a, b) => f(Math.exp(half(clamp(a), clamp(b)))),
  minimum: (a, b) => f(Math.exp(clamp(a < b ? a : b))),
  sum: (a, b) => half(f(Math.exp(clamp(a))), f(Math.exp(clamp(b)))),
  harmonic: (a, b) => f(2 / f(f(Math.exp(-clamp(a))) + f(Math.exp(-clamp(b))))),
};
