import { exp } from '../../../base/math.ts';
import { Stream, uniform } from '../../../base/hash.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { Did, noDecision, revenueOf } from '../decision.ts';
import type { FeedOptions } from '../feed/feed-options.ts';
import { composeStream, DOUBLING_THRESHOLD, STREAM, SUPPLY } from '../../../content/memory/stream.ts';
import { sessionWord } from '../world/visits.ts';

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
    visits: readonly [number, number],
  ): number {
    const { tray } = this.#o.world.scenario;
    let added = 0;
    this.sharesOfLast = 0;
    for (let look = 1; look <= MOST_LOOKS && look * tray.everySeconds < seconds + added; look++)
      for (const side of [0, 1]) {
        const at = startMs / 1000 + look * tray.everySeconds;
        if (!this.#look(side === 0 ? a : b, visits[side], look, at)) continue;
        this.sharesOfLast++;
        added = Math.min(seconds, added + tray.lengthen);
      }
    this.#o.tally.addedSeconds += added;
    return added;
  }

  /** A look at the tray. Returns whether a sticker was shared. */
  #look(person: number, visit: number, look: number, time: number): boolean {
    const { world, digest, readers, tally, policyOf, decided } = this.#o;
    const { seed, tray } = world.scenario;
    const { trayComposer } = policyOf(person, time);
    const stream = this.#stream(person, trayComposer);
    const session = sessionWord(world, person);
    tally.looks++;
    const request = this.#requests++;
    const decision = this.#decision;
    for (let place = 0; place < stream.length; place++) {
      const draw = (what: number) =>
        uniform(
          seed,
          Stream.content,
          person,
          session ^ Math.imul(look, 0x9e3779b1),
          DRAW + (visit & 0x3ff) * 64 + place * 4 + what,
        );
      const source = stream[place];
      const craved = this.#last[person] === source ? tray.craving : 0;
      const shared =
        draw(0) < Math.min(0.9, tray.shareChance * exp(readers.liking[3 * person + source] + craved));
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
      if (draw(1) >= LOOKS_ON) break;
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
    const isTired = (source: number) => this.#unshared[3 * person + source] >= TIRED_LOOKS;
    const byFatigue = () => [0, 1, 2].map((source) => (isTired(source) ? 1 : 2));
    return composeStream({
      lastShared: usesPhone ? phones.takeShortTerm(person) : 0,
      counts: usesPhone ? phones.sourceCounts(person) : [0, 0, 0],
      base: composer === 'static' ? TWO_TO_ONE : composer === 'fatigue' ? byFatigue() : EQUAL,
      supply: composer === 'static' ? [3, 6, 3] : SUPPLY,
      threshold: DOUBLING_THRESHOLD,
      length: STREAM,
    });
  }
}
