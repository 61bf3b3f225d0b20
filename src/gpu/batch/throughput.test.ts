import { expect, test } from 'vitest';
import { SUBMISSION_MS, ThroughputModel } from './throughput.ts';

/** Learns a pass of `cost` at `rate` per millisecond; the initial rate is 1,000. */
const learn = (model: ThroughputModel, kind: string, cost: number, rate: number, upperBound = false) =>
  model.learn(kind, cost, cost / 1000, cost / rate, { upperBound });

test('a slow pass lowers the rate at once, within bounds; a fast one raises it slowly', () => {
  const model = new ThroughputModel();
  expect(model.rate('merge', 1000)).toBe(1000);
  learn(model, 'merge', 20_000, 500);
  expect(model.rate('merge', 1000)).toBe(500);
  // An accident, 500 times as slow.
  learn(model, 'merge', 20_000, 1);
  expect(model.rate('merge', 1000)).toBeCloseTo(500 / 3, 9);
  const before = model.rate('merge', 1000);
  learn(model, 'merge', before * SUBMISSION_MS, 800);
  expect(model.rate('merge', 1000) / before).toBeGreaterThan(1);
  expect(model.rate('merge', 1000) / before).toBeLessThan(1.05);
  for (let k = 0; k < 200; k++) learn(model, 'merge', model.rate('merge', 1000) * SUBMISSION_MS, 800);
  // It converges to the true rate from below.
  expect(model.rate('merge', 1000)).toBeCloseTo(800, 6);
});

test('the rate of a much faster device rises soon; the spread within one kind does not count as speed', () => {
  const fast = new ThroughputModel();
  for (let k = 0; k < 40; k++) learn(fast, 'a', fast.rate('a', 1000) * SUBMISSION_MS, 1e6);
  expect(fast.rate('a', 1)).toBeGreaterThan(4e5);
  expect(fast.rate('a', 1)).toBeLessThanOrEqual(1e6);
  // Every tenth piece is as slow as the initial rate.
  const mixed = new ThroughputModel();
  let longest = 0;
  for (let k = 0; k < 200; k++) {
    const cost = mixed.rate('a', 1000) * SUBMISSION_MS;
    const rate = k % 10 === 0 ? 1000 : 20_000;
    longest = Math.max(longest, cost / rate);
    learn(mixed, 'a', cost, rate);
  }
  expect(longest).toBeLessThan(1.25 * SUBMISSION_MS);
});

test('the rate of steady work rises as soon as one pass was fast', () => {
  const model = new ThroughputModel();
  // A cold start, then 50 times as fast.
  for (let k = 0; k < 20; k++) {
    const cost = model.rate('scan', 1000) * SUBMISSION_MS;
    model.learn('scan', cost, SUBMISSION_MS, cost / (k === 0 ? 1000 : 50_000), { steady: true });
  }
  expect(model.rate('scan', 1)).toBeGreaterThan(40_000);
  expect(model.rate('scan', 1)).toBeLessThanOrEqual(50_000);
});

test('a small pass counts little, a short one not at all, and kinds do not mix', () => {
  const model = new ThroughputModel();
  // Planned .1 ms, took .5 ms: the clock, not the work.
  model.learn('a', 100, 0.1, 0.5);
  expect(model.rate('a', 1)).toBe(1000);
  model.learn('a', 100, 0.1, 0);
  expect(model.rate('a', 1)).toBeGreaterThan(1000);
  expect(model.rate('a', 1)).toBeLessThan(1001);
  model.learn('b', 0, 0, 50);
  model.learn('b', 100, 1, NaN);
  expect(model.rate('b', 7)).toBe(7);
  // Nothing was measured, so the initial rate may change.
  expect(model.rate('b', 70)).toBe(70);
  expect(new ThroughputModel(0.1).rate('b', 70)).toBeCloseTo(7, 9);
});

test('a short time for a cost that is an upper bound does not raise the rate above its initial value', () => {
  const model = new ThroughputModel();
  for (let k = 0; k < 50; k++) learn(model, 'tail', 40_000, 200_000, true);
  expect(model.rate('tail', 1)).toBe(1000);
  learn(model, 'tail', 40_000, 500, true);
  expect(model.rate('tail', 1)).toBe(500);
  for (let k = 0; k < 50; k++) learn(model, 'tail', 40_000, 200_000, true);
  expect(model.rate('tail', 1)).toBe(1000);
});
