import { LabError } from '../../base/errors.ts';
import { mustBeFinite, type Numbers } from '../numbers.ts';

/**
 * Gini coefficient of values that are not negative: 0 where all are equal, (n - 1) / n where one has all. 0 for an empty list and
 * where all are 0 (nothing is shared unequally). Source: Sen, On Economic Inequality, 1973.
 */
export function gini(values: Numbers): number {
  const sorted = ascending(values);
  let total = 0;
  let ranked = 0;
  for (let i = 0; i < sorted.length; i++) {
    total += sorted[i];
    ranked += (2 * (i + 1) - sorted.length - 1) * sorted[i];
  }
  return total === 0 ? 0 : ranked / (sorted.length * total);
}

/**
 * Lorenz curve at `points` equally spaced shares of people (poorest first): f64[points] shares of the total, from 0 to 1, linear
 * between two people. The diagonal where the list is empty or all values are 0.
 */
export function lorenz(values: Numbers, points = 101): Float64Array {
  const sorted = ascending(values);
  const sums = new Float64Array(sorted.length + 1);
  for (let i = 0; i < sorted.length; i++) sums[i + 1] = sums[i] + sorted[i];
  const total = sums[sorted.length];
  return Float64Array.from({ length: points }, (_, p) => {
    const share = p / (points - 1);
    if (total === 0) return share;
    const at = share * sorted.length;
    const i = Math.min(Math.floor(at), sorted.length - 1);
    return (sums[i] + (at - i) * sorted[i]) / total;
  });
}

function ascending(values: Numbers): Float64Array {
  mustBeFinite(values, 'values');
  const sorted = Float64Array.from(values).sort();
  if (sorted[0] < 0) throw new LabError(`values must not be negative; one is ${sorted[0]}`);
  return sorted;
}
