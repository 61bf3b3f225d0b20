import { expect, test } from 'vitest';
import { marketFixtures } from '../../testing/fixtures.ts';
import { table } from '../../testing/table.ts';
import { changed, HEIGHT, paint, WIDTH } from '../../testing/paint.ts';
import { plainTheme } from '../../theme.ts';
import { painters } from '../../worker/painters.ts';

test('budget and tick length stand at their place on the time axis, and in words', () => {
  const { layout } = paint('latency-stages', marketFixtures());
  const tick = (text: string) => layout.axes[0].ticks.find((t) => t.text === text)?.at;
  expect(layout.rules[0].x1).toBeCloseTo(tick('100') ?? NaN, 6);
  expect(layout.rules[1].x1).toBeGreaterThan(tick('300') ?? NaN);
  expect(layout.labels.map((l) => l.text)).toEqual(expect.arrayContaining(['budget 100 ms', 'tick 500 ms']));
  const other = marketFixtures().map((t) =>
    t.name === 'latency' ? { ...t, facts: { tick_ms: 1000, budget_ms: 50 } } : t,
  );
  expect(paint('latency-stages', other).layout.labels.map((l) => l.text)).toEqual(
    expect.arrayContaining(['budget 50 ms', 'tick 1,000 ms']),
  );
});

test('the caption of latencies names adapter and clocks', () => {
  expect(paint('latency-stages', marketFixtures()).layout.caption).toBe(
    'Real time on test adapter; upload, readback, tick: wall clock; embed, score, match: GPU clock',
  );
});

test('percentiles of a stage rise from left to right', () => {
  const { marks } = paint('latency-stages', marketFixtures());
  for (const series of [0, 1, 2, 3, 4, 5]) {
    const x = marks.filter((m) => m.series === series).map((m) => m.x);
    expect(x).toHaveLength(4);
    expect(x).toEqual([...x].sort((a, b) => a - b));
  }
});

test('raw and corrected percentiles of any stage', () => {
  const { layout, marks } = paint('latency-corrected', marketFixtures());
  expect(layout.choice?.value).toBe('tick');
  const y = (key: string) => marks.find((m) => m.key === key)?.y ?? NaN;
  expect(y('corrected p99.9')).toBeLessThan(y('raw p99.9'));
  expect(paint('latency-corrected', marketFixtures(), 'score').layout.choice?.value).toBe('score');
});

test('waits below a tenth of a second have a place of their own on the axis, and do not pile up at its edge', () => {
  const edges = [0, ...Array.from({ length: 20 }, (_, i) => 0.01 * 1.216 ** i)];
  const histogram = table('wait-histogram', '', {
    from_s: ['s', edges.slice(0, -1)],
    to_s: ['s', edges.slice(1)],
    matched: ['people', edges.slice(1).map((to, i) => 10_000 * (to - edges[i]))],
    left: ['people', edges.slice(1).map(() => 0)],
    open: ['people', edges.slice(1).map(() => 0)],
  });
  const canvas = new OffscreenCanvas(WIDTH, 400);
  const ctx = canvas.getContext('2d', { willReadFrequently: true })!;
  const waits = marketFixtures().filter((t) => t.name === 'waits');
  const set = new Map([...waits, histogram].map((t) => [t.name, t]));
  const size = { width: WIDTH, height: HEIGHT };
  const { layout } = painters['latency-waits'](ctx, set, size, plainTheme(true, 'sans-serif'), null);
  const [zero, half] = ['0', '0.5'].map(
    (text) => layout.axes[0].ticks.find((t) => t.text === text)?.at ?? NaN,
  );
  // Height of the ridge in a column of pixels: all lengths are equally frequent, so it is even.
  const heightAt = (x: number) =>
    ctx.getImageData(Math.round(x), 0, 1, 30).data.filter((v, k) => k % 4 === 3 && v > 0).length;
  const inside = [0.15, 0.3, 0.5, 0.7].map((share) => heightAt(zero + share * (half - zero)));
  expect(Math.min(...inside)).toBeGreaterThan(4);
  expect(heightAt(zero + 2)).toBeLessThanOrEqual(Math.max(...inside) + 1);
});

test('the p99.9 that too few observations have is announced, not drawn', () => {
  const few = marketFixtures().map((t) =>
    t.name !== 'waits' && t.name !== 'latency'
      ? t
      : {
          ...changed(t, (v, _, name) => (name === 'count' ? 88 : /p999/.test(name) ? NaN : v)),
          facts: { p999_from: 1000 },
        },
  );
  for (const [view, what] of [
    ['latency-stages', 'ticks'],
    ['latency-waits', 'waits'],
  ] as const) {
    const { layout, marks } = paint(view, few);
    expect(layout.legend.map((e) => e.text)).toContain(`p99.9 from 1,000 ${what} on`);
    expect(marks.some((m) => m.key.endsWith('p99.9'))).toBe(false);
    expect(paint(view, marketFixtures()).layout.legend.map((e) => e.text)).toContain('p99.9');
  }
});
