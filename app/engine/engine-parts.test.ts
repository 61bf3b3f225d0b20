import { expect, test } from 'vitest';
import { clockText } from './clock.ts';
import { Pacer } from './pacer.ts';
import { WaitingHistory } from './timeline.ts';

test('the simulated clock rolls over midnight and keeps tenths', () => {
  expect(clockText(21, 0)).toBe('Saturday 21:00:00.0');
  expect(clockText(21.5, 727.5)).toBe('Saturday 21:42:07.5');
  expect(clockText(23, 3600)).toBe('Sunday 00:00:00.0');
});

test('a tick is late if it ends after the next one was due, and it does not move the schedule', () => {
  const pacer = new Pacer();
  pacer.restart(1000, 1);
  expect(pacer.ticked(1100, 500)).toBe(0);
  expect(pacer.wait(1100)).toBe(400);
  expect(pacer.ticked(2100, 500)).toBe(100);
  expect(pacer.late).toBe(1);
  expect(pacer.wait(2100)).toBe(0);
});

test('after a long freeze the schedule restarts', () => {
  const pacer = new Pacer();
  pacer.restart(0, 1);
  expect(pacer.ticked(60_000, 500)).toBe(59_500);
  expect(pacer.wait(60_000)).toBe(0);
  expect(pacer.ticked(60_100, 500)).toBe(0);
});

test('at full speed no tick waits and no tick is late', () => {
  const pacer = new Pacer();
  pacer.restart(0, Infinity);
  expect(pacer.ticked(900, 500)).toBe(0);
  expect(pacer.wait(900)).toBe(0);
  pacer.ticked(1000, 500);
  expect(pacer.achieved(1000)).toBeCloseTo(5, 6);
});

test('the time line drops values and never exceeds its capacity', () => {
  const line = new WaitingHistory();
  for (let tick = 0; tick < 2000; tick++) line.add(tick, tick);
  const { everyTicks, waiting } = line.view();
  expect(waiting.length).toBeLessThanOrEqual(WaitingHistory.CAPACITY);
  expect([...waiting]).toEqual(Array.from(waiting, (_, i) => i * everyTicks));
});
