import { embedTower } from '../../src/model/serve/tower.ts';
import type { Policy } from '../../src/scenario/schema.ts';
import type { Matcher, Pool, WeightRule } from '../../src/score/types.ts';
import type { TickOrder, TickReport } from '../../src/sim/types.ts';
import { copyColumns, copyVectors } from '../engine/matching/sent-pool.ts';

/** The input of one tick: a copy that can be sent to a worker and solved again. */
export interface CapturedTick {
  readonly tick: number;
  readonly scorer: Policy['scorer'];
  /** The matcher that the market itself used. */
  readonly matcher: Matcher;
  /** Without features: every vector is filled in. */
  readonly pool: Pool;
  readonly rule: WeightRule;
  readonly seed: number;
}

/** Copies a tick while its arrays are still valid; see `MarketObserver.ticked`. */
export function captureTick(
  { tick }: TickReport,
  pool: Pool,
  { policy, rule, seed }: TickOrder,
): CapturedTick {
  const { scorer, matcher } = policy;
  return { tick, scorer, matcher, pool: plainPool(pool), rule: { ...rule }, seed };
}

/**
 * A copy of a pool, cut to its n people. The CPU reference of the tower turns features into
 * vectors. A component may differ by one unit from the result of a GPU (see tower.ts).
 */
export function plainPool(pool: Pool): Pool {
  const { n, features } = pool;
  return {
    ...copyColumns(pool),
    ...(features === undefined ? copyVectors(pool) : embedTower(features, n)),
  };
}
