import { describe, expect, test } from 'vitest';
import { fakeStatus } from '../../state/testing/fake-engine.ts';
import { layMarkers, linePath, spanOf } from './timeline-path.ts';

describe('the time line', () => {
  test('grows from the left, and fills the width once the evening is long enough', () => {
    const waiting = Float32Array.from([0, 50, 100]);
    const timeline = { everyTicks: 1, waiting, other: null };
    const early = linePath(timeline, 2);
    expect(early.max).toBe(100);
    expect(early.now).toBeCloseTo(2 / 240);
    expect(early.line).toBe('M0.0 98.0L4.2 52.0L8.3 6.0');
    expect(linePath({ ...timeline, everyTicks: 200 }, 400).now).toBe(1);
    // Two policies share the scale.
    const both = linePath({ ...timeline, other: Float32Array.from([0, 200, 0]) }, 2);
    expect([both.line, both.other]).toEqual(['M0.0 98.0L4.2 75.0L8.3 52.0', 'M0.0 98.0L4.2 6.0L8.3 98.0']);
  });

  test('is empty without data', () => {
    expect(linePath(null, 0)).toEqual({ line: '', area: '', other: '', now: 0, max: 0 });
    expect(spanOf(null)).toBe(240);
    expect(linePath({ everyTicks: 1, waiting: new Float32Array(5), other: null }, 4).max).toBe(0);
  });

  test('markers of one drag become the last one; labels never overlap the next marker', () => {
    const span = spanOf(fakeStatus);
    const drag = [1, 2, 3].map((value, i) => ({ tick: 100 + i, text: `threshold ${value}` }));
    const placed = layMarkers([...drag, { tick: 106, text: 'scorer oracle' }], span, 600);
    expect(placed.map((m) => [m.text, m.shown])).toEqual([
      ['threshold 3', false],
      ['scorer oracle', true],
    ]);
  });

  test('at the right end a label stands to the left of its marker', () => {
    const [last] = layMarkers([{ tick: 239, text: 'matcher auction' }], 240, 600);
    expect(last).toMatchObject({ flip: true, shown: true });
    expect(last.x).toBeLessThanOrEqual(600);
  });
});
