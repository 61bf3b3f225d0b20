import { log } from '../../../base/math.ts';
import { dwellSignals } from '../../../content/life/dwell.ts';
import { SIGNATURE_BITS } from '../../../content/memory/phone.ts';
import { SimHash } from '../../../content/memory/similarity.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { COMMISSION, Did, noDecision, revenueOf } from '../decision.ts';
import type { TailBook } from '../measures/tail-book.ts';
import { intentOf, seeCard, type CardMoment, type CardOutcome } from '../world/card.ts';
import { AD_KIND, freshnessOf, type PostMaker, VECTOR, YOUNG_MS } from '../world/posts.ts';
import { sessionWord } from '../world/session.ts';
import type { Asking, FeedOptions } from './feed-options.ts';
import type { FilterWatch } from './filter-watch.ts';
import { passGates } from './gates.ts';
import { headNames, type Heads } from './heads.ts';
import { LeavingBook } from './leaving.ts';
import type { SessionSigns } from './session-signs.ts';
import type { Card } from './slate/slate.ts';
import type { VectorUpdates } from './updates.ts';

/** Effect of attraction on the log of reading time that the service assumes. */
const SIGNAL_SLOPE = 0.5;
/** Event of the digest. */
const DECISION = 6;

/** Parts of the feed that reading changes. */
export interface ReadingParts {
  readonly maker: PostMaker;
  readonly heads: Heads;
  readonly updates: VectorUpdates;
  readonly tail: TailBook;
  readonly signs: SessionSigns;
  readonly watch: FilterWatch;
}

