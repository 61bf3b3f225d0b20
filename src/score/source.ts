import { pairHash } from '../base/hash.ts';
import type { ScoreKernel } from './kernel-input.ts';
import type { NearPairs } from './candidates/near.ts';

/**
 * All pairs of n people, one row at a time and never stored: the input of every matcher on the CPU.
 * Pools, graphs and imported embeddings are all sources. Weights are symmetric, finite where
 * eligible, and in float64 (exact images of f32 for pools).
 */
export interface PairSource {
  readonly n: number;
  /**
   * Writes the weight of (i, j) to out[j] for every j in [from, n): -Infinity for j = i and where
   * not eligible. The expensive part of eligibility (recent partners) is left to `admits`.
   */
  row(i: number, from: number, out: Float64Array): void;
  /** The expensive part of eligibility; called only for pairs that would enter a list. */
  admits(i: number, j: number): boolean;
  /** Weight of one pair, -Infinity where not eligible for any reason. */
  weight(i: number, j: number): number;
  /**
   * Symmetric. Among equal weights the pair with the smaller value goes first, then that of the
   * smaller ids.
   */
  tie(i: number, j: number): number;
  /** u32[n]: ids for the last step of the order. */
  readonly ids: Uint32Array;
  /**
   * A fast search for the pairs of large weight (see {@link NearPairs}), eligible up to `admits`,
   * where the source has one. Built at the first call.
   */
  readonly dense?: (() => NearPairs | undefined) | undefined;
  /** The scoring kernel, where the source has one. Built at the first call. */
  readonly kernel?: (() => ScoreKernel | undefined) | undefined;
}

/** Memoizes a function without arguments. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * Whether (i, j) of weight v goes before (k, l) of weight w in the total order of pairs, which the
 * shaders share.
 */
export function goesBefore(
  source: PairSource,
  v: number,
  i: number,
  j: number,
  w: number,
  k: number,
  l: number,
): boolean {
  if (v !== w) return v > w;
  const s = source.tie(i, j);
  const t = source.tie(k, l);
  if (s !== t) return s < t;
  const { ids } = source;
  const a = Math.min(ids[i], ids[j]);
  const b = Math.min(ids[k], ids[l]);
  if (a !== b) return a < b;
  return Math.max(ids[i], ids[j]) < Math.max(ids[k], ids[l]);
}

/** The ids 0 to n - 1. */
export function countingIds(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i);
}

/** Orders equal weights by a symmetric hash of both ids, which favours nobody. */
export function hashTie(ids: Uint32Array, seed: number): (i: number, j: number) => number {
  return (i, j) => pairHash(ids[i], ids[j], seed);
}

/**
 * The same pairs in another order: `row` gives `key(i, j)` (symmetric, finite) instead of the
 * weight. Eligibility and `weight` are those of the base.
 */
export function withKey(base: PairSource, key: (i: number, j: number) => number): PairSource {
  return {
    n: base.n,
    ids: base.ids,
    row(i, from, out) {
      base.row(i, from, out);
      for (let j = from; j < base.n; j++) if (out[j] !== -Infinity) out[j] = key(i, j);
    },
    admits: (i, j) => base.admits(i, j),
    weight: (i, j) => base.weight(i, j),
    tie: (i, j) => base.tie(i, j),
  };
}
