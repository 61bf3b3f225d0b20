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

/** A weight is the mean of both scores, and a post's score of a reader is 0. */
const rule: WeightRule = {
  transform: 'identity',
  scale: 2 / UNIT ** 2,
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
  for (let c = 0; c < VECTOR; c++)
    out[at + c] = Math.max(-MOST, Math.min(MOST, Math.round(UNIT * vector[from + c])));
}

/**
 * The posts of highest predicted attraction for each reader, by the pass that scores ticks: readers
 * and posts form one two-sided pool, in which nobody admits their own side.
 *
 * @param live slots of the posts that may be shown. @param k candidates per reader, at most 128.
 * @throws LabError where the backend fails.
 */
export async function retrieve(
  world: World,
  readers: Readers,
  posts: Posts,
  people: ArrayLike<number>,
  live: Uint32Array,
  k: number,
  seed: number,
  backend: MatchBackend,
): Promise<Retrieved> {
  const pool = feedPool(world, readers, posts, people, live);
  const rows = people.length;
  const { columns, weights } = await (backend.retrieve?.(pool, rule, { rows, k, seed }) ??
    Promise.resolve(retrieveOnCpu(pool, rule, { rows, k, seed })));
  for (let e = 0; e < columns.length; e++) if (columns[e] !== NONE) columns[e] = live[columns[e] - rows];
  return { slots: columns, scores: weights, k };
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

/** Readers first, then posts. */
export function feedPool(
  { people: traits }: World,
  readers: Readers,
  posts: Posts,
  people: ArrayLike<number>,
  live: Uint32Array,
): Pool {
  const rows = people.length;
  const n = rows + live.length;
  const user = new Float32Array(n * VECTOR);
  const peer = new Float32Array(n * VECTOR);
  const ids = new Uint32Array(n);
  const have = new Uint32Array(n).fill(READER, 0, rows).fill(POST, rows);
  const speaks = new Uint32Array(n);
  for (let i = 0; i < rows; i++) {
    readers.write(people[i], user, i * VECTOR);
    round(user, i * VECTOR, user, i * VECTOR);
    ids[i] = people[i];
    speaks[i] = traits.speaks[people[i]];
  }
  for (let j = 0; j < live.length; j++) {
    round(posts.learned, live[j] * VECTOR, peer, (rows + j) * VECTOR);
    // Ids of posts come after those of people.
    ids[rows + j] = traits.count + posts.serial[live[j]];
    speaks[rows + j] = posts.speaks[live[j]];
  }
  return {
    ...{ n, dim: VECTOR, user, peer, ids, have, avoid: have, speaks },
    ...{ bonus: new Float32Array(n), waited: new Float32Array(n) },
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
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
