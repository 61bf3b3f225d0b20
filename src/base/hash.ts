import { cos, log } from './math.ts';

/**
 * Counter-based random numbers: a pure function of (seed, stream, counters), with the same bits on
 * the CPU and in WGSL (`hash.wgsl`). There is no state, so two policies can run the same evening
 * with common random numbers.
 *
 * The mixing function is pcg4d (Jarzynski and Olano, "Hash Functions for GPU Rendering", JCGT 9(3),
 * 2020).
 */

/** One stream per kind of randomness, so that a change in one never shifts another. */
export const Stream = {
  world: 1,
  arrivals: 2,
  behaviour: 3,
  policy: 4,
  training: 5,
  bootstrap: 6,
  experiment: 7,
  content: 8,
} as const;
export type Stream = (typeof Stream)[keyof typeof Stream];

/** 32 random bits for (seed, a, b, c); every argument is taken modulo 2^32. */
export function hash4(seed: number, a: number, b: number, c: number): number {
  let x = (Math.imul(seed, 1664525) + 1013904223) | 0;
  let y = (Math.imul(a, 1664525) + 1013904223) | 0;
  let z = (Math.imul(b, 1664525) + 1013904223) | 0;
  let w = (Math.imul(c, 1664525) + 1013904223) | 0;
  x = (x + Math.imul(y, w)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  w = (w + Math.imul(y, z)) | 0;
  x ^= x >>> 16;
  y ^= y >>> 16;
  z ^= z >>> 16;
  w ^= w >>> 16;
  x = (x + Math.imul(y, w)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  return z >>> 0;
}

/** Uniform in [0, 1) with 32 bits, for (seed, stream, a, b, c); `c` may go up to 2^24. */
export function uniform(seed: number, stream: Stream, a: number, b: number, c = 0): number {
  return hash4(seed, Math.imul(stream, 0x1000000) ^ c, a, b) * 2 ** -32;
}

/** Standard normal draw (Box and Muller, 1958); uses counter words c and c + 0x800000. */
export function normal(seed: number, stream: Stream, a: number, b: number, c = 0): number {
  const u = 1 - uniform(seed, stream, a, b, c);
  const v = uniform(seed, stream, a, b, c + 0x800000);
  return Math.sqrt(-2 * log(u)) * cos(2 * Math.PI * v);
}

/**
 * Symmetric hash of a pair of user ids: the order between pairs of equal weight (the smaller hash
 * goes first). It favours no id, and equal weights cannot form long chains. `hash.wgsl` has the
 * same function.
 */
export function pairHash(idA: number, idB: number, seed: number): number {
  const lo = idA < idB ? idA : idB;
  const hi = idA < idB ? idB : idA;
  return hash4(seed, lo, hi, 0x9e3779b9);
}

/**
 * FNV-1a over 32-bit words, two lanes: a running digest of the event log, printed as 16 hex digits.
 */
export class Digest {
  #a = 0x811c9dc5;
  #b = 0x01000193;
  add(word: number): void {
    this.#a = Math.imul(this.#a ^ (word | 0), 0x01000193);
    this.#a ^= this.#a >>> 15;
    this.#b = Math.imul(this.#b + (word | 0), 0x85ebca6b);
    this.#b ^= this.#b >>> 13;
  }
  /** Adds the bits of a 64-bit float. */
  addFloat(value: number): void {
    scratch.setFloat64(0, value);
    this.add(scratch.getUint32(0));
    this.add(scratch.getUint32(4));
  }
  hex(): string {
    return [this.#a, this.#b].map((w) => (w >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
const scratch = new DataView(new ArrayBuffer(8));
