import { BloomFilter, bloomRate, bloomSize, itemsInFilter } from '../../src/content/memory/bloom.ts';
import { chanceOfExactCount, CountMin } from '../../src/content/memory/count-min.ts';
import { PhoneMemories, SIGNATURE_BITS } from '../../src/content/memory/phone.ts';
import { composeStream, DOUBLING_THRESHOLD, STREAM, SUPPLY } from '../../src/content/memory/stream.ts';
import { sourceNames } from '../../src/sim/moments/decision.ts';
import type { PhoneCopy } from '../engine/api.ts';

/** A copy of a phone that can be used without changing the evening. */
export class Pocket {
  readonly #memories: PhoneMemories;
  readonly #copy: PhoneCopy;

  constructor(copy: PhoneCopy) {
    const { width, depth, bits, hashes, seed } = copy;
    this.#copy = copy;
    this.#memories = new PhoneMemories(
      1,
      sourceNames.length,
      CountMin.hashed(width, depth, seed),
      BloomFilter.hashed(bits, hashes, seed),
    );
    this.#memories.shortTerm[0] = copy.shortTerm;
    this.#memories.counts.set(copy.counts);
    this.#memories.seen.set(copy.seen);
    this.#memories.signatures.set(copy.signature);
  }

  share(source: number): void {
    this.#memories.share(0, source);
  }
  report(): void {
    this.#memories.report(0);
  }
  wipe(): void {
    this.#memories.wipe(0);
  }
  restore(): void {
    this.#memories.restore(0);
  }

  /** Everything that the page shows of it. */
  view() {
    const { shortTerm, counts, seen, signatures, bytes, filter } = this.#memories;
    const { width, depth, bits, hashes } = this.#copy;
    const set = filter.setBits(seen);
    const estimates = this.#memories.sourceCounts(0);
    const items = itemsInFilter(bits, hashes, set.length);
    return {
      bytes,
      lastShared: sourceNames.map((_, source) => ((shortTerm[0] >>> source) & 1) === 1),
      rows: Array.from({ length: depth }, (_, row) => [...counts.subarray(row * width, (row + 1) * width)]),
      estimates: [...estimates],
      exactChance: chanceOfExactCount(sourceNames.length, width, depth),
      stream: Array.from(
        composeStream({
          ...{ lastShared: shortTerm[0], counts: estimates, base: [1, 1, 1], supply: SUPPLY },
          ...{ threshold: DOUBLING_THRESHOLD, length: STREAM },
        }),
      ),
      /** Bits of the SimHash of the last slate. */
      signature: Array.from(
        { length: SIGNATURE_BITS },
        (_, k) => ((signatures[k >>> 5] >>> (k & 31)) & 1) === 1,
      ),
      seen: { set, bits, items, hiddenShare: (set.length / bits) ** hashes },
      small: tenth(bits, hashes, items),
      /** What 500 posts at one percent need. */
      usual: bloomSize(500, 0.01),
    };
  }
}

/** The share of new posts that a filter of a tenth of the bits would hide. */
function tenth(bits: number, hashes: number, items: number): number {
  const least = Math.max(1, Math.round(bits / 10));
  return Number.isFinite(items) ? bloomRate(least, hashes, Math.min(5000, Math.round(items))).exact : 1;
}
