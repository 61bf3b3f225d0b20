/**
 * Whole numbers for prices and certificates, the same on the CPU and in `shaders/match/auction`.
 * The heaviest weight comes to BITS bits, so that prices are exact in f32 and a bid fits an i32.
 */
export const BITS = 22;
/** Low bits that are left out of a mean: a sum over a million people then fits 32 bits. */
export const MEAN_BITS = 10;
/** Steps of the damped iteration that lowers a certificate. */
export const DUAL_STEPS = 12;

/** Units per unit of weight: a power of two, which changes the exponent of a weight only. */
export function unitsFor(top: number, bits = BITS): number {
  if (!(top > 0)) return 1;
  return 2 ** Math.max(-100, Math.min(120, bits - 1 - Math.floor(Math.log2(top))));
}

/** A share, at most 1, as the shaders get it: times 2^16. */
export function shareBits(share: number): number {
  return Math.round(Math.min(1, share) * 2 ** 16);
}

/**
 * Epsilon in units, by whole numbers as in `state.wgsl`. At least 2: the best entry of a new list
 * may be one unit short.
 * @param mean what `share` is a share of, in units, shifted right by {@link MEAN_BITS}.
 */
export function epsilonUnits(share: number, mean: number): number {
  return Math.max(2, (mean * shareBits(share)) >> (16 - MEAN_BITS));
}

/**
 * Mean weight of a pair, as {@link epsilonUnits} takes it, from the sum of a certificate. Unlike
 * the rows' heaviest weights, it does not count a few popular people many times.
 */
export function meanPair(bound: number, units: number, n: number): number {
  return Math.floor((2 * bound * units) / Math.max(1, n)) >> MEAN_BITS;
}
