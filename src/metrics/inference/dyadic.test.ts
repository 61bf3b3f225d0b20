import { describe, expect, it } from 'vitest';
import { hash4, normal, Stream } from '../../base/hash.ts';
import { auroc, resampledAuroc } from '../ranking/auroc.ts';
import { bootstrapInterval } from './bootstrap.ts';
import {
  aurocInfluence,
  dyadicError,
  dyadicInterval,
  influencedAuroc,
  influencedMean,
  minus,
} from './dyadic.ts';

const n = 600;
const z = (what: number, k: number): number => normal(3, Stream.training, what, k);
const labels = Float64Array.from({ length: n }, (_, k) => (z(0, k) > 0.3 ? 1 : 0));
const good = Float64Array.from({ length: n }, (_, k) => Math.round(4 * (z(0, k) + z(1, k))) / 4);
const poor = Float64Array.from({ length: n }, (_, k) => z(0, k) + z(1, k) + 1.5 * z(2, k));
const alone = {
  a: Float64Array.from({ length: n }, (_, k) => 2 * k),
  b: Float64Array.from({ length: n }, (_, k) => 2 * k + 1),
};
const pick = (x: Float64Array, rows: Uint32Array): Float64Array => Float64Array.from(rows, (k) => x[k]);

describe('errors of rows that two people share', () => {
  it('an AUROC, and a paired difference: as the bootstrap says, where nobody comes twice', () => {
    const whole = bootstrapInterval(n, (rows) => auroc(pick(good, rows), pick(labels, rows)), { seed: 1 });
    const one = dyadicInterval(influencedAuroc(good, labels), alone.a, alone.b);
    expect(one.estimate).toBe(whole.estimate);
    expect(one.error / whole.error).toBeGreaterThan(0.9);
    expect(one.error / whole.error).toBeLessThan(1.1);

    const paired = bootstrapInterval(
      n,
      (rows) => auroc(pick(good, rows), pick(labels, rows)) - auroc(pick(poor, rows), pick(labels, rows)),
      { seed: 1 },
    );
    const d = dyadicInterval(
      minus(influencedAuroc(good, labels), influencedAuroc(poor, labels)),
      alone.a,
      alone.b,
    );
    expect(d.estimate).toBeCloseTo(paired.estimate, 12);
    expect(d.error / paired.error).toBeGreaterThan(0.85);
    expect(d.error / paired.error).toBeLessThan(1.15);
    // Two scores of the same rows share most of their error.
    expect(d.error).toBeLessThan(1.2 * one.error);
  });

  it('placements are the derivative of the area: equal scores count half, and they sum to nothing', () => {
    const tiny = aurocInfluence([1, 2, 2, 3], [0, 1, 0, 1]);
    // Area .875: the positives are above .75 and 1 of the others, the negatives below 1 and .75.
    expect([...tiny]).toEqual([0.0625, -0.0625, -0.0625, 0.0625]);
    expect(aurocInfluence(good, labels).reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
    expect([...aurocInfluence([1, 2], [1, 1])]).toEqual([0, 0]);
  });

  it('grow where people come often and carry something of their own', () => {
    // 40 people in 600 rows; the value of a row is the sum of what its two people carry, and noise.
    const a = Float64Array.from({ length: n }, (_, k) => hash4(1, k, 0, 0) % 20);
    const b = Float64Array.from({ length: n }, (_, k) => 20 + (hash4(1, k, 1, 0) % 20));
    const values = Float64Array.from({ length: n }, (_, k) => z(5, a[k]) + z(5, b[k]) + 0.3 * z(6, k));
    const mean = influencedMean(values);
    const naive = dyadicInterval(mean, alone.a, alone.b).error;
    const real = dyadicInterval(mean, a, b).error;
    expect(naive).toBeCloseTo(Math.sqrt(values.reduce((s, x) => s + (x - mean.estimate) ** 2, 0)) / n, 10);
    expect(real).toBeGreaterThan(3 * naive);
    // The truth: how far the mean of 40 drawn people's sums spreads, over fresh draws.
    const draws = Array.from({ length: 300 }, (_, d) => {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (z(100 + d, a[k]) + z(100 + d, b[k]) + 0.3 * z(500 + d, k)) / n;
      return sum;
    });
    const spread = Math.sqrt(draws.reduce((s, x) => s + x * x, 0) / draws.length);
    expect(real / spread).toBeGreaterThan(0.7);
    expect(real / spread).toBeLessThan(1.4);
  });

  it('are never below those of independent rows, and want two people per row', () => {
    expect(dyadicError([1, -1], [0, 0], [1, 2])).toBeCloseTo(Math.SQRT2, 12);
    expect(() => dyadicError([1], [4], [4])).toThrow('row 0 pairs person 4 with themselves');
    expect(() => dyadicError([1], [4], [4, 5])).toThrow('rows and people');
  });
});

it('an area over a resample is the area of its rows, without a sort', () => {
  const of = resampledAuroc(good, labels);
  for (let r = 0; r < 20; r++) {
    const rows = Uint32Array.from({ length: r === 0 ? 3 : n }, (_, k) => hash4(r, k, 0, 9) % n);
    expect(of(rows)).toBe(auroc(pick(good, rows), pick(labels, rows)));
  }
  expect(() => resampledAuroc([NaN], [1])).toThrow('scores must be finite');
});
