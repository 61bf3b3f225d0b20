import { popularitySpread } from '../../../../content/life/taste.ts';
import { PostBits } from '../../../../content/memory/post-bits.ts';
import { MarginRanking } from '../../../../content/stages/rerank.ts';
import { orderHighestFirst, theseFirst } from '../../../../content/stages/value.ts';
import type { Policy } from '../../../../scenario/schema.ts';
import { NONE } from '../../../../score/types.ts';
import type { TailBook } from '../../measures/tail-book.ts';
import { attractionOf } from '../../world/card.ts';
import { AD_KIND, decileOf, DECILES, freshnessOf, VECTOR, type PostMaker } from '../../world/posts.ts';
import { sessionWord } from '../../world/session.ts';
import type { Asking, FeedOptions } from '../feed-options.ts';
import type { Heads } from '../heads.ts';
import { MOST_CANDIDATES, type Retrieved } from '../retrieve.ts';
import type { SessionSigns } from '../session-signs.ts';
import type { FeedStage } from '../tally.ts';
import {
  randomKeys,
  SLATE,
  SlateComposer,
  sourceOf,
  type Card,
  type RankedPosts,
  type SlateRequest,
} from './slate.ts';

/** Posts that re-ranking puts in a new order: two slates and a half. */
const RERANKED = 25;

/** Parts of the feed that the stages read. */
export interface StageParts {
  readonly maker: PostMaker;
  readonly heads: Heads;
  readonly signs: SessionSigns;
  readonly tail: TailBook;
}

/**
 * The stages of a request after retrieval: rank, re-rank, compose. One per feed: a request needs no
 * memory of its own.
 */
