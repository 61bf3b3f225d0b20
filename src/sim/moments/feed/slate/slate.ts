import { hash4, Stream, uniform } from '../../../../base/hash.ts';
import type { Policy } from '../../../../scenario/schema.ts';
import { injectAds } from '../../../../content/stages/slots.ts';
import { DOUBLING_THRESHOLD, streamsOf } from '../../../../content/memory/stream.ts';
import { gentlePlaces } from './ad-places.ts';
import { Source, YOUNG_MS, type Posts } from '../../world/posts.ts';

/** Cards of a slate. */
export const SLATE = 10;
/** Places of the ads in a slate of ten, from 1: the third and the seventh first. */
const AD_PLACES = [3, 7, 9, 5, 2] as const;
/** Under the fatigue rule, ads seen lately (they fade) from which on no further ad is shown. */
const TIRED_OF_ADS = 0.9;
/** Items of a known and of a new creator in a round of the stream. */
const ROUND = [2, 1] as const;
const UNLIMITED = [Infinity, Infinity];

/** A card that is about to be shown. The object is reused between slates. */
export interface Card {
  /** Slot of the post; -1 for an ad. */
  slot: number;
  source: number;
  /**
   * Chance with which this card was drawn for this place, given the places before; NaN where
   * nothing was drawn.
   */
  propensity: number;
  /** Predicted attraction; NaN for an ad, and for a post that retrieval did not find. */
  score: number;
}

/** The posts of a request in the order of their rank, with their predicted attraction. */
export interface RankedPosts {
  readonly count: number;
  /** u32[count] and f64[count]. */
  readonly slots: Uint32Array;
  readonly scores: Float64Array;
  /** Posts that a stage puts before all others; undefined where no stage does. */
  readonly isFirst: ((slot: number) => boolean) | undefined;
}

/** Posts that exploration draws from, which the phone does not hide: ascending slots. */
export interface OpenPosts {
  count: number;
  readonly slots: Uint32Array;
}

/** What composing a slate needs to know. */
export interface SlateRequest {
  readonly policy: Policy;
  readonly seed: number;
  readonly person: number;
  readonly session: number;
  readonly chat: number;
  readonly nowMs: number;
  /** Bits of the last shared source, and shares by source, as the phone has them. */
  readonly lastShared: number;
  readonly counts: ArrayLike<number>;
  /** Ads seen lately, as the phone counts them. */
  readonly recentAds: number;
}

const AD: Card = { slot: -1, source: Source.branded, propensity: NaN, score: NaN };

const Draw = { random: 0x400000, explore: 0x500000, which: 0x600000, ad: 0x700000 } as const;

/** Whether a post counts as new: young, or seldom seen. */
export const sourceOf = (posts: Posts, slot: number, nowMs: number): 1 | 2 =>
  nowMs - posts.born[slot] < YOUNG_MS && posts.views[slot] < 50 ? Source.fresh : Source.known;

/** Keys of a fair random order of n candidates: out[0..n]. */
export function randomKeys(
  { seed, person, session, chat }: SlateRequest,
  n: number,
  out: Float64Array,
): void {
  const counter = Math.imul(Stream.content, 0x1000000) ^ (Draw.random + (chat & 0xfffff));
  for (let k = 0; k < n; k++) out[k] = hash4(seed, counter, person, session ^ Math.imul(k + 1, 0x9e3779b1));
}

const composers = {
  plain: streamsOf({ base: [1, 0], supply: UNLIMITED, threshold: DOUBLING_THRESHOLD, length: SLATE }),
  bySource: streamsOf({ base: ROUND, supply: UNLIMITED, threshold: DOUBLING_THRESHOLD, length: SLATE }),
};
const NO_SHARES = [0, 0];

/**
 * Interleaves ranked posts, explored posts and ads. One per feed: its memory is kept from slate to
 * slate.
 */
