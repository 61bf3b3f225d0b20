import { expect, test } from 'vitest';
import { densityAlong } from './marks/latency/density.ts';
import { count } from '../state/format.ts';
import { clock, compact, figure, millis, finePercent, priceText, seconds, signed } from './format.ts';
import { dodge, extent, logTicks, stepDown, stepUp, timeTicks } from './scales.ts';

test('extent leaves out what is not finite', () => {
  expect(extent([NaN, 3, Infinity, -2], [7])).toEqual([-2, 7]);
  expect(extent([NaN])).toBeNull();
});

test('steps of 1, 2, 5 enclose a value', () => {
  for (const x of [0.003, 0.11, 1, 2, 3.7, 9.99, 480]) {
    expect(stepDown(x)).toBeLessThanOrEqual(x * (1 + 1e-12));
    expect(stepUp(x)).toBeGreaterThanOrEqual(x * (1 - 1e-12));
    expect(stepUp(x) / stepDown(x)).toBeLessThanOrEqual(2.5 + 1e-9);
  }
});

test('log ticks lie in their domain, and are fewer in less room', () => {
  expect(logTicks([0.2, 600], 300)).toEqual([0.3, 1, 3, 10, 30, 100, 300]);
  expect(logTicks([0.2, 600], 150)).toEqual([1, 10, 100]);
});

test('time ticks are whole seconds or minutes', () => {
  expect(timeTicks([0, 600], 300)).toEqual([0, 300, 600]);
  expect(timeTicks([3, 13], 400)).toEqual([4, 6, 8, 10, 12]);
});

test('labels that would overlap are moved apart and stay inside', () => {
  const label = (y: number) => ({ x: 0, y, text: String(y), anchor: 'start', tone: 'fg' }) as const;
  const moved = dodge([label(50), label(51), label(52), label(99), label(3)], 12, 8, 100).map((l) => l.y);
  for (let i = 1; i < moved.length; i++) expect(moved[i] - moved[i - 1]).toBeGreaterThanOrEqual(12);
  expect(moved[0]).toBeGreaterThanOrEqual(8);
  expect(moved.at(-1)).toBeLessThanOrEqual(100);
});

test('density keeps the count, puts what is outside at the ends, and drops what is no number', () => {
  const bins = {
    from: [0, 1, 10, 5000, NaN, 2],
    to: [1, 10, 100, 9000, 3, 3],
    count: [4, 10, 20, 6, 9, NaN],
  };
  const density = densityAlong(bins, (x) => Math.log10(x) / 3, 60, 1.5);
  expect(density.reduce((a, b) => a + b)).toBeCloseTo(40, 9);
  expect(density[0]).toBeGreaterThan(1);
  expect(density[59]).toBeGreaterThan(1);
});

test('a bin lies where its middle lies', () => {
  const density = densityAlong({ from: [9.9], to: [10.1], count: [5] }, (x) => Math.log10(x) / 2, 40, 1);
  const peak = density.indexOf(Math.max(...density));
  expect([19, 20]).toContain(peak);
});

test('numbers as people read them', () => {
  expect([count(12345.4), compact(980), compact(1240), compact(34_400), compact(1.25e6)]).toEqual([
    '12,345',
    '980',
    '1.2k',
    '34k',
    '1.3M',
  ]);
  expect([figure(0.3123), figure(4.213), figure(18.42), figure(240.4), figure(0)]).toEqual([
    '0.31',
    '4.21',
    '18.4',
    '240',
    '0',
  ]);
  expect([seconds(0.42), seconds(12.5), seconds(252), seconds(119.7)]).toEqual([
    '0.42 s',
    '12.5 s',
    '4 m 12 s',
    '2 m 0 s',
  ]);
  expect([signed(3.2), signed(-0.4), signed(0)]).toEqual(['+3.20', '\u22120.40', '0']);
  expect([finePercent(0.0021), finePercent(0.214), finePercent(1), finePercent(0)]).toEqual([
    '0.21 %',
    '21.4 %',
    '100 %',
    '0 %',
  ]);
  expect([priceText(0.000023, 'points'), priceText(-0.002, 'points'), priceText(41.3, 's')]).toEqual([
    '0 points',
    '0 points',
    '41.3 s',
  ]);
  expect([clock(5), clock(750), clock(3720)]).toEqual(['0:05', '12:30', '1:02:00']);
  for (const format of [count, compact, figure, seconds, millis, signed, finePercent, clock])
    expect([format(NaN), format(Infinity)]).toEqual(['\u2013', '\u2013']);
});
