import { exactMatching } from '../../src/match/exact.ts';
import { poolSource } from '../../src/match/weights.ts';
import { plainRule } from '../../src/gpu/probe.ts';
import { familyPool } from '../../src/gpu/testing/pools.ts';
import type { PoolFamily } from '../../src/gpu/testing/pools.ts';

export interface ExactRow {
  readonly family: string;
  readonly n: number;
  readonly dim: number;
  readonly ms: number;
  readonly rounds: number;
  readonly scans: number;
  readonly weight: number;
  /** 0 or below: no pair violates the duals. */
  readonly worstReducedCost: number;
}

/** The true optimum on one thread. */
export function benchExact(family: PoolFamily, n: number, dim: number): ExactRow {
  const pool = familyPool({ family, n, dim, seed: 7 });
  const start = performance.now();
  const { rounds, scans, weight, worstReducedCost } = exactMatching(poolSource(pool, plainRule, 7));
  return { family, n, dim, ms: performance.now() - start, rounds, scans, weight, worstReducedCost };
}
