/** Quantiles of the normal and of Student's t distribution, and the intervals built on them. */

/** 97.5 % point of the standard normal distribution. */
export const Z95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** ln of the gamma function, x > 0 (Lanczos, 1964, g = 7, nine terms; relative error 1e-15). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const y = x - 1;
  const t = y + 7.5;
  const sum = terms.reduce((s, c, i) => s + c / (y + i + 1), 0.9999999999998099);
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularised incomplete beta function I_x(a, b) (Abramowitz and Stegun 26.5.8, Lentz). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  const safe = (v: number) => (Math.abs(v) < 1e-300 ? 1e-300 : v);
  let c = 1;
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return (front * h) / a;
}

/** The t with P(|T| <= t) = level for Student's t; `freedom`: any positive number. */
export function studentQuantile(freedom: number, level = 0.95): number {
  const outside = (t: number) => incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
  let low = 0;
  let high = 1;
  while (outside(high) > 1 - level) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (outside(middle) > 1 - level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Score interval of a share, `hits` of `count` (Wilson, 1927). NaN if the count is 0. */
export function wilson(hits: number, count: number, z = Z95): Interval {
  if (count === 0) return { low: NaN, high: NaN };
  const p = hits / count;
  const centre = (p + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((p * (1 - p)) / count + (z * z) / (4 * count * count));
  return { low: hits === 0 ? 0 : centre - half, high: hits === count ? 1 : centre + half };
}

/**
 * Interval of the difference of two independent shares, first - second, from their Wilson intervals
 * (Newcombe, 1998, method 10).
 */
export function shareDifference(
  hits1: number,
  count1: number,
  hits2: number,
  count2: number,
  z = Z95,
): Interval {
  const p1 = hits1 / count1;
  const p2 = hits2 / count2;
  const a = wilson(hits1, count1, z);
  const b = wilson(hits2, count2, z);
  return {
    low: p1 - p2 - Math.hypot(p1 - a.low, b.high - p2),
    high: p1 - p2 + Math.hypot(a.high - p1, p2 - b.low),
  };
}

/** Count, mean and unbiased variance of a sample. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * Interval of first mean - second mean (Welch, 1947). NaN if a sample has under two values, or if
 * neither varies: equal values say nothing about the spread.
 */
export function meanDifference(first: Moments, second: Moments, level = 0.95): Interval {
  if (first.count < 2 || second.count < 2) return { low: NaN, high: NaN };
  const a = first.variance / first.count;
  const b = second.variance / second.count;
  const difference = first.mean - second.mean;
  if (a + b === 0) return { low: NaN, high: NaN };
  const freedom = (a + b) ** 2 / (a ** 2 / (first.count - 1) + b ** 2 / (second.count - 1));
  const half = studentQuantile(freedom, level) * Math.sqrt(a + b);
  return { low: difference - half, high: difference + half };
}

/** Interval of a mean by Student's t. NaN if the sample has fewer than two values. */
export function meanInterval(sample: Moments, level = 0.95): Interval {
  if (sample.count < 2) return { low: NaN, high: NaN };
  const half = studentQuantile(sample.count - 1, level) * Math.sqrt(sample.variance / sample.count);
  return { low: sample.mean - half, high: sample.mean + half };
}
