import { quantile } from 'd3';

/** Quantile by linear interpolation (type 7 of Hyndman and Fan 1996). NaN of no values. */
export function quantileOf(values: readonly number[], q: number): number {
  return quantile(values, q) ?? NaN;
}

/** The same in the tail: undefined where fewer than one of the values is expected beyond it. */
export function tailOf(values: readonly number[], q: number): number | undefined {
  return values.length * (1 - q) < 1 - 1e-9 ? undefined : quantileOf(values, q);
}

/** NaN of no values. */
export function median(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

/** Median over rounds of a / b. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, k) => value / b[k]));
}

/**
 * Runs the contenders in turn, `repeats` times, and reverses their order in every other round: a
 * busy moment of the machine affects all of them, and ratios compare neighbours in time.
 * @returns results of each contender by round.
 */
export async function interleaved<K extends string, T>(
  contenders: Readonly<Record<K, () => Promise<T>>>,
  repeats: number,
): Promise<Record<K, T[]>> {
  const names = Object.keys(contenders) as K[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let round = 0; round < repeats; round += 1)
    for (const name of round % 2 === 0 ? names : names.toReversed())
      results[name].push(await contenders[name]());
  return results;
}

/** @returns the result of `run` and the CPU seconds that it took, over all threads. */
export function cpuTimed<T>(run: () => T): { result: T; cpuSeconds: number } {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuSeconds: (user + system) / 1e6 };
}
