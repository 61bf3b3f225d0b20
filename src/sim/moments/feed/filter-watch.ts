import { classicBloomRate } from '../../../content/memory/bloom.ts';
import type { PhoneMemories } from '../../../content/memory/phone.ts';
import type { ContentTally } from './tally.ts';

/** One reader in so many is watched, so that memory stays small. */
const WATCHED = 16;
/** Posts that are looked up with every request. */
const LOOKED_UP = 100;

interface Watched {
  /** What the reader has truly seen. */
  readonly seen: Set<number>;
  /**
   * Posts drawn at random that would fill the filter as much. Every seen post had a free bit, since
   * the others were hidden: on average, 1 / (1 - rate) draws bring one of them.
   */
  drawn: number;
  /** How many more posts were hidden than expected. */
  surplus: number;
}

/** Compares the filters of seen posts with what some readers have truly seen. */
export class FilterWatch {
  readonly #watched = new Map<number, Watched>();
  readonly #phones: PhoneMemories;
  readonly #tally: ContentTally;

  constructor(phones: PhoneMemories, tally: ContentTally) {
    this.#phones = phones;
    this.#tally = tally;
  }

  see(person: number, serial: number): void {
    if (person % WATCHED !== 0) return;
    const own = this.#of(person);
    if (own.seen.has(serial)) return;
    own.seen.add(serial);
    own.drawn += 1 / (1 - this.#rate(own));
  }

  forget(person: number): void {
    this.#watched.delete(person);
  }

  /**
   * A request begins. Looks up whether the filter would hide the posts that are made next: nobody
   * has seen them, whereas of the posts that there are, those that it hides wrongly remain unseen
   * longest. @param next number of the next post.
   */
  lookUp(person: number, next: number): void {
    if (person % WATCHED !== 0) return;
    const own = this.#of(person);
    const rate = this.#rate(own);
    const before = own.surplus;
    let hidden = 0;
    for (let k = 0; k < LOOKED_UP; k++) if (this.#phones.hasSeen(person, next + k)) hidden++;
    own.surplus += hidden - LOOKED_UP * rate;
    this.#tally.newLookedUp += LOOKED_UP;
    this.#tally.expectedHidden += LOOKED_UP * rate;
    this.#tally.wronglyHidden += hidden;
    this.#tally.hiddenVariance += own.surplus ** 2 - before ** 2;
  }

  #rate({ drawn }: Watched): number {
    const { bits, hashes } = this.#phones.filter;
    return classicBloomRate(bits, hashes, drawn);
  }

  #of(person: number): Watched {
    let own = this.#watched.get(person);
    if (own === undefined) this.#watched.set(person, (own = { seen: new Set(), drawn: 0, surplus: 0 }));
    return own;
  }
}
