import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normal, Stream } from '../../base/hash.ts';
import { bootstrapInterval, quantile } from './bootstrap.ts';
import { calibrationBins, calibrationError, CalibrationStream } from '../ranking/calibration.ts';
import { meanDifference, meanInterval, shareDifference, studentQuantile, wilson, Z95 } from './student.ts';

describe('quantiles and intervals', () => {
  test("Student's t agrees with the printed tables", () => {
    const table = [
      [1, 12.7062047364],
      [2, 4.30265272991],
      [5, 2.57058183564],
      [10, 2.22813885198],
      [30, 2.0422724563],
      [120, 1.97993040505],
    ];
    for (const [freedom, t] of table) expect(studentQuantile(freedom)).toBeCloseTo(t, 8);
    expect(studentQuantile(1e7)).toBeCloseTo(Z95, 5);
    expect(studentQuantile(10, 0.99)).toBeCloseTo(3.16927267, 7);
  });
  test('Wilson and Newcombe: the published examples', () => {
    // Newcombe 1998, table I: 81 of 263, and table II (a): 56/70 - 48/80.
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20)).toEqual({ low: 0, high: expect.closeTo(0.1611, 4) as number });
    expect(shareDifference(56, 70, 48, 80).low).toBeCloseTo(0.0524, 4);
    expect(shareDifference(56, 70, 48, 80).high).toBeCloseTo(0.3339, 4);
  });
  test('Welch by hand, and no interval from one value', () => {
    const interval = meanDifference({ count: 10, mean: 5, variance: 4 }, { count: 20, mean: 3, variance: 2 });
    // Standard error sqrt(.5), freedom .25 / (.16/9 + .01/19) = 13.659...
    const half = studentQuantile(0.25 / (0.16 / 9 + 0.01 / 19)) * Math.sqrt(0.5);
    expect(interval.low).toBeCloseTo(2 - half, 12);
    expect(
      meanDifference({ count: 1, mean: 5, variance: NaN }, { count: 9, mean: 3, variance: 2 }).low,
    ).toBeNaN();
    expect(meanInterval({ count: 1, mean: 5, variance: 0 }).high).toBeNaN();
  });
});

describe('bootstrap', () => {
  const sample = Float64Array.from({ length: 60 }, (_, i) => normal(1, Stream.bootstrap, 9, i));
  const mean = (rows: Uint32Array) => rows.reduce((s, i) => s + sample[i], 0) / rows.length;
  test('the interval of a mean is near the theoretical one, and reproducible', () => {
    const result = bootstrapInterval(60, mean, { seed: 3, replicates: 800 });
    const m = result.estimate;
    const variance = sample.reduce((s, v) => s + (v - m) ** 2, 0) / 59;
    expect(result.error).toBeGreaterThan(0.88 * Math.sqrt(variance / 60));
    expect(result.error).toBeLessThan(1.12 * Math.sqrt(variance / 60));
    expect(result.low).toBeLessThan(m);
    expect(result.high).toBeGreaterThan(m);
    expect(bootstrapInterval(60, mean, { seed: 3, replicates: 800 })).toEqual(result);
    expect(bootstrapInterval(60, mean, { seed: 4, replicates: 800 }).low).not.toBe(result.low);
  });
  test('repeated rows of one person count once with clusters', () => {
    const clusters = Array.from({ length: 240 }, (_, i) => i % 60);
    const repeated = (rows: Uint32Array) => rows.reduce((s, i) => s + sample[i % 60], 0) / rows.length;
    const naive = bootstrapInterval(240, repeated, { seed: 3 });
    const honest = bootstrapInterval(240, repeated, { seed: 3, clusters });
    expect(honest.error / naive.error).toBeGreaterThan(1.7);
    expect(honest.error / naive.error).toBeLessThan(2.3);
  });
  test('one row, no row, and a statistic that is often undefined', () => {
    expect(bootstrapInterval(1, () => 4, { seed: 1, replicates: 5 })).toMatchObject({
      low: 4,
      high: 4,
      error: 0,
    });
    expect(() => bootstrapInterval(0, mean, { seed: 1 })).toThrow('at least one row');
    expect(() => bootstrapInterval(2, mean, { seed: 1, level: 2 })).toThrow('level');
    expect(bootstrapInterval(3, () => NaN, { seed: 1 }).low).toBeNaN();
  });
  test('quantiles interpolate', () => {
    expect(quantile([1, 2, 4], 0.5)).toBe(2);
    expect(quantile([1, 2, 4], 0.75)).toBe(3);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('calibration', () => {
  test('deciles have a tenth of the rows each, and a calibrated forecaster has no error', () => {
    const predicted = Array.from({ length: 100 }, (_, i) => i);
    const bins = calibrationBins(predicted, predicted);
    expect(bins.map((b) => b.count)).toEqual(Array(10).fill(10));
    expect(bins[0]).toMatchObject({ predicted: 4.5, real: 4.5 });
    expect(calibrationError(bins)).toBe(0);
    const off = calibrationBins(
      predicted,
      predicted.map((p) => p + 3),
    );
    expect(calibrationError(off)).toBeCloseTo(3, 12);
  });
  test('equal predictions stay together; empty and single inputs are fine', () => {
    expect(calibrationBins([1, 1, 1, 1], [0, 1, 0, 1])).toMatchObject([
      { predicted: 1, real: 0.5, count: 4 },
    ]);
    expect(calibrationBins([], [])).toEqual([]);
    expect(calibrationBins([2], [3])).toEqual([{ predicted: 2, real: 3, count: 1, low: NaN, high: NaN }]);
    expect(() => calibrationBins([NaN], [1])).toThrow('predicted must be finite');
  });
  test('a bin in which every outcome is 1 has an interval with a width', () => {
    expect(calibrationBins([0.9, 0.9, 0.9], [1, 1, 1])).toMatchObject([{ real: 1, ...wilson(3, 3) }]);
    expect(wilson(3, 3).low).toBeLessThan(0.5);
  });
  test('the stream keeps count and totals, and its bins are near the exact ones', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: -100, max: 1000, noNaN: true }), fc.integer({ min: 0, max: 99 })),
          {
            minLength: 1,
            maxLength: 80,
          },
        ),
        (rows) => {
          const stream = new CalibrationStream();
          for (const [p, r] of rows) stream.add(p, r);
          const bins = stream.bins();
          expect(bins.reduce((s, b) => s + b.count, 0)).toBe(rows.length);
          const total = (pick: (b: (typeof bins)[0]) => number) =>
            bins.reduce((s, b) => s + pick(b) * b.count, 0);
          expect(total((b) => b.real)).toBeCloseTo(
            rows.reduce((s, r) => s + r[1], 0),
            6,
          );
          expect(total((b) => b.predicted)).toBeCloseTo(
            rows.reduce((s, r) => s + r[0], 0),
            6,
          );
          for (let i = 1; i < bins.length; i++)
            expect(bins[i].predicted).toBeGreaterThan(bins[i - 1].predicted - 1e-5);
        },
      ),
      { numRuns: 50 },
    );
    const stream = new CalibrationStream();
    stream.add(NaN, 1);
    expect([stream.refused, stream.bins().length]).toEqual([1, 0]);
  });
});
