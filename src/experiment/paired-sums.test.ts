import { describe, expect, test } from 'vitest';
import { normal, Stream, uniform } from '../base/hash.ts';
import { PairedSums } from './paired-sums.ts';
import { intervalOf } from '../metrics/inference/evidence.ts';
import { SliceGrid } from './paired/slice-grid.ts';

interface Chat {
  market: 0 | 1;
  a: number;
  b: number;
  y: number;
}

/** The first twenty people and the others, crossed with three groups. */
const groups = (p: number) => [p < 20 ? 0 : 1, p % 3];
/** Whether a person is in a slice: everybody, two groups, three groups. */
const inSlice = (p: number, slice: number) =>
  slice === 0 || slice === 1 + groups(p)[0] || slice === 3 + groups(p)[1];

/**
 * Random chats in both markets: length = 20 + what a and b bring along + noise (+ `effect` under
 * b).
 */
function evening(seed: number, count: number, personal: number, effect = 0, people = 40): Chat[] {
  return Array.from({ length: 2 * count }, (_, i) => {
    const market = (i % 2) as 0 | 1;
    const a = Math.floor(uniform(seed, Stream.world, i, 1) * people);
    const b = (a + 1 + Math.floor(uniform(seed, Stream.world, i, 2) * (people - 1))) % people;
    const warm = normal(seed, Stream.behaviour, a, 0) + normal(seed, Stream.behaviour, b, 0);
    const y = 20 + personal * warm + 3 * normal(seed, Stream.behaviour, i, 1) + market * effect;
    return { market, a, b, y };
  });
}

function sumsOf(chats: readonly Chat[], seed: number): PairedSums {
  const sums = new PairedSums(new SliceGrid([[2, 3]]), 1, seed);
  for (const { market, a, b, y } of chats) sums.addPair(market, a, b, groups(a), groups(b), [y]);
  return sums;
}

/** Means, effect and interval of everyone among 100 people. */
const figures = (sums: PairedSums, slice = 0, people = 100) => {
  const evidence = sums.evidence(slice, 0, people);
  return { ...sums.means(slice, 0), ...evidence, ...intervalOf(evidence, 'fixed') };
};

/** The same by definition: every pair of chats that share a person. */
function exact(chats: readonly Chat[], slice: number) {
  const sides = ({ a, b }: Chat) => Number(inSlice(a, slice)) + Number(inSlice(b, slice));
  const figures = ([0, 1] as const).map((market) => {
    const own = chats.filter((c) => c.market === market);
    const n = own.reduce((s, c) => s + sides(c), 0);
    return { n, mean: own.reduce((s, c) => s + sides(c) * c.y, 0) / n };
  });
  const e = chats.map((c) => {
    const { n, mean } = figures[c.market];
    return ((c.market === 1 ? 1 : -1) * (c.y - mean) * sides(c)) / n;
  });
  let byPeople = 0;
  chats.forEach((c, i) =>
    chats.forEach((d, j) => {
      const shared = Number(c.a === d.a || c.a === d.b) + Number(c.b === d.a || c.b === d.b);
      byPeople += shared * e[i] * e[j];
    }),
  );
  // Once per shared person, so that a chat with itself counts twice.
  const chatsThemselves = e.reduce((s, v) => s + v * v, 0);
  return { figures, variance: Math.max(byPeople - chatsThemselves, byPeople / 2) };
}

describe('PairedSums', () => {
  test('counts and means are exact; the variance is that over all pairs of chats that share a person', () => {
    const chats = evening(3, 60, 4);
    for (const slice of [0, 1, 2, 3, 5]) {
      const { figures: expected, variance } = exact(chats, slice);
      let mean = 0;
      const seeds = 30;
      for (let seed = 0; seed < seeds; seed++) {
        const f = figures(sumsOf(chats, seed), slice);
        expect([f.nA, f.nB]).toEqual(expected.map((g) => g.n));
        expect(f.meanA).toBeCloseTo(expected[0].mean, 10);
        expect(f.meanB).toBeCloseTo(expected[1].mean, 10);
        expect(f.effect).toBeCloseTo(expected[1].mean - expected[0].mean, 10);
        mean += f.error ** 2 / seeds;
      }
      expect(mean / variance).toBeGreaterThan(0.88);
      expect(mean / variance).toBeLessThan(1.16);
    }
  });
  test('two equal markets have no effect and no doubt about it', () => {
    const chats = evening(5, 40, 4).filter((c) => c.market === 0);
    const both = [...chats, ...chats.map((c) => ({ ...c, market: 1 as const }))];
    expect(figures(sumsOf(both, 1))).toMatchObject({ effect: 0, low: 0, high: 0 });
  });
  test('the interval covers the truth about as often as it says, where one for independent chats does not', () => {
    let covered = 0;
    let naive = 0;
    const evenings = 200;
    for (let seed = 0; seed < evenings; seed++) {
      // Under b only every second person takes part, so people bring different things along in the
      // two markets.
      const chats = evening(seed, 220, 6, 2, 100).filter(
        (c) => c.market === 0 || (c.a % 2 === 0 && c.b % 2 === 0),
      );
      const f = figures(sumsOf(chats, seed));
      if (f.low <= 2 && f.high >= 2) covered++;
      const own = [0, 1].map((m) => chats.filter((c) => c.market === m).map((c) => c.y));
      const means = own.map((y) => y.reduce((sum, v) => sum + v, 0) / y.length);
      const squares = own.map((y, m) => y.reduce((sum, v) => sum + (v - means[m]) ** 2, 0) / y.length ** 2);
      if (Math.abs(f.effect - 2) <= 1.96 * Math.sqrt(squares[0] + squares[1])) naive++;
    }
    expect(covered / evenings).toBeGreaterThan(0.88);
    expect(naive / evenings).toBeLessThan(covered / evenings - 0.03);
  });
  test('the same people in both markets make the difference surer than either mean', () => {
    const chats = evening(8, 300, 6);
    const f = figures(sumsOf(chats, 2));
    const other = chats.map((c) => (c.market === 1 ? { ...c, a: c.a + 1000, b: c.b + 1000 } : c));
    const apart = new PairedSums(new SliceGrid([[1]]), 1, 2);
    for (const { market, a, b, y } of other) apart.addPair(market, a, b, [0], [0], [y]);
    const g = figures(apart);
    expect(f.high - f.low).toBeLessThan(0.6 * (g.high - g.low));
  });
  test('few people claim no interval, and the freedom is that of the people', () => {
    const sums = sumsOf(evening(9, 60, 4), 1);
    expect(figures(sums, 0, 39)).toMatchObject({ low: NaN, high: NaN });
    // 40 people with about the same number of chats: 1 / (1 / 128 + 1 / 39) is 29.9.
    expect(figures(sums, 0, 40).freedom).toBeGreaterThan(22);
    expect(figures(sums, 0, 40).freedom).toBeLessThan(32);
    expect(figures(new PairedSums(new SliceGrid([[1]]), 1, 1))).toMatchObject({
      nA: 0,
      meanA: NaN,
      low: NaN,
    });
  });
});
