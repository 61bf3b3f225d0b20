import type { World } from '../../../world/types.ts';
import { intentNames } from '../world/card.ts';
import { AD_KIND } from '../world/posts.ts';
import { IntentFilter } from './intent-filter.ts';

const SEARCH = intentNames.indexOf('search');

/**
 * What is known of a reader within a session: how often each kind was shown lately (it fades like
 * fatigue), and a belief about the intent.
 */
export class SessionSigns {
  readonly intent: IntentFilter;
  readonly #counts: Float32Array;

  constructor(world: World) {
    this.intent = new IntentFilter(world);
    this.#counts = new Float32Array((AD_KIND + 1) * world.people.count);
  }

  /** Chance that the person searches, rather than listens. */
  search(person: number): number {
    return this.intent.chanceOf(person, SEARCH);
  }

  of(person: number, kind: number): number {
    return this.#counts[(AD_KIND + 1) * person + kind];
  }
  add(person: number, kind: number): void {
    const from = (AD_KIND + 1) * person;
    for (let k = from; k <= from + AD_KIND; k++) this.#counts[k] *= 0.8;
    this.#counts[from + kind]++;
  }
  /** A new session. */
  clear(person: number): void {
    this.intent.forget(person);
    this.#counts.fill(0, (AD_KIND + 1) * person, (AD_KIND + 1) * (person + 1));
  }
}
