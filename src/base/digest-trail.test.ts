import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DigestTrail, MARK_DIGITS, marksOf, partingOf, partingText } from './digest-trail.ts';
import { Digest } from './hash.ts';

/** A run whose events are the same until a tick, and other ones from it on. */
function trailOf(ticks: number, differsFrom = Infinity): string {
  const digest = new Digest();
  const trail = new DigestTrail();
  for (let t = 1; t <= ticks; t++) {
    digest.add(t < differsFrom ? t : -t);
    trail.add(t, digest);
  }
  return trail.text;
}

test('a trail has the marks that its number of ticks promises, and at most 64', () => {
  for (const ticks of [0, 1, 63, 64, 65, 128, 129, 130, 200, 600, 7200]) {
    expect(trailOf(ticks).length).toBe(MARK_DIGITS * marksOf(ticks));
    expect(marksOf(ticks)).toBeLessThanOrEqual(64);
    expect(marksOf(ticks)).toBeGreaterThanOrEqual(Math.min(ticks, 32));
  }
});

test('two runs part where their events do, as near as the marks are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1500 }), fc.nat(), (ticks, at) => {
      const first = 1 + (at % ticks);
      const { agree, differ } = partingOf(ticks, trailOf(ticks), trailOf(ticks, first));
      expect(agree).toBeLessThan(first);
      expect(differ).toBeGreaterThanOrEqual(first);
      // A run of 64 ticks or fewer has a mark for each.
      if (ticks <= 64) expect(differ - agree).toBe(1);
      expect(differ - agree).toBeLessThanOrEqual(Math.max(1, ticks / 16));
    }),
    { numRuns: 100, seed: 50_000 },
  );
});

test('what is known of the tick is said, and no more', () => {
  expect(partingText({ agree: 6, differ: 7 })).toBe('the first tick that differs is 7');
  expect(partingText({ agree: 128, differ: 132 })).toBe(
    'the first tick that differs lies between 129 and 132',
  );
  expect(partingText({ agree: 0, differ: 200 })).toBe('the first tick that differs is one of the first 200');
  // A trail that is missing says nothing.
  expect(partingOf(200, '', trailOf(200))).toEqual({ agree: 0, differ: 200 });
});
