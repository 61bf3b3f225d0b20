import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compare,
  emptyCell,
  mean,
  mergeCells,
  repeatedCell,
  standardisedValues,
  variance,
  verdict,
  type Cell,
  type Stratum,
} from './slices.ts';

const share = (hits: number, count: number): Cell =>
  mergeCells(repeatedCell(1, hits), repeatedCell(0, count - hits));
const cellOf = (values: readonly number[]): Cell =>
  values.map((v) => repeatedCell(v, 1)).reduce(mergeCells, emptyCell);
const stratum = (name: string, first: Cell, second: Cell): Stratum => ({ name, first, second });

// Charig et al. 1986 and Bickel et al. 1975, as published.
const kidney = [
  stratum('small', share(81, 87), share(234, 270)),
  stratum('large', share(192, 263), share(55, 80)),
];
const ucb = [
  [512, 825, 89, 108],
  [353, 560, 17, 25],
  [120, 325, 202, 593],
  [138, 417, 131, 375],
  [53, 191, 94, 393],
  [22, 373, 24, 341],
].map(([a, m, c, w], i) => stratum('ABCDEF'[i], share(a, m), share(c, w)));

describe('published cases', () => {
  test('kidney stones: a full reversal', () => {
    const result = compare(kidney, 'share');
    expect(result.crude.first).toBeCloseTo(0.78, 4);
    expect(result.crude.second).toBeCloseTo(0.8257, 4);
    expect(result.standardised.first).toBeCloseTo(0.8325, 4);
    expect(result.standardised.second).toBeCloseTo(0.7789, 4);
    expect(result.verdict).toBe('full');
  });
  test('UCB admissions: a partial reversal, and both odds ratios', () => {
    const result = compare(ucb, 'share');
    expect(result.oddsRatio?.crude.value).toBeCloseTo(1.8411, 4);
    expect(result.oddsRatio?.mantelHaenszel.value).toBeCloseTo(0.9047, 4);
    // R: mantelhaen.test(UCBAdmissions)$conf.int (Robins, Breslow and Greenland) is 0.7719074
    // 1.0603298.
    expect(result.oddsRatio?.mantelHaenszel.low).toBeCloseTo(0.7719074, 6);
    expect(result.oddsRatio?.mantelHaenszel.high).toBeCloseTo(1.0603298, 6);
    expect(result.verdict).toBe('partial');
    expect(result.slices.filter((s) => !s.reversed).map((s) => s.name)).toEqual(['C', 'E']);
  });
  test('attributes A .4 / .2 and B .5 / .3: the mix hides that B is better in both groups', () => {
    // A mostly where values are high (X), B mostly where they are low (Y).
    const mostly = [
      stratum('X', share(400, 1000), share(5, 10)),
      stratum('Y', share(2, 10), share(300, 1000)),
    ];
    const result = compare(mostly, 'share');
    expect(result.crude.value).toBeGreaterThan(0);
    expect(result.slices.map((s) => s.difference.value)).toEqual([
      expect.closeTo(-0.1, 12),
      expect.closeTo(-0.1, 12),
    ]);
    expect(result.standardised.value).toBeCloseTo(-0.1, 12);
    expect(result.verdict).toBe('full');
    // A only in X, B only in Y: nothing can be compared within a group, and no verdict is claimed.
    const only = [stratum('X', share(400, 1000), emptyCell), stratum('Y', emptyCell, share(300, 1000))];
    const blind = compare(only, 'share');
    expect(blind.crude.value).toBeCloseTo(0.1, 12);
    expect(blind.standardised).toMatchObject({ value: NaN, support: 0 });
    expect(blind.verdict).toBe('none');
  });
});

describe('verdict', () => {
  test('by its definition', () => {
    expect(verdict(1, [-1, -2])).toBe('full');
    expect(verdict(1, [-1, 0, NaN])).toBe('full');
    expect(verdict(1, [-1, 2])).toBe('partial');
    expect(verdict(1, [1, 2])).toBe('none');
    expect(verdict(1, [])).toBe('none');
    expect(verdict(0, [-1, 1])).toBe('none');
  });
  test('equal shares of different counts are no difference', () => {
    const result = compare(
      [stratum('a', share(1, 3), share(2, 6)), stratum('b', share(9, 10), share(1, 2))],
      'share',
    );
    expect(result.slices[0].difference.value).toBe(0);
    expect(result.slices[0].reversed).toBe(false);
  });
});

describe('differences and intervals at the edges', () => {
  test('a small difference of large numbers is a difference, with its sign', () => {
    const [large, small] = [1700000000.501, 1700000000.5];
    const result = compare(
      [stratum('x', cellOf([large]), cellOf([small])), stratum('y', cellOf([1]), cellOf([2]))],
      'mean',
    );
    expect(result.slices[0].difference.value).toBeCloseTo(0.001, 6);
    expect(compare([stratum('x', cellOf([large]), cellOf([small]))], 'mean').crude.value).toBe(large - small);
  });
  test('rounding is no difference, however many rows there are and in whatever order', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => 0.1 * ((i * 7919) % 1000) - 40);
    const result = compare([stratum('x', cellOf(values), cellOf(values.toReversed()))], 'mean');
    expect(result.crude.value).toBe(0);
    const tenths = compare([stratum('x', cellOf([0.1, 0.2]), repeatedCell(0.15, 3))], 'mean');
    expect(tenths.crude.value).toBe(0);
  });
  test('shares of 0 and 1 have intervals with a width, in one slice as in the crude difference', () => {
    const result = compare([stratum('x', share(5, 5), share(0, 7))], 'share');
    expect(result.standardised.low).toBeCloseTo(result.crude.low, 14);
    expect(result.standardised.low).toBeLessThan(0.5);
    expect(result.standardised.high).toBe(1);
    const two = compare(
      [stratum('x', share(5, 5), share(0, 7)), stratum('y', share(9, 9), share(8, 8))],
      'share',
    );
    expect(two.standardised.high - two.standardised.low).toBeGreaterThan(0.1);
  });
});

