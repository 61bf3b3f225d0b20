import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstCome } from './first-come.ts';
import { greedy } from './greedy.ts';
import { sequentialGreedy } from '../testing/sequential-greedy.ts';
import { buildLists } from '../../score/candidates/lists.ts';
import { goesBefore, withKey } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';
import { families, familySource, randomPool, sizes } from '../testing/families.ts';
import { poolSource } from '../../score/weights.ts';

/** Pairs that both would rather have, in the total order; none in a greedy matching. */
function blocking(source: PairSource, mate: Int32Array): string[] {
  const found: string[] = [];
  const out = new Float64Array(source.n);
  for (let i = 0; i < source.n; i++) {
    source.row(i, i + 1, out);
    const rather = (a: number, b: number, w: number) =>
      mate[a] < 0 || (mate[a] !== b && goesBefore(source, w, a, b, source.weight(a, mate[a]), a, mate[a]));
    for (let j = i + 1; j < source.n; j++)
      if (out[j] !== -Infinity && source.admits(i, j) && rather(i, j, out[j]) && rather(j, i, out[j]))
        found.push(`${i}-${j}`);
  }
  return found;
}

const setting = fc.record({
  family: fc.constantFrom(...families),
  n: fc.constantFrom(...sizes),
  seed: fc.integer({ min: 0, max: 1e6 }),
  twoSided: fc.boolean(),
  excluded: fc.constantFrom(0, 0.3, 0.9),
});

describe('greedy with lists of the best', () => {
  it.each(families)('is the sequential rule pair for pair: %s', (family) => {
    for (const n of sizes)
      for (const twoSided of [false, true])
        for (const k of n > 64 ? [3] : [1, 3, 16]) {
          const source = familySource({ family, n, seed: n + k, twoSided, excluded: n % 2 === 0 ? 0.2 : 0 });
          const found = greedy(source, buildLists(source, k));
          expect([...found.mate]).toEqual([...sequentialGreedy(source).mate]);
        }
  });

  it('leaves no blocking pair, and mates agree', () => {
    fc.assert(
      fc.property(setting, (options) => {
        const source = familySource(options);
        const { mate } = greedy(source);
        mate.forEach((m, i) => expect(m < 0 || (m !== i && mate[m] === i)).toBe(true));
        expect(blocking(source, mate)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('scans little when popularity runs every list dry', () => {
    const source = familySource({ family: 'popularity', n: 301, seed: 5, twoSided: false, excluded: 0 });
    const lists = buildLists(source, 16);
    const { scans, rounds } = greedy(source, lists);
    expect(rounds).toBeGreaterThan(100);
    expect(scans).toBeLessThan(2);
  });

  it('refills no row where the lists hold everyone', () => {
    const source = familySource({ family: 'random', n: 17, seed: 5, twoSided: false, excluded: 0 });
    expect(greedy(source, buildLists(source, 16)).scans).toBe(0);
  });

  it('pairs only the free', () => {
    const source = familySource({ family: 'random', n: 64, seed: 9, twoSided: false, excluded: 0 });
    const free = Uint8Array.from({ length: 64 }, (_, i) => (i % 3 === 0 ? 0 : 1));
    const { mate } = greedy(source, buildLists(source), free);
    mate.forEach((m, i) => expect(m >= 0).toBe(free[i] === 1));
  });

  it('serves pools with filters, bonus and recent partners', () => {
    for (const n of sizes) {
      const pool = randomPool(n, 11 * n + 1);
      const source = poolSource(
        pool,
        { transform: 'identity', scale: 0.001, bias: 1, combination: 'minimum', threshold: 0 },
        3,
      );
      const found = greedy(source);
      expect([...found.mate]).toEqual([...sequentialGreedy(source).mate]);
    }
  });
});

describe('first come, first served', () => {
  it('is the sequential rule on (longest wait, shorter wait, hash)', () => {
    fc.assert(
      fc.property(setting, fc.constantFrom(1, 4, 1000), (options, values) => {
        const source = familySource(options);
        const n = source.n;
        const waited = Float64Array.from(
          { length: n },
          (_, i) => ((i * 7919 + options.seed) % 1009) % values,
        );
        const rank = new Map([...new Set(waited)].sort((a, b) => a - b).map((w, r) => [w, r + 1]));
        const r = (i: number) => rank.get(waited[i])!;
        const keyed = withKey(source, (i, j) => Math.max(r(i), r(j)) * (n + 2) + Math.min(r(i), r(j)));
        expect([...firstCome(source, waited).mate]).toEqual([...sequentialGreedy(keyed).mate]);
      }),
      { numRuns: 20 },
    );
  });
});
