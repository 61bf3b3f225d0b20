import { exp, log } from '../../../base/math.ts';
import { normal, Stream, uniform } from '../../../base/hash.ts';
import { languages } from '../../../scenario/countries.ts';
import { toUnit } from '../../../world/birth.ts';
import { TASTE, type World } from '../../../world/types.ts';
import type { Decision } from '../decision.ts';

/** Kinds of posts, and of ads. Fatigue is per kind. */
const POST_KINDS = 6;
export const AD_KIND = POST_KINDS;

/** Where an item comes from: branded (an ad), a known creator, a new post or creator. */
export const Source = { branded: 0, known: 1, fresh: 2 } as const;

/** Components of a learned vector: taste, then quality, padded to a multiple of 4. */
export const VECTOR = 16;

/** Age of a post below which it is young, ms: thirty minutes. */
export const YOUNG_MS = 30 * 60_000;

/** Median length of a post and its spread (natural log), seconds. */
const LENGTH_SECONDS = 25;
const LENGTH_SPREAD = 0.9;
/** Share of posts that every reader understands, such as music. */
const WORDLESS = 0.4;
/** Share of the squared length of a post's appeal that its creator has, too. */
const OWN_STYLE = 0.5;

/** Draws of a post, by its serial number; those of a creator, by the id of the person. */
const Draw = {
  creator: 0,
  seconds: 1,
  quality: 2,
  wordless: 3,
  age: 4,
  vector: 8,
  noise: 32,
} as const;
const CreatorDraw = { makes: 0x100, followers: 0x101 } as const;

/**
 * The live posts, as columns. Index = slot; a new post takes the slot of the oldest. The first
 * block is what a service knows, the second is ground truth, the third changes while people read.
 */
export interface Posts {
  readonly count: number;
  /** u32: number of the post, from 0, over the whole evening. */
  readonly serial: Uint32Array;
  /** u32: id of the person who made it. */
  readonly creator: Uint32Array;
  /** u32: languages that a reader needs one of, one bit each. */
  readonly speaks: Uint32Array;
  readonly kind: Uint8Array;
  /** f32: length, seconds. */
  readonly seconds: Float32Array;
  /** f64: simulated time at which it was made, ms; before opening it is negative. */
  readonly born: Float64Array;

  /** f32[count][TASTE], unit length: how readers see it. */
  readonly appeal: Float32Array;
  readonly quality: Float32Array;

  /** f32[count][VECTOR]: what the service believes of appeal and quality. */
  readonly learned: Float32Array;
  readonly views: Uint32Array;
  readonly clicks: Uint32Array;
  readonly likes: Uint32Array;
  readonly shares: Uint32Array;
  /** u8: gates that it has passed; u8: 1 if it failed one. */
  readonly gate: Uint8Array;
  readonly stopped: Uint8Array;
}

/** The people who make posts. */
export interface Creators {
  /** u32: ids of people, by followers, most first. */
  readonly ids: Uint32Array;
  /** By person: rank among the creators, or -1. */
  readonly rank: Int32Array;
  /** By rank: clicks so far this evening, and views; f64: gifts received, money. */
  readonly clicks: Uint32Array;
  readonly views: Uint32Array;
  readonly gifts: Float64Array;
}

/** Buckets of popularity. */
export const DECILES = 10;

/** Tenth of the creators by followers, 0 the most popular. All others are tail creators. */
export const decileOf = ({ ids, rank }: Creators, person: number): number =>
  Math.floor((DECILES * rank[person]) / ids.length);

/** How new a post is: 1 when it is made, 1/e after thirty minutes. */
export const freshnessOf = ({ born }: Posts, slot: number, nowMs: number): number =>
  exp(Math.min(0, (born[slot] - nowMs) / YOUNG_MS));

function createCreators({ scenario, people }: World): Creators {
  const { seed, feed } = scenario;
  const found: { id: number; followers: number }[] = [];
  for (let id = 0; id < people.count; id++)
    if (uniform(seed, Stream.content, id, 0, CreatorDraw.makes) < feed.creators)
      found.push({ id, followers: normal(seed, Stream.content, id, 0, CreatorDraw.followers) });
  found.sort((a, b) => b.followers - a.followers || a.id - b.id);
  const rank = new Int32Array(people.count).fill(-1);
  found.forEach(({ id }, k) => (rank[id] = k));
  return {
    ids: Uint32Array.from(found, (f) => f.id),
    rank,
    clicks: new Uint32Array(found.length),
    views: new Uint32Array(found.length),
    gifts: new Float64Array(found.length),
  };
}

function emptyPosts(count: number): Posts {
  return {
    count,
    ...{ serial: new Uint32Array(count), creator: new Uint32Array(count), speaks: new Uint32Array(count) },
    ...{ kind: new Uint8Array(count), seconds: new Float32Array(count), born: new Float64Array(count) },
    ...{ appeal: new Float32Array(count * TASTE), quality: new Float32Array(count) },
    learned: new Float32Array(count * VECTOR),
    ...{ views: new Uint32Array(count), clicks: new Uint32Array(count) },
    ...{ likes: new Uint32Array(count), shares: new Uint32Array(count) },
    ...{ gate: new Uint8Array(count), stopped: new Uint8Array(count) },
  };
}

