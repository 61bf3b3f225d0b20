import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auroc } from './auroc.ts';
import { ndcg } from './ndcg.ts';

const score = fc.integer({ min: -5, max: 5 });

describe('auroc', () => {
  test('worked by hand: four of six pairs in order, one tie', () => {
    expect(auroc([0.1, 0.4, 0.35, 0.8, 0.4], [0, 0, 1, 1, 1])).toBeCloseTo(4.5 / 6, 15);
    expect(auroc([1, 2, 3], [0, 0, 1])).toBe(1);
    expect(auroc([3, 2, 1], [0, 0, 1])).toBe(0);
    expect(auroc([1, 1, 1, 1], [0, 1, 0, 1])).toBe(0.5);
  });
  test('is the share of pairs in order, whatever the order of the input', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(score, fc.boolean()), { maxLength: 40 }), (rows) => {
        const scores = rows.map((r) => r[0]);
        const labels = rows.map((r) => Number(r[1]));
        let won = 0;
        let pairs = 0;
        for (const [s, l] of rows)
          for (const [t, m] of rows)
            if (l && !m) {
              pairs++;
              won += s > t ? 1 : s === t ? 0.5 : 0;
            }
        const value = auroc(scores, labels);
        if (pairs === 0) expect(value).toBeNaN();
        else {
          expect(value).toBeCloseTo(won / pairs, 12);
          expect(auroc(scores.toReversed(), labels.toReversed())).toBe(value);
          const negated = scores.map((s) => -s);
          expect(auroc(negated, labels)).toBeCloseTo(1 - value, 12);
        }
      }),
    );
  });
  test('refuses what it cannot rank', () => {
    expect(() => auroc([NaN, 1], [0, 1])).toThrow('scores must be finite; value 0 is NaN');
    expect(() => auroc([1, 2], [0, 2])).toThrow('labels must be 0 or 1; label 1 is 2');
    expect(() => auroc([1], [0, 1])).toThrow('same length');
    expect(auroc([], [])).toBeNaN();
  });
});

describe('ndcg', () => {
  test('worked by hand', () => {
    const ideal = 7 + 3 / Math.log2(3) + 1 / 2;
    expect(ndcg([1, 2, 3], [3, 2, 1])).toBeCloseTo((1 + 3 / Math.log2(3) + 7 / 2) / ideal, 14);
    expect(ndcg([3, 2, 1], [3, 2, 1])).toBe(1);
    expect(ndcg([3, 2, 1], [0, 0, 1], 1)).toBe(0);
    expect(ndcg([1, 2], [0, 0])).toBeNaN();
    expect(() => ndcg([1], [-1])).toThrow('must not be negative');
  });
  test('lies in [0, 1] and does not depend on the order of the input', () => {
    const rows = fc.array(fc.tuple(score, fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 30 }), (list, k) => {
        const value = (l: [number, number][]) =>
          ndcg(
            l.map((r) => r[0]),
            l.map((r) => r[1]),
            k,
          );
        if (Number.isNaN(value(list))) expect(list.every((r) => r[1] === 0)).toBe(true);
        else {
          expect(value(list)).toBeGreaterThanOrEqual(0);
          expect(value(list)).toBeLessThanOrEqual(1 + 1e-12);
          expect(value(list.toReversed())).toBeCloseTo(value(list), 12);
        }
      }),
    );
  });
});