export class SlateComposer {
  /** The slate that was composed last; `compose` returns how many cards it has. */
  readonly cards: Card[] = [];
  readonly #posts: Posts;
  readonly #made = Array.from({ length: SLATE }, () => ({ ...AD }));
  /** i32 by slot: its entry among the ranked posts, or -1. */
  readonly #entryOf: Int32Array;
  /** By entry: its source, its queue, and whether it was taken. */
  readonly #source: Uint8Array;
  readonly #queueOf: Uint8Array;
  readonly #taken: Uint8Array;
  /** Queues of entries, by source: where each begins, and how many are left. */
  readonly #queues: readonly [Uint32Array, Uint32Array];
  readonly #first = new Uint32Array(2);
  readonly #left = new Uint32Array(2);
  readonly #shares = new Float64Array(2);

  /** @param most ranked posts of a slate at most. */
  constructor(posts: Posts, most: number) {
    this.#posts = posts;
    this.#entryOf = new Int32Array(posts.count).fill(-1);
    [this.#source, this.#queueOf, this.#taken] = [0, 1, 2].map(() => new Uint8Array(most));
    this.#queues = [new Uint32Array(most), new Uint32Array(most)];
  }

  /** @param open what exploration draws from; it loses the posts that are shown. */
  compose(request: SlateRequest, ranked: RankedPosts, open: OpenPosts): number {
    const { policy, seed, person, session, chat, nowMs } = request;
    const bySource = policy.feedComposer !== 'fixed';
    this.#queue(ranked, bySource, nowMs);
    const stream = this.#stream(request, bySource);
    const places = adPlaces(request);
    let made = 0;
    for (let place = 1; made + places.length < SLATE; place++) {
      if (places.includes(place)) continue;
      const word = (chat & 0xffff) * 16 + place;
      const explores =
        open.count > 0 &&
        uniform(seed, Stream.content, person, session, Draw.explore + word) < policy.feedExplore;
      const wanted = stream[made % stream.length];
      const queue = this.#left[wanted] > 0 ? wanted : 1 - wanted;
      if (this.#left[queue] === 0 && !explores) break;
      const entry = this.#left[queue] > 0 ? this.#head(queue) : -1;
      const drawn = explores
        ? Math.floor(uniform(seed, Stream.content, person, session, Draw.which + word) * open.count)
        : -1;
      const slot = explores ? open.slots[drawn] : ranked.slots[entry];
      const at = explores ? drawn : positionOf(open, slot);
      const card = this.#made[made++];
      card.slot = slot;
      card.source = explores ? sourceOf(this.#posts, slot, nowMs) : this.#source[entry];
      card.score = explores ? NaN : ranked.scores[entry];
      card.propensity = this.#propensityOf(policy, ranked, slot, queue, entry, at >= 0, open.count);
      this.#take(slot);
      if (at < 0) continue;
      open.slots.copyWithin(at, at + 1, open.count);
      open.count--;
    }
    for (let e = 0; e < ranked.count; e++) this.#entryOf[ranked.slots[e]] = -1;
    const layout = layoutOf(places, made);
    for (let k = 0; k < layout.length; k++) this.cards[k] = layout[k] < 0 ? AD : this.#made[layout[k]];
    return layout.length;
  }

  /** Ranked posts wait in one queue, or in one for each source. */
  #queue({ slots, count }: RankedPosts, bySource: boolean, nowMs: number): void {
    this.#first.fill(0);
    this.#left.fill(0);
    this.#taken.fill(0, 0, count);
    for (let e = 0; e < count; e++) {
      const source = sourceOf(this.#posts, slots[e], nowMs);
      const queue = bySource ? source - 1 : 0;
      this.#entryOf[slots[e]] = e;
      this.#source[e] = source;
      this.#queueOf[e] = queue;
      this.#queues[queue][this.#left[queue]++] = e;
    }
  }

  /** The first entry of a queue that was not taken; there is one. */
  #head(queue: number): number {
    while (this.#taken[this.#queues[queue][this.#first[queue]]] === 1) this.#first[queue]++;
    return this.#queues[queue][this.#first[queue]];
  }

  #take(slot: number): void {
    const entry = this.#entryOf[slot];
    if (entry < 0) return;
    this.#taken[entry] = 1;
    this.#left[this.#queueOf[entry]]--;
  }

  #stream({ policy, lastShared, counts }: SlateRequest, bySource: boolean): Uint8Array {
    const usesPhone = policy.feedComposer === 'phone' || policy.feedComposer === 'fatigue';
    this.#shares[0] = counts[Source.known];
    this.#shares[1] = counts[Source.fresh];
    return composers[bySource ? 'bySource' : 'plain'](
      usesPhone ? lastShared >>> 1 : 0,
      usesPhone ? this.#shares : NO_SHARES,
    );
  }

  /**
   * Chance that this place shows this post, given the places before: by exploration one of so many
   * choices, and else the first of a queue, which a random ranking draws from all that are left.
   */
  #propensityOf(
    { feedRanking, feedExplore }: Policy,
    ranked: RankedPosts,
    slot: number,
    queue: number,
    head: number,
    isChoice: boolean,
    choices: number,
  ): number {
    const random = feedRanking === 'random';
    if (!random && choices === 0) return NaN;
    const left = this.#left[queue];
    const explore = choices === 0 ? 0 : left === 0 ? 1 : feedExplore;
    const explored = isChoice ? explore / choices : 0;
    const entry = this.#entryOf[slot];
    const waits = entry >= 0 && this.#taken[entry] === 0 && this.#queueOf[entry] === queue;
    const next = random
      ? waits
        ? this.#nextChance(ranked, queue, slot)
        : 0
      : entry >= 0 && entry === head
        ? 1
        : 0;
    return explored + (1 - explore) * next;
  }

