import { RECENT_SLOTS, type Matcher, type Pool, type WeightRule } from '../../src/score/types.ts';
import { embedTower } from '../../src/model/serve/tower.ts';
import type { Policy } from '../../src/scenario/schema.ts';
import type { TickOrder, TickReport } from '../../src/sim/types.ts';

/** What one tick had to solve: a copy that can be sent anywhere and solved again. */
export interface CapturedTick {
  readonly tick: number;
  /** Simulated seconds since opening. */
  readonly time: number;
  readonly scorer: Policy['scorer'];
  /** The matcher that the market itself used. */
  readonly matcher: Matcher;
  /** Without features: every vector is filled in. */
  readonly pool: Pool;
  readonly rule: WeightRule;
  readonly seed: number;
}

/** Copies a tick while its arrays still hold; see `MarketObserver.ticked`. */
export function captureTick(
  { tick, time }: TickReport,
  pool: Pool,
  { policy, rule, seed }: TickOrder,
): CapturedTick {
  const { scorer, matcher } = policy;
  return { tick, time, scorer, matcher, pool: plainPool(pool), rule: { ...rule }, seed };
}

/**
 * A copy of a pool, cut to its n people. Features become vectors by the tower's CPU twin, which may differ by one unit in a component
 * from what a GPU computed (see tower.ts).
 */
export function plainPool(pool: Pool): Pool {
  const { n, dim, features } = pool;
  const vectors =
    features === undefined
      ? { user: pool.user.slice(0, n * dim), peer: pool.peer.slice(0, n * dim) }
      : embedTower(features, n);
  return {
    n,
    dim,
    ...vectors,
    bonus: pool.bonus.slice(0, n),
    waited: pool.waited.slice(0, n),
    ids: pool.ids.slice(0, n),
    have: pool.have.slice(0, n),
    avoid: pool.avoid.slice(0, n),
    speaks: pool.speaks.slice(0, n),
    recent: pool.recent.slice(0, n * RECENT_SLOTS),
  };
}

/** The buffers to transfer when it is posted to another thread. */
export function captureBuffers({ pool }: CapturedTick): ArrayBuffer[] {
  return Object.values(pool).flatMap((part: unknown) =>
    ArrayBuffer.isView(part) && part.buffer instanceof ArrayBuffer ? [part.buffer] : [],
  );
}
