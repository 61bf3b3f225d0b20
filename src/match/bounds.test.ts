import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auction } from './auction/auction.ts';
import { cutCycles } from './auction/cycles.ts';
import { f32Up, listCertificate, roundUp } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { buildLists } from '../score/candidates/lists.ts';
import type { PairSource } from '../score/source.ts';
import { bruteForce, families, familySource } from './testing/families.ts';

function feasible(source: PairSource, { price, upperBound }: Certificate): void {
  let sum = 0;
  for (let i = 0; i < source.n; i++) {
    expect(price[i]).toBeGreaterThanOrEqual(0);
    sum += price[i];
    for (let j = 0; j < source.n; j++)
      expect(price[i] + price[j]).toBeGreaterThanOrEqual(source.weight(i, j));
  }
  expect(upperBound).toBeGreaterThanOrEqual(sum);
  expect(upperBound).toBeLessThanOrEqual(sum * (1 + 1e-12));
}

const small = fc.record({
  family: fc.constantFrom(...families),
  n: fc.integer({ min: 0, max: 10 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  twoSided: fc.boolean(),
  excluded: fc.constantFrom(0, 0.3, 0.7),
});
const K = fc.constantFrom(1, 2, 3, 16);

/**
 * Feasible whatever the prices: pi_i = max(-p_i, max_j (w_ij - p_j)), y = max(0, (p + pi) / 2)
 * (Bertsekas 1988; the halves make it symmetric).
 */
function fromPrices(source: PairSource, p: readonly number[]): Certificate {
  const people = Array.from({ length: source.n }, (_, i) => i);
  const y = people.map((i) => {
    const gains = people.filter((j) => j !== i).map((j) => source.weight(i, j) - p[j]);
    return Math.max(0, (p[i] + Math.max(-p[i], ...gains)) / 2);
  });
  return roundUp(Float64Array.from(y), 100);
}

describe('certificates', () => {
  it('are feasible, and no matching is heavier', () => {
    fc.assert(
      fc.property(small, K, (options, k) => {
        const source = familySource(options);
        const certificate = listCertificate(buildLists(source, k));
        feasible(source, certificate);
        expect(certificate.upperBound).toBeGreaterThanOrEqual(bruteForce(source));
      }),
      { numRuns: 150 },
    );
  });

  it('follow from any prices at all', () => {
    fc.assert(
      fc.property(
        small,
        K,
        fc.array(fc.double({ min: -2, max: 4, noNaN: true }), { minLength: 10, maxLength: 10 }),
        (options, k, p) => {
          const source = familySource(options);
          const lists = buildLists(source, k);
          const prior = fromPrices(source, p);
          feasible(source, prior);
          const better = listCertificate(lists, prior.price);
          feasible(source, better);
          expect(better.upperBound).toBeGreaterThanOrEqual(bruteForce(source));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('stay feasible as f32', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e30, max: 1e30 }), (v) => {
        const up = f32Up(v);
        expect(Math.fround(up)).toBe(up);
        expect(up).toBeGreaterThanOrEqual(v);
        expect(up - v).toBeLessThanOrEqual(Math.max(Math.abs(v) * 2 ** -23, 2 ** -149));
      }),
    );
  });
});

describe('auction on pools', () => {
  it('gives symmetric mates, eligible pairs, and a bound above the optimum', () => {
    fc.assert(
      fc.property(small, K, fc.constantFrom(0.001, 0.1), (options, k, epsilon) => {
        const source = familySource(options);
        const found = auction(source, buildLists(source, k), { epsilon });
        let total = 0;
        found.mate.forEach((m, i) => {
          if (m < 0) return;
          expect(m !== i && found.mate[m] === i).toBe(true);
          expect(source.weight(i, m)).toBeGreaterThan(-Infinity);
          if (m > i) total += source.weight(i, m);
        });
        feasible(source, found);
        const optimum = bruteForce(source);
        expect(found.upperBound).toBeGreaterThanOrEqual(optimum);
        expect(total).toBeLessThanOrEqual(optimum * (1 + 1e-12));
      }),
      { numRuns: 150 },
    );
  });

  it('is within n x epsilon on two sides, whatever the length of the lists', () => {
    fc.assert(
      fc.property(small, K, fc.constantFrom(1e-3, 0.03), (options, k, absolute) => {
        const source = familySource({ ...options, twoSided: true, threshold: 0 });
        const side = Uint8Array.from({ length: source.n }, (_, i) => i % 2);
        const found = auction(source, buildLists(source, k), { absolute, side, maxRounds: Infinity });
        let total = 0;
        found.mate.forEach((m, i) => {
          if (m > i) total += source.weight(i, m);
        });
        const optimum = bruteForce(source);
        expect(total).toBeGreaterThanOrEqual(optimum - source.n * absolute - 1e-12);
        expect(found.upperBound).toBeLessThanOrEqual(optimum + source.n * absolute + 1e-9);
        feasible(source, found);
      }),
      { numRuns: 150 },
    );
  });

  it('starts from prices given, and ends when told to', () => {
    const source = familySource({ family: 'clustered', n: 120, seed: 4, twoSided: false, excluded: 0.2 });
    const lists = buildLists(source);
    const cold = auction(source, lists);
    const warm = auction(source, lists, { prices: cold.price });
    expect(warm.rounds).toBeLessThan(cold.rounds);
    const short = auction(source, lists, { maxRounds: 1 });
    short.mate.forEach((m, i) => expect(m < 0 || short.mate[m] === i).toBe(true));
    feasible(source, short);
    expect(() => auction(source, lists, { prices: new Float64Array(120).fill(NaN) })).toThrow(
      'not a finite number',
    );
    expect(() => auction(source, lists, { epsilon: 0 })).toThrow('epsilon');
  });
});

describe('cutting a permutation', () => {
  it('takes the heaviest matching of every cycle and path', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.boolean(),
        (n, seed, cut) => {
          const source = familySource({ family: 'random', n, seed, twoSided: false, excluded: 0 });
          // A permutation from a seeded shuffle, some choices taken away.
          const next = Int32Array.from({ length: n }, (_, i) => i);
          for (let i = n - 1; i > 0; i--) {
            const j = (seed * 31 + i * 17) % (i + 1);
            [next[i], next[j]] = [next[j], next[i]];
          }
          if (cut) for (let i = 0; i < n; i += 4) next[i] = -1;
          const chosen = {
            ...source,
            weight: (i: number, j: number) =>
              next[i] === j || next[j] === i ? source.weight(i, j) : -Infinity,
          };
          const mate = cutCycles(next, (i, j) => source.weight(i, j));
          let total = 0;
          mate.forEach((m, i) => {
            if (m < 0) return;
            expect(mate[m]).toBe(i);
            expect(next[i] === m || next[m] === i).toBe(true);
            if (m > i) total += source.weight(i, m);
          });
          expect(total).toBeCloseTo(bruteForce(chosen), 12);
        },
      ),
      { numRuns: 150 },
    );
  });
});
