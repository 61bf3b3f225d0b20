import { expect, test } from 'vitest';
import { slopeOf } from './slope.ts';

test('a line has its slope, without error', () => {
  const { slope, low, high } = slopeOf(
    Array.from({ length: 105 }, (_, k) => 7 + 3 * k),
    2,
  );
  for (const value of [slope, low, high]) expect(value).toBeCloseTo(1.5, 9);
});

test('a saw that does not grow has an interval around 0; one that does has not', () => {
  const saw = (growth: number) => Array.from({ length: 200 }, (_, k) => ((k * 7) % 11) + growth * k);
  const flat = slopeOf(saw(0), 1);
  expect(flat.low).toBeLessThan(0);
  expect(flat.high).toBeGreaterThan(0);
  expect(slopeOf(saw(0.1), 1).low).toBeGreaterThan(0);
});

test('fewer samples than blocks are refused', () => {
  expect(() => slopeOf([1, 2, 3], 1)).toThrow('at least 10 samples, got 3');
});
