import { expect, test } from 'vitest';
import { Pace, SUBMISSION_MS } from './pace.ts';

/** A pass of `cost` at `rate` per millisecond; supposed was 1,000. */
const seen = (pace: Pace, kind: string, cost: number, rate: number, atMost = false) =>
  pace.learn(kind, cost, cost / 1000, cost / rate, { atMost });

test('what is slower than supposed is believed at once, within bounds; what is quicker, bit by bit', () => {
  const pace = new Pace();
  expect(pace.rate('merge', 1000)).toBe(1000);
  seen(pace, 'merge', 20_000, 500);
  expect(pace.rate('merge', 1000)).toBe(500);
  // An accident, 500 times as slow.
  seen(pace, 'merge', 20_000, 1);
  expect(pace.rate('merge', 1000)).toBeCloseTo(500 / 3, 9);
  const before = pace.rate('merge', 1000);
  const full = before * SUBMISSION_MS;
  seen(pace, 'merge', full, 800);
  expect(pace.rate('merge', 1000) / before).toBeGreaterThan(1);
  expect(pace.rate('merge', 1000) / before).toBeLessThan(1.05);
  for (let k = 0; k < 200; k++) {
    const cost = pace.rate('merge', 1000) * SUBMISSION_MS;
    seen(pace, 'merge', cost, 800);
  }
  // It settles at what it is, from below.
  expect(pace.rate('merge', 1000)).toBeCloseTo(800, 6);
});

test('a device much quicker than supposed is found out soon, the spread of one kind is not taken for that', () => {
  const quick = new Pace();
  for (let k = 0; k < 40; k++) seen(quick, 'a', quick.rate('a', 1000) * SUBMISSION_MS, 1e6);
  expect(quick.rate('a', 1)).toBeGreaterThan(4e5);
  expect(quick.rate('a', 1)).toBeLessThanOrEqual(1e6);
  // Every tenth piece is as hard as supposed.
  const mixed = new Pace();
  let longest = 0;
  for (let k = 0; k < 200; k++) {
    const cost = mixed.rate('a', 1000) * SUBMISSION_MS;
    const rate = k % 10 === 0 ? 1000 : 20_000;
    longest = Math.max(longest, cost / rate);
    seen(mixed, 'a', cost, rate);
  }
  expect(longest).toBeLessThan(1.25 * SUBMISSION_MS);
});

test('work that takes what it costs is believed to be quick as soon as it was', () => {
  const pace = new Pace();
  // A cold start, then 50 times as quick.
  for (let k = 0; k < 20; k++) {
    const cost = pace.rate('scan', 1000) * SUBMISSION_MS;
    pace.learn('scan', cost, SUBMISSION_MS, cost / (k === 0 ? 1000 : 50_000), { steady: true });
  }
  expect(pace.rate('scan', 1)).toBeGreaterThan(40_000);
  expect(pace.rate('scan', 1)).toBeLessThanOrEqual(50_000);
});

test('a small pass says little, a short one nothing, and kinds do not mix', () => {
  const pace = new Pace();
  // A tenth of a millisecond planned, half of one seen: the clock, not the work.
  pace.learn('a', 100, 0.1, 0.5);
  expect(pace.rate('a', 1)).toBe(1000);
  pace.learn('a', 100, 0.1, 0);
  expect(pace.rate('a', 1)).toBeGreaterThan(1000);
  expect(pace.rate('a', 1)).toBeLessThan(1001);
  pace.learn('b', 0, 0, 50);
  pace.learn('b', 100, 1, NaN);
  expect(pace.rate('b', 7)).toBe(7);
  // Nothing was seen: what is supposed may change.
  expect(pace.rate('b', 70)).toBe(70);
  expect(new Pace(0.1).rate('b', 70)).toBeCloseTo(7, 9);
});

test('a limit that was not reached proves no speed', () => {
  const pace = new Pace();
  for (let k = 0; k < 50; k++) seen(pace, 'tail', 40_000, 200_000, true);
  expect(pace.rate('tail', 1)).toBe(1000);
  seen(pace, 'tail', 40_000, 500, true);
  expect(pace.rate('tail', 1)).toBe(500);
  for (let k = 0; k < 50; k++) seen(pace, 'tail', 40_000, 200_000, true);
  expect(pace.rate('tail', 1)).toBe(1000);
});
