import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auctionAssignment, exactAssignment, greedyAssignment } from './assignment.ts';
import { descending } from '../file/sort.ts';

/** Largest total over all permutations. */
function best(value: Float64Array, n: number): number {
  const memo = new Map<number, number>();
  const solve = (row: number, taken: number): number => {
    if (row === n) return 0;
    const known = memo.get(taken);
    if (known !== undefined) return known;
    let top = -Infinity;
    for (let j = 0; j < n; j++)
      if ((taken & (1 << j)) === 0)
        top = Math.max(top, value[row * n + j] + solve(row + 1, taken | (1 << j)));
    memo.set(taken, top);
    return top;
  };
  return solve(0, 0);
}

const square = (cell: fc.Arbitrary<number>) =>
  fc
    .integer({ min: 0, max: 8 })
    .chain((n) => fc.tuple(fc.constant(n), fc.array(cell, { minLength: n * n, maxLength: n * n })))
    .map(([n, cells]) => ({ n, value: Float64Array.from(cells) }));
const whole = square(
  fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -(2 ** 20), max: 2 ** 20 })),
);
const real = square(fc.double({ min: -1e6, max: 1e6, noNaN: true }));

function permutation(column: Int32Array): void {
  expect([...column].sort((a, b) => a - b)).toEqual([...column.keys()]);
}

describe('assignment of rows to columns', () => {
  it('ends at the optimum for whole numbers, with an equal bound', () => {
    fc.assert(
      fc.property(whole, ({ n, value }) => {
        const optimum = best(value, n);
        for (const solve of [auctionAssignment, exactAssignment]) {
          const found = solve(value, n);
          permutation(found.column);
          expect(found.total).toBe(optimum);
          expect(found.upperBound).toBe(optimum);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is within n x epsilon for real numbers, exact to rounding by shortest paths', () => {
    fc.assert(
      fc.property(real, fc.constantFrom(1, 1000), ({ n, value }, epsilon) => {
        const optimum = best(value, n);
        const auction = auctionAssignment(value, n, epsilon);
        permutation(auction.column);
        expect(auction.total).toBeGreaterThanOrEqual(optimum - n * epsilon);
        expect(auction.upperBound).toBeGreaterThanOrEqual(optimum);
        expect(auction.upperBound).toBeLessThanOrEqual(optimum + n * epsilon + 1e-3);
        const exact = exactAssignment(value, n);
        permutation(exact.column);
        expect(exact.total).toBeGreaterThanOrEqual(optimum - 1e-8);
        expect(exact.upperBound).toBeGreaterThanOrEqual(optimum);
        expect(exact.upperBound).toBeLessThanOrEqual(optimum + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  it('agree on a hundred rows with many ties', () => {
    const n = 100;
    const value = Float64Array.from({ length: n * n }, (_, e) => -((e * 7919 + ((e * e) % 13)) % 17));
    const auction = auctionAssignment(value, n);
    const exact = exactAssignment(value, n);
    expect(auction.total).toBe(exact.total);
    expect(auction.upperBound).toBe(exact.upperBound);
  });

  it('goes row by row among equals when greedy', () => {
    const value = Float64Array.from([1, 1, 1, 1, 5, 1, 1, 1, 1]);
    expect([...greedyAssignment(3, descending(value))]).toEqual([0, 1, 2]);
    const flat = new Float64Array(9);
    expect([...greedyAssignment(3, descending(flat))]).toEqual([0, 1, 2]);
  });

  it('refuses what is no finite square', () => {
    expect(() => exactAssignment(Float64Array.of(1, NaN, 2, 3), 2)).toThrow('row 0, column 1');
    expect(() => auctionAssignment(Float64Array.of(1, 2, 3), 2)).toThrow('needs 4 values');
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
