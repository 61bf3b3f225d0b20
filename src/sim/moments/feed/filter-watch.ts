import { classicBloomRate } from '../../../content/memory/bloom.ts';
import type { PhoneMemories } from '../../../content/memory/phone.ts';
import type { ContentTally } from './tally.ts';

/** One reader in so many is watched, so that memory stays small. */
const WATCHED = 16;
/** Posts that are looked up with every request. */
const LOOKED_UP = 100;

/** Compares the filters of seen posts with what some readers have truly seen. */
export class FilterWatch {
  /**
   * f64 by watched reader: posts drawn at random that would fill the filter as much. Every seen
   * post had a free bit, since the others were hidden: on average, 1 / (1 - rate) draws bring one
   * of them. A post that was seen stays hidden, so that none is counted twice.
   */
  readonly #drawn: Float64Array;
  /** f64 by watched reader: how many more posts were hidden than expected. */
  readonly #surplus: Float64Array;
  readonly #phones: PhoneMemories;
  readonly #tally: ContentTally;

  constructor(phones: PhoneMemories, tally: ContentTally) {
    this.#phones = phones;
    this.#tally = tally;
    const watched = Math.ceil(phones.people / WATCHED);
    this.#drawn = new Float64Array(watched);
    this.#surplus = new Float64Array(watched);
  }

  /** A reader sees a post that the filter did not hide. */
  see(person: number): void {
    if (person % WATCHED === 0) this.#drawn[person / WATCHED] += 1 / (1 - this.#rate(person));
  }

  forget(person: number): void {
    if (person % WATCHED === 0) this.#drawn[person / WATCHED] = this.#surplus[person / WATCHED] = 0;
  }

  /**
   * A request begins. Looks up whether the filter would hide the posts that are made next: nobody
   * has seen them, whereas of the posts that there are, those that it hides wrongly remain unseen
   * longest. @param next number of the next post.
   */
  lookUp(person: number, next: number): void {
    if (person % WATCHED !== 0) return;
    const rate = this.#rate(person);
    const before = this.#surplus[person / WATCHED];
    let hidden = 0;
    for (let k = 0; k < LOOKED_UP; k++) if (this.#phones.hasSeen(person, next + k)) hidden++;
    const surplus = before + hidden - LOOKED_UP * rate;
    this.#surplus[person / WATCHED] = surplus;
    this.#tally.newLookedUp += LOOKED_UP;
    this.#tally.expectedHidden += LOOKED_UP * rate;
    this.#tally.wronglyHidden += hidden;
    this.#tally.hiddenVariance += surplus ** 2 - before ** 2;
  }

  #rate(person: number): number {
    const { bits, hashes } = this.#phones.filter;
    return classicBloomRate(bits, hashes, this.#drawn[person / WATCHED]);
  }
}
