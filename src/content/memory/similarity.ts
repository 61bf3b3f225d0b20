import { normal, Stream } from '../../base/hash.ts';

/**
 * Chance that locality-sensitive hashing in `bands` bands of `rows` hashes makes two sets of
 * Jaccard similarity `s` candidates: 1 - (1 - s^rows)^bands (Leskovec, Rajaraman and Ullman, Mining
 * of Massive Datasets, chapter 3).
 */
export const candidateChance = (s: number, bands: number, rows: number): number =>
  -Math.expm1(bands * Math.log1p(-(s ** rows)));

/** Similarity near which that chance rises most steeply: (1 / bands)^(1 / rows). */
export const candidateThreshold = (bands: number, rows: number): number => (1 / bands) ** (1 / rows);

/** The runs of `size` characters of a text in lower case with single blanks (Broder, 1997). */
export function shingles(text: string, size: number): Set<string> {
  const characters = [...text.toLowerCase().trim().replace(/\s+/g, ' ')];
  const found = new Set<string>();
  for (let k = 0; k + size <= characters.length; k++) found.add(characters.slice(k, k + size).join(''));
  return found;
}

/** Sizes of intersection and union, and their ratio; NaN where both sets are empty. */
export function jaccard<Item>(a: ReadonlySet<Item>, b: ReadonlySet<Item>) {
  let common = 0;
  for (const item of a) if (b.has(item)) common++;
  const union = a.size + b.size - common;
  return { common, union, jaccard: common / union };
}

/**
 * Law of the number of bits in which the SimHashes of two vectors differ, by the angle between them
 * in radians: each bit is equal with chance 1 - angle / pi, independently (Charikar, STOC 2002;
 * Goemans and Williamson, 1995).
 */
export function simHashLaw(angle: number, bits: number) {
  const sameBit = 1 - angle / Math.PI;
  return {
    sameBit,
    expectedHamming: bits * (1 - sameBit),
    sdHamming: Math.sqrt(bits * sameBit * (1 - sameBit)),
  };
}

/**
 * SimHash: bit k of a vector says on which side of the k-th random hyperplane it lies. The
 * signature is u32[ceil(bits / 32)] in an array of the caller, from position `at`.
 */
export class SimHash {
  readonly #normals: Float64Array;
  constructor(
    readonly bits: number,
    readonly dimension: number,
    seed: number,
  ) {
    this.#normals = Float64Array.from({ length: bits * dimension }, (_, k) =>
      normal(seed, Stream.content, Math.floor(k / dimension), k % dimension, PLANES),
    );
  }

  /** Words of one signature. */
  get words(): number {
    return Math.ceil(this.bits / 32);
  }

  sign(vector: ArrayLike<number>, into: Uint32Array, at = 0): void {
    into.fill(0, at, at + this.words);
    for (let bit = 0; bit < this.bits; bit++) {
      let dot = 0;
      for (let d = 0; d < this.dimension; d++) dot += this.#normals[bit * this.dimension + d] * vector[d];
      if (dot > 0) into[at + (bit >>> 5)] |= 1 << (bit & 31);
    }
  }
}

const PLANES = 3;

/** Number of bits in which two signatures of `words` words differ. */
export function hamming(a: Uint32Array, b: Uint32Array, words: number, atA = 0, atB = 0): number {
  let different = 0;
  for (let k = 0; k < words; k++) {
    let word = a[atA + k] ^ b[atB + k];
    // Bits counted in parallel (Warren, Hacker's Delight, section 5-1).
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    different += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return different;
}

/** Angle between two vectors in radians; NaN where one of them is zero. */
export function angleBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.acos(Math.min(1, Math.max(-1, cosine(a, b))));
}

/** Cosine of the angle between two vectors of the same length; NaN where one of them is zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let d = 0; d < a.length; d++) {
    ab += a[d] * b[d];
    aa += a[d] * a[d];
    bb += b[d] * b[d];
  }
  return ab / Math.sqrt(aa * bb);
}
