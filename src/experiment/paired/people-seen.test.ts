import { expect, test } from 'vitest';
import { PeopleSeen } from './people-seen.ts';
import { SliceGrid } from './slice-grid.ts';

/** Everyone; two groups; three hours. */
const grid = new SliceGrid([[2], [3]]);
const counts = (seen: PeopleSeen) => Array.from({ length: grid.slices }, (_, s) => seen.count(s));

test('a person counts once, in every hour in which they were seen', () => {
  const seen = new PeopleSeen(grid, 10);
  expect(seen.see(3, 0, [0, 1])).toBe(true);
  expect(seen.see(3, 0, [0, 1])).toBe(false);
  expect(seen.see(3, 0, [0, 2])).toBe(false);
  seen.see(4, 0, [1, 1]);
  expect(counts(seen)).toEqual([2, 1, 1, 0, 2, 1]);
});

test('a reborn slot is another person, and the other market may still have the old one', () => {
  const seen = new PeopleSeen(grid, 10);
  seen.see(3, 0, [0, 0]);
  expect(seen.see(3, 1, [1, 0])).toBe(true);
  expect(seen.see(3, 0, [0, 0])).toBe(false);
  expect(seen.see(3, 1, [1, 0])).toBe(false);
  expect(counts(seen)).toEqual([2, 1, 1, 2, 0, 0]);
  for (let generation = 2; generation < 40; generation++) expect(seen.see(3, generation, [0, 0])).toBe(true);
  expect(seen.count(0)).toBe(40);
});
