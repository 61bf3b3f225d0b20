import type { Digest } from '../../base/hash.ts';
import type { MatchBackend } from '../../match/backend.ts';
import type { Policy } from '../../scenario/schema.ts';
import type { World } from '../../world/types.ts';
import type { Decision } from './decision.ts';
import { Feed, type PreparedFeed } from './feed/feed.ts';
import { ContentTally } from './feed/tally.ts';
import { BloomFilter } from '../../content/memory/bloom.ts';
import { CountMin } from '../../content/memory/count-min.ts';
import { PhoneMemories } from '../../content/memory/phone.ts';
import { EveningStrips } from './measures/evening-strip.ts';
import { Tray } from './tray/tray.ts';
import { intentOf } from './world/card.ts';
import { Readers } from './world/readers.ts';

/** Rows and columns of the sketch of shares on a phone, for three sources. */
const SKETCH = { width: 8, depth: 3 } as const;
/** Hashes of the filter of seen posts: the best number for 500 posts in 600 bytes. */
const FILTER_HASHES = 7;

export interface MomentsOptions {
  readonly world: World;
  readonly digest: Digest;
  /** At opening: the sizes of the phones' memories follow it. */
  readonly policy: Policy;
  /** The policy that a person is under, at a simulated time in seconds. */
  readonly policyOf: (person: number, time: number) => Policy;
  /** Called with every decision. The object is reused between calls. */
  readonly decided: (decision: Decision) => void;
}

/**
 * The two moments of the evening beside the tick: the feed between two chats, and the tray in a
 * chat. One per market; it changes the mood of the people of the market's world, and everything
 * else that it changes is its own.
 */
export class ContentMoments {
  readonly tally = new ContentTally();
  readonly readers: Readers;
  readonly phones: PhoneMemories;
  readonly feed: Feed;
  readonly tray: Tray;
  readonly #world: World;

  constructor(options: MomentsOptions) {
    const { world, policy } = options;
    const { count } = world.people;
    this.#world = world;
    this.readers = new Readers(world);
    const { seed } = world.scenario;
    this.phones = new PhoneMemories(
      count,
      3,
      CountMin.hashed(SKETCH.width, SKETCH.depth, seed),
      BloomFilter.inBytes(Math.round(policy.feedSeenBytes), FILTER_HASHES, seed),
    );
    const shared = { ...options, readers: this.readers, phones: this.phones, tally: this.tally };
    this.feed = new Feed(shared);
    this.tray = new Tray(shared);
  }

  /** A person comes online: a new session, maybe of a new person in this slot. */
  arrived(person: number): void {
    const isNew = this.readers.meet(person);
    if (isNew) {
      this.phones.wipe(person);
      this.phones.report(person);
    }
    this.readers.rest(person);
    this.feed.rested(person, isNew);
  }

  /** Two people are matched. Returns the seconds that stickers add to their chat. */
  matched(a: number, b: number, startMs: number, seconds: number, chats: readonly [number, number]): number {
    const { people, scenario } = this.#world;
    this.tally.chats++;
    for (const person of [a, b])
      if (
        people.paying[person] === 1 &&
        (people.wantsGender[person] !== 3 || people.wantsOwnCountry[person] === 1)
      )
        this.tally.money.filters += scenario.feed.filterPrice;
    return scenario.tray.on === 'on' ? this.tray.accompany(a, b, startMs, seconds, chats) : 0;
  }

  /** Chances of the intents as the phone guesses them, as in `intentNames`; and the truth. */
  intentOf(person: number): { readonly intent: readonly number[]; readonly trueIntent: number } {
    const wish = this.#world.people.wish[person];
    return { intent: [...this.feed.signs.intent.of(person)], trueIntent: intentOf(wish) };
  }

  /** The strips of everybody's evening, for an observer of the market. */
  openStrips(): EveningStrips {
    return new EveningStrips(this.#world.people.count);
  }

  /** Candidates for everyone who waits for a slate. Changes nothing. */
  prepare(nowMs: number, backend: MatchBackend): Promise<PreparedFeed> {
    return this.feed.prepare(nowMs, backend);
  }
}
