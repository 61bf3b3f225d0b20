import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auctionAssignment } from './auction-assignment.ts';
import { exactAssignment } from './exact-assignment.ts';
import { greedyAssignment } from './greedy-assignment.ts';
import { FORBIDDEN, forbiddenPairs, squareOf, totalOf } from './square.ts';
import type { Square } from './square.ts';
import { descending } from '../file/sort.ts';

/**
 * The fewest forbidden pairs, and the largest total of the others with so few, over all
 * permutations.
 */
function best({ n, value, kind }: Square): { forbidden: number; total: number } {
  const memo = new Map<number, { forbidden: number; total: number }>();
  const solve = (row: number, taken: number): { forbidden: number; total: number } => {
    if (row === n) return { forbidden: 0, total: 0 };
    const known = memo.get(taken);
    if (known !== undefined) return known;
    let top = { forbidden: Infinity, total: 0 };
    for (let j = 0; j < n; j++) {
      if ((taken & (1 << j)) !== 0) continue;
      const rest = solve(row + 1, taken | (1 << j));
      const refused = kind[row * n + j] === FORBIDDEN;
      const forbidden = rest.forbidden + (refused ? 1 : 0);
      const total = rest.total + (refused ? 0 : value[row * n + j]);
      if (forbidden < top.forbidden || (forbidden === top.forbidden && total > top.total))
        top = { forbidden, total };
    }
    memo.set(taken, top);
    return top;
  };
  return solve(0, 0);
}

const matrix = (cell: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }))
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.constant({ rows, columns }),
        fc.array(cell, { minLength: rows * columns, maxLength: rows * columns }),
      ),
    )
    .map(([{ rows, columns }, cells]) => squareOf(Float64Array.from(cells), rows, columns));
const small = fc.integer({ min: -9, max: 9 });
const whole = matrix(
  fc.oneof(small, small, fc.integer({ min: -(2 ** 20), max: 2 ** 20 }), fc.constant(-Infinity)),
);
const real = matrix(fc.double({ min: -1e6, max: 1e6, noNaN: true }));

function isPermutation(column: Int32Array): void {
  expect([...column].sort((a, b) => a - b)).toEqual([...column.keys()]);
}

describe('assignment of rows to columns', () => {
  it('ends at the optimum for whole numbers, with an equal bound, whatever the shape and the forbidden pairs', () => {
    fc.assert(
      fc.property(whole, (square) => {
        const optimum = best(square);
        for (const solve of [auctionAssignment, exactAssignment]) {
          const found = solve(square);
          isPermutation(found.column);
          expect(forbiddenPairs(square, found.column)).toBe(optimum.forbidden);
          expect(totalOf(square, found.column)).toBe(optimum.total);
          expect(found.upperBound).toBe(optimum.total);
        }
        const greedy = greedyAssignment(square, descending(square.value));
        isPermutation(greedy);
        expect(forbiddenPairs(square, greedy)).toBe(optimum.forbidden);
        expect(totalOf(square, greedy)).toBeLessThanOrEqual(optimum.total);
      }),
      { numRuns: 300 },
    );
  });

  it('is within n x epsilon for real numbers, and exact without an epsilon', () => {
    fc.assert(
      fc.property(real, fc.constantFrom(1, 1000), (square, epsilon) => {
        const { n } = square;
        const optimum = best(square).total;
        const auction = auctionAssignment(square, epsilon);
        isPermutation(auction.column);
        expect(totalOf(square, auction.column)).toBeGreaterThanOrEqual(optimum - n * epsilon);
        expect(auction.upperBound).toBeGreaterThanOrEqual(optimum - 1e-8);
        expect(auction.upperBound).toBeLessThanOrEqual(optimum + n * epsilon + 1e-3);
        const exact = exactAssignment(square);
        isPermutation(exact.column);
        expect(totalOf(square, exact.column)).toBeGreaterThanOrEqual(optimum - 1e-8);
        expect(exact.upperBound).toBe(totalOf(square, exact.column));
      }),
      { numRuns: 200 },
    );
  });

  it('does not lose small values beside a huge one', () => {
    const huge = squareOf(Float64Array.of(-5, -8, 0, -9, -1e15, -2, -9, -2, -1), 3, 3);
    for (const solve of [auctionAssignment, exactAssignment])
      expect(totalOf(huge, solve(huge).column)).toBe(-9);
    const needed = squareOf(Float64Array.of(2 ** 53, 0, 0, 1), 2, 2);
    expect([...exactAssignment(needed).column]).toEqual([0, 1]);
  });

  it('agrees on a hundred rows with many ties', () => {
    const n = 100;
    const value = Float64Array.from({ length: n * n }, (_, e) => -((e * 7919 + ((e * e) % 13)) % 17));
    const square = squareOf(value, n, n);
    const auction = auctionAssignment(square);
    const exact = exactAssignment(square);
    expect(totalOf(square, auction.column)).toBe(totalOf(square, exact.column));
    expect(auction.upperBound).toBe(exact.upperBound);
  });

  it('goes row by row among equals when greedy', () => {
    for (const values of [[1, 1, 1, 1, 5, 1, 1, 1, 1], new Array<number>(9).fill(0)]) {
      const square = squareOf(Float64Array.from(values), 3, 3);
      expect([...greedyAssignment(square, descending(square.value))]).toEqual([0, 1, 2]);
    }
  });

  it('refuses a matrix of the wrong size, NaN, and an epsilon that cannot count forbidden pairs', () => {
    expect(() => squareOf(Float64Array.of(1, NaN, 2, 3), 2, 2)).toThrow('row 0, column 1');
    expect(() => squareOf(Float64Array.of(1, 2, 3), 2, 2)).toThrow('2 x 2 values are needed, not 3');
    const none = squareOf(Float64Array.of(3, -Infinity, 4, -Infinity, 2, 1, 0, 5, 1), 3, 3);
    expect(() => auctionAssignment(squareOf(Float64Array.of(1, 2, -Infinity, -Infinity), 2, 2), 1e9)).toThrow(
      'smaller --epsilon',
    );
    expect(forbiddenPairs(none, auctionAssignment(none).column)).toBe(0);
  });
});

describe('sorting from high to low', () => {
  it('is stable and right for every sign', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(0, -0, 1, -1, 1.5), fc.double({ noNaN: true })), {
          maxLength: 200,
        }),
        (list) => {
          const expected = list
            .map((_, i) => i)
            .sort((a, b) => (list[a] === list[b] ? a - b : list[b] > list[a] ? 1 : -1));
          expect([...descending(Float64Array.from(list))]).toEqual(expected);
        },
      ),
    );
  });
});
