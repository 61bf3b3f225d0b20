import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogHistogram, RELATIVE_ERROR, TickLatency } from './histogram.ts';

const of = (values: readonly number[]) => {
  const histogram = new LogHistogram();
  for (const v of values) histogram.record(v);
  return histogram;
};
const off = (value: number, exact: number) => Math.abs(value / exact - 1);
const positive = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
const quantiles = [0, 0.07, 0.5, 0.9, 0.99, 0.999, 1];

describe('LogHistogram', () => {
  test('empty, one value, and many equal ones', () => {
    const empty = new LogHistogram();
    expect([empty.count, empty.max, empty.percentile(0.5), empty.mean]).toEqual([0, 0, NaN, NaN]);
    expect(empty.bars()).toEqual([]);
    const one = of([123.456]);
    for (const q of quantiles) expect(one.percentile(q)).toBe(123.456);
    expect(of(Array<number>(50).fill(7)).percentile(0.999)).toBe(7);
  });
  test('every percentile is within 1 % of the value at its rank', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = of(values);
        const sorted = values.toSorted((a, b) => a - b);
        for (const q of quantiles) {
          const exact = sorted[Math.max(Math.ceil(q * sorted.length * (1 - 1e-15)), 1) - 1];
          expect(Math.abs(histogram.percentile(q) - exact)).toBeLessThanOrEqual(
            RELATIVE_ERROR * exact * (1 + 1e-9),
          );
        }
        expect(histogram.max).toBe(sorted[sorted.length - 1]);
        expect(histogram.min).toBe(sorted[0]);
        expect(histogram.mean / (values.reduce((a, b) => a + b, 0) / values.length)).toBeCloseTo(1, 12);
      }),
    );
  });
  test('merging is the union', () => {
    fc.assert(
      fc.property(fc.array(positive, { maxLength: 50 }), fc.array(positive, { maxLength: 50 }), (a, b) => {
        const merged = of(a);
        merged.merge(of(b));
        const union = of([...a, ...b]);
        expect(quantiles.map((q) => merged.percentile(q))).toEqual(quantiles.map((q) => union.percentile(q)));
        expect([merged.count, merged.max, merged.min]).toEqual([union.count, union.max, union.min]);
        expect(merged.bars(5)).toEqual(union.bars(5));
      }),
    );
    expect(() => of([1]).merge(new LogHistogram({ highest: 10 }))).toThrow('different ranges');
  });
  test('bars hold all values, side by side, each where it says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(positive, fc.constant(0)), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 30 }),
        (values, join) => {
          const bars = of(values).bars(join);
          expect(bars.reduce((s, b) => s + b.count, 0)).toBe(values.length);
          const torn = bars.filter((bar, i) => i > 1 && bar.from !== bars[i - 1].to);
          const wrong = bars.filter(
            (bar) =>
              bar.count === 0 && values.some((v) => v > bar.from * (1 + 1e-12) && v < bar.to * (1 - 1e-12)),
          );
          expect([torn, wrong]).toEqual([[], []]);
        },
      ),
      { numRuns: 40 },
    );
  });
  test('values beyond the range keep count and maximum', () => {
    const histogram = new LogHistogram({ lowest: 1, highest: 100 });
    for (const v of [0, 0.5, 50, 1e6]) histogram.record(v);
    expect(histogram.percentile(0.25)).toBe(0);
    expect(off(histogram.percentile(0.74), 50)).toBeLessThan(RELATIVE_ERROR);
    expect(histogram.percentile(1)).toBe(1e6);
  });
  test.each([NaN, Infinity, -1])('%s is refused and leaves nothing behind', (value) => {
    const histogram = new LogHistogram();
    expect(() => histogram.record(value)).toThrow('finite values of at least 0');
    expect(() => histogram.recordCorrected(value, 1)).toThrow('finite values of at least 0');
    expect(histogram.count).toBe(0);
  });
  test('clear forgets everything', () => {
    const histogram = of([1, 2]);
    histogram.clear();
    histogram.record(5);
    expect([histogram.count, histogram.min, histogram.max, histogram.mean]).toEqual([1, 5, 5, 5]);
  });
});

describe('coordinated omission', () => {
  test('the 100 s freeze: 100 requests a second of 1 ms each for 100 s, then nothing for 100 s', () => {
    // Tene, "How NOT to measure latency". Unaware: 99.99 % of the requests look perfect. In truth
    // half of the time was frozen.
    const latency = new TickLatency();
    for (let i = 0; i < 10_000; i++) latency.record(1, 10);
    latency.record(100_000, 10);
    const { raw, corrected } = latency;
    expect(raw.count).toBe(10_001);
    expect(raw.percentile(0.9999)).toBe(1);
    expect(raw.mean).toBeCloseTo(11, 0);
    expect(corrected.count).toBe(20_000);
    expect(corrected.percentile(0.5)).toBe(1);
    expect(off(corrected.percentile(0.75), 50_000)).toBeLessThan(RELATIVE_ERROR);
    expect(off(corrected.percentile(0.9999), 99_980)).toBeLessThan(RELATIVE_ERROR);
    expect(corrected.mean / 25_000).toBeCloseTo(1, 3);
    expect(corrected.max).toBe(100_000);
  });
  test('a tick of 5.5 intervals hides the four that should have begun in it', () => {
    const histogram = new LogHistogram();
    histogram.recordCorrected(550, 100);
    expect(histogram.count).toBe(5);
    expect([histogram.mean, histogram.min]).toEqual([350, 150]);
    const onTime = new LogHistogram();
    onTime.recordCorrected(100, 100);
    expect(onTime.count).toBe(1);
  });
  test('filling whole bins equals filling one by one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 300, max: 3000, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (value, interval) => {
          const quick = new LogHistogram();
          quick.recordCorrected(value, interval);
          const slow = new LogHistogram();
          slow.record(value);
          const hidden = Math.floor(value / interval) - 1;
          for (let k = 1; k <= hidden; k++) slow.record(value - k * interval);
          expect(quick.count).toBe(slow.count);
          expect(quick.mean / slow.mean).toBeCloseTo(1, 9);
          // A value that lies on the edge of a bin may fall on either side of it.
          let moved = 0;
          const bars = new Map(slow.bars().map((b) => [b.from, b.count]));
          for (const bar of quick.bars()) moved += Math.abs(bar.count - (bars.get(bar.from) ?? 0));
          expect(moved).toBeLessThanOrEqual(4);
        },
      ),
      { numRuns: 20 },
    );
  });
  test('a freeze of a billion intervals is one call, not a billion', () => {
    const histogram = new LogHistogram();
    histogram.recordCorrected(1e9, 1);
    expect(histogram.count).toBe(1e9);
    expect(off(histogram.percentile(0.5), 5e8)).toBeLessThan(RELATIVE_ERROR);
  });
  test('an interval of 0 is refused', () => {
    expect(() => new LogHistogram().recordCorrected(1, 0)).toThrow('interval must be finite and above 0');
  });
});
