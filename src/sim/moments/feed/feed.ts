import type { MatchBackend } from '../../../match/backend.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { TailBook } from '../measures/tail-book.ts';
import { PostMaker, YOUNG_MS } from '../world/posts.ts';
import { opensFeed } from '../world/session.ts';
import type { Asking, FeedOptions } from './feed-options.ts';
import { FilterWatch } from './filter-watch.ts';
import { Heads } from './heads.ts';
import type { LeavingBook } from './leaving.ts';
import { SessionSigns } from './session-signs.ts';
import { SlateReading } from './reading.ts';
import { livePosts, recallOfBest, Retrieval, type Retrieved } from './retrieve.ts';
import { SlateStages } from './slate/stages.ts';
import { VectorUpdates } from './updates.ts';

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
  readonly #retrieval: Retrieval;
  readonly #stages: SlateStages;

  constructor(options: FeedOptions) {
    this.#o = options;
    this.maker = new PostMaker(options.world);
    this.heads = new Heads(options.world.scenario.seed);
    this.updates = new VectorUpdates(this.maker.posts);
    this.#watch = new FilterWatch(options.phones, options.tally);
    this.signs = new SessionSigns(options.world);
    const { maker, heads, updates, signs } = this;
    const tail = (this.tail = new TailBook(maker.posts, maker.creators));
    this.#retrieval = new Retrieval(options.world, options.readers, maker.posts);
    this.#stages = new SlateStages(options, { maker, heads, signs, tail });
    this.#reading = new SlateReading(options, { maker, heads, updates, tail, signs, watch: this.#watch });
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
  asks(person: number, chat: number): boolean {
    if (this.maker.posts.count === 0 || !opensFeed(this.#o.world, person, chat)) return false;
    this.#asking.push({ person, chat });
    return true;
  }

  async prepare(nowMs: number, backend: MatchBackend): Promise<PreparedFeed> {
    const { policyOf } = this.#o;
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
      groups.push({ asking: own, found: await this.#retrieval.find(people, from, k, backend) });
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
    this.tail.live(prepared.live, count);
    for (const { asking, found } of prepared.groups)
      asking.forEach((who, row) => {
        tally.times.retrieve.record(prepared.ms / count);
        const begun = performance.now();
        this.#watch.lookUp(who.person, this.maker.made);
        const cards = this.#stages.slate(who, found, row, prepared.young, nowMs);
        tally.times.request.record((prepared.ms + (performance.now() - begun) * count) / count);
        reads(who.person, nowMs + 1000 * this.#reading.read(who, this.#stages.cards, cards, nowMs));
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

  /** How many posts each creator has, by rank. */
  #byCreator(slots: Uint32Array): Float64Array {
    const { posts, creators } = this.maker;
    const counts = new Float64Array(creators.ids.length);
    for (let k = 0; k < slots.length; k++) counts[creators.rank[posts.creator[slots[k]]]]++;
    return counts;
  }
}
