import { exp } from '../../../base/math.ts';
import { Stream, uniform } from '../../../base/hash.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { Did, noDecision, revenueOf } from '../decision.ts';
import type { FeedOptions } from '../feed/feed-options.ts';
import { DOUBLING_THRESHOLD, STREAM, streamsOf, SUPPLY } from '../../../content/memory/stream.ts';
import { sessionWord } from '../world/session.ts';

/** Chance to look at the next sticker after one that was not shared. */
const LOOKS_ON = 0.7;
/** Looks at a tray in one chat at most, per person. */
const MOST_LOOKS = 60;
/** Looks without a share from which on a source moves back under the fatigue rule. */
const TIRED_LOOKS = 3;
/** Items per round: every source alike; two known ones to a new one. */
const EQUAL = [1, 1, 1];
const TWO_TO_ONE = [1, 2, 1];
const DRAW = 0x700000;
const rules = { threshold: DOUBLING_THRESHOLD, length: STREAM };
/** Streams of each composer; the fatigue rule has one for each set of tired sources. */
const streams = {
  equal: streamsOf({ ...rules, base: EQUAL, supply: SUPPLY }),
  static: streamsOf({ ...rules, base: TWO_TO_ONE, supply: [3, 6, 3] }),
  fatigue: Array.from({ length: 8 }, (_, tired) =>
    streamsOf({ ...rules, base: [0, 1, 2].map((source) => 2 - ((tired >>> source) & 1)), supply: SUPPLY }),
  ),
};
const NO_SHARES = [0, 0, 0];
const DECISION = 7;

/**
 * The tray of stickers in a running chat. What happens is drawn when the chat begins, as its length
 * is: every few seconds, each side looks at a stream of a dozen stickers, and shares one or none. A
 * share lengthens the chat, which may bring another look.
 */
export class Tray {
  /** Shares in the chat that began last. */
  sharesOfLast = 0;
  readonly #o: FeedOptions;
  readonly #decision = noDecision();
  #requests = 0;
  /** By person: the source of the last share, or 3; looks since a share of each source. */
  readonly #last: Uint8Array;
  readonly #unshared: Uint8Array;
  readonly #counts = new Float64Array(3);

  constructor(options: FeedOptions) {
    this.#o = options;
    const { count } = options.world.people;
    this.#last = new Uint8Array(count).fill(3);
    this.#unshared = new Uint8Array(3 * count);
  }

  /** Seconds that stickers add to a chat of two people, at most as many as it has. */
  accompany(
    a: number,
    b: number,
    startMs: number,
    seconds: number,
    chats: readonly [number, number],
  ): number {
    const { tray } = this.#o.world.scenario;
    let added = 0;
    this.sharesOfLast = 0;
    for (let look = 1; look <= MOST_LOOKS && look * tray.everySeconds < seconds + added; look++)
      for (let side = 0; side < 2; side++) {
        const at = startMs / 1000 + look * tray.everySeconds;
        if (!this.#look(side === 0 ? a : b, chats[side], look, at)) continue;
        this.sharesOfLast++;
        added = Math.min(seconds, added + tray.lengthen);
      }
    this.#o.tally.addedSeconds += added;
    return added;
  }

  /** A look at the tray. Returns whether a sticker was shared. */
  #look(person: number, chat: number, look: number, time: number): boolean {
    const { world, digest, readers, tally, policyOf, decided } = this.#o;
    const { seed, tray } = world.scenario;
    const { trayComposer } = policyOf(person, time);
    const stream = this.#stream(person, trayComposer);
    const word = sessionWord(world, person) ^ Math.imul(look, 0x9e3779b1);
    tally.looks++;
    const request = this.#requests++;
    const decision = this.#decision;
    for (let place = 0; place < stream.length; place++) {
      const draw = DRAW + (chat & 0x3ff) * 64 + place * 4;
      const source = stream[place];
      const craved = this.#last[person] === source ? tray.craving : 0;
      const shared =
        uniform(seed, Stream.content, person, word, draw) <
        Math.min(0.9, tray.shareChance * exp(readers.liking[3 * person + source] + craved));
      if (shared) this.#share(person, source);
      else this.#unshared[3 * person + source] = Math.min(255, this.#unshared[3 * person + source] + 1);
      decision.time = time;
      decision.person = person;
      decision.moment = 'tray';
      decision.request = request;
      decision.place = place + 1;
      decision.source = source;
      decision.did = shared ? Did.share : 0;
      digest.add(DECISION);
      digest.add(person);
      digest.add(source | (shared ? 4 : 0));
      tally.money.branded += revenueOf(decision, world.scenario);
      decided(decision);
      if (shared) return true;
      if (uniform(seed, Stream.content, person, word, draw + 1) >= LOOKS_ON) break;
    }
    return false;
  }

  #share(person: number, source: number): void {
    const { phones, tally } = this.#o;
    this.#last[person] = source;
    this.#unshared.fill(0, 3 * person, 3 * person + 3);
    phones.share(person, source);
    tally.shares++;
    tally.sharesBySource[source]++;
  }

  #stream(person: number, composer: Policy['trayComposer']): Uint8Array {
    const { phones } = this.#o;
    const usesPhone = composer === 'phone' || composer === 'fatigue';
    if (!usesPhone) return streams[composer === 'static' ? 'static' : 'equal'](0, NO_SHARES);
    let tired = 0;
    for (let source = 0; source < 3; source++)
      if (this.#unshared[3 * person + source] >= TIRED_LOOKS) tired |= 1 << source;
    const stream = composer === 'fatigue' ? streams.fatigue[tired] : streams.equal;
    return stream(phones.takeShortTerm(person), phones.sourceCounts(person, this.#counts));
  }
}
