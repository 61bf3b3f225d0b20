import type { TowerInput } from '../../../src/model/layout/tower.ts';
import { RECENT_SLOTS, type Pool } from '../../../src/score/types.ts';

/** How many towers and transformers a matching worker keeps: those of two markets. */
export const KEPT = 4;

/**
 * A pool as it is sent to a worker. Its tower, if any, was sent before and is named by its number.
 */
export type SentPool = Omit<Pool, 'features'> & {
  readonly features?: Omit<TowerInput, 'tower'> & { readonly tower: number };
};

/** A copy of a pool's columns, cut to its n people. Vectors and features are left to the caller. */
export function copyColumns(pool: Pool): Omit<Pool, 'user' | 'peer' | 'features'> {
  const { n, dim } = pool;
  return {
    n,
    dim,
    bonus: pool.bonus.slice(0, n),
    waited: pool.waited.slice(0, n),
    ids: pool.ids.slice(0, n),
    have: pool.have.slice(0, n),
    avoid: pool.avoid.slice(0, n),
    speaks: pool.speaks.slice(0, n),
    recent: pool.recent.slice(0, n * RECENT_SLOTS),
    ...(pool.terms && { terms: pool.terms.slice() }),
  };
}

/** A copy of a pool's vectors, cut to its n people. */
export function copyVectors({ n, dim, user, peer }: Pool): Pick<Pool, 'user' | 'peer'> {
  return { user: user.slice(0, n * dim), peer: peer.slice(0, n * dim) };
}

/** The buffers of all arrays in a plain object, to be transferred to another thread. */
export function buffersIn(value: object): ArrayBuffer[] {
  return Object.values(value).flatMap((part: unknown) => {
    if (ArrayBuffer.isView(part)) return part.buffer instanceof ArrayBuffer ? [part.buffer] : [];
    return typeof part === 'object' && part !== null ? buffersIn(part) : [];
  });
}
