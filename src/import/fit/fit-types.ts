import type { OutcomeKind } from './latent.ts';

/**
 * Tastes, popularity and strictness of people from their meetings. The location (natural log seconds) of the time that i would stay with j is
 *
 *   mean + talk_i + charm_j + likeness_ij + taste_i . appeal_j,
 *
 * talk low: strict; charm high: popular; likeness: what the side information of both has in common (likeness.ts). Every part of a person is drawn around what his side information tells of it, with variances that
 * the data decide, so that people of few meetings stay near the others (empirical Bayes). Solved by expectation maximisation: the expected
 * times of both sides given the outcome (latent.ts), then one sweep of coordinate ascent of variational Bayes matrix factorisation (Lim and
 * Teh, KDD Cup Workshop 2007), in which each update is a ridge regression: alternating least squares that know how uncertain they are.
 */
export interface Fit {
  readonly kind: OutcomeKind;
  readonly rank: number;
  readonly mean: number;
  /** Standard deviation of one meeting around its location, ln s. */
  readonly tail: number;
  /** f64[people]. */
  readonly talk: Float64Array;
  readonly charm: Float64Array;
  /** f64[people][rank]. */
  readonly taste: Float64Array;
  readonly appeal: Float64Array;
  /** Side information in which likeness counts, and how much, ln s per product of two standardised values. */
  readonly likeInputs: readonly number[];
  readonly likeWeights: Float64Array;
  readonly sweeps: number;
}

export interface FitOptions {
  readonly kind: OutcomeKind;
  readonly rank: number;
  /** ln seconds beyond which a chat is long: what a yes stands for. */
  readonly threshold: number;
  /** Known for decisions and matches, which do not tell it; a first guess for durations. */
  readonly tail: number;
  readonly seed: number;
  /** Most sweeps; fewer where nothing moves any more. */
  readonly sweeps: number;
  /** Meetings to fit to; default all. */
  readonly rows?: Uint32Array;
  /** Called between sweeps; may wait, may throw. */
  readonly progress?: (share: number) => void | Promise<void>;
}

/** Side information of the people: f32[people][inputs], standardised. */
export interface SideInformation {
  readonly count: number;
  readonly inputs: number;
  readonly x: Float32Array;
}

/** Nothing moves any more: change of a location in one sweep, ln s. */
export const STILL = 2e-4;
/** For so many sweeps the variances of the vectors stay as they began: random vectors must find their direction before they are judged. */
export const WARM_SWEEPS = 15;
/** So many kinds of likeness are kept. */
export const LIKENESSES = 8;
