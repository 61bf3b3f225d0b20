import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normal, Stream, uniform } from '../../base/hash.ts';
import { bootstrapInterval, quantileType7 } from './bootstrap.ts';
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
    expect(quantileType7([1, 2, 4], 0.5)).toBe(2);
    expect(quantileType7([1, 2, 4], 0.75)).toBe(3);
    expect(quantileType7([], 0.5)).toBeNaN();
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
    expect(calibrationBins([2], [3])).toEqual([
      { predicted: 2, real: 3, count: 1, low: NaN, high: NaN, isOff: false },
    ]);
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
          rows.forEach(([p, r], k) => stream.add(p, r, 2 * k, 2 * k + 1));
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
    stream.add(NaN, 1, 0, 1);
    expect([stream.refused, stream.bins().length]).toEqual([1, 0]);
  });

  describe('chats of the same people', () => {
    /** Chats of `people` who differ; what is predicted says nothing, and the mean is 0. */
    const stream = (seed: number, people: number, chats: number, isShare: boolean) => {
      const draw = (chat: number, what: number) => uniform(seed, Stream.world, chat, what, 0);
      const own = (p: number) => normal(seed, Stream.world, p, 9, 1);
      const rows = Array.from({ length: chats }, (_, k) => {
        const a = Math.floor(draw(k, 0) * people);
        const b = (a + 1 + Math.floor(draw(k, 1) * (people - 1))) % people;
        const y = own(a) + own(b) + normal(seed, Stream.world, k, 2, 1);
        return { a, b, predicted: 1 + draw(k, 3), real: isShare ? Number(y > 0) : y };
      });
      const found = new CalibrationStream();
      for (const { a, b, predicted, real } of rows) found.add(predicted, real, a, b);
      return { rows, bins: found.bins(2) };
    };

    test.each([false, true])(
      'the stream covers what rows taken as independent do not (shares: %s)',
      (isShare) => {
        const truth = isShare ? 0.5 : 0;
        let [dependent, independent, intervals] = [0, 0, 0];
        for (let run = 0; run < 120; run++) {
          const { rows, bins } = stream(50_000 + run, 30, 300, isShare);
          const plain = calibrationBins(
            rows.map((row) => row.predicted),
            rows.map((row) => row.real),
            2,
          );
          const covers = ({ low, high }: { low: number; high: number }) => low <= truth && truth <= high;
          intervals += bins.length;
          dependent += bins.filter(covers).length;
          independent += plain.filter(covers).length;
        }
        expect(dependent / intervals).toBeGreaterThan(0.9);
        expect(independent / intervals).toBeLessThan(0.75);
      },
    );

    test('few people have no interval, and the stream agrees with the rows', () => {
      expect(stream(50_000, 5, 300, false).bins[0]).toMatchObject({ low: NaN, high: NaN, isOff: false });
      const { rows, bins } = stream(50_001, 60, 400, false);
      const exact = calibrationBins(
        rows.map((row) => row.predicted),
        rows.map((row) => row.real),
        2,
        { a: rows.map((row) => row.a), b: rows.map((row) => row.b) },
      );
      const width = ({ low, high }: { low: number; high: number }) => high - low;
      expect(width(bins[0]) / width(exact[0])).toBeCloseTo(1, 1);
    });

    test('the correction for the number of bins makes a calibrated model look calibrated', () => {
      const off = (bins: number) =>
        Array.from({ length: 60 }, (_, run) => {
          const draw = (k: number, what: number) => normal(50_000 + run, Stream.world, k, what, 1);
          const found = new CalibrationStream();
          for (let k = 0; k < 600; k++)
            found.add(100 + 20 * draw(k, 1), 100 + 20 * draw(k, 1) + draw(k, 2), 2 * k, 2 * k + 1);
          return found.bins(bins).some((bin) => bin.isOff);
        }).filter(Boolean).length / 60;
      expect(off(10)).toBeLessThan(0.16);
    });
  });
});
