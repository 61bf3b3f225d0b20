import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExposureCounts } from './exposure.ts';
import { RatioSeries, RecentSums } from './series.ts';

describe('RatioSeries', () => {
  test('joins neighbours when full, and never loses a figure', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 8 }), (steps, half) => {
        const maxPoints = 2 * half;
        const series = new RatioSeries(2, { maxPoints, width: 0.5 });
        let time = 0;
        steps.forEach((step, i) => {
          time += step / 4;
          series.add(time, 0, i);
          series.add(time, 1, 1, 0);
        });
        const { time: starts, columns } = series.read();
        expect(starts.length).toBeLessThanOrEqual(maxPoints);
        expect(starts[starts.length - 1]).toBeLessThanOrEqual(time);
        expect(starts[starts.length - 1] + series.width).toBeGreaterThan(time);
        for (let i = 1; i < starts.length; i++) expect(starts[i]).toBeGreaterThan(starts[i - 1]);
        expect(columns[1].every((v) => v === Infinity)).toBe(true);
        // Recompute each point from the raw figures.
        let t = 0;
        const sums = new Map<number, [number, number]>();
        steps.forEach((step, i) => {
          t += step / 4;
          const slot = Math.floor(t / series.width);
          const [sum, n] = sums.get(slot) ?? [0, 0];
          sums.set(slot, [sum + i, n + 1]);
        });
        expect(Array.from(columns[0])).toEqual([...sums.values()].map(([sum, n]) => sum / n));
      }),
      { numRuns: 60 },
    );
  });
  test('an empty point is a gap, and NaN is refused', () => {
    const series = new RatioSeries(2, { maxPoints: 4, width: 1 });
    series.add(0, 0, 1);
    expect(series.read().columns[1][0]).toBeNaN();
    expect(() => series.add(0, 0, NaN)).toThrow('finite figures');
    expect(() => new RatioSeries(1, { maxPoints: 3, width: 1 })).toThrow('even');
  });
});

describe('RecentSums', () => {
  test('forgets what is more than a minute old, also after a silence', () => {
    const recent = new RecentSums(1);
    for (let t = 0; t < 300; t++) recent.add(t, 0, 1);
    expect(recent.sum(0)).toBe(60);
    expect(recent.seconds(300)).toBe(60);
    recent.roll(302);
    expect([recent.sum(0), recent.seconds(302)]).toEqual([55, 57]);
    recent.roll(1e6);
    expect(recent.sum(0)).toBe(0);
    const young = new RecentSums(1);
    young.add(2, 0, 5);
    expect([young.sum(0), young.seconds(2.5)]).toEqual([5, 2.5]);
  });
});

describe('ExposureCounts', () => {
  test('equals the Gini coefficient and the Lorenz curve of the matches themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 40 }), (matches) => {
        const counts = new ExposureCounts();
        for (const m of matches) {
          counts.enter();
          for (let k = 0; k < m; k++) counts.matched(k);
        }
        const result = counts.lorenz(21);
        expect(counts.people).toBe(matches.length);
        const sorted = matches.toSorted((p, q) => p - q);
        const total = sorted.reduce((sum, m) => sum + m, 0);
        const differences = matches.flatMap((p) => matches.map((q) => Math.abs(p - q)));
        const difference = differences.reduce((sum, d) => sum + d, 0) / differences.length;
        // Half the relative mean absolute difference.
        const gini = total === 0 ? 0 : difference / (2 * (total / matches.length));
        expect(result.gini).toBeCloseTo(gini, 10);
        for (let i = 0; i <= 20; i++) {
          const people = (i / 20) * matches.length;
          const poorest = sorted.reduce((sum, m, k) => sum + m * Math.min(1, Math.max(0, people - k)), 0);
          expect(result.curve[i]).toBeCloseTo(total === 0 ? i / 20 : poorest / total, 10);
        }
      }),
      { numRuns: 60 },
    );
    expect(new ExposureCounts().lorenz(3)).toEqual({ gini: 0, curve: Float64Array.of(0, 0.5, 1) });
    expect(() => new ExposureCounts().matched(0)).toThrow('let people enter first');
  });
});
