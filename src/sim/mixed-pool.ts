import { must } from '../base/errors.ts';
import { ARM_BITS, commonBonus } from '../model/serve/scorers.ts';
import type { ScoredPool, Scorer, WaitingPool } from '../model/serve/scorers.ts';
import { Scratch } from '../model/serve/scratch.ts';
import { embedTower } from '../model/serve/tower.ts';
import type { Pool } from '../score/types.ts';
import type { Policy } from '../scenario/schema.ts';
import type { Arm, Arms } from './arms.ts';

/** Longest vector of a pool (see `Pool`). */
const MAX_DIM = 128;

/**
 * Scores a tick. `a` is the policy of the tick; where arms are by person, that of arm A, and `b`
 * that of arm B. The result's arrays are valid until the next call.
 */
export type TickScorer = (a: Policy, b: Policy, waiting: WaitingPool, time: number) => ScoredPool;

/** @param ownScorer whether the policy chooses the scorer, so that two policies may have two. */
export function createTickScorer(
  create: () => Scorer,
  arms: Arms | undefined,
  ownScorer: boolean,
): TickScorer {
  const scoreA = create();
  if (arms?.by !== 'person') return (policy, _, waiting) => scoreA(policy, waiting);
  const scoreB = create();
  const scratch = new Scratch();
  return (a, b, waiting, time) => {
    const { n, ids } = waiting;
    const armOf = Array.from({ length: n }, (_, i) => arms.armOf(ids[i], time));
    const present = [a, b].filter((_, arm) => armOf.includes(arm as Arm));
    const common = n === 0 ? 0 : commonBonus(present);
    const oneScorer = !ownScorer || a.scorer === b.scorer;
    const mixed = { armOf, oneScorer, split: arms.split };
    return mixPools(scoreA(a, waiting, common), scoreB(b, waiting, common), mixed, scratch);
  };
}

interface MixOptions {
  /** Arm of each person of the pool. */
  readonly armOf: readonly Arm[];
  /** Both arms have the same scorer, so that one set of vectors serves both. */
  readonly oneScorer: boolean;
  /** People of different arms may not meet. */
  readonly split: boolean;
}

/**
 * One pool of two, in which everybody has the row of their own arm. The two pools hold the same
 * people in the same order, scored by the policies of arm A and of arm B.
 *
 * Where the scorers differ, vectors lie side by side: user = (own arm's vector in that arm's half,
 * zeros in the other half), peer = (peer under A, peer under B). So user_i . peer_j is what i's own
 * scorer says of j. All products with zeros are zeros, so the sum stays exact in f32.
 *
 * The arrays are those of the two pools or of `scratch`: valid until either is used again.
 */
function mixPools(a: ScoredPool, b: ScoredPool, options: MixOptions, scratch: Scratch): ScoredPool {
  const { armOf, oneScorer, split } = options;
  const { n } = a.pool;
  const bonus = scratch.f32('bonus', n);
  const have = scratch.u32('have', n);
  const avoid = scratch.u32('avoid', n);
  for (let i = 0; i < n; i++) {
    const arm = armOf[i];
    const own = arm === 0 ? a.pool : b.pool;
    bonus[i] = own.bonus[i];
    have[i] = own.have[i] | (oneScorer && !split ? 0 : ARM_BITS[arm]);
    avoid[i] = own.avoid[i] | (split ? ARM_BITS[1 - arm] : 0);
  }
  const pool = {
    ...a.pool,
    bonus,
    have,
    avoid,
    ...(a.pool.terms && { terms: termsOf(a.pool, b.pool, armOf, scratch) }),
  };
  if (oneScorer) return { pool, rule: a.rule };
  must(
    a.rule.tasks === undefined,
    'the formula reads predictions of tasks, and the arms have two scorers; choose a design that gives a whole tick to one arm (switchback or ticks), or the same scorer for both',
    'policy.formula',
  );
  const { scale, bias } = b.rule;
  return {
    pool: { ...withoutFeatures(pool), ...sideBySide(a.pool, b.pool, armOf, scratch) },
    rule: { ...a.rule, second: { bit: ARM_BITS[1], from: a.pool.dim, scale, bias } },
  };
}

/** The terms of a formula that both arms have, each person's by their own arm. */
function termsOf(a: Pool, b: Pool, armOf: readonly Arm[], scratch: Scratch): Float32Array {
  const [mine, theirs] = [a.terms!, b.terms!];
  const terms = scratch.f32('terms', mine.length);
  for (let k = 0; k < terms.length; k++) terms[k] = (armOf[k % a.n] === 0 ? mine : theirs)[k];
  return terms;
}

function withoutFeatures({ features: _, ...pool }: Pool): Omit<Pool, 'features'> {
  return pool;
}

function sideBySide(
  a: Pool,
  b: Pool,
  armOf: readonly Arm[],
  scratch: Scratch,
): Pick<Pool, 'dim' | 'user' | 'peer'> {
  const { n } = a;
  const dim = a.dim + b.dim;
  must(
    dim <= MAX_DIM,
    `the vectors of both arms have ${a.dim} and ${b.dim} components, together ${dim}; the limit is ${MAX_DIM}: choose a design that gives a whole tick to one arm (switchback or ticks)`,
    'policy.scorer',
  );
  const user = scratch.f32('user', n * dim).fill(0);
  const peer = scratch.f32('peer', n * dim);
  [a, b].forEach((half, arm) => {
    const vectors = half.features === undefined ? half : embedTower(half.features, n);
    const from = arm === 0 ? 0 : a.dim;
    for (let i = 0; i < n; i++) {
      const row = (side: Float32Array) => side.subarray(i * half.dim, (i + 1) * half.dim);
      if (armOf[i] === arm) user.set(row(vectors.user), i * dim + from);
      peer.set(row(vectors.peer), i * dim + from);
    }
  });
  return { dim, user, peer };
}
