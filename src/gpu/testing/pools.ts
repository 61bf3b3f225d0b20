import { Stream, uniform } from '../../base/hash.ts';
import { NONE, RECENT_SLOTS } from '../../score/types.ts';
import type { Pool } from '../../score/types.ts';

/** Families of pools, each hard for some pass. */
export const poolFamilies = [
  'random',
  'clustered',
  'hubs',
  'equal',
  'popularity',
  'star',
  'duplicates',
  'nobody',
  'one pair',
  'islands',
] as const;
export type PoolFamily = (typeof poolFamilies)[number];

export interface PoolOptions {
  readonly family: PoolFamily;
  readonly n: number;
  readonly seed?: number;
  readonly dim?: number;
  /** Only people at even and odd positions may meet. */
  readonly twoSided?: boolean;
  /** Share of filled memory slots, 0 to 1. */
  readonly recent?: number;
}

/** A pool of the family with integer-valued vectors. */
export function familyPool(options: PoolOptions): Pool {
  const { family, n, seed = 1, dim = 8, twoSided = false, recent: share = 0 } = options;
  const u = (a: number, b: number, c: number) => uniform(seed, Stream.world, a, b, c);
  const component = (i: number, k: number, side: number): number => {
    const noise = Math.round(100 * u(i, k, side) - 50);
    switch (family) {
      case 'clustered':
        return (i % 5 === k ? 150 : 0) + Math.round(noise / 10);
      case 'hubs':
        return noise * (i % 40 === 3 ? 20 : 1);
      case 'equal':
        return 1;
      case 'popularity':
        return k === 0 ? Math.round(1 + 2000 * u(i, 0, 9)) : 0;
      case 'duplicates':
        return Math.round(100 * u(i >> 2, k, side) - 50);
      default:
        return noise;
    }
  };
  const vector = (side: number) =>
    Float32Array.from({ length: n * dim }, (_, e) => component(Math.floor(e / dim), e % dim, side));
  const have = new Uint32Array(n);
  const avoid = new Uint32Array(n);
  const speaks = new Uint32Array(n).fill(1);
  for (let i = 0; i < n; i++) {
    if (twoSided) {
      have[i] = i % 2 === 0 ? 1 : 2;
      avoid[i] = have[i];
    }
    if (family === 'star' && i > 0) {
      have[i] |= 4;
      avoid[i] |= 4;
    }
    if (family === 'nobody') speaks[i] = 0;
    if (family === 'one pair') speaks[i] = i === n - 1 || i === n - 2 ? 2 : 0;
    if (family === 'islands') speaks[i] = i % 3 === 0 ? 1 : 6;
  }
  const ids = Uint32Array.from({ length: n }, (_, i) => 5 * i + 11);
  const recent = new Uint32Array(n * RECENT_SLOTS).fill(NONE);
  for (let i = 0; i < n; i++)
    for (let s = 0; s < RECENT_SLOTS; s++)
      if (u(i, s, 5) < share) recent[i * RECENT_SLOTS + s] = ids[Math.floor(n * u(i, s, 6))];
  return {
    n,
    dim,
    user: vector(1),
    peer: vector(2),
    // Multiples of 1/8, so that sums with integer dot products stay exact.
    bonus: Float32Array.from({ length: n }, (_, i) =>
      family === 'equal' ? 0 : Math.floor(16 * u(i, 0, 7)) / 8,
    ),
    waited: Float32Array.from({ length: n }, (_, i) => Math.floor(6 * u(i, 0, 8)) / 2),
    ids,
    have,
    avoid,
    speaks,
    recent,
  };
}

/** Languages that each part of a joined pool may use. */
const LANGUAGES = 2;
/** Maximum number of parts of a joined pool. */
export const MAX_PARTS = 32 / LANGUAGES;

/**
 * Many pools as one. Each part has languages of its own, so that nobody may meet a person of
 * another part, and a greedy matching of the whole consists of those of the parts. One call on the
 * GPU then tests as many instances as there are parts.
 */
export function joinedPool(parts: readonly Pool[]): Pool {
  const { dim } = parts[0];
  const all = (read: (pool: Pool) => ArrayLike<number>) => parts.flatMap((pool) => Array.from(read(pool)));
  const apart = 1_000_000;
  return {
    n: parts.reduce((n, pool) => n + pool.n, 0),
    dim,
    user: Float32Array.from(all((p) => p.user)),
    peer: Float32Array.from(all((p) => p.peer)),
    bonus: Float32Array.from(all((p) => p.bonus)),
    waited: Float32Array.from(all((p) => p.waited)),
    ids: Uint32Array.from(parts.flatMap((p, k) => Array.from(p.ids, (id) => id + k * apart))),
    have: Uint32Array.from(all((p) => p.have)),
    avoid: Uint32Array.from(all((p) => p.avoid)),
    speaks: Uint32Array.from(
      parts.flatMap((p, k) => Array.from(p.speaks, (s) => ((s & 1) | (s > 1 ? 2 : 0)) << (LANGUAGES * k))),
    ),
    recent: Uint32Array.from(
      parts.flatMap((p, k) => Array.from(p.recent, (id) => (id === NONE ? NONE : id + k * apart))),
    ),
  };
}
