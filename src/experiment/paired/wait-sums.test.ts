import { describe, expect, test } from 'vitest';
import { normal, Stream, uniform } from '../../base/hash.ts';
import { intervalOf } from '../../metrics/inference/evidence.ts';
import { SliceGrid } from './slice-grid.ts';
import { waitOutcomes, WaitSums } from './wait-sums.ts';

const grid = new SliceGrid([[2]]);
const { matched, seconds } = waitOutcomes;

/** A wait every 0.3 s: 5 s, and `level` of its market at that time, and noise of 1 s. */
function waits(
  seed: number,
  until: number,
  level: (market: number, time: number) => number,
  equal = false,
): WaitSums {
  const sums = new WaitSums(grid, 1);
  for (let p = 0; 0.3 * p < until; p++)
    for (const market of [0, 1] as const) {
      const begin = 0.3 * p;
      const noise = normal(seed, Stream.behaviour, p, equal ? 0 : market);
      const length = Math.max(0, 5 + level(market, begin) + noise);
      const levels = [uniform(seed, Stream.world, p, 0) < 0.5 ? 0 : 1];
      sums.begin(market, p, levels, begin);
      if (begin + length <= until) sums.end(market, p, levels, begin, length, true);
    }
  return sums;
}

/** Autoregressive with a memory of about 7 s, standard deviation 1. */
function queue(seed: number, market: number, length: number): number[] {
  const rho = Math.exp(-1 / 7);
  let level = normal(seed, Stream.arrivals, market, 0);
  return Array.from(
    { length },
    (_, t) => (level = rho * level + Math.sqrt(1 - rho * rho) * normal(seed, Stream.arrivals, market, 1 + t)),
  );
}

describe('WaitSums', () => {
  test('a wait that goes on counts as not matched, with the seconds so far', () => {
    const sums = new WaitSums(grid, 1);
    // Under A both waits end in a match, under B one goes on.
    for (const market of [0, 1] as const) {
      sums.begin(market, 1, [0], 2);
      sums.begin(market, 2, [1], 4);
      sums.end(market, 1, [0], 2, 3, true);
    }
    sums.end(0, 2, [1], 4, 1, true);
    expect(sums.means(0, matched, 10)).toEqual({ nA: 2, nB: 2, meanA: 1, meanB: 0.5 });
    expect(sums.means(0, seconds, 10)).toEqual({ nA: 2, nB: 2, meanA: 2, meanB: 4.5 });
    expect(sums.means(0, seconds, 20).meanB).toBe(9.5);
    expect(sums.spread(1, 0, seconds, 10)).toBeCloseTo(1.5 ** 2, 10);
    // The wait that goes on is in the second group.
    expect(sums.means(2, seconds, 10)).toEqual({ nA: 1, nB: 1, meanA: 1, meanB: 6 });
    expect(sums.means(1, matched, 10)).toMatchObject({ meanA: 1, meanB: 1 });
  });

  test('hardly anybody is matched: the share says so, whatever the few that ended say', () => {
    const sums = new WaitSums(grid, 1);
    for (let p = 0; p < 500; p++) sums.begin(1, p, [0], 10);
    for (let p = 0; p < 5; p++) sums.end(1, p, [0], 10, 1, p < 2);
    expect(sums.means(0, matched, 60).meanB).toBe(2 / 500);
    expect(sums.means(0, seconds, 60).meanB).toBeGreaterThan(49);
  });

  test('equal markets have no effect and no doubt about it', () => {
    const sums = waits(3, 120, () => 0, true);
    const evidence = sums.evidence(0, seconds, 200, 120);
    expect(evidence).toMatchObject({ effect: 0, error: 0 });
    expect(intervalOf(evidence, 'fixed')).toEqual({ low: 0, high: 0 });
  });

  test('an evening shorter than six windows claims nothing, a longer one has few degrees of freedom', () => {
    const at = (now: number) => waits(4, now, () => 0).evidence(0, seconds, 200, now);
    expect(at(59).error).toBeNaN();
    for (const now of [60, 119, 120, 480, 2000]) {
      expect(at(now).freedom).toBeGreaterThanOrEqual(5);
      expect(at(now).freedom).toBeLessThan(16);
    }
  });

  test('a queue with a memory: the interval holds where one of independent waits does not', () => {
    let covered = 0;
    let independent = 0;
    const evenings = 80;
    for (let seed = 0; seed < evenings; seed++) {
      const queues = [0, 1].map((m) => queue(seed, m, 240));
      const sums = waits(seed, 240, (market, time) => queues[market][Math.floor(time)]);
      const evidence = sums.evidence(0, seconds, 400, 240);
      const { low, high } = intervalOf(evidence, 'fixed');
      if (low <= 0 && high >= 0) covered++;
      const { nA, nB } = sums.means(0, seconds, 240);
      const error = Math.sqrt(sums.spread(0, 0, seconds, 240) / nA + sums.spread(1, 0, seconds, 240) / nB);
      if (Math.abs(evidence.effect) <= 1.96 * error) independent++;
    }
    expect(covered / evenings).toBeGreaterThan(0.9);
    expect(independent / evenings).toBeLessThan(0.75);
  });
});
