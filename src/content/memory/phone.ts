import { must } from '../../base/errors.ts';
import type { BloomFilter } from './bloom.ts';
import type { CountMin } from './count-min.ts';
import type { SimHash } from './similarity.ts';

/** Bits of the signature of a slate, and the words that hold them. */
export const SIGNATURE_BITS = 64;
const SIGNATURE_WORDS = SIGNATURE_BITS / 32;

/**
 * What the phones of all people remember, in typed arrays with one stretch per person. Nothing of
 * it leaves a phone but the day-end report of the counts. A phone that is wiped forgets all; its
 * counts can be restored from what it reported.
 */
export class PhoneMemories {
  /** Bit s: the last share was of source s. One byte per person for up to eight sources. */
  readonly shortTerm: Uint8Array;
  /** The counters of each person's sketch. */
  readonly counts: Uint16Array;
  /** The bits of each person's filter of seen posts. */
  readonly seen: Uint8Array;
  /** u32[people][SIGNATURE_WORDS]: SimHash of the cards that each person saw last. */
  readonly signatures: Uint32Array;
  /** The counters as the phone reported them last; the server keeps these. */
  readonly #reported: Uint16Array;

  constructor(
    readonly people: number,
    readonly sources: number,
    readonly sketch: CountMin,
    readonly filter: BloomFilter,
  ) {
    must(sources <= 8, `the short-term memory is one byte, for up to 8 sources; there are ${sources}`);
    this.shortTerm = new Uint8Array(people);
    this.counts = new Uint16Array(people * sketch.size);
    this.#reported = new Uint16Array(people * sketch.size);
    this.seen = new Uint8Array(people * filter.bytes);
    this.signatures = new Uint32Array(people * SIGNATURE_WORDS);
  }

  /** A share: the short-term memory holds its source alone, and the source's count rises. */
  share(person: number, source: number): void {
    this.shortTerm[person] = 1 << source;
    this.sketch.add(this.counts, source, 1, person * this.sketch.size);
  }

  /**
   * The short-term memory for the next stream, as bits. Reading wipes it, because it reorders one
   * stream only.
   */
  takeShortTerm(person: number): number {
    const bits = this.shortTerm[person];
    this.shortTerm[person] = 0;
    return bits;
  }

  /** Estimated shares of each source: out[sources]. */
  sourceCounts(person: number, out: Float64Array = new Float64Array(this.sources)): Float64Array {
    const at = person * this.sketch.size;
    for (let source = 0; source < this.sources; source++)
      out[source] = this.sketch.estimate(this.counts, source, at);
    return out;
  }

  /** Remembers that the person saw a post. */
  see(person: number, post: number): void {
    this.filter.add(this.seen, post, person * this.filter.bytes);
  }

  /** Remembers the direction of the cards of a slate: their mean vector. */
  sign(person: number, hash: SimHash, mean: ArrayLike<number>): void {
    hash.sign(mean, this.signatures, person * SIGNATURE_WORDS);
  }

  /** SimHash of the last slate, u32[SIGNATURE_BITS / 32]; a view. */
  signatureOf(person: number): Uint32Array {
    return this.signatures.subarray(person * SIGNATURE_WORDS, (person + 1) * SIGNATURE_WORDS);
  }

  /** Whether the phone takes the post for a seen one: false is certain, true may be wrong. */
  hasSeen(person: number, post: number): boolean {
    return this.filter.has(this.seen, post, person * this.filter.bytes);
  }

  /** The day-end report: the server keeps the counters of this phone. */
  report(person: number): void {
    this.#reported.set(this.#countsOf(person), person * this.sketch.size);
  }

  /** Wipes all memories of this phone. What it reported stays. */
  wipe(person: number): void {
    this.shortTerm[person] = 0;
    this.#countsOf(person).fill(0);
    this.seen.fill(0, person * this.filter.bytes, (person + 1) * this.filter.bytes);
    this.signatureOf(person).fill(0);
  }

  /** Restores the counters from the last report: zeros where there was none. */
  restore(person: number): void {
    const { size } = this.sketch;
    this.#countsOf(person).set(this.#reported.subarray(person * size, (person + 1) * size));
  }

  /** Bytes of each memory of one phone. */
  get bytes() {
    return {
      ...{ shortTerm: 1, counts: 2 * this.sketch.size, seen: this.filter.bytes },
      signature: 4 * SIGNATURE_WORDS,
    };
  }

  #countsOf(person: number): Uint16Array {
    return this.counts.subarray(person * this.sketch.size, (person + 1) * this.sketch.size);
  }
}
