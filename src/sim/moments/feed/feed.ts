import { popularitySpread } from '../../../content/life/taste.ts';
import { rerankByMargin } from '../../../content/stages/rerank.ts';
import { highestFirst, theseFirst, valueOf } from '../../../content/stages/value.ts';
import type { MatchBackend } from '../../../match/backend.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { NONE } from '../../../score/types.ts';
import { TailBook } from '../measures/tail-book.ts';
import { attractionOf } from '../world/card.ts';
import { AD_KIND, decileOf, DECILES, PostMaker, VECTOR, YOUNG_MS } from '../world/posts.ts';
import { opensFeed, sessionWord } from '../world/visits.ts';
import type { Asking, FeedOptions } from './feed-options.ts';
import { FilterWatch } from './filter-watch.ts';
import { HEAD_VALUES, headNames, Heads } from './heads.ts';
import type { LeavingBook } from './leaving.ts';
import { SessionSigns } from './session-signs.ts';
import { SlateReading } from './reading.ts';
import { livePosts, recallOfBest, retrieve, type Retrieved } from './retrieve.ts';
import { composeSlate, randomKeys, SLATE, sourceOf, type Card, type RankedPosts } from './slate.ts';
import type { FeedStage } from './tally.ts';
import { VectorUpdates } from './updates.ts';

/** Posts that re-ranking puts in a new order: two slates and a half. */
const RERANKED = 25;
/** One tick with readers in so many has one of its lists of candidates checked. */
const AUDITED = 20;

/** Candidates of those who ask, by retrieval: wide ones and narrow ones apart. */
export interface PreparedFeed {
  readonly groups: readonly { readonly asking: readonly Asking[]; readonly found: Retrieved }[];
  /** Slots of the young posts; how many live posts each creator has, by rank. */
  readonly young: Uint32Array;
  readonly live: Float64Array;
  /** Real milliseconds. */
  readonly ms: number;
}

/** The feed of one market: who asks, what they are shown, and what follows. */
export class Feed {
  readonly maker: PostMaker;
  readonly heads: Heads;
  readonly updates: VectorUpdates;
  readonly tail: TailBook;
  readonly #o: FeedOptions;
  readonly signs: SessionSigns;
  readonly #watch: FilterWatch;
  #asking: Asking[] = [];
  #prepared = 0;
  readonly #reading: SlateReading;

