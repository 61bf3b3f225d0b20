import { expect, test } from 'vitest';
import type { Mark, Scene } from './layout.ts';
import { emptyScene } from './layout.ts';
import { NearestMark, neighbour } from './nearest.ts';

const mark = (x: number, y: number, series: number, rx = 3): Mark => ({
  key: `${series} ${x}`,
  ...{ x, y, rx, ry: 3, series },
  tip: () => ({ head: '', rows: [] }),
});

function scene(marks: Mark[], reach: [number, number] = [1, 1]): Scene {
  return { ...emptyScene('', ''), marks, reach };
}

test('agrees with a scan over all marks', () => {
  const marks = Array.from({ length: 300 }, (_, i) => mark((i * 37) % 400, (i * 91) % 200, i % 5));
  const nearest = new NearestMark(scene(marks));
  for (let k = 0; k < 60; k++) {
    const [x, y] = [(k * 53) % 400, (k * 29) % 200];
    const distance = (m: Mark) => Math.hypot(m.x - x, m.y - y);
    const best = Math.min(...marks.map(distance));
    expect(distance(marks[nearest.find(x, y)])).toBe(best);
  }
});

test('nothing far away, nothing among no marks, nothing at marks without a place', () => {
  expect(new NearestMark(scene([mark(10, 10, 0)])).find(300, 10)).toBe(-1);
  expect(new NearestMark(scene([])).find(0, 0)).toBe(-1);
  expect(new NearestMark(scene([mark(NaN, 10, 0)])).find(0, 10)).toBe(-1);
});

test('a wide mark is found along its width, a row anywhere where x counts little', () => {
  expect(new NearestMark(scene([mark(100, 10, 0, 90), mark(200, 10, 1)])).find(180, 10)).toBe(0);
  const rows = scene([mark(30, 10, 0), mark(40, 30, 1)], [0.05, 1]);
  expect(new NearestMark(rows).find(380, 29)).toBe(1);
});

test('arrow keys: along a series, across to the nearest, and not beyond the edge', () => {
  const marks = [mark(0, 0, 0), mark(10, 0, 0), mark(20, 0, 0), mark(1, 9, 1), mark(19, 9, 1)];
  expect(neighbour(marks, -1, 'right')).toBe(0);
  expect(neighbour(marks, 0, 'right')).toBe(1);
  expect(neighbour(marks, 2, 'right')).toBe(2);
  expect(neighbour(marks, 2, 'down')).toBe(4);
  expect(neighbour(marks, 4, 'up')).toBe(2);
  expect(neighbour(marks, 0, 'up')).toBe(0);
  expect([neighbour(marks, 1, 'first'), neighbour(marks, 1, 'last')]).toEqual([0, 4]);
  expect(neighbour([], -1, 'down')).toBe(-1);
});

test('in a series of one, left and right go through the rows', () => {
  const rows = [mark(5, 0, 0), mark(90, 10, 1), mark(2, 20, 2)];
  expect(neighbour(rows, 0, 'right')).toBe(1);
  expect(neighbour(rows, 1, 'left')).toBe(0);
  expect(neighbour(rows, 0, 'down')).toBe(1);
});
