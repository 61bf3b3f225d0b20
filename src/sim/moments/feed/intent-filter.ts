import { filterIntent } from '../../../content/life/intent.ts';
import { wilson } from '../../../metrics/inference/student.ts';
import type { World } from '../../../world/types.ts';
import { Did } from '../decision.ts';
import { endFactor, intentNames, intentOf } from '../world/card.ts';

/** Chance that an intent lasts from one card to the next, as the service assumes it. */
const STAY = 0.98;
/** Cards from which on a belief is judged. */
const JUDGED_CARDS = 10;

/**
 * What the phones believe of the intents of their readers: a forward filter over the posts of a
 * session. A skip after which the reader goes on speaks for a search, and so does a read after
 * which the reader leaves the feed.
 */
export class IntentFilter {
  /** f64[people][intents]: chances of the intents; equal before the first post. */
  readonly #beliefs: Float64Array;
  readonly #cards: Uint16Array;
  readonly #world: World;
  readonly #likelihood = new Float64Array(intentNames.length);

  constructor(world: World) {
    const { count } = world.people;
    this.#world = world;
    this.#beliefs = new Float64Array(intentNames.length * count).fill(1 / intentNames.length);
    this.#cards = new Uint16Array(count);
  }

  /** A new session: nothing is known of its intent. */
  forget(person: number): void {
    this.of(person).fill(1 / intentNames.length);
    this.#cards[person] = 0;
  }

  /** A post was seen. @param did bits of `Did`. */
  saw(person: number, did: number): void {
    const { stop, away } = this.#world.scenario.feed;
    const skipped = (did & Did.skip) > 0;
    const ended = (did & (Did.stop | Did.away)) > 0;
    for (let intent = 0; intent < intentNames.length; intent++) {
      const factor = endFactor(intent, skipped);
      const ends = 1 - (1 - Math.min(1, stop * factor)) * (1 - Math.min(1, away * factor));
      this.#likelihood[intent] = ended ? ends : 1 - ends;
    }
    filterIntent(this.of(person), this.#likelihood, this.#cards[person] === 0 ? 1 : STAY);
    this.#cards[person]++;
  }

  chanceOf(person: number, intent: number): number {
    return this.#beliefs[intentNames.length * person + intent];
  }

  /** Chances of the intents of a person, f64[intents]; a view. */
  of(person: number): Float64Array {
    return this.#beliefs.subarray(intentNames.length * person, intentNames.length * (person + 1));
  }

  /** Beliefs about people who saw ten posts or more in their session, against the truth. */
  summary() {
    let [people, right, chance] = [0, 0, 0];
    this.#cards.forEach((cards, person) => {
      if (cards < JUDGED_CARDS) return;
      const belief = this.chanceOf(person, intentOf(this.#world.people.wish[person]));
      people++;
      chance += belief;
      if (belief > 0.5) right++;
    });
    const share = people === 0 ? null : right / people;
    const { low, high } = wilson(right, people);
    return {
      people,
      meanChanceOfTruth: people === 0 ? null : chance / people,
      right: people === 0 ? null : { share, low, high },
    };
  }
}
