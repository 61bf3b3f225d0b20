import { LabError } from '../../../base/errors.ts';
import { shareOfEntries, topByDot } from '../../../content/stages/retrieval.ts';
import type { MatchBackend } from '../../../match/backend.ts';
import { retrieveOnCpu } from '../../../score/candidates/retrieve.ts';
import { NONE, RECENT_SLOTS, type Pool, type WeightRule } from '../../../score/types.ts';
import type { World } from '../../../world/types.ts';
import { decileOf, VECTOR, type Creators, type Posts } from '../world/posts.ts';
import type { Readers } from '../world/readers.ts';

/** Vectors are whole numbers in this unit of attraction, so that dot products are exact. */
const UNIT = 512;
/** Bound of a component: vectors stay below the norm of 4,096 that pools allow. */
const MOST = 1600;
/** Exact best posts that are looked for among the candidates. */
const BEST = 10;
/** Candidates of a reader at most. */
export const MOST_CANDIDATES = 128;
/** Attribute bits of the two sides; neither admits its own. */
const READER = 1;
const POST = 2;

/** A weight is the mean of both scores, which are equal. */
const rule: WeightRule = {
  transform: 'identity',
  scale: 1 / UNIT ** 2,
  bias: 0,
  combination: 'sum',
  threshold: -Infinity,
};

/** Candidates of some readers. */
export interface Retrieved {
  /** u32[readers][k]: slots of posts, best first; NONE where there are no more. */
  readonly slots: Uint32Array;
  /** f32[readers][k]: predicted attraction. */
  readonly scores: Float32Array;
  readonly k: number;
}

/** Rounds a vector to whole numbers: out[at..at + VECTOR]. */
function round(vector: Float32Array, from: number, out: Float32Array, at: number): void {
  for (let c = 0; c < VECTOR; c++) {
    const whole = Math.floor(UNIT * vector[from + c] + 0.5);
    out[at + c] = whole > MOST ? MOST : whole < -MOST ? -MOST : whole;
  }
}

/**
 * Finds the posts of highest predicted attraction for readers, by the pass that scores ticks:
 * readers and posts form one two-sided pool, in which nobody admits their own side. Its memory is
 * kept from tick to tick.
 */
export class Retrieval {
  readonly #world: World;
  readonly #readers: Readers;
  readonly #posts: Posts;
  /** The columns of the largest pool so far. Nobody waits, has a bonus or has met anybody. */
  #room = emptyColumns(0);

  constructor(world: World, readers: Readers, posts: Posts) {
    this.#world = world;
    this.#readers = readers;
    this.#posts = posts;
  }

  /**
   * Candidates of these people. @param live slots of the posts that may be shown. @param k
   * candidates per reader, at most 128. @throws LabError where the backend fails.
   */
  async find(
    people: ArrayLike<number>,
    live: Uint32Array,
    k: number,
    backend: MatchBackend,
  ): Promise<Retrieved> {
    const pool = this.#pool(people, live);
    const rows = people.length;
    const options = { rows, k, seed: this.#world.scenario.seed };
    const { columns: slots, weights: scores } = await (backend.retrieve?.(pool, rule, options) ??
      retrieveOnCpu(pool, rule, options));
    for (let e = 0; e < slots.length; e++) if (slots[e] !== NONE) slots[e] = live[slots[e] - rows];
    return { slots, scores, k };
  }

  /** Readers first, then posts. */
  #pool(people: ArrayLike<number>, live: Uint32Array): Pool {
    const { people: traits } = this.#world;
    const posts = this.#posts;
    const rows = people.length;
    const n = rows + live.length;
    if (n > this.#room.ids.length) this.#room = emptyColumns(n + (n >> 2));
    const { vectors, ids, have, speaks, zero, nobody } = this.#room;
    have.fill(READER, 0, rows).fill(POST, rows, n);
    for (let i = 0; i < rows; i++) {
      this.#readers.write(people[i], vectors, i * VECTOR);
      round(vectors, i * VECTOR, vectors, i * VECTOR);
      ids[i] = people[i];
      speaks[i] = traits.speaks[people[i]];
    }
    for (let j = 0; j < live.length; j++) {
      round(posts.learned, live[j] * VECTOR, vectors, (rows + j) * VECTOR);
      // Ids of posts come after those of people.
      ids[rows + j] = traits.count + posts.serial[live[j]];
      speaks[rows + j] = posts.speaks[live[j]];
    }
    const both = vectors.subarray(0, n * VECTOR);
    const [own, none] = [have.subarray(0, n), zero.subarray(0, n)];
    return {
      ...{ n, dim: VECTOR, user: both, peer: both, have: own, avoid: own, bonus: none, waited: none },
      ...{ ids: ids.subarray(0, n), speaks: speaks.subarray(0, n) },
      recent: nobody.subarray(0, n * RECENT_SLOTS),
    };
  }
}

function emptyColumns(n: number) {
  return {
    /** f32[n][VECTOR]: one vector each, because only readers and posts meet. */
    vectors: new Float32Array(n * VECTOR),
    ...{ ids: new Uint32Array(n), have: new Uint32Array(n), speaks: new Uint32Array(n) },
    zero: new Float32Array(n),
    nobody: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
}

/**
 * Share of the exact best posts of a reader, by their vectors before rounding, that the pass found.
 * NaN where the reader understands no post.
 */
export function recallOfBest(
  { people: traits }: World,
  readers: Readers,
  posts: Posts,
  person: number,
  live: Uint32Array,
  found: ArrayLike<number>,
): number {
  const own = live.filter((slot) => (posts.speaks[slot] & traits.speaks[person]) !== 0);
  const user = new Float32Array(VECTOR);
  readers.write(person, user, 0);
  const vectors = new Float32Array(own.length * VECTOR);
  own.forEach((slot, k) =>
    vectors.set(posts.learned.subarray(slot * VECTOR, (slot + 1) * VECTOR), k * VECTOR),
  );
  const known = new Set(Array.from(found));
  return shareOfEntries([topByDot(user, vectors, BEST).rows], (row) => known.has(own[row]));
}

/** Slots of the posts that may be shown. @param narrow only of the most popular creators. */
export function livePosts(posts: Posts, creators: Creators, narrow: boolean): Uint32Array {
  const live = new Uint32Array(posts.count);
  let count = 0;
  for (let slot = 0; slot < posts.count; slot++)
    if (posts.stopped[slot] === 0 && !(narrow && decileOf(creators, posts.creator[slot]) > 0))
      live[count++] = slot;
  if (count === 0 && posts.count > 0)
    throw new LabError('no post may be shown: every one has failed a gate', 'policy.feedGates');
  return live.subarray(0, count);
}
