import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  catalogCoverage,
  cooccurrence,
  distributionalCoverage,
  itemsByUser,
  listDiversity,
  listSerendipity,
  meanNovelty,
} from './beyond-accuracy.ts';
import { discoveryShare, generalistScore, popularitySpread } from './taste.ts';

describe('generalists and discovery', () => {
  test('one direction is a specialist, k right angles are 1 / sqrt(k)', () => {
    expect(generalistScore([1, 0, 5, 0], 2, [3, 1])).toBeCloseTo(1, 12);
    expect(generalistScore([1, 0, 0, 1], 2, [2, 2])).toBeCloseTo(Math.SQRT1_2, 12);
    expect(generalistScore([1, 0, -1, 0], 2, [1, 1])).toBeNaN();
    expect(generalistScore([1, 0], 2, [0])).toBeNaN();
  });

  test('discovery counts plays', () => {
    expect(discoveryShare([3, 1], [0, 1])).toBe(0.25);
    expect(discoveryShare([], [])).toBeNaN();
  });
});

test('spread over buckets is at most that of an even one', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 4 }), { minLength: 1 }), (bucketOf) => {
      const { spread, atMost, share } = popularitySpread(bucketOf, 5);
      expect(spread).toBeLessThanOrEqual(atMost + 1e-12);
      expect(share).toBeCloseTo(spread / atMost, 12);
    }),
  );
  expect(popularitySpread([0, 1, 2, 3, 4], 5).share).toBeCloseTo(1, 12);
  expect(popularitySpread([], 5).share).toBeNaN();
});

describe('beyond accuracy', () => {
  const train = [
    [1, 10],
    [2, 10],
    [1, 11],
    [2, 12],
  ] as const;
  const similarity = cooccurrence(train);

  test('items are as similar as their users', () => {
    expect(similarity(10, 11)).toBeCloseTo(1 / Math.sqrt(2), 12);
    expect(similarity(11, 12)).toBe(0);
    expect(similarity(10, 10)).toBe(1);
    expect(similarity(10, 99)).toBe(0);
  });

  test('a list of items without common users is wholly diverse; one item has no diversity', () => {
    expect(listDiversity([11, 12], similarity)).toBe(1);
    expect(listDiversity([11], similarity)).toBeNaN();
  });

  test('only what is relevant and unlike what one had is serendipitous', () => {
    expect(listSerendipity([12, 11], [1, 0], [11], similarity)).toBe(0.5);
    expect(listSerendipity([], [], [11], similarity)).toBeNaN();
  });

  test('novelty is the rarity of what was shown; coverage counts items', () => {
    const shown = [
      [1, 10],
      [1, 12],
      [2, 99],
    ] as const;
    expect(meanNovelty(train, shown)).toBe((1 + 2) / 2);
    expect(catalogCoverage(train, shown)).toBe(1);
    expect(distributionalCoverage(shown)).toBeCloseTo(Math.log2(3), 12);
    expect(meanNovelty(train, [])).toBeNaN();
    expect([
      ...itemsByUser([
        [2, 7],
        [1, 8],
        [2, 6],
      ]),
    ]).toEqual([
      [1, [8]],
      [2, [7, 6]],
    ]);
  });
});
