import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openingPrices } from './auction-driver.ts';
import { auctionSchedule } from './auction-schedule.ts';
import { exactMatching } from '../exact/exact.ts';
import { greedy } from '../greedy/greedy.ts';
import { buildLists } from '../../score/candidates/lists.ts';
import { epsilonUnits, meanPair, unitsFor } from '../../score/units.ts';
import { AuctionState } from './auction-state.ts';
import { poolAuction, sketchByReference, sketchProof } from './pool-auction.ts';
import { priceCertificateByKernel } from './wasm/sketch-kernel.ts';
import { matrixSource } from '../testing/matrix-source.ts';
import type { PairSource } from '../../score/source.ts';
import { bruteForce, families, familySource } from '../testing/families.ts';
import { trapPool, trapRule } from '../testing/traps.ts';
import { poolSource } from '../../score/weights.ts';

const options = { matcher: 'auction', seed: 3 } as const;
const setting = (most: number) =>
  fc.record({
    family: fc.constantFrom(...families),
    n: fc.integer({ min: 0, max: most }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    twoSided: fc.boolean(),
    excluded: fc.constantFrom(0, 0.3, 0.7),
  });

/** By how much a pair is not covered, at most. */
function uncovered(source: PairSource, y: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < source.n; i++)
    for (let j = i + 1; j < source.n; j++) worst = Math.max(worst, source.weight(i, j) - y[i] - y[j]);
  return worst;
}
function weigh(source: PairSource, mate: Int32Array): number {
  let total = 0;
  mate.forEach((m, i) => {
    if (m < 0) return;
    expect(m !== i && mate[m] === i && source.weight(i, m) > -Infinity).toBe(true);
    if (m > i) total += source.weight(i, m);
  });
  return total;
}

