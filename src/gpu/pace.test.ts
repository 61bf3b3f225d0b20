import { expect, test } from 'vitest';
import { Pace, SUBMISSION_MS } from './pace.ts';

/** As long as a pass of `cost` takes at `rate` per millisecond. */
const times = (cost: number, rate: number) => cost / rate;

test('what is slower than supposed is believed at once, within bounds; what is quicker, bit by bit', () => {
  const pace = new Pace();
  expect(pace.rate('merge', 1000)).toBe(1000);
  pace.learn('merge', 20_000, times(20_000, 500));
  expect(pace.rate('merge', 1000)).toBe(500);
  // An accident: half a minute in another window.
  pace.learn('merge', 20_000, 30_000);
  expect(pace.rate('merge', 1000)).toBeCloseTo(500 / 3, 9);
  const before = pace.rate('merge', 1000);
  const full = before * SUBMISSION_MS;
  pace.learn('merge', full, times(full, 800));
  expect(pace.rate('merge', 1000) / before).toBeGreaterThan(1);
  expect(pace.rate('merge', 1000) / before).toBeLessThan(1.2);
  for (let k = 0; k < 100; k++) {
    const cost = pace.rate('merge', 1000) * SUBMISSION_MS;
    pace.learn('merge', cost, times(cost, 800));
  }
  // It settles at what it is, from below.
  expect(pace.rate('merge', 1000)).toBeCloseTo(800, 6);
});

test('a small pass says little, a short one nothing, and kinds do not mix', () => {
  const pace = new Pace();
  pace.rate('a', 1000);
  pace.rate('b', 1000);
  // A tenth of a millisecond planned, half of one seen: the clock, not the work.
  pace.learn('a', 100, 0.5);
  expect(pace.rate('a', 1)).toBe(1000);
  pace.learn('a', 100, 0.01);
  expect(pace.rate('a', 1)).toBeGreaterThan(1000);
  expect(pace.rate('a', 1)).toBeLessThan(1001);
  pace.learn('c', 100, 50);
  pace.learn('a', 0, 50);
  pace.learn('a', 100, 0);
  expect(pace.rate('b', 1)).toBe(1000);
  expect(pace.rate('c', 7)).toBe(7);
});

test('a limit that was not reached proves no speed', () => {
  const pace = new Pace();
  pace.rate('tail', 1000);
  for (let k = 0; k < 50; k++) pace.learn('tail', 40_000, 0.2, true);
  expect(pace.rate('tail', 1)).toBe(1000);
  pace.learn('tail', 40_000, 80, true);
  expect(pace.rate('tail', 1)).toBe(500);
  for (let k = 0; k < 50; k++) pace.learn('tail', 20_000, 0.2, true);
  expect(pace.rate('tail', 1)).toBe(1000);
});
