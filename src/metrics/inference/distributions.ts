/** Distribution functions that tests and intervals need. Relative errors are about 1e-12. */

import { incompleteBeta, logGamma } from './student.ts';

/**
 * Regularised upper incomplete gamma function Q(a, x): series below a + 1, continued fraction above
 * (Abramowitz and Stegun 6.5.29 and 6.5.31, Lentz's method).
 */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let k = 1; k < 10_000 && term > 1e-16 * sum; k++) sum += term *= x / (a + k);
    return 1 - front * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < 10_000; k++) {
    const step = -k * (k - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    h *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * h;
}

/** P(X > x) of the chi-square distribution with `freedom` degrees of freedom. */
export const chiSquareTail = (x: number, freedom: number): number => upperGamma(freedom / 2, x / 2);

/** P(Z <= z) of the standard normal distribution, accurate in both tails. */
export function normalProbability(z: number): number {
  // Beyond 40 the tail is below the smallest float.
  const tail = Math.abs(z) > 40 ? 0 : upperGamma(0.5, (z * z) / 2) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** The z with P(Z <= z) = p for 0 < p < 1, by bisection. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  return bisect((z) => normalProbability(z) - p, -40, 0);
}

/** P(T <= t) of Student's t distribution with `freedom` degrees of freedom. */
export function studentCdf(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
  return t < 0 ? tail : 1 - tail;
}

/** P(X <= k) of the binomial distribution of n trials with chance p. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - p);
}

/** Logarithm of the beta function. */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** A root of `f` between `low` and `high`, at which `f` has different signs. */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  const rising = f(high) > f(low);
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (f(middle) > 0 === rising) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
