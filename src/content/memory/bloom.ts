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
 * independently, as are the bits of a probe. A probe has d different bits with a chance by
 * recursion over its bits; they are all set with chance sum_i (-1)^i C(d, i) (1 - i / bits)^draws,
 * by inclusion and exclusion. That is a difference of order d, in which nearly everything cancels:
 * it is taken in fixed point. Bloom's formula is always below the rate (Bose et al., Inf. Process.
 * Lett. 108, 2008). Takes about hashes^2 steps, however many bits and items there are.
 */
export function bloomRate(bits: number, hashes: number, items: number) {
  const draws = hashes * items;
  const classic = classicBloomRate(bits, hashes, items);
  const most = Math.min(hashes, bits);
  // 64 correct bits after `hashes` differences of powers, each of which loses log2(draws).
  const size = -Math.log2(Math.max(classic, 2 ** -LEAST_EXPONENT));
  const precision = Math.ceil(64 + hashes + 2 * Math.log2(draws + 2) + size);
  // empty[i]: none of i bits is set and all of d others are, with d from 0 on.
  const empty = Array.from({ length: most + 1 }, (_, i) =>
    power((BigInt(bits - i) << BigInt(precision)) / BigInt(bits), draws, precision),
  );
  // chance[d]: the probe has d different bits.
  const chance = new Float64Array(most + 1);
  chance[0] = 1;
  for (let bit = 0; bit < hashes; bit++) {
    for (let d = Math.min(bit + 1, most); d > 0; d--)
      chance[d] = chance[d] * (d / bits) + chance[d - 1] * ((bits - d + 1) / bits);
    chance[0] = 0;
  }
  let exact = 0;
  for (let d = 1; d <= most; d++) {
    for (let i = 0; i <= most - d; i++) empty[i] -= empty[i + 1];
    exact += chance[d] * toFloat(empty[0], precision);
  }
  return {
    classic,
    exact: Math.min(1, exact),
    expectedBitsSet: -bits * Math.expm1(draws * Math.log1p(-1 / bits)),
  };
}

/** Rates below 2 to minus this are 0. */
const LEAST_EXPONENT = 1000;

/** base^exponent for a base from 0 to 1 in fixed point; the exponent is a whole number. */
function power(base: bigint, exponent: number, precision: number): bigint {
  const places = BigInt(precision);
  let result = 1n << places;
  for (let left = BigInt(exponent), square = base; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) >> places;
    square = (square * square) >> places;
  }
  return result;
}

function toFloat(value: bigint, precision: number): number {
  const dropped = Math.max(0, precision - LEAST_EXPONENT);
  return Number(value >> BigInt(dropped)) * 2 ** (dropped - precision);
}

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
    let bit = this.first(key) % this.bits;
    const step = this.second(key) % this.bits;
    for (let i = 0; i < this.hashes; i++) {
      if ((filter[at + (bit >>> 3)] & (1 << (bit & 7))) === 0) return false;
      bit += step;
      if (bit >= this.bits) bit -= this.bits;
    }
    return true;
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
    for (let byte = 0; byte < this.bytes; byte++)
      for (let bits = filter[at + byte], bit = 8 * byte; bits !== 0; bits >>>= 1, bit++)
        if ((bits & 1) !== 0) set.push(bit);
    return set;
  }
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
}

/** Counter word of the hash: bits are independent of every other draw of the stream. */
const BITS = (Stream.content << 24) | 2;
