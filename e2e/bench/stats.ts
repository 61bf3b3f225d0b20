/** Median of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}

/**
 * Runs the contenders in turn, `repeats` times over, each round in the opposite order of the one before, so that a busy moment of the machine
 * hits all of them alike and ratios are of neighbours in time. Returns what each returned, round by round.
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

/** Median over rounds of a / b. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, k) => value / b[k]));
}