  /** Chance that a random order has this post first of a queue, in which it waits. */
  #nextChance({ isFirst, slots }: RankedPosts, queue: number, slot: number): number {
    const left = this.#left[queue];
    if (isFirst === undefined) return 1 / left;
    let favoured = 0;
    for (let k = this.#first[queue], seen = 0; seen < left; k++) {
      const entry = this.#queues[queue][k];
      if (this.#taken[entry] === 1) continue;
      seen++;
      if (isFirst(slots[entry])) favoured++;
    }
    if (favoured === 0) return 1 / left;
    return isFirst(slot) ? 1 / favoured : 0;
  }
}

/** Position of a slot among open posts, or -1. */
function positionOf({ slots, count }: OpenPosts, slot: number): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (slots[middle] < slot) from = middle + 1;
    else to = middle;
  }
  return from < count && slots[from] === slot ? from : -1;
}

const fixedPlaces = [0, 1, 2, 3, 4, 5].map((ads) => AD_PLACES.slice(0, ads).sort((a, b) => a - b));
const NO_PLACES: readonly number[] = [];

/** Places of the ads, from 1; the same array for equal places. */
function adPlaces({ policy, recentAds }: SlateRequest): readonly number[] {
  const ads = Math.round(policy.feedAds);
  if (policy.feedComposer !== 'fatigue') return fixedPlaces[ads];
  return recentAds > TIRED_OF_ADS ? NO_PLACES : gentlePlaces(ads);
}

const layouts = new Map<readonly number[], (readonly number[])[]>();

/** The numbers of so many posts in the order of their slate, with ads, -1, in their places. */
function layoutOf(places: readonly number[], posts: number): readonly number[] {
  let known = layouts.get(places);
  if (known === undefined) layouts.set(places, (known = []));
  const numbers = () => Array.from({ length: posts }, (_, k) => k);
  return (known[posts] ??= injectAds(numbers(), Array<number>(places.length).fill(-1), places, SLATE));
}
