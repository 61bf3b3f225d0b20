import type { MeetingOutcome } from './latent.ts';

/**
 * Estimates the tastes, popularity and strictness of people from their meetings. The location
 * (natural log seconds) of the time that i would stay with j is
 *
 *   mean + talk_i + charm_j + likeness_ij + taste_i . appeal_j,
 *
 * Low talk means strict, high charm means popular, and likeness is what the side information of
 * both has in common (likeness.ts). The prior of each parameter of a person is centred on a
 * prediction from their side information, and the data set the variances (empirical Bayes), so that
 * people with few meetings stay near the prediction. The solver is expectation maximisation: the
 * expected times of both sides given the outcome (latent.ts), then one sweep of coordinate ascent
 * of variational Bayes matrix factorisation (Lim and Teh, KDD Cup Workshop 2007), in which each
 * update is a ridge regression.
 */
export interface Fit {
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
  /** Inputs for which likeness counts; their weights, ln s per product of standardised values. */
  readonly likeInputs: readonly number[];
  readonly likeWeights: Float64Array;
}

export interface FitOptions {
  readonly kind: MeetingOutcome;
  readonly rank: number;
  /** ln seconds from which a chat is long; a yes means at least that. */
  readonly threshold: number;
  /** Fixed for decisions and matches, which do not determine it; the first value for durations. */
  readonly tail: number;
  readonly seed: number;
  /** Maximum number of sweeps; fewer where the fit converges. */
  readonly sweeps: number;
  /** Meetings to fit to; by default all. */
  readonly rows?: Uint32Array;
  /** Called between sweeps. It may wait, and it may throw to stop the fit. */
  readonly progress?: (share: number) => void | Promise<void>;
}

/** Side information of the people: f32[people][inputs], standardised. */
export interface SideInformation {
  readonly count: number;
  readonly inputs: number;
  readonly x: Float32Array;
}

/** The fit has converged when the mean change of a location in one sweep is below this, ln s. */
export const CONVERGED = 2e-4;
/** Number of first sweeps in which the variances of the (initially random) vectors stay fixed. */
export const WARM_SWEEPS = 15;
/** Number of kinds of likeness that are kept. */
export const LIKENESSES = 8;
