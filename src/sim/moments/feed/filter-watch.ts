import { classicBloomRate } from '../../../content/memory/bloom.ts';
import type { PhoneMemories } from '../../../content/memory/phone.ts';
import type { Posts } from '../world/posts.ts';
import type { ContentTally } from './tally.ts';

/** One reader in so many is watched, so that memory stays small. */
const WATCHED = 16;

/** Compares the filters of seen posts with what some readers have truly seen. */
export class FilterWatch {
  readonly #seen = new Map<number, Set<number>>();
  readonly #phones: PhoneMemories;
  readonly #posts: Posts;
  readonly #tally: ContentTally;

  constructor(phones: PhoneMemories, posts: Posts, tally: ContentTally) {
    this.#phones = phones;
    this.#posts = posts;
    this.#tally = tally;
  }

  see(person: number, serial: number): void {
    if (person % WATCHED !== 0) return;
    const seen = this.#seen.get(person) ?? new Set();
    this.#seen.set(person, seen.add(serial));
  }

  forget(person: number): void {
    this.#seen.delete(person);
  }

  /** Posts in these slots are looked up in the filter. */
  lookUp(person: number, slots: ArrayLike<number>): void {
    if (person % WATCHED !== 0) return;
    const { bits, hashes } = this.#phones.filter;
    const seen = this.#seen.get(person);
    const rate = classicBloomRate(bits, hashes, seen?.size ?? 0);
    for (let k = 0; k < slots.length; k++) {
      const serial = this.#posts.serial[slots[k]];
      if (seen?.has(serial) === true) continue;
      this.#tally.newLookedUp++;
      this.#tally.expectedHidden += rate;
      if (this.#phones.hasSeen(person, serial)) this.#tally.wronglyHidden++;
    }
  }
}
