import type { PhoneMemories } from './phone.ts';

const NO_POST = 0xffffffff;

/**
 * The bits of posts in the phones' filters of seen posts, which are the same on every phone: they
 * are computed once for each post. Posts are in slots, and a new post may take the slot of another.
 */
export class PostBits {
  readonly #phones: PhoneMemories;
  /** u32 by slot: the number of the post; one for each slot. */
  readonly #posts: Uint32Array;
  /** Those whose bits are written, and u32[slots][hashes]: their bits. */
  readonly #known: Uint32Array;
  readonly #bits: Uint32Array;

  constructor(phones: PhoneMemories, posts: Uint32Array) {
    this.#phones = phones;
    this.#posts = posts;
    this.#known = new Uint32Array(posts.length).fill(NO_POST);
    this.#bits = new Uint32Array(posts.length * phones.filter.hashes);
  }

  /** Computes the bits of posts that are new in their slots. Call after any were made. */
  refresh(): void {
    const { filter } = this.#phones;
    for (let slot = 0; slot < this.#posts.length; slot++) {
      if (this.#known[slot] === this.#posts[slot]) continue;
      this.#known[slot] = this.#posts[slot];
      filter.bitsOf(this.#posts[slot], this.#bits, slot * filter.hashes);
    }
  }

  /** Whether the phone takes the post in a slot for a seen one, as `PhoneMemories.hasSeen`. */
  isSeen(person: number, slot: number): boolean {
    const { filter, seen } = this.#phones;
    return filter.hasBits(seen, this.#bits, slot * filter.hashes, person * filter.bytes);
  }

  /** Writes those of the slots whose posts are not seen to `out`, in order. Returns how many. */
  unseen(person: number, slots: Uint32Array, out: Uint32Array): number {
    const { filter, seen } = this.#phones;
    const { hashes } = filter;
    const bits = this.#bits;
    const at = person * filter.bytes;
    let count = 0;
    for (let k = 0; k < slots.length; k++) {
      const slot = slots[k];
      // The first bit of nearly every post is free.
      const bit = bits[slot * hashes];
      if ((seen[at + (bit >>> 3)] & (1 << (bit & 7))) === 0 || !this.isSeen(person, slot))
        out[count++] = slot;
    }
    return count;
  }
}