export class SlateStages {
  readonly #o: FeedOptions;
  readonly #p: StageParts;
  readonly #bits: PostBits;
  readonly #margin = new MarginRanking(RERANKED, VECTOR);
  readonly #composer: SlateComposer;
  /** f64 by slot: how new each post is, at a time in ms. */
  readonly #fresh: Float64Array;
  #freshAt = NaN;
  /** By candidate: key of the ranking; the order; ranked posts and those that can be explored. */
  readonly #keys = new Float64Array(MOST_CANDIDATES);
  readonly #order = new Uint32Array(MOST_CANDIDATES);
  readonly #kept = new Uint32Array(MOST_CANDIDATES);
  readonly #falling = new Float64Array(RERANKED);
  readonly #ranked = {
    count: 0,
    slots: new Uint32Array(MOST_CANDIDATES),
    scores: new Float64Array(MOST_CANDIDATES),
    isFirst: undefined as RankedPosts['isFirst'],
  };
  readonly #open: { count: number; readonly slots: Uint32Array };
  readonly #request: { -readonly [K in keyof SlateRequest]: SlateRequest[K] };
  readonly #counts: Float64Array;
  readonly #shown = new Uint32Array(SLATE);
  readonly #tenths = new Uint32Array(SLATE);

  constructor(options: FeedOptions, parts: StageParts) {
    this.#o = options;
    this.#p = parts;
    const { posts } = parts.maker;
    this.#bits = new PostBits(options.phones, posts.serial);
    this.#composer = new SlateComposer(posts, MOST_CANDIDATES);
    this.#fresh = new Float64Array(posts.count);
    this.#open = { count: 0, slots: new Uint32Array(posts.count) };
    this.#counts = new Float64Array(options.phones.sources);
    this.#request = {
      policy: options.world.scenario.policy,
      ...{ seed: options.world.scenario.seed, person: 0, session: 0, chat: 0, nowMs: 0 },
      ...{ lastShared: 0, counts: this.#counts, recentAds: 0 },
    };
  }

  /** The cards of the last slate; `slate` returns how many there are. */
  get cards(): readonly Readonly<Card>[] {
    return this.#composer.cards;
  }

  /**
   * Composes the slate of the reader in a row of the candidates. @param young slots from which
   * exploration draws.
   */
  slate(who: Asking, found: Retrieved, row: number, young: Uint32Array, nowMs: number): number {
    const { phones, tally, policyOf } = this.#o;
    const { signs } = this.#p;
    const { person, chat } = who;
    const request = this.#request;
    request.policy = policyOf(person, nowMs / 1000);
    request.person = person;
    request.session = sessionWord(this.#o.world, person);
    request.chat = chat;
    request.nowMs = nowMs;
    request.recentAds = signs.of(person, AD_KIND);
    phones.sourceCounts(person, this.#counts);
    const { policy } = request;
    this.#refresh(nowMs);
    const { k } = found;
    const own = found.slots.subarray(row * k, row * k + Math.min(k, Math.round(policy.feedCandidates)));
    const end = own.indexOf(NONE);
    const slots = end < 0 ? own : own.subarray(0, end);
    const scores = found.scores.subarray(row * k, row * k + slots.length);
    this.#p.tail.pass('retrieve', slots, slots.length);

    const begun = performance.now();
    this.#rank(request, slots, scores);
    const ranked = this.#time('rank', begun);
    this.#rerank(policy, person, slots, scores);
    const reranked = this.#time('rerank', ranked);
    request.lastShared = phones.takeShortTerm(person);
    if (policy.feedFavour === 'compose') this.#popularFirst();
    this.#ranked.isFirst = policy.feedFavour === 'none' ? undefined : this.#isPopular;
    const open = this.#open;
    open.count = policy.feedExplore > 0 ? this.#bits.unseen(person, young, open.slots) : 0;
    if (policy.feedFavour === 'compose') this.#openPopular();
    const count = this.#composer.compose(request, this.#ranked, open);
    this.#countShown(count);
    this.#time('compose', reranked);
    tally.requests++;
    return count;
  }

  readonly #isPopular = (slot: number): boolean => {
    const { posts, creators } = this.#p.maker;
    return decileOf(creators, posts.creator[slot]) === 0;
  };

  #time(stage: FeedStage, since: number): number {
    const now = performance.now();
    this.#o.tally.times[stage].record(now - since);
    return now;
  }

  /** The order of the candidates: positions of `slots`. */
  #rank(request: SlateRequest, slots: Uint32Array, scores: Float32Array): void {
    const { world, readers } = this.#o;
    const { maker, heads, signs } = this.#p;
    const { posts } = maker;
    const [keys, order, count] = [this.#keys, this.#order, slots.length];
    const { person, nowMs } = request;
    const { feedRanking } = request.policy;
    if (feedRanking === 'random') randomKeys(request, count, keys);
    else if (feedRanking === 'newest') for (let e = 0; e < count; e++) keys[e] = posts.born[slots[e]];
    else if (feedRanking === 'oracle')
      for (let e = 0; e < count; e++) {
        const slot = slots[e];
        keys[e] = attractionOf(world, readers, posts, person, slot, sourceOf(posts, slot, nowMs), nowMs);
      }
    else {
      const search = signs.search(person);
      for (let e = 0; e < count; e++) {
        const slot = slots[e];
        const tired = signs.of(person, posts.kind[slot]);
        keys[e] = heads.value(scores[e], this.#fresh[slot], tired, search);
      }
    }
    orderHighestFirst(keys, order, count);
    if (request.policy.feedFavour === 'rank')
      order.set(theseFirst(order.subarray(0, count), (e) => this.#isPopular(slots[e])));
    const first = this.#ranked.slots;
    for (let e = 0; e < Math.min(SLATE, count); e++) first[e] = slots[order[e]];
    this.#p.tail.pass('rank', first, Math.min(SLATE, count));
  }

  /** Once in a tick with readers: the bits of new posts, and how new all posts are. */
  #refresh(nowMs: number): void {
    if (this.#freshAt === nowMs) return;
    this.#freshAt = nowMs;
    this.#bits.refresh();
    const { posts } = this.#p.maker;
    for (let slot = 0; slot < posts.count; slot++) this.#fresh[slot] = freshnessOf(posts, slot, nowMs);
  }

  /**
   * Drops what the phone takes for seen. The first candidates come in an order that trades rank
   * against likeness; the rest follow. Relevance falls evenly from 1 to 0 with the rank, so that
   * rankings of any unit mix with cosines. A random ranking keeps its order, and with it its
   * propensities.
   */
  #rerank(
    { feedDiversity, feedRanking, feedFavour }: Policy,
    person: number,
    slots: Uint32Array,
    scores: Float32Array,
  ): void {
    const { learned } = this.#p.maker.posts;
    const [kept, ranked] = [this.#kept, this.#ranked];
    let count = 0;
    for (let e = 0; e < slots.length; e++)
      if (!this.#bits.isSeen(person, slots[this.#order[e]])) kept[count++] = this.#order[e];
    const first = feedDiversity === 0 || feedRanking === 'random' ? 0 : Math.min(RERANKED, count);
    for (let k = 0; k < first; k++) {
      this.#margin.set(k, learned, slots[kept[k]] * VECTOR);
      this.#falling[k] = 1 - k / first;
    }
    this.#margin.rank(this.#falling, first, 1 - feedDiversity, first);
    for (let k = 0; k < count; k++) {
      const e = kept[k < first ? this.#margin.chosen[k] : k];
      ranked.slots[k] = slots[e];
      ranked.scores[k] = scores[e];
    }
    ranked.count = count;
    if (feedFavour === 'rerank') this.#popularFirst();
    this.#p.tail.pass('rerank', ranked.slots, Math.min(SLATE, count));
  }

  /** Posts of popular creators come first; both parts keep their order. */
  #popularFirst(): void {
    const { count, slots, scores } = this.#ranked;
    const entries = theseFirst(
      Uint32Array.from({ length: count }, (_, e) => e),
      (e) => this.#isPopular(slots[e]),
    );
    const moved = entries.map((e) => scores[e]);
    slots.set(entries.map((e) => slots[e]));
    scores.set(moved);
  }

  /** Exploration shows no other posts. */
  #openPopular(): void {
    const open = this.#open;
    const popular = open.slots.subarray(0, open.count).filter(this.#isPopular);
    open.slots.set(popular);
    open.count = popular.length;
  }

  #countShown(cards: number): void {
    const { tally } = this.#o;
    const { posts, creators } = this.#p.maker;
    let shown = 0;
    for (let k = 0; k < cards; k++) {
      const { slot } = this.cards[k];
      if (slot < 0) continue;
      this.#shown[shown] = slot;
      this.#tenths[shown++] = decileOf(creators, posts.creator[slot]);
    }
    this.#p.tail.pass('compose', this.#shown, shown);
    tally.spread += popularitySpread(this.#tenths.subarray(0, shown), DECILES).share || 0;
  }
}
