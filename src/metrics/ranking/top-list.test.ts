import { expect, test } from 'vitest';
import { discountedGain, idealGain } from './ndcg.ts';
import { brierScore, confusion, equalWidthError, topList } from './top-list.ts';

test('the first items of a list against what is relevant', () => {
  // Hits at ranks 1 and 3 of 4; three items are relevant.
  const found = topList(['a', 'x', 'b', 'y', 'c'], new Set(['a', 'b', 'c']), 4);
  expect(found.precision).toBe(0.5);
  expect(found.recall).toBeCloseTo(2 / 3, 12);
  expect(found.averagePrecision).toBeCloseTo((1 + 2 / 3) / 3, 12);
  expect(found.ndcg).toBeCloseTo((1 + 1 / 2) / (1 + 1 / Math.log2(3) + 1 / 2), 12);
  expect(topList(['a'], new Set(['a', 'b']), 3)).toMatchObject({ precision: 1 / 3, recall: 0.5 });
});

test('counts at a threshold, which belongs to the positives', () => {
  const found = confusion([0.2, 0.5, 0.5, 0.9], [1, 0, 1, 1], 0.5);
  expect(found).toMatchObject({ tp: 2, fp: 1, fn: 1, tn: 0, fpr: 1 });
  expect(found.f1).toBeCloseTo(2 / 3, 12);
  expect(confusion([0.2], [0], 0.5).precision).toBeNaN();
});

test('Brier score and calibration over bins of equal width', () => {
  expect(brierScore([0, 1, 0.5], [0, 1, 1])).toBeCloseTo(0.25 / 3, 12);
  // Bins of a tenth: .31 and .39 together, 1 in the last.
  expect(equalWidthError([0.31, 0.39, 1], [1, 0, 1], 10)).toBeCloseTo((1 - 0.7) / 3, 12);
});

test('equal scores share their gains (the example of scikit-learn)', () => {
  const gains = [10, 0, 0, 1, 5];
  expect(discountedGain([1, 0, 0, 0, 1], gains, 1)).toBe(7.5);
  expect(discountedGain([1, 0, 0, 0, 1], gains, 1) / idealGain(gains, 1)).toBe(0.75);
});
