import { must } from '../../base/errors.ts';
import { hash4, Stream } from '../../base/hash.ts';

/** Bits per item of a filter with the best number of hashes: -ln(rate) / (ln 2)^2. */
export const bloomBitsPerItem = (rate: number): number => -Math.log(rate) / Math.LN2 ** 2;

/**
 * Size of a filter that takes a new item for a known one with chance `rate` once it holds `items`
 * (Bloom, CACM 13, 1970): bits = ceil(items x bits per item), hashes = round(bits / items x ln 2),
 * at least 1. 500 items at 1 % need 4,793 bits, 600 bytes.
 */
export function bloomSize(items: number, rate: number) {
  const bits = Math.ceil(items * bloomBitsPerItem(rate));
  const hashes = Math.max(1, Math.round((bits / items) * Math.LN2));
  return { bits, hashes, bitsPerItem: bits / items, bytes: Math.ceil(bits / 8) };
}

/**
 * Bytes that the seen posts of all users take as lists of ids, and as filters with false-positive
 * rate `rate`, which is the share of new posts that a filter hides.
 */
export function seenBytesOfAll(users: number, seenPerUser: number, idBytes: number, rate: number) {
  const seen = users * seenPerUser;
  return { ids: seen * idBytes, filters: (seen * bloomBitsPerItem(rate)) / 8 };
}

/**
 * Number of different items in a filter of which `set` bits are set: -bits / hashes x
 * ln(1 - set / bits) (Swamidass and Baldi, 2007). Infinity where all bits are set.
 */
export const itemsInFilter = (bits: number, hashes: number, set: number): number =>
  set === bits ? Infinity : (-bits / hashes) * Math.log1p(-set / bits);

/** False-positive rate of a filter by Bloom's formula, (1 - e^(-hashes x items / bits))^hashes. */
export const classicBloomRate = (bits: number, hashes: number, items: number): number =>
  (-Math.expm1((-hashes * items) / bits)) ** hashes;

/**
 * False-positive rate of a filter whose `hashes` x `items` bits were drawn uniformly and
 * independently: the mean of (set bits / bits)^hashes over the exact law of the number of set bits,
 * by recursion over the draws. Bloom's formula is always below it (Bose et al., Inf. Process. Lett.
 * 108, 2008). Takes about hashes x items x sqrt(bits) steps.
 */
export function bloomRate(bits: number, hashes: number, items: number) {
  const draws = hashes * items;
  // chance[x]: x bits are set. Only counts whose chance matters at all are kept up to date.
  const chance = new Float64Array(Math.min(bits, draws) + 1);
  chance[0] = 1;
  let [low, high] = [0, 0];
  for (let draw = 0; draw < draws; draw++) {
    if (high < bits) high++;
    for (let x = high; x > low; x--)
      chance[x] = chance[x] * (x / bits) + chance[x - 1] * ((bits - x + 1) / bits);
    chance[low] *= low / bits;
    while (low < high && chance[low] < NEGLIGIBLE) chance[low++] = 0;
    while (high > low && chance[high] < NEGLIGIBLE) chance[high--] = 0;
  }
  let exact = 0;
  for (let x = low; x <= high; x++) exact += chance[x] * (x / bits) ** hashes;
  return {
    classic: classicBloomRate(bits, hashes, items),
    exact,
    expectedBitsSet: -bits * Math.expm1(draws * Math.log1p(-1 / bits)),
  };
}

const NEGLIGIBLE = 1e-40;

/**
 * A Bloom filter: a set of keys in a few bits per key. A key that was added is always found; one
 * that was not is found with the rate of {@link bloomRate}. The bits are in an array of the caller,
 * from byte `at`: one array holds the filters of many people. The i-th bit of a key is
 * (first + i x second) mod bits (Kirsch and Mitzenmacher, ESA 2006).
 */
export class BloomFilter {
  readonly #own: Uint32Array;

  constructor(
    readonly bits: number,
    readonly hashes: number,
    /** Two hashes of a key: whole numbers from 0 to 2^32 - 1. */
    readonly first: (key: number) => number,
    readonly second: (key: number) => number,
  ) {
    must(bits >= 1 && hashes >= 1, `a filter of ${bits} bits and ${hashes} hashes; use 1 or more`);
    this.#own = new Uint32Array(hashes);
  }

  /** Bits from the project's hash. `second` is never 0, so that a key has several bits. */
  static hashed(bits: number, hashes: number, seed: number): BloomFilter {
    return new BloomFilter(
      bits,
      hashes,
      (key) => hash4(seed, BITS, key, 0),
      (key) => (bits === 1 ? 0 : 1 + (hash4(seed, BITS, key, 1) % (bits - 1))),
    );
  }

  /**
   * A filter that fits into so many bytes. The number of bits is prime: then every step leads to
   * `hashes` different bits, and the rate is that of the formula. Among 480 bits, a step of 160
   * would only ever reach three.
   */
  static inBytes(bytes: number, hashes: number, seed: number): BloomFilter {
    let bits = 8 * bytes;
    while (!isPrime(bits)) bits--;
    return BloomFilter.hashed(bits, hashes, seed);
  }

  /** Bytes of one filter. */
  get bytes(): number {
    return Math.ceil(this.bits / 8);
  }

  /** Positions of the bits of a key: out[from..from + hashes]. */
  bitsOf(key: number, out: Uint32Array, from = 0): void {
    // Step by step, numbers stay below 2^32, whose remainder takes a tenth of the time.
    let bit = this.first(key) % this.bits;
    const step = this.second(key) % this.bits;
    for (let i = 0; i < this.hashes; i++) {
      out[from + i] = bit;
      bit += step;
      if (bit >= this.bits) bit -= this.bits;
    }
  }

  add(filter: Uint8Array, key: number, at = 0): void {
    this.bitsOf(key, this.#own);
    for (const bit of this.#own) filter[at + (bit >>> 3)] |= 1 << (bit & 7);
  }

  /** Whether all bits of `key` are set: false is certain, true may be wrong. */
  has(filter: Uint8Array, key: number, at = 0): boolean {
    this.bitsOf(key, this.#own);
    return this.hasBits(filter, this.#own, 0, at);
  }

  /** The same for a key whose bits were written by `bitsOf`. */
  hasBits(filter: Uint8Array, bits: Uint32Array, from: number, at: number): boolean {
    for (let i = from; i < from + this.hashes; i++)
      if ((filter[at + (bits[i] >>> 3)] & (1 << (bits[i] & 7))) === 0) return false;
    return true;
  }

  /** Positions of the set bits, ascending. */
  setBits(filter: Uint8Array, at = 0): number[] {
    const set: number[] = [];
    for (let bit = 0; bit < this.bits; bit++)
      if ((filter[at + (bit >>> 3)] & (1 << (bit & 7))) !== 0) set.push(bit);
    return set;
  }
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
}

/** Counter word of the hash: bits are independent of every other draw of the stream. */
const BITS = (Stream.content << 24) | 2;
