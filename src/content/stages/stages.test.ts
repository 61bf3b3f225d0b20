import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rerankByMargin, meanDistance } from './rerank.ts';
import { shareOfEntries, topByDot } from './retrieval.ts';
import { injectAds } from './slots.ts';
import { highestFirst, rateInTraining, recalibrated, valueOf } from './value.ts';

const small = fc.integer({ min: -3, max: 3 });

test('retrieval finds the largest dot products; equal ones in the order of the posts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(small, small), { maxLength: 20 }),
      fc.tuple(small, small),
      fc.nat({ max: 25 }),
      (posts, query, k) => {
        const { rows, scores } = topByDot(query, posts.flat(), k);
        const all = posts.map(([x, y]) => 0 + x * query[0] + y * query[1]);
        expect(rows).toHaveLength(Math.min(k, posts.length));
        expect(scores).toEqual(rows.map((row) => all[row]));
        for (let at = 1; at < rows.length; at++)
          expect(scores[at] < scores[at - 1] || rows[at] > rows[at - 1]).toBe(true);
        const left = all.filter((_, row) => !rows.includes(row));
        if (rows.length > 0) for (const score of left) expect(score).toBeLessThanOrEqual(scores.at(-1)!);
      },
    ),
  );
});

test('what retrieval leaves out, no later stage brings back', () => {
  const isTail = (post: number) => post >= 2;
  const vectors = [
    [1, 0],
    [0.9, 0.1],
    [0.8, 0.3],
    [0, 1.2],
  ];
  const wide = topByDot([1, 1], vectors.flat(), 2).rows;
  expect(shareOfEntries([wide], isTail)).toBe(1);
  const narrow = topByDot([1, 1], vectors.slice(0, 2).flat(), 2).rows;
  const order = rerankByMargin(
    [0, 1],
    narrow.flatMap((post) => vectors[post]),
    2,
    0,
    2,
  );
  expect(shareOfEntries([order.map((at) => narrow[at])], isTail)).toBe(0);
  expect(shareOfEntries([], isTail)).toBeNaN();
});

describe('re-ranking', () => {
  const items = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), small, small), {
    maxLength: 12,
  });

  test('every item at most once; lambda 1 orders by relevance', () => {
    fc.assert(
      fc.property(
        items,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat({ max: 15 }),
        (list, lambda, length) => {
          const relevance = list.map(([r]) => r);
          const vectors = list.flatMap(([, x, y]) => [x, y]);
          const order = rerankByMargin(relevance, vectors, 2, lambda, length);
          expect(new Set(order).size).toBe(Math.min(length, list.length));
          expect(rerankByMargin(relevance, vectors, 2, 1, length)).toEqual(
            highestFirst(relevance).slice(0, length),
          );
        },
      ),
    );
  });

  test('with less weight of relevance, the next item is unlike the first', () => {
    const [relevance, vectors] = [
      [0.9, 0.8, 0.5],
      [1, 0, 1, 0.01, 0, 1],
    ];
    expect(rerankByMargin(relevance, vectors, 2, 0.9, 3)).toEqual([0, 1, 2]);
    expect(rerankByMargin(relevance, vectors, 2, 0.5, 3)).toEqual([0, 2, 1]);
  });

  test('the distance of a list is the mean over its pairs; one item has none', () => {
    expect(
      meanDistance([
        [1, 0],
        [0, 2],
        [-1, 0],
      ]),
    ).toBeCloseTo((1 + 2 + 1) / 3, 12);
    expect(meanDistance([[1, 0]])).toBeNaN();
  });
});

test('ads stand in their slots, and no post is skipped', () => {
  const posts = fc.array(fc.nat(), { maxLength: 12 });
  const slots = fc
    .uniqueArray(fc.integer({ min: 1, max: 15 }), { maxLength: 4 })
    .map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(posts, slots, fc.nat({ max: 4 }), fc.nat({ max: 15 }), (list, places, ads, length) => {
      const feed = injectAds<number>(list, Array<number>(ads).fill(-1), places, length);
      expect(feed).toHaveLength(Math.min(length, list.length + Math.min(ads, places.length)));
      const shown = feed.filter((card) => card >= 0);
      expect(shown).toEqual(list.slice(0, shown.length));
      feed.forEach((card, k) =>
        expect(card !== -1 || places.includes(k + 1) || k >= shown.length).toBe(true),
      );
    }),
  );
  expect(injectAds([1, 2, 3], [9], [2, 3], 6)).toEqual([1, 9, 2, 3]);
});

test('a weighted sum of the heads ranks otherwise than clicks alone', () => {
  const chances = [
    [0.3, 0.01],
    [0.2, 0.05],
  ];
  expect(highestFirst(chances.map((row) => valueOf(row, [1, 25])))).toEqual([1, 0]);
  expect(highestFirst(chances.map((row) => valueOf(row, [1, 0])))).toEqual([0, 1]);
  expect(highestFirst([1, 1, 1])).toEqual([0, 1, 2]);
});

test('recalibration undoes down-sampling', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, fc.double({ min: 0.001, max: 1, noNaN: true }), (rate, keep) => {
      expect(recalibrated(rateInTraining(rate, keep), keep)).toBeCloseTo(rate, 9);
    }),
  );
});