/** What happens while a person reads a slate, and what it changes. */
export class SlateReading {
  /** u8 by person: 1 if the present reading ends with leaving the service. */
  readonly away: Uint8Array;
  readonly leaving: LeavingBook;
  readonly #o: FeedOptions;
  readonly #maker: PostMaker;
  readonly #heads: Heads;
  readonly #updates: VectorUpdates;
  readonly #tail: TailBook;
  readonly #signs: SessionSigns;
  readonly #watch: FilterWatch;
  readonly #decision = noDecision();
  readonly #outcome: CardOutcome = { attraction: 0, seconds: 0, did: 0 };
  readonly #hash: SimHash;
  readonly #mean = new Float64Array(VECTOR);
  readonly #user = new Float32Array(VECTOR);
  readonly #chances = new Float64Array(headNames.length);
  readonly #moment: { -readonly [K in keyof CardMoment]: CardMoment[K] } = {
    ...{ person: 0, session: 0, chat: 0, card: 0, nowMs: 0 },
  };
  #requests = 0;

  constructor(options: FeedOptions, { maker, heads, updates, tail, signs, watch }: ReadingParts) {
    this.#o = options;
    this.#maker = maker;
    this.#heads = heads;
    this.#updates = updates;
    this.#tail = tail;
    this.#signs = signs;
    this.#watch = watch;
    this.away = new Uint8Array(options.world.people.count);
    this.#hash = new SimHash(SIGNATURE_BITS, VECTOR, options.world.scenario.seed);
    this.leaving = new LeavingBook(options.world.people.count);
  }

  /** Seconds that a person reads the first `count` cards. */
  read({ person, chat }: Asking, cards: readonly Readonly<Card>[], count: number, nowMs: number): number {
    const { world, digest, readers, tally, policyOf, decided } = this.#o;
    const { posts } = this.#maker;
    const policy = policyOf(person, nowMs / 1000);
    const decision = this.#decision;
    const request = this.#requests++;
    readers.write(person, this.#user, 0);
    this.#updates.reads(this.#user);
    const [chances, moment] = [this.#chances, this.#moment];
    moment.person = person;
    moment.session = sessionWord(world, person);
    moment.chat = chat;
    moment.nowMs = nowMs;
    let seconds = 0;
    let place = 0;
    this.away[person] = 0;
    while (place < count) {
      const { slot, source, score, propensity } = cards[place++];
      const isAd = slot < 0;
      moment.card = place;
      const seen = seeCard(world, readers, posts, slot, source, policy.feedDwell, moment, this.#outcome);
      const { did } = seen;
      const time = nowMs / 1000 + seconds;
      seconds += seen.seconds;
      tally.cards++;
      const ends = (did & (Did.away | Did.stop)) > 0;
      if (!isAd) this.leaving.saw(intentOf(world.people.wish[person]), person, (did & Did.skip) > 0, ends);
      chances.fill(NaN);
      const tired = this.#signs.of(person, isAd ? AD_KIND : posts.kind[slot]);
      if (!isAd && !Number.isNaN(score)) {
        const fresh = freshnessOf(posts, slot, nowMs);
        this.#heads.predict(score, fresh, tired, this.#signs.search(person), chances);
        tally.predicted(chances, did);
        this.#heads.learn(did);
      }
      if (isAd) tally.ads++;
      else this.#seen(slot, person, source, seen, policy, nowMs);
      if (!isAd) this.#signs.intent.saw(person, did);
      this.#signs.add(person, isAd ? AD_KIND : posts.kind[slot]);
      decision.time = time;
      decision.person = person;
      decision.request = request;
      decision.place = place;
      decision.item = isAd ? -1 : posts.serial[slot];
      decision.source = source;
      decision.creator = isAd ? -1 : posts.creator[slot];
      decision.propensity = propensity;
      decision.score = score;
      decision.click = chances[0];
      decision.seconds = seen.seconds;
      decision.did = did;
      digest.add(DECISION);
      digest.add(person);
      digest.add(decision.item);
      digest.add(did);
      tally.money[isAd ? 'ads' : 'commission'] += revenueOf(decision, world.scenario);
      decided(decision);
      if (ends) {
        if ((did & Did.away) > 0) this.away[person] = 1;
        break;
      }
    }
    tally.readSeconds += seconds;
    this.#sign(person, cards, place);
    return seconds;
  }

  /** The phone remembers the direction of the posts that were seen. */
  #sign(person: number, cards: readonly Readonly<Card>[], count: number): void {
    const { learned } = this.#maker.posts;
    this.#mean.fill(0);
    for (let card = 0; card < count; card++) {
      const { slot } = cards[card];
      for (let k = 0; slot >= 0 && k < VECTOR; k++) this.#mean[k] += learned[slot * VECTOR + k];
    }
    this.#o.phones.sign(person, this.#hash, this.#mean);
  }

  /** A post was seen: counters, phone, creator, signal. */
  #seen(
    slot: number,
    person: number,
    source: number,
    { seconds, did }: CardOutcome,
    policy: Policy,
    nowMs: number,
  ): void {
    const { world, phones, tally } = this.#o;
    const { posts, creators } = this.#maker;
    const { people, scenario } = world;
    const { feed } = scenario;
    const creator = posts.creator[slot];
    const rank = creators.rank[creator];
    posts.views[slot]++;
    creators.views[rank]++;
    this.#tail.saw(creator);
    const rules = dwellSignals(seconds, posts.seconds[slot]);
    if (rules.click) tally.rules.click++;
    if (rules.longView) tally.rules.longView++;
    if (rules.done90) tally.rules.done90++;
    if (nowMs - posts.born[slot] < YOUNG_MS) {
      tally.youngViews++;
      tally.youngSeconds += seconds;
    }
    phones.see(person, posts.serial[slot]);
    this.#watch.see(person);
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
      tally.money.creators += (1 - COMMISSION) * feed.giftPrice;
      creators.gifts[rank] += (1 - COMMISSION) * feed.giftPrice;
    }
    if (policy.feedGates === 'on') passGates(posts, slot, policy.feedGateShare, tally);
    const wholePost = seconds >= posts.seconds[slot];
    this.#updates.add(slot, log(seconds / feed.readSeconds) / SIGNAL_SLOPE, wholePost);
  }
}
