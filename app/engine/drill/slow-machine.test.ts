import { expect, test } from 'vitest';
import { TickLatency } from '../../../src/metrics/market/histogram.ts';
import { slowMachine, slowTimes } from './slow-machine.ts';

const { msPerPair, stallEvery, stallTimes } = slowMachine;
const timeOf = (tick: number, waiting: number) => slowTimes({ tick, waiting })[0].total;

test('a tick takes a fixed time per pair, and one in many stalls', () => {
  expect(timeOf(0, 100)).toBe(msPerPair * 100 ** 2);
  expect(timeOf(0, 200)).toBe(4 * timeOf(0, 100));
  expect(timeOf(stallEvery - 1, 100)).toBe(stallTimes * timeOf(0, 100));
});

test('its 99th percentile hides the stalls when raw, and shows them when corrected', () => {
  const latency = new TickLatency();
  for (let tick = 0; tick < 3 * stallEvery; tick++) latency.record(timeOf(tick, 110), 500);
  expect(latency.raw.percentile(0.99)).toBeLessThan(100);
  expect(latency.corrected.percentile(0.99)).toBeGreaterThan(1000);
});
