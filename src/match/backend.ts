import type { TokenBatch, Transformer } from '../model/layout/transformer.ts';
import type { RetrievedRows, RetrieveOptions } from '../score/candidates/retrieve.ts';
import type { MatchOptions, Pool, WeightRule } from '../score/types.ts';

/**
 * Real time of each stage in milliseconds. `clock` says which clock: never mix both in one
 * histogram. A GPU is waited for once per tick, so the wall clock sees only what the host does
 * before and after, `upload` and `readback`; the stages on the device are 0 on it.
 */
export interface StageTimes {
  readonly clock: 'wall' | 'gpu';
  readonly upload: number;
  readonly embed: number;
  readonly score: number;
  readonly match: number;
  readonly readback: number;
  /** From request to result, always on the wall clock. */
  readonly total: number;
}

export interface Matching {
  /** i32[n]: position of the partner, -1 for none. mate[mate[i]] = i. */
  readonly mate: Int32Array;
  /** f32[n]: weight of each person's pair as the backend computed it, 0 without a partner. */
  readonly weight: Float32Array;
  /**
   * f32[n]: dual price y_i >= 0, units of weight: how scarce a person's partners are. y_i + y_j >=
   * w_ij on every eligible pair.
   */
  readonly price: Float32Array;
  /** Sum of the weights of the pairs. */
  readonly total: number;
  /** Certificate: sum of y, at least the weight of the optimum with the same threshold. */
  readonly upperBound: number;
  /**
   * (upperBound - gains) / upperBound, where gains are the positive weights of the pairs; 0 if the
   * bound is 0. A policy without a threshold also makes pairs of negative weight. No optimum needs
   * them, and the bound counts none.
   */
  readonly gap: number;
  readonly rounds: number;
  /** Full n x n scans, with partial rescans as fractions. */
  readonly scans: number;
  /** Auction: the certified gap over the rounds of bidding. */
  readonly closing?: readonly { readonly rounds: number; readonly gap: number }[];
  /** f32[n][dim]: the user vectors as scored, if `wantVectors` asked for them. */
  readonly user?: Float32Array;
}

export interface TickResult extends Matching {
  readonly times: readonly StageTimes[];
}

/** Where a tick is computed. */
export interface MatchBackend {
  readonly kind: 'cpu' | 'gpu';
  /** Name of the adapter for people, e.g. "google swiftshader", or "WebAssembly". */
  readonly adapter: string;
  match(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<TickResult>;
  /**
   * Best partners of the first rows of a pool, as `retrieveOnCpu` finds them, entry for entry.
   * Without this method the caller computes them on the CPU.
   */
  retrieve?(pool: Pool, rule: WeightRule, options: RetrieveOptions): Promise<RetrievedRows>;
  /**
   * Session vectors of everyone in the batch, f32[count][size]. Without this method the caller
   * computes them on the CPU.
   */
  sessionVectors?(net: Transformer, batch: TokenBatch): Promise<Float32Array>;
  dispose(): void;
}