describe('certificates in whole numbers', () => {
  it('cover every eligible pair, from lists and from prices, at any time of an auction', () => {
    fc.assert(
      fc.property(setting(24), fc.constantFrom(1, 3, 16), fc.integer({ min: 0, max: 40 }), (s, k, rounds) => {
        const source = familySource(s);
        const lists = buildLists(source, k);
        const market = new AuctionState(source, lists);
        const proof = sketchProof(source, lists)();
        expect(proof).toEqual(sketchByReference(market));
        expect(uncovered(source, proof.y)).toBeLessThanOrEqual(0);
        for (const share of [0.05, 0.002]) {
          market.begin();
          if (market.play(share, rounds).stale > 0 && rounds % 2 === 0) market.refresh();
          market.play(share, rounds);
          market.certifyPrices(priceCertificateByKernel);
          const byKernel = market.y.slice();
          market.certifyPrices();
          expect(byKernel).toEqual(market.y);
          const y = Array.from(market.y, (v) => v / market.units);
          expect(Math.min(0, ...y)).toBe(0);
          expect(uncovered(source, y)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('are tighter than what a descent alone finds', () => {
    const source = familySource({ family: 'random', n: 150, seed: 4, twoSided: false, excluded: 0.2 });
    const lists = buildLists(source);
    const { bound } = sketchProof(source, lists)();
    const market = new AuctionState(source, lists);
    market.certify();
    const optimum = exactMatching(source).weight;
    expect(bound).toBeGreaterThanOrEqual(optimum);
    expect(bound - optimum).toBeLessThan(0.6 * (market.bound - optimum));
  });

  it('use units in which the heaviest weight has 22 bits, and an epsilon of at least 2 units', () => {
    for (const top of [1, 1.999, 2 ** 20, 3e-7, 1e30]) {
      const weight = top * unitsFor(top);
      expect(weight).toBeGreaterThanOrEqual(2 ** 21);
      expect(weight).toBeLessThan(2 ** 22);
    }
    expect(unitsFor(0)).toBe(1);
    expect(epsilonUnits(1e-9, 1e3)).toBe(2);
    expect(epsilonUnits(0.001, 4096)).toBeCloseTo(0.001 * 2 ** 22, -2);
    // Ten people whose y come to 5 have pairs of weight 1.
    expect(epsilonUnits(0.001, meanPair(5, 2 ** 21, 10))).toBeCloseTo(0.001 * 2 ** 21, -2);
  });
});

describe('the auction of a pool', () => {
  it('never beats the optimum, never falls behind greedy, and its bound is above both', () => {
    fc.assert(
      fc.property(setting(10), fc.constantFrom(1, 3, 16), (s, k) => {
        const source = familySource({ ...s, threshold: 0 });
        const lists = buildLists(source, k);
        const found = poolAuction(source, lists, options);
        const optimum = bruteForce(source);
        const weight = weigh(source, found.pairing.mate);
        expect(weight).toBeLessThanOrEqual(optimum * (1 + 1e-12));
        expect(weight).toBeGreaterThanOrEqual(weigh(source, greedy(source, lists).mate) * (1 - 1e-12));
        expect(found.bound).toBeGreaterThanOrEqual(optimum);
        expect(uncovered(source, found.y)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 150 },
    );
  });

  it('is optimal on two-sided whole weights with an epsilon below 1 / n, and proves it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 24 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
        const base = familySource({ family: 'random', n, seed, twoSided: true, excluded: 0.2 });
        const whole = Array.from({ length: n }, (_, i) =>
          Float64Array.from({ length: n }, (_x, j) => {
            const w = base.weight(i, j);
            return w === -Infinity ? w : 1 + Math.floor(60 * w);
          }),
        );
        const source = matrixSource(whole);
        // At most 61 times the mean of the rows' heaviest.
        const epsilon = 1 / (61 * (n + 1));
        const limits = { ...options, epsilon, gap: 0, maxRounds: 1e6 };
        const found = poolAuction(source, buildLists(source), limits);
        const optimum = exactMatching(source).weight;
        expect(weigh(source, found.pairing.mate)).toBe(optimum);
        expect(found.bound).toBeLessThan(optimum + 1);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['random', 0.998],
    // Among so few people odd cycles cost more than among thousands.
    ['clustered', 0.9975],
    ['hubs', 0.998],
    ['popularity', 0.999],
    ['few values', 0.999],
  ] as const)('comes near the optimum: %s', (family, least) => {
    const source = familySource({ family, n: 160, seed: 5, twoSided: false, excluded: 0, threshold: 0 });
    const found = poolAuction(source, buildLists(source), options);
    const optimum = exactMatching(source).weight;
    const weight = weigh(source, found.pairing.mate);
    expect(weight).toBeGreaterThanOrEqual(least * optimum);
    expect(weight).toBeLessThanOrEqual(optimum * (1 + 1e-12));
    expect(found.bound).toBeGreaterThanOrEqual(optimum);
    expect(found.bound).toBeLessThanOrEqual(1.002 * optimum);
  });

  it('never widens its gap, and ends at the gap or the rounds asked for', () => {
    const source = familySource({ family: 'random', n: 200, seed: 6, twoSided: false, excluded: 0.1 });
    const lists = buildLists(source);
    const { series } = poolAuction(source, lists, options);
    expect(series.length).toBeGreaterThan(3);
    series.slice(1).forEach((p, k) => {
      expect(p.gap).toBeLessThanOrEqual(series[k].gap);
      expect(p.rounds).toBeGreaterThanOrEqual(series[k].rounds);
    });
    const rough = poolAuction(source, lists, { ...options, gap: 0.03 });
    expect(rough.series.at(-1)!.gap).toBeLessThanOrEqual(0.03);
    expect(rough.series.at(-1)!.rounds).toBeLessThan(series.at(-1)!.rounds);
    const short = poolAuction(source, lists, { ...options, maxRounds: 5 });
    expect(short.series.at(-1)!.rounds).toBe(5);
  });

  it('ends when its time is up', () => {
    let time = 0;
    const plan = auctionSchedule(100, { budgetMs: 10, now: () => time, gap: 0 });
    let asked = plan.next();
    let rounds = 0;
    while (asked.done !== true) {
      time += 1;
      if (asked.value.do === 'play') {
        rounds += asked.value.maxRounds;
        asked = plan.next({ rounds: asked.value.maxRounds, active: 1, stale: 0 });
      } else asked = plan.next(asked.value.do === 'check' ? 1 / time : 0);
    }
    expect(time).toBeLessThanOrEqual(12);
    expect(asked.value.rounds).toBe(rounds);
  });

  it('needs fewer rounds from prices that it found before', () => {
    let [cold, warm] = [0, 0];
    for (const seed of [1, 2, 3]) {
      const source = poolSource(trapPool('hubs', 200, 32, seed), trapRule('hubs'), seed);
      const lists = buildLists(source);
      const first = poolAuction(source, lists, options);
      cold += first.rounds;
      warm += poolAuction(source, lists, { ...options, prices: Float32Array.from(first.y) }).rounds;
    }
    expect(warm).toBeLessThan(cold);
  });

  it('starts from half of what known prices exceed the lowest, and from 0 where none is known', () => {
    expect(Array.from(openingPrices(4, Float32Array.of(3, 0, 2, 8)))).toEqual([0.5, 0, 0, 3]);
    expect(Array.from(openingPrices(3, undefined))).toEqual([0, 0, 0]);
  });

  it('takes larger steps if all want the same few people', () => {
    const source = familySource({
      family: 'popularity',
      n: 160,
      seed: 5,
      twoSided: false,
      excluded: 0,
      threshold: 0,
    });
    const found = poolAuction(source, buildLists(source), options);
    expect(found.series.at(-1)!.gap).toBeLessThanOrEqual(0.001);
    expect(found.rounds).toBeLessThan(1500);
  });
});

// Published for n = 4,000: .9984 to .9999 with exchanges, a bound over the optimum of 1.000001 to
// 1.0005, in 1.6 to 2.5 scans.
describe('the auction of pools that are hard', () => {
  it.each([
    ['uniform', 0.9995, 1.0005, 1.2],
    // Among so few people odd cycles weigh more.
    ['clustered', 0.996, 1.0016, 1.5],
    ['hubs', 0.9975, 1.0015, 2.5],
    ['popularity', 0.995, 1.001, 2],
  ] as const)('comes near the optimum, in few scans: %s', (trap, least, above, scans) => {
    for (const seed of [1, 2, 3]) {
      const source = poolSource(trapPool(trap, 300, 64, seed), trapRule(trap), seed);
      const optimum = exactMatching(source).weight;
      const found = poolAuction(source, buildLists(source), options);
      const weight = weigh(source, found.pairing.mate);
      expect(weight).toBeLessThanOrEqual(optimum * (1 + 1e-12));
      expect(weight).toBeGreaterThanOrEqual(least * optimum);
      expect(found.bound).toBeGreaterThanOrEqual(optimum);
      expect(found.bound).toBeLessThanOrEqual(above * optimum);
      expect(1 + found.scans).toBeLessThanOrEqual(scans);
    }
  });
});
