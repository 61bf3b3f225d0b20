import { describe, expect, test } from 'vitest';
import { permutationInterval } from './clusters.ts';
import { armsWithTreated } from './enumerate.ts';
import { meanOf } from './moments.ts';

/** Eight clusters of which one is far away from the others. */
const values = [20, 21, 22.5, 24, 24.5, 27, 29, 60];
const armsOf = (choice: readonly number[], lift = 0) =>
  [0, 1].map((arm) => values.filter((_, k) => choice[k] === arm).map((x) => x + arm * lift)) as [
    number[],
    number[],
  ];
const choices = [...armsWithTreated(8, 4)];

/** Share of all choices that differ by as much as this one. */
function pValue(choice: readonly number[], of: readonly number[]): number {
  const difference = (by: readonly number[]) =>
    Math.abs(meanOf(of.filter((_, k) => by[k] === 1)) - meanOf(of.filter((_, k) => by[k] === 0)));
  return choices.filter((by) => difference(by) >= difference(choice) - 1e-12).length / choices.length;
}

describe('permutationInterval', () => {
  test('holds the effects that the permutation test does not reject, and no others', () => {
    const choice = [0, 0, 1, 0, 1, 0, 1, 1];
    const { low, high } = permutationInterval(...armsOf(choice, 5), 0.05);
    expect(low).toBeLessThan(5);
    expect(high).toBeGreaterThan(5);
    const without = (effect: number) => values.map((x, k) => x + choice[k] * (5 - effect));
    for (const [inside, outside] of [
      [low + 1e-6, low - 1e-6],
      [high - 1e-6, high + 1e-6],
    ]) {
      expect(pValue(choice, without(inside))).toBeGreaterThan(0.05);
      expect(pValue(choice, without(outside))).toBeLessThanOrEqual(0.05);
    }
  });

  test('covers the effect in exactly 68 of the 70 ways to draw four of eight', () => {
    const covers = choices.filter((choice) => {
      const { low, high } = permutationInterval(...armsOf(choice, 3), 0.05);
      return low <= 3 && 3 <= high;
    });
    expect(covers).toHaveLength(68);
  });

  test('too few ways, or too many, give no interval', () => {
    expect(permutationInterval([1, 2], [3, 4], 0.05).low).toBeNaN();
    expect(permutationInterval([1, 2, 3], [4, 5, 6], 0.05).low).toBeNaN();
    const many = Array.from({ length: 20 }, (_, k) => k);
    expect(permutationInterval(many, many, 0.05).low).toBeNaN();
  });
});
