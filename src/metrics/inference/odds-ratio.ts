import { Z95, type Interval } from './student.ts';

export interface OddsRatio extends Interval {
  /** Odds in the first treatment over odds in the second; NaN where undefined. */
  readonly value: number;
}

/** Rows of one arm, and how many of them are hits. */
interface Shares {
  readonly count: number;
  readonly sum: number;
}

/** Odds ratio with Woolf's interval (1955). */
export function crudeOdds(first: Shares, second: Shares): OddsRatio {
  const [a, b] = [first.sum, first.count - first.sum];
  const [c, d] = [second.sum, second.count - second.sum];
  return withLogInterval((a * d) / (b * c), Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d));
}

/**
 * Mantel and Haenszel's odds ratio (1959) with the interval of Robins, Breslow and Greenland
 * (1986). Slices with one treatment add nothing.
 */
export function mantelHaenszel(
  strata: readonly { readonly first: Shares; readonly second: Shares }[],
): OddsRatio {
  let [r, s, pr, mixed, qs] = [0, 0, 0, 0, 0];
  for (const { first, second } of strata) {
    const n = first.count + second.count;
    if (n === 0) continue;
    const [a, b] = [first.sum, first.count - first.sum];
    const [c, d] = [second.sum, second.count - second.sum];
    const [ri, si, p, q] = [(a * d) / n, (b * c) / n, (a + d) / n, (b + c) / n];
    r += ri;
    s += si;
    pr += p * ri;
    mixed += p * si + q * ri;
    qs += q * si;
  }
  const error = Math.sqrt(pr / (2 * r * r) + mixed / (2 * r * s) + qs / (2 * s * s));
  return withLogInterval(r / s, error);
}

function withLogInterval(value: number, logError: number): OddsRatio {
  if (!(value > 0 && value < Infinity)) return { value, low: NaN, high: NaN };
  return { value, low: value * Math.exp(-Z95 * logError), high: value * Math.exp(Z95 * logError) };
}
