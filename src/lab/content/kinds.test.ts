import { expect, test } from 'vitest';
import { contentKinds } from './kinds.ts';

const noFile = { open: () => expect.fail('no file is read') };
const compute = (kind: string, input: object) => contentKinds.get(kind)!.compute(input, noFile);

test('the interval of a share follows the confidence', () => {
  const share = { successes: 3, views: 50 };
  // Wilson (1927) with z = 1.6448536.
  expect(compute('wilson', { ...share, confidence: 0.9 })).toMatchObject({
    low: expect.closeTo(0.0242312570312, 10) as unknown,
    high: expect.closeTo(0.1409419464607, 10) as unknown,
  });
  expect(compute('wilson', share)).toEqual(compute('wilson', { ...share, confidence: 0.95 }));
});

test('a chance of 0 that comes true costs what scikit-learn says', () => {
  expect(compute('ranking', { labels: [1], scores: [0] })).toEqual({
    auc: null,
    logloss: expect.closeTo(-Math.log(2 ** -52), 9) as unknown,
  });
});

test('scores that are no chances have an order and a threshold, and no calibration', () => {
  const scores = [-2, 3, 5];
  expect(compute('ranking', { labels: [0, 0, 1], scores })).toEqual({ auc: 1, logloss: null });
  expect(compute('threshold', { labels: [0, 0, 1], scores, threshold: 3 })).toMatchObject({
    ...{ tp: 1, fp: 1, tn: 1, fn: 0, auc: 1 },
    ...{ brier: null, ece10: null },
  });
});

test('a list without a relevant item has an NDCG of 0, as in scikit-learn', () => {
  expect(compute('ndcg', { scores: [2, 1], relevance: [0, 0] })).toMatchObject({
    ...{ ndcgLinear: 0, ndcgExponential: 0 },
  });
});

test('fatigue stays, and nobody leaves for it, where the input does not say otherwise', () => {
  const feed = { cards: [0.3, 0.3].map((chance) => [chance, 'post']), theta: 0.5, leaveAfterClick: 0 };
  const given = { ...feed, leaveAfterNoClick: { post: 0 } };
  expect(compute('fatigue', given)).toMatchObject({
    clicks: [0.3, expect.closeTo(0.3 * Math.exp(-0.5), 12)],
    seesAll: 1,
  });
});

test('a sketch has the hash that the input tells', () => {
  const sketch = { stream: [0, 1, 2, 2], width: 4, rows: [[3, 1]], items: 3 };
  // 3 x + 1 is 1, 4 and 7; mod 5 that is 1, 4 and 2, and the width is 4.
  expect(compute('count-min', { ...sketch, hash: '((a x + b) mod 5) mod width' })).toMatchObject({
    table: [[1, 1, 2, 0]],
  });
  expect(compute('count-min', sketch)).toMatchObject({ table: [[1, 1, 0, 2]] });
  const large = { ...sketch, rows: [[2 ** 31, 1]], stream: [2 ** 23] };
  expect(() => compute('count-min', large)).toThrow('is not exact in a 64-bit float');
  const table = { open: () => ({ rows: 2, columns: ['item'], texts: () => [], numbers: () => [1, -3] }) };
  expect(() => contentKinds.get('count-min')!.compute({ ...sketch, stream: 'f.csv' }, table)).toThrow(
    'item is -3 in row 2 below the header',
  );
});

test('the chance of an exact count is a fraction in lowest terms, of any size', () => {
  const of = (sources: number, width: number, depth: number) =>
    (compute('count-min-tiny', { sources, width, depth }) as { fraction: string }).fraction;
  expect([of(3, 3, 2), of(1, 6, 2), of(2, 1, 3), of(2, 6, 1)]).toEqual(['56/81', '1', '0', '5/6']);
  expect(of(1000, 1000, 100).length).toBeGreaterThan(500_000);
});