const cell = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 60 }))
  .map(([n, h]) => share(Math.min(n, h), n));
const strata = fc
  .array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 })
  .map((list) => list.map(([a, b], i) => stratum(String(i), a, b)));

describe('invariances', () => {
  test('exchanging the treatments turns every sign and keeps the verdict', () => {
    fc.assert(
      fc.property(strata, (list) => {
        const there = compare(list, 'share');
        const back = compare(
          list.map((s) => stratum(s.name, s.second, s.first)),
          'share',
        );
        expect(back.verdict).toBe(there.verdict);
        expect(back.crude.value + there.crude.value).toBeCloseTo(0, 14);
        expect(back.crude.low + there.crude.high).toBeCloseTo(0, 12);
        expect(back.standardised.value + there.standardised.value).toBeCloseTo(0, 12);
        expect(back.slices.map((s) => s.reversed)).toEqual(there.slices.map((s) => s.reversed));
        const pooled = there.oddsRatio!.mantelHaenszel.value;
        if (pooled > 0 && pooled < Infinity)
          expect(back.oddsRatio!.mantelHaenszel.value * pooled).toBeCloseTo(1, 12);
      }),
    );
  });
  test('the order of the slices and a common factor on all counts do not matter', () => {
    fc.assert(
      fc.property(strata, fc.integer({ min: 2, max: 9 }), (list, k) => {
        const there = compare(list, 'share');
        const grow = (c: Cell) => ({
          count: k * c.count,
          sum: k * c.sum,
          rest: k * c.rest,
          squares: k * c.squares,
        });
        const other = compare(
          list.toReversed().map((s) => stratum(s.name, grow(s.first), grow(s.second))),
          'share',
        );
        expect(other.verdict).toBe(there.verdict);
        expect(other.standardised.first).toBeCloseTo(there.standardised.first, 12);
        expect(other.crude.first).toBeCloseTo(there.crude.first, 12);
      }),
    );
  });
  test('with one mix in both treatments, standardising changes nothing and no full reversal exists', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(50), fc.nat(50)), {
          minLength: 1,
          maxLength: 6,
        }),
        (rows) => {
          const list = rows.map(([n, a, b], i) =>
            stratum(String(i), share(Math.min(n, a), n), share(Math.min(n, b), n)),
          );
          const result = compare(list, 'share');
          expect(result.standardised.first).toBeCloseTo(result.crude.first, 12);
          expect(result.standardised.second).toBeCloseTo(result.crude.second, 12);
          expect(result.verdict).not.toBe('full');
        },
      ),
    );
  });
  test('the standardised difference is the weighted mean of the slices, so it lies between them', () => {
    fc.assert(
      fc.property(strata, (list) => {
        const { standardised, slices } = compare(list, 'share');
        const values = slices.map((s) => s.difference.value);
        expect(standardised.value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(standardised.value).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        const { values: both } = standardisedValues(
          list.map((s) => [s.first, s.second]),
          'share',
        );
        expect(both[0] - both[1]).toBeCloseTo(standardised.value, 14);
      }),
    );
  });
  test('cells merge like the rows they stand for', () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.array(value, { minLength: 1 }), (a, b) => {
        const merged = mergeCells(cellOf(a), cellOf(b));
        const all = [...a, ...b];
        const m = all.reduce((s, v) => s + v, 0) / all.length;
        expect(mean(merged)).toBeCloseTo(m, 8);
        const expected = all.reduce((s, v) => s + (v - m) ** 2, 0) / (all.length - 1);
        expect(Math.abs(variance(merged) - expected)).toBeLessThanOrEqual(1e-9 * (1 + expected));
      }),
    );
  });
});

test('means have Welch intervals, one row has none, and empty treatments and infinite sums are refused', () => {
  const list = [stratum('x', cellOf([1, 2, 3]), cellOf([4])), stratum('y', cellOf([5, 6]), cellOf([1, 2]))];
  const result = compare(list, 'mean');
  expect(result.oddsRatio).toBeNull();
  expect(result.slices[0].difference).toEqual({ value: -2, low: NaN, high: NaN });
  // Two against two with variance .5 each: standard error sqrt(.5), two degrees of freedom.
  expect(result.slices[1].difference.high).toBeCloseTo(4 + 4.30265273 * Math.sqrt(0.5), 6);
  expect(() => compare([], 'mean')).toThrow('both treatments need rows');
  expect(() => compare([stratum('x', emptyCell, cellOf([1]))], 'mean')).toThrow('both treatments need rows');
  expect(() =>
    compare([stratum('x', { ...emptyCell, count: 1, sum: Infinity }, cellOf([1]))], 'mean'),
  ).toThrow('slice x');
});
