/**
 * The words of matching that every backend shares. Indices are positions in the pool, 0 to n - 1;
 * ids are people.
 */

import type { TowerInput } from '../model/layout/tower.ts';

export type Combination = 'product' | 'sum' | 'minimum' | 'harmonic';

export type Matcher = 'random' | 'first-come' | 'greedy' | 'auction';

/** No partner; an empty slot of `recent`. */
export const NONE = 0xffffffff;

/**
 * How many of the last partners are remembered per person, so that they are not met again at once.
 */
export const RECENT_SLOTS = 8;

/**
 * Who waits in this tick, ready to be scored. All arrays are owned by the caller and only read.
 *
 * Score of i for j: s(i, j) = scale * dot(user[i], peer[j]) + bias, with the scale and bias of i's
 * scorer, in natural-log seconds under the transform 'exp', in points under 'identity'. Models
 * deliver integer-valued vectors of norm at most 4,096: then every product and every partial sum is
 * an integer below 2^24, exact in f32 in any order, fused or not, so all backends see the same dots
 * and w(i, j) = w(j, i) bit for bit.
 */
export interface Pool {
  readonly n: number;
  /** Length of a vector, a multiple of 4, at most 128. */
  readonly dim: number;
  /**
   * Where given, the backend computes `user` and `peer` by the embed pass, and the two arrays below
   * are empty.
   */
  readonly features?: TowerInput;
  /** f32[n][dim]: what i looks for. */
  readonly user: Float32Array;
  /** f32[n][dim]: what j is like to others. */
  readonly peer: Float32Array;
  /**
   * f32[n]: the policy's own term per person (waiting bonus, exploration, exposure), in units of
   * weight; both ends' are added.
   */
  readonly bonus: Float32Array;
  /** f32[n]: time waited, seconds; the order of the first-come matcher. */
  readonly waited: Float32Array;
  /** u32[n]: person ids, for the tie-break hash and for `recent`. */
  readonly ids: Uint32Array;
  /**
   * u32[n]: attribute bits one has. (i, j) is admitted only when avoid[i] & have[j] = 0 and
   * avoid[j] & have[i] = 0.
   */
  readonly have: Uint32Array;
  /** u32[n]: attribute bits one does not accept in a partner. */
  readonly avoid: Uint32Array;
  /** u32[n]: languages spoken, one bit each; a pair needs one in common. */
  readonly speaks: Uint32Array;
  /**
   * u32[n][RECENT_SLOTS]: ids met lately, NONE where empty; symmetric (if i remembers j, j
   * remembers i, or one suffices).
   */
  readonly recent: Uint32Array;
  /**
   * f32[terms][n]: the person terms of the rule's formula, in the order that it gives, and the
   * vectors of its tasks.
   */
  readonly terms?: Float32Array;
}

/**
 * A task that a formula reads, such as a report: the chance is 1 / (1 + exp(-s)) with s = scale *
 * dot(user[i], peer[j]) + bias. Both vectors are rows of `Pool.terms`, integers as in the pool.
 */
export interface TaskHead {
  readonly name: string;
  /** First rows of both vectors, and their number: multiples of 4. */
  readonly user: number;
  readonly peer: number;
  readonly length: number;
  readonly scale: number;
  readonly bias: number;
}

/** How scores become weights. */
export interface WeightRule {
  /**
   * Where two scorers share the pool: scale and bias of the people whose `have` has this bit. Their
   * user vectors are zero before component `from`, those of all others from there on.
   */
  readonly second?: {
    readonly bit: number;
    readonly from: number;
    readonly scale: number;
    readonly bias: number;
  };
  /**
   * 'exp': weight = reciprocal mean of exp(s(i,j)), exp(s(j,i)), seconds. 'identity': mean of the
   * points. 'hash': uniform pair hash.
   */
  readonly transform: 'exp' | 'identity' | 'hash';
  readonly scale: number;
  readonly bias: number;
  /**
   * Reciprocal combination of the two sides a, b as a mean: sum (a + b) / 2; product sqrt(a b);
   * minimum; harmonic 2 a b / (a + b). Under 'identity', 'product' and 'harmonic' (which need
   * positive scores) fall back to the arithmetic mean.
   */
  readonly combination: Combination;
  /**
   * A pair whose weight (bonus included) is not above it is not eligible; -Infinity switches it
   * off.
   */
  readonly threshold: number;
  /**
   * Text of the policy's own formula, in the place of the combination (scenario/formula). The
   * weight is its value plus both bonuses.
   */
  readonly formula?: string;
  /** The tasks that the formula reads. */
  readonly tasks?: readonly TaskHead[];
}

export interface MatchOptions {
  readonly matcher: Matcher;
  /** For pair hashes: ties, the random matcher, the random scorer. */
  readonly seed: number;
  /** Candidates kept per row; default 16. */
  readonly candidates?: number;
  /**
   * Auction: epsilon as a share of the mean weight of a pair, by the first certificate; default
   * .001.
   */
  readonly epsilon?: number;
  /**
   * Auction: prices as they were found before, f32[n], 0 where unknown (warm start), in units of
   * weight.
   */
  readonly prices?: Float32Array;
  /**
   * Auction: stop after this many bidding rounds; what is then unassigned is paired greedily.
   * Default 2,000.
   */
  readonly maxRounds?: number;
  /** Auction: stop at this certified gap, a share of the bound; default .001. */
  readonly gap?: number;
  /**
   * Auction: stop after so many milliseconds of real time. Results then depend on the machine;
   * default: no limit.
   */
  readonly budgetMs?: number;
  /** Return the user vectors with the result, for the picture of the pool; default false. */
  readonly wantVectors?: boolean;
}
