/** Most assignments that are enumerated one by one. */
export const MAX_ASSIGNMENTS = 200_000;

/** All 2^n assignments of n units to the arms 0 and 1; unit k is bit k of the number. */
export function* allArms(n: number): Generator<readonly number[]> {
  for (let code = 0; code < 2 ** n; code++)
    yield Array.from({ length: n }, (_, unit) => Math.floor(code / 2 ** unit) % 2);
}

/** All assignments of n units in which exactly k are in arm 1. */
export function* armsWithTreated(n: number, k: number): Generator<readonly number[]> {
  const arms = new Array<number>(n).fill(0);
  function* from(unit: number, left: number): Generator<readonly number[]> {
    if (left > n - unit) return;
    if (unit === n) {
      yield [...arms];
      return;
    }
    yield* from(unit + 1, left);
    if (left === 0) return;
    arms[unit] = 1;
    yield* from(unit + 1, left - 1);
    arms[unit] = 0;
  }
  yield* from(0, k);
}

/** Number of ways to choose k of n. */
export function binomial(n: number, k: number): number {
  const few = Math.min(k, n - k);
  let ways = 1;
  for (let j = 1; j <= few; j++) ways *= (n - few + j) / j;
  return ways;
}