/** Makes posts: those at opening, and one at a time during the evening. */
export class PostMaker {
  readonly posts: Posts;
  readonly creators: Creators;
  readonly #world: World;
  /** Scratch: running sums of the creators' weights. */
  readonly #weights: Float64Array;
  /** Number of the next post. */
  #serial = 0;
  /** Posts that are due, in fractions; the time until which they were made. */
  #due = 0;
  #untilMs = 0;

  constructor(world: World) {
    this.#world = world;
    this.creators = createCreators(world);
    this.#weights = new Float64Array(this.creators.ids.length);
    this.posts = emptyPosts(this.creators.ids.length === 0 ? 0 : Math.round(world.scenario.feed.posts));
    const { seed } = world.scenario;
    const perMs = this.#perMs();
    // A steady evening before opening: the oldest post first. Without a rate, they are a day old.
    const span = perMs > 0 ? Math.min(86_400_000, this.posts.count / perMs) : 86_400_000;
    for (let k = 0; k < this.posts.count; k++) {
      const at = -span * (1 - (k + uniform(seed, Stream.content, k, 1, Draw.age)) / this.posts.count);
      this.#make(at, true);
    }
  }

  /** Makes the posts that are due by `nowMs`, and calls `made` with the slot of each. */
  advance(nowMs: number, made: (slot: number) => void): void {
    if (this.posts.count === 0) return;
    this.#due += (nowMs - this.#untilMs) * this.#perMs();
    this.#untilMs = nowMs;
    for (; this.#due >= 1; this.#due--) made(this.#make(nowMs, false));
  }

  /** Whether a decision of the feed shows a post that is younger than thirty minutes. */
  isYoung({ item, time }: Pick<Decision, 'item' | 'time'>): boolean {
    return item >= 0 && 1000 * time - this.posts.born[item % this.posts.count] < YOUNG_MS;
  }

  /** Posts made so far, with those at opening. */
  get made(): number {
    return this.#serial;
  }

  #perMs(): number {
    return (this.creators.ids.length * this.#world.scenario.feed.postsPerHour) / 3_600_000;
  }

  #make(bornMs: number, opening: boolean): number {
    const { posts } = this;
    const { people, scenario } = this.#world;
    const { seed, feed } = scenario;
    const serial = this.#serial++;
    const slot = serial % posts.count;
    const u = (what: number) => uniform(seed, Stream.content, serial, 2, what);
    const z = (what: number) => normal(seed, Stream.content, serial, 2, what);
    const creator = this.creators.ids[this.#creatorOf(serial, opening)];
    posts.serial[slot] = serial;
    posts.creator[slot] = creator;
    posts.speaks[slot] =
      u(Draw.wordless) < WORDLESS ? 2 ** languages.length - 1 : (1 << people.language[creator]) >>> 0;
    posts.seconds[slot] = LENGTH_SECONDS * exp(LENGTH_SPREAD * z(Draw.seconds));
    posts.born[slot] = bornMs;
    const at = slot * TASTE;
    for (let k = 0; k < TASTE; k++)
      posts.appeal[at + k] =
        Math.sqrt(OWN_STYLE) * people.appeal[creator * TASTE + k] +
        Math.sqrt((1 - OWN_STYLE) / TASTE) * z(Draw.vector + k);
    toUnit(posts.appeal, at);
    // The kind is the leading direction of the appeal, so that posts alike tire alike.
    let kind = 0;
    for (let k = 1; k < POST_KINDS; k++) if (posts.appeal[at + k] > posts.appeal[at + kind]) kind = k;
    posts.kind[slot] = kind;
    posts.quality[slot] = feed.quality * z(Draw.quality);
    for (const column of [posts.views, posts.clicks, posts.likes, posts.shares]) column[slot] = 0;
    posts.gate[slot] = posts.stopped[slot] = 0;
    this.#understand(slot, serial);
    return slot;
  }

  /**
   * A first idea of a post from its content: the truth with noise; nothing of its quality. Whose
   * post it is makes no difference, so that no stage favours popular creators unless told to.
   */
  #understand(slot: number, serial: number): void {
    const { posts } = this;
    const { seed, feed } = this.#world.scenario;
    const from = slot * VECTOR;
    posts.learned.fill(0, from, from + VECTOR);
    for (let k = 0; k < TASTE; k++)
      posts.learned[from + k] =
        posts.appeal[slot * TASTE + k] +
        (feed.noise / Math.sqrt(TASTE)) * normal(seed, Stream.content, serial, 3, Draw.noise + k);
  }

  /**
   * Rank of the creator of a post: drawn in proportion to (1 + clicks)^gamma (RecSim NG, ecosystem
   * simulation).
   */
  #creatorOf(serial: number, opening: boolean): number {
    const { seed, feed } = this.#world.scenario;
    const { ids, clicks } = this.creators;
    const u = uniform(seed, Stream.content, serial, 2, Draw.creator);
    if (opening || feed.fameReward === 0) return Math.floor(u * ids.length);
    let sum = 0;
    for (let rank = 0; rank < ids.length; rank++)
      this.#weights[rank] = sum += exp(feed.fameReward * log(1 + clicks[rank]));
    const rank = this.#weights.findIndex((w) => u * sum < w);
    return rank < 0 ? ids.length - 1 : rank;
  }
}
