import { pairHash } from '../../src/base/hash.ts';
import { dot } from '../../src/score/dots.ts';
import type { Pool, TaskHead, WeightRule } from '../../src/score/types.ts';
import type { Market, TickOrder, TickReport } from '../../src/sim/types.ts';
import { plainPool } from '../exact/capture.ts';

/** What a formula may read of a pair of the tick, and the weight that the pair had. */
export interface TickPair {
  /** What the scorer says of both sides. */
  readonly raw: readonly [number, number];
  /** f32[rows][2]: both people's terms, as `Market.termsOf` gives them. */
  readonly terms: Float32Array;
  readonly weight: number;
}

/** Some pairs of the last tick. */
export interface TickPairs {
  readonly tick: number;
  readonly transform: WeightRule['transform'];
  /** Tasks that the scorer predicts. */
  readonly tasks: readonly TaskHead[];
  readonly pairs: readonly TickPair[];
}

/** Up to `count` pairs of a tick, spread over the pool. Its arrays must still be valid. */
export function tickPairs(
  market: Market,
  [{ tick, matching }, pool, { rule, seed }]: readonly [TickReport, Pool, TickOrder],
  count: number,
): TickPairs {
  const { mate, weight } = matching;
  const all = [...mate.keys()].filter((i) => mate[i] > i);
  const chosen = all.filter(
    (_, k) => Math.floor((k * count) / all.length) > Math.floor(((k - 1) * count) / all.length),
  );
  const people = (all.length <= count ? all : chosen).flatMap((i) => [i, mate[i]]);
  const few = plainPool(poolOf(pool, people));
  const { terms: known, tasks } = market.termsOf(few);
  const [user, peer] = [Float64Array.from(few.user), Float64Array.from(few.peer)];
  /** What i's scorer says of j, in f32 as the backends compute it. */
  const score = (i: number, j: number): number => {
    const { dim, ids } = few;
    const f = Math.fround;
    if (rule.transform === 'hash') return f(pairHash(ids[i], ids[j], seed) * 2 ** -32);
    return f(f(f(rule.scale) * f(dot(user, i * dim, peer, j * dim, dim))) + f(rule.bias));
  };
  const pairs: TickPair[] = [];
  for (let k = 0; k < people.length; k += 2)
    pairs.push({
      raw: [score(k, k + 1), score(k + 1, k)],
      terms: Float32Array.from(
        { length: (2 * known.length) / few.n },
        (_, e) => known[(e >> 1) * few.n + k + (e & 1)],
      ),
      weight: weight[people[k]],
    });
  return { tick, transform: rule.transform, tasks, pairs };
}

/** A pool of the people at some positions. */
function poolOf(pool: Pool, people: readonly number[]): Pool {
  const { n, dim, features } = pool;
  const rows = <T extends Float32Array | Uint32Array>(from: T, width: number): T => {
    const to = from.slice(0, people.length * width) as T;
    people.forEach((i, k) => to.set(from.subarray(i * width, (i + 1) * width), k * width));
    return to;
  };
  const { bonus, waited, ids, have, avoid, speaks, recent, user, peer } = pool;
  return {
    ...{ n: people.length, dim, bonus: rows(bonus, 1), waited: rows(waited, 1), ids: rows(ids, 1) },
    ...{ have: rows(have, 1), avoid: rows(avoid, 1), speaks: rows(speaks, 1) },
    recent: rows(recent, recent.length / n),
    user: features === undefined ? rows(user, dim) : user,
    peer: features === undefined ? rows(peer, dim) : peer,
    ...(features && {
      features: {
        tower: features.tower,
        sparse: rows(features.sparse, features.tower.slots),
        dense: rows(features.dense, features.tower.dense),
        ...(features.session && { session: rows(features.session, features.tower.head?.inputs ?? 0) }),
      },
    }),
  };
}
