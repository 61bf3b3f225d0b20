import { filterIntent } from '../../../content/life/intent.ts';
import { Did } from '../decision.ts';
import { AD_KIND } from '../world/posts.ts';

/** Chances of a skip, a read, and a read with a like or share, of those who listen and search. */
const SIGNS = [
  [0.2, 0.65, 0.15],
  [0.4, 0.48, 0.12],
] as const;

/**
 * What is known of a reader within a session: how often each kind was shown lately (it fades like
 * fatigue), and a belief about the intent, filtered from skips, reads and what they like or share.
 */
export class SessionSigns {
  /** f64[people]: chance that the person searches. */
  readonly search: Float64Array;
  readonly #counts: Float32Array;
  readonly #belief = new Float64Array(2);

  constructor(people: number) {
    this.search = new Float64Array(people).fill(0.5);
    this.#counts = new Float32Array((AD_KIND + 1) * people);
  }

  /** A view of a post, and what followed. */
  observe(person: number, did: number): void {
    const sign = (did & Did.skip) > 0 ? 0 : (did & (Did.like | Did.share)) > 0 ? 2 : 1;
    this.#belief[0] = 1 - this.search[person];
    this.#belief[1] = this.search[person];
    filterIntent(this.#belief, (intent) => SIGNS[intent][sign], 1);
    this.search[person] = this.#belief[1];
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
    this.search[person] = 0.5;
    this.#counts.fill(0, (AD_KIND + 1) * person, (AD_KIND + 1) * (person + 1));
  }
}
