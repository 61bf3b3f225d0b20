import type { Digest } from '../../base/hash.ts';
import { log } from '../../base/math.ts';
import type { MatchBackend } from '../../match/backend.ts';
import type { Policy } from '../../scenario/schema.ts';
import { NONE } from '../../score/types.ts';
import type { World } from '../../world/types.ts';
import { noDecision, type Decision } from '../decision.ts';
import type { PhoneMemories } from '../memory/phone.ts';
import { attractionOf, Did, intentOf, seeCard, type CardOutcome } from '../world/card.ts';
import { AD_KIND, isTail, PostMaker, VECTOR, YOUNG_MS } from '../world/posts.ts';
import type { Readers } from '../world/readers.ts';
import { opensFeed, sessionWord } from '../world/visits.ts';
import { passGates } from './gates.ts';
import { HEAD_VALUES, headNames, Heads, KindCounts } from './heads.ts';
import { livePosts, retrieve, type Retrieved } from './retrieve.ts';
import { composeSlate, inOrder, randomKeys, SLATE, sourceOf, type Card, type RankedPosts } from './slate.ts';
import type { ContentTally, FeedStage } from './tally.ts';
import { VectorUpdates } from './updates.ts';

/** Effect of attraction on the log of reading time that the service assumes. */
const SIGNAL_SLOPE = 0.6;
/** Share of a gift that the platform keeps. */
const COMMISSION = 0.3;
/** Event of the digest. */
const DECISION = 6;

export interface FeedOptions {
  readonly world: World;
  readonly digest: Digest;
  readonly readers: Readers;
  readonly phones: PhoneMemories;
  readonly tally: ContentTally;
  readonly policyOf: (person: number, time: number) => Policy;
  readonly decided: (decision: Decision) => void;
}

/** Someone who waits for a slate: the visit is the number of their chat in the session. */
interface Asking {
  readonly person: number;
  readonly visit: number;
}

/** Candidates of those who ask, by retrieval: wide ones and narrow ones apart. */
export interface PreparedFeed {
  readonly groups: readonly { readonly asking: readonly Asking[]; readonly found: Retrieved }[];
  readonly young: Uint32Array;
  readonly live: Uint32Array;
  /** Real milliseconds. */
  readonly ms: number;
}

/** The feed of one market: who asks, what they are shown, and what follows. */
export class Feed {
  readonly maker: PostMaker;
  readonly heads = new Heads();
  readonly updates: VectorUpdates;
  readonly #o: FeedOptions;
  readonly #kinds: KindCounts;
  #asking: Asking[] = [];
  #requests = 0;
  /** By person: how their reading ends, and what it taught. */
  readonly #away: Uint8Array;
  readonly #decision = noDecision();
  readonly #outcome: CardOutcome = { attraction: 0, seconds: 0, did: 0 };

  constructor(options: FeedOptions) {
    this.#o = options;
    this.maker = new PostMaker(options.world);
    this.updates = new VectorUpdates(this.maker.posts);
    this.#kinds = new KindCounts(options.world.people.count);
    this.#away = new Uint8Array(options.world.people.count);
  }

