/**
 * A weight or a dual of the blossom solver: a float64 where all of them are exact, otherwise a
 * BigInt.
 */
export type Amount = number | bigint;

/** One amount per vertex, edge or blossom. */
export interface Amounts<A extends Amount> {
  [index: number]: A;
  readonly length: number;
}

/** The arithmetic of the blossom solver, which compares amounts with `<` and `===` directly. */
export interface Arithmetic<A extends Amount, V extends Amounts<A>> {
  readonly zero: A;
  readonly add: (a: A, b: A) => A;
  readonly sub: (a: A, b: A) => A;
  /** Half of an amount. The solver halves only amounts of which the half is exact. */
  readonly half: (a: A) => A;
  /** `size` zeros. */
  readonly zeros: (size: number) => V;
}

/** Exact for whole weights below 2^50: duals are multiples of 1/2. */
export const floats: Arithmetic<number, Float64Array> = {
  zero: 0,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  half: (a) => a / 2,
  zeros: (size) => new Float64Array(size),
};

/** Exact for even weights and even first duals of any size: duals are then whole. */
export const bigints: Arithmetic<bigint, bigint[]> = {
  zero: 0n,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  half: (a) => a / 2n,
  zeros: (size) => new Array<bigint>(size).fill(0n),
};