  constructor(options: FeedOptions) {
    this.#o = options;
    this.maker = new PostMaker(options.world);
    this.heads = new Heads(options.world.scenario.seed);
    this.updates = new VectorUpdates(this.maker.posts);
    this.#watch = new FilterWatch(options.phones, options.tally);
    this.signs = new SessionSigns(options.world);
    this.tail = new TailBook(this.maker.creators);
    const { maker, heads, updates, tail } = this;
    this.#reading = new SlateReading(options, {
      maker,
      heads,
      updates,
      tail,
      signs: this.signs,
      watch: this.#watch,
    });
  }

  /** How skips and leaving go together, by intent. */
  get leaving(): LeavingBook {
    return this.#reading.leaving;
  }

  /** A new session, maybe of a new person. */
  rested(person: number, isNew: boolean): void {
    if (isNew) this.#watch.forget(person);
    this.signs.clear(person);
  }

  /** Whether a person opens the feed after the chat of this number; then they ask for a slate. */
  asks(person: number, visit: number): boolean {
    if (this.maker.posts.count === 0 || !opensFeed(this.#o.world, person, visit)) return false;
    this.#asking.push({ person, visit });
    return true;
  }

  async prepare(nowMs: number, backend: MatchBackend): Promise<PreparedFeed> {
    const { world, readers, policyOf } = this.#o;
    const { posts, creators } = this.maker;
    const start = performance.now();
    const asking = this.#asking;
    const groups: { asking: readonly Asking[]; found: Retrieved }[] = [];
    const live = asking.length === 0 ? new Uint32Array(0) : livePosts(posts, creators, false);
    for (const narrow of [false, true]) {
      const own = asking.filter(
        ({ person }) => (policyOf(person, nowMs / 1000).feedRetrieval === 'narrow') === narrow,
      );
      if (own.length === 0) continue;
      const people = own.map((a) => a.person);
      const k = Math.max(
        ...people.map((person) => Math.round(policyOf(person, nowMs / 1000).feedCandidates)),
      );
      const from = narrow ? livePosts(posts, creators, true) : live;
      const seed = world.scenario.seed;
      groups.push({
        asking: own,
        found: await retrieve(world, readers, posts, people, from, k, seed, backend),
      });
    }
    const ms = performance.now() - start;
    this.#audit(groups, live);
    const young = live.filter((slot) => nowMs - posts.born[slot] < YOUNG_MS);
    return { groups, young, live: this.#byCreator(live), ms };
  }

  /** Compares the candidates of one reader in a few ticks with the exact best posts. */
  #audit(groups: PreparedFeed['groups'], live: Uint32Array): void {
    const { world, readers, tally, policyOf } = this.#o;
    if (groups.length === 0 || this.#prepared++ % AUDITED !== 0) return;
    const [{ asking, found }] = groups;
    const { person } = asking[0];
    if (policyOf(person, 0).feedRetrieval === 'narrow') return;
    const recall = recallOfBest(
      world,
      readers,
      this.maker.posts,
      person,
      live,
      found.slots.subarray(0, found.k),
    );
    if (Number.isNaN(recall)) return;
    tally.audits++;
    tally.recall += recall;
  }

  /** Everyone who asked reads. `reads` is called with the time at which each reading ends. */
  serve(prepared: PreparedFeed, nowMs: number, reads: (person: number, untilMs: number) => void): void {
    const { tally } = this.#o;
    const count = this.#asking.length;
    this.#asking = [];
    for (const { asking, found } of prepared.groups)
      asking.forEach((who, row) => {
        tally.times.retrieve.record(prepared.ms / count);
        const begun = performance.now();
        const cards = this.#slate(who, found, row, prepared, nowMs);
        tally.times.request.record((prepared.ms + (performance.now() - begun) * count) / count);
        reads(who.person, nowMs + 1000 * this.#reading.read(who, cards, nowMs));
      });
    this.tail.look(tally.requests);
  }

  /** A reading ends. Returns whether the person leaves the service. */
  finish(person: number): boolean {
    const away = this.#reading.away[person] === 1;
    this.#o.tally.readings++;
    if (away) this.#o.tally.aways++;
    return away;
  }

  /** End of a tick: signals reach the vectors, and posts are made. */
  settle(nowMs: number, { feedUpdates, feedBatchSeconds }: Policy): void {
    this.updates.settle(nowMs, feedUpdates, feedBatchSeconds);
    this.maker.advance(nowMs, () => undefined);
  }

  /** The four stages for one reader. */
  #slate(
    { person, visit }: Asking,
    { slots, scores, k }: Retrieved,
    row: number,
    { young, live }: PreparedFeed,
    nowMs: number,
  ): Card[] {
    const { world, phones, tally, policyOf } = this.#o;
    const { posts, creators } = this.maker;
    const policy = policyOf(person, nowMs / 1000);
    const session = sessionWord(world, person);
    const request = {
      ...{ policy, seed: world.scenario.seed, person, session, visit, nowMs },
      lastShared: 0,
      counts: phones.sourceCounts(person),
      recentAds: this.signs.of(person, AD_KIND),
    };
    tally.requests++;
    this.tail.live(live);
    const own = slots.subarray(row * k, row * k + Math.min(k, Math.round(policy.feedCandidates)));
    const found = own.includes(NONE) ? own.subarray(0, own.indexOf(NONE)) : own;
    this.#pass('retrieve', found);

    let clock = performance.now();
    const stage = (name: FeedStage) => {
      const now = performance.now();
      tally.times[name].record(now - clock);
      clock = now;
    };
    const keys = this.#keys(request, found, scores.subarray(row * k), nowMs);
    const isPopular = (slot: number) => this.#isPopular(slot);
    const favoured = (name: FeedStage, list: readonly number[]) =>
      policy.feedFavour === name ? theseFirst(list, (e) => isPopular(found[e])) : [...list];
    const order = favoured('rank', highestFirst(keys));
    this.#pass(
      'rank',
      order.slice(0, SLATE).map((e) => found[e]),
    );
    stage('rank');
    this.#watch.lookUp(person, this.maker.made);
    const unseen = order.filter((e) => !this.#isHidden(person, found[e]));
    const kept = favoured('rerank', this.#diversify(unseen, found, policy));
    this.#pass(
      'rerank',
      kept.slice(0, SLATE).map((e) => found[e]),
    );
    stage('rerank');
    request.lastShared = phones.takeShortTerm(person);
    const last = favoured('compose', kept);
    const ranked: RankedPosts = {
      slots: last.map((e) => found[e]),
      scores: last.map((e) => scores[row * k + e]),
      ...(policy.feedFavour !== 'none' && { isFirst: isPopular }),
    };
    const explored = policy.feedFavour === 'compose' ? young.filter(isPopular) : young;
    const cards = composeSlate(request, posts, ranked, explored, (slot) => this.#isHidden(person, slot));
    const shown = cards.flatMap((c) => (c.slot < 0 ? [] : [c.slot]));
    this.#pass('compose', shown);
    const tenths = shown.map((slot) => decileOf(creators, posts.creator[slot]));
    tally.spread += popularitySpread(tenths, DECILES).share || 0;
    stage('compose');
    return cards;
  }

  /** Ranking keys of candidates: the larger, the earlier. */
  #keys(
    request: Parameters<typeof composeSlate>[0],
    found: Uint32Array,
    scores: Float32Array,
    nowMs: number,
  ): Float64Array {
    const { world, readers } = this.#o;
    const { posts } = this.maker;
    const { person, policy } = request;
    const chances = new Float64Array(headNames.length);
    if (policy.feedRanking === 'random') return randomKeys(request, found.length);
    return Float64Array.from(found, (slot, e) => {
      if (policy.feedRanking === 'newest') return posts.born[slot];
      if (policy.feedRanking === 'oracle')
        return attractionOf(world, readers, posts, person, slot, sourceOf(posts, slot, nowMs), nowMs);
      const tired = this.signs.of(person, posts.kind[slot]);
      const context = { score: scores[e], tired, search: this.signs.search(person), nowMs };
      this.heads.predict(posts, slot, context, chances);
      return valueOf(chances, HEAD_VALUES);
    });
  }

  /**
   * The first candidates in an order that trades rank against likeness; the rest follow. Relevance
   * falls evenly from 1 to 0 with the rank, so that rankings of any unit mix with cosines. A random
   * ranking keeps its order, and with it its propensities.
   */
  #diversify(order: readonly number[], found: Uint32Array, policy: Policy): number[] {
    const { feedDiversity, feedRanking } = policy;
    if (feedDiversity === 0 || feedRanking === 'random' || order.length === 0) return [...order];
    const first = order.slice(0, RERANKED);
    const vectors = new Float32Array(first.length * VECTOR);
    const { learned } = this.maker.posts;
    first.forEach((e, k) =>
      vectors.set(learned.subarray(found[e] * VECTOR, (found[e] + 1) * VECTOR), k * VECTOR),
    );
    const falling = Float64Array.from(first, (_, k) => 1 - k / first.length);
    const chosen = rerankByMargin(falling, vectors, VECTOR, 1 - feedDiversity, first.length);
    return [...chosen.map((k) => first[k]), ...order.slice(RERANKED)];
  }

  /** Whether the phone takes a post for a seen one. */
  #isHidden(person: number, slot: number): boolean {
    return this.#o.phones.hasSeen(person, this.maker.posts.serial[slot]);
  }

  #isPopular(slot: number): boolean {
    const { posts, creators } = this.maker;
    return decileOf(creators, posts.creator[slot]) === 0;
  }

  #pass(stage: FeedStage, slots: ArrayLike<number>): void {
    const { posts } = this.maker;
    this.tail.pass(
      stage,
      Array.from(slots, (slot) => posts.creator[slot]),
    );
  }

  /** Posts of each creator, by rank. */
  #byCreator(slots: Uint32Array): Float64Array {
    const { posts, creators } = this.maker;
    const counts = new Float64Array(creators.ids.length);
    for (const slot of slots) counts[creators.rank[posts.creator[slot]]]++;
    return counts;
  }
}