  rested(person: number): void {
    this.#kinds.clear(person);
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
      const k = Math.max(...people.map((person) => policyOf(person, nowMs / 1000).feedCandidates));
      const from = narrow ? livePosts(posts, creators, true) : live;
      const seed = world.scenario.seed;
      groups.push({
        asking: own,
        found: await retrieve(world, readers, posts, people, from, k, seed, backend),
      });
    }
    const young = live.filter((slot) => nowMs - posts.born[slot] < YOUNG_MS);
    return { groups, young, live, ms: performance.now() - start };
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
        reads(who.person, nowMs + 1000 * this.#read(who, cards, nowMs));
      });
  }

  /** A reading ends. Returns whether the person leaves the service. */
  finish(person: number): boolean {
    const away = this.#away[person] === 1;
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
    const { posts } = this.maker;
    const policy = policyOf(person, nowMs / 1000);
    const session = sessionWord(world, person);
    const request = {
      ...{ policy, seed: world.scenario.seed, person, session, visit, nowMs },
      lastShared: 0,
      counts: phones.sourceCounts(person),
      recentAds: this.#kinds.of(person, AD_KIND),
    };
    tally.requests++;
    tally.put('live', live.length, this.#tailOf(live));
    const own = slots.subarray(row * k, row * k + Math.min(k, policy.feedCandidates));
    const found = own.includes(NONE) ? own.subarray(0, own.indexOf(NONE)) : own;
    tally.put('retrieve', found.length, this.#tailOf(found));

    let clock = performance.now();
    const stage = (name: FeedStage) => {
      const now = performance.now();
      tally.times[name].record(now - clock);
      clock = now;
    };
    const keys = this.#keys(request, found, scores.subarray(row * k), nowMs);
    const order = inOrder(keys);
    tally.put(
      'rank',
      Math.min(SLATE, order.length),
      this.#tailOf(order.slice(0, SLATE).map((e) => found[e])),
    );
    stage('rank');
    const kept = order.filter((e) => !this.#isHidden(person, found[e]));
    const ranked: RankedPosts = {
      slots: kept.map((e) => found[e]),
      scores: kept.map((e) => scores[row * k + e]),
    };
    tally.put('rerank', Math.min(SLATE, kept.length), this.#tailOf(ranked.slots.slice(0, SLATE)));
    stage('rerank');
    request.lastShared = phones.takeShortTerm(person);
    const cards = composeSlate(request, posts, ranked, young, (slot) => this.#isHidden(person, slot));
    const shown = cards.flatMap((c) => (c.slot < 0 ? [] : [c.slot]));
    tally.put('compose', shown.length, this.#tailOf(shown));
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
        return attractionOf(world, readers, posts, person, slot, sourceOf(posts, slot, nowMs));
      this.heads.predict(posts, slot, scores[e], this.#kinds.of(person, posts.kind[slot]), nowMs, chances);
      return chances.reduce((sum, chance, h) => sum + chance * HEAD_VALUES[h], 0);
    });
  }

  /** Seconds that a person reads. */
  #read({ person, visit }: Asking, cards: readonly Card[], nowMs: number): number {
    const { world, digest, readers, tally, policyOf, decided } = this.#o;
    const { posts } = this.maker;
    const policy = policyOf(person, nowMs / 1000);
    const session = sessionWord(world, person);
    const decision = this.#decision;
    const request = this.#requests++;
    const user = new Float32Array(VECTOR);
    readers.write(person, user, 0);
    const chances = new Float64Array(headNames.length);
    let seconds = 0;
    let place = 0;
    this.#away[person] = 0;
    for (const card of cards) {
      const { slot, source, score } = card;
      place++;
      const isAd = slot < 0;
      const moment = { person, session, visit, card: place };
      const seen = seeCard(world, readers, posts, slot, source, policy.feedDwell, moment, this.#outcome);
      const { did } = seen;
      const time = nowMs / 1000 + seconds;
      seconds += seen.seconds;
      tally.cards++;
      const counts = tally.intents[intentOf(world.people.wish[person])][(did & Did.skip) > 0 ? 0 : 1];
      counts.cards++;
      const ends = (did & (Did.away | Did.stop)) > 0;
      if (ends) counts.left++;
      chances.fill(NaN);
      const tired = this.#kinds.of(person, isAd ? AD_KIND : posts.kind[slot]);
      if (!isAd && !Number.isNaN(score)) {
        this.heads.predict(posts, slot, score, tired, nowMs, chances);
        this.heads.learn(posts, slot, score, tired, nowMs, did);
      }
      if (isAd) {
        tally.ads++;
        tally.money.ads += world.scenario.feed.adPrice;
      } else this.#seen(slot, person, source, seen, user, policy, nowMs);
      this.#kinds.add(person, isAd ? AD_KIND : posts.kind[slot]);
      decision.time = time;
      decision.person = person;
      decision.request = request;
      decision.place = place;
      decision.item = isAd ? -1 : posts.serial[slot];
      decision.source = source;
      decision.creator = isAd ? -1 : posts.creator[slot];
      decision.propensity = card.propensity;
      decision.score = score;
      decision.click = chances[0];
      decision.seconds = seen.seconds;
      decision.did = did;
      digest.add(DECISION);
      digest.add(person);
      digest.add(decision.item);
      digest.add(did);
      decided(decision);
      if (ends) {
        if ((did & Did.away) > 0) this.#away[person] = 1;
        break;
      }
    }
    tally.readSeconds += seconds;
    return seconds;
  }

  /** A post was seen: counters, phone, creator, signal. */
  #seen(
    slot: number,
    person: number,
    source: number,
    { seconds, did }: CardOutcome,
    user: Float32Array,
    policy: Policy,
    nowMs: number,
  ): void {
    const { world, phones, tally } = this.#o;
    const { posts, creators } = this.maker;
    const { people, scenario } = world;
    const { feed } = scenario;
    const creator = posts.creator[slot];
    const rank = creators.rank[creator];
    posts.views[slot]++;
    creators.views[rank]++;
    tally.put('seen', 1, isTail(creators, creator) ? 1 : 0);
    if (nowMs - posts.born[slot] < YOUNG_MS) {
      tally.youngViews++;
      tally.youngSeconds += seconds;
    }
    phones.see(person, posts.serial[slot]);
    if ((did & Did.click) > 0) {
      tally.clicks++;
      posts.clicks[slot]++;
      creators.clicks[rank]++;
      people.mood[creator] = Math.min(1, people.mood[creator] + feed.fameMood);
    }
    if ((did & Did.like) > 0) posts.likes[slot]++;
    if ((did & Did.share) > 0) {
      posts.shares[slot]++;
      phones.share(person, source);
    }
    if ((did & Did.gift) > 0) {
      tally.gifts++;
      tally.money.commission += COMMISSION * feed.giftPrice;
      tally.money.creators += (1 - COMMISSION) * feed.giftPrice;
      creators.gifts[rank] += (1 - COMMISSION) * feed.giftPrice;
    }
    if (policy.feedGates === 'on') passGates(posts, slot, policy.feedGateShare, tally);
    this.updates.add(slot, user, log(seconds / feed.readSeconds) / SIGNAL_SLOPE);
  }

  /** Whether the phone takes a post for a seen one. */
  #isHidden(person: number, slot: number): boolean {
    return this.#o.phones.hasSeen(person, this.maker.posts.serial[slot]);
  }

  #tailOf(slots: ArrayLike<number>): number {
    const { posts, creators } = this.maker;
    let tail = 0;
    for (let k = 0; k < slots.length; k++) if (isTail(creators, posts.creator[slots[k]])) tail++;
    return tail;
  }
}
