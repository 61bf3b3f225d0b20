import type { TokenBatch, Transformer } from '../model/layout/transformer.ts';
import type { MatchOptions, Pool, WeightRule } from '../score/types.ts';

/** Real time of each stage in milliseconds. `clock` says which clock: the two are never mixed in one histogram. */
export interface StageTimes {
  readonly clock: 'wall' | 'gpu';
  readonly upload: number;
  readonly embed: number;
  readonly score: number;
  readonly match: number;
  readonly readback: number;
  /** From request to result on the wall clock, always. */
  readonly total: number;
}

export interface Matching {
  /** i32[n]: position of the partner, -1 for none. mate[mate[i]] = i. */
  readonly mate: Int32Array;
  /** f32[n]: weight of one's pair as the backend computed it, 0 without a partner. */
  readonly weight: Float32Array;
  /** f32[n]: dual price y_i >= 0, units of weight: a picture of scarcity. y_i + y_j >= w_ij on every eligible pair. */
  readonly price: Float32Array;
  /** Sum of the weights of the pairs. */
  readonly total: number;
  /** Certificate: sum of y, at least the optimum's weight (with the same threshold). */
  readonly upperBound: number;
  /**
   * (upperBound - gains) / upperBound, where gains are the positive weights of the pairs; 0 where the bound is 0. Pairs of negative weight
   * are made too where the policy has no threshold, but no best matching needs them, and the bound counts none.
   */
  readonly gap: number;
  readonly rounds: number;
  /** Full N x N scans, with partial rebuilds as fractions. */
  readonly scans: number;
  /** Auction: the certified gap after so many bidding rounds, as it closed. */
  readonly closing?: readonly { readonly rounds: number; readonly gap: number }[];
  /** f32[n][dim]: the user vectors as scored, where `wantVectors` asked for them. */
  readonly user?: Float32Array;
}

export interface TickResult extends Matching {
  readonly times: readonly StageTimes[];
}

/** Where a tick is computed. */
export interface MatchBackend {
  readonly kind: 'cpu' | 'gpu';
  /** Adapter as a person reads it, e.g. "google swiftshader", or "JavaScript". */
  readonly adapter: string;
  match(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<TickResult>;
  /** e_session of everybody in the batch, f32[count][size]; where it is missing, the caller computes it in plain typed arrays. */
  sessionVectors?(net: Transformer, batch: TokenBatch): Promise<Float32Array>;
  dispose(): void;
}
