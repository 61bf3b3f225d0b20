/** Sums, means and variances of plain lists. */

export const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

/** NaN for an empty list. */
export const meanOf = (values: readonly number[]): number => sum(values) / values.length;

/**
 * The least size that counts as large as `difference`, of two means over such values: differences
 * that are equal on paper differ by rounding.
 */
export const withoutRounding = (difference: number, values: readonly number[]): number =>
  Math.abs(difference) - 1e-12 * values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Sum of squared deviations from the mean. */
export function squares(values: readonly number[]): number {
  const centre = meanOf(values);
  return sum(values.map((x) => (x - centre) ** 2));
}

/** Unbiased variance. */
export const sampleVariance = (values: readonly number[]): number => squares(values) / (values.length - 1);

/** Mean and population standard deviation of all values of an enumeration. */
export const meanAndSd = (values: readonly number[]): { mean: number; sd: number } => ({
  mean: meanOf(values),
  sd: Math.sqrt(squares(values) / values.length),
});
