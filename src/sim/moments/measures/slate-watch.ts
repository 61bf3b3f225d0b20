import { SIGNATURE_BITS, type PhoneMemories } from '../../../content/memory/phone.ts';
import { popularitySpread } from '../../../content/life/taste.ts';
import {
  angleBetween,
  candidateChance,
  hamming,
  jaccard,
  simHashLaw,
} from '../../../content/memory/similarity.ts';
import { VECTOR, type Creators, type Posts } from '../world/posts.ts';

/** Buckets of popularity: tenths of the creators by followers. */
const BUCKETS = 10;
/** Bands and rows of the hashing that would find two slates alike. */
const [BANDS, ROWS] = [20, 5];

interface Slate {
  readonly creators: ReadonlySet<number>;
  readonly mean: Float64Array;
  readonly signature: Uint32Array;
}

/**
 * Slates as wholes: how their creators spread over popularity, and how alike two slates of one
 * reader are. Slates of one reader in `every` are kept.
 */
export class SlateWatch {
  readonly #posts: Posts;
  readonly #creators: Creators;
  readonly #every: number;
  readonly #phones: PhoneMemories;
  readonly #last = new Map<number, Slate>();
  #sums = { slates: 0, spread: 0, pairs: 0, jaccard: 0, candidate: 0, hamming: 0, expected: 0 };

  constructor(posts: Posts, creators: Creators, phones: PhoneMemories, every: number) {
    this.#posts = posts;
    this.#creators = creators;
    this.#every = every;
    this.#phones = phones;
  }

  /** A reader saw these posts, by slot, in one reading. */
  saw(person: number, slots: readonly number[]): void {
    const { creator, learned } = this.#posts;
    const sums = this.#sums;
    if (slots.length === 0) return;
    const { ids, rank } = this.#creators;
    const buckets = slots.map((slot) => Math.floor((rank[creator[slot]] * BUCKETS) / ids.length));
    sums.slates++;
    sums.spread += popularitySpread(buckets, BUCKETS).share;
    if (person % this.#every !== 0) return;
    const mean = new Float64Array(VECTOR);
    for (const slot of slots)
      for (let k = 0; k < VECTOR; k++) mean[k] += learned[slot * VECTOR + k] / slots.length;
    const signature = this.#phones.signatureOf(person).slice();
    const now = { creators: new Set(slots.map((slot) => creator[slot])), mean, signature };
    const before = this.#last.get(person);
    this.#last.set(person, now);
    const angle = before === undefined ? NaN : angleBetween(before.mean, mean);
    if (before === undefined || Number.isNaN(angle)) return;
    const alike = jaccard(before.creators, now.creators).jaccard;
    sums.pairs++;
    sums.jaccard += alike;
    sums.candidate += candidateChance(alike, BANDS, ROWS);
    sums.hamming += hamming(before.signature, signature, signature.length);
    sums.expected += simHashLaw(angle, SIGNATURE_BITS).expectedHamming;
  }

  /** Means over slates, and over pairs of slates that follow each other; null without any. */
  summary() {
    const { slates, pairs, ...sums } = this.#sums;
    const over = (sum: number, count: number) => (count === 0 ? null : sum / count);
    return {
      slates,
      popularitySpread: over(sums.spread, slates),
      pairs,
      jaccardOfCreators: over(sums.jaccard, pairs),
      chanceToBeFoundAlike: over(sums.candidate, pairs),
      differentBits: over(sums.hamming, pairs),
      expectedDifferentBits: over(sums.expected, pairs),
    };
  }
}
