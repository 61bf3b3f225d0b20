import { describe, expect, test } from 'vitest';
import { normal, Stream, uniform } from '../base/hash.ts';
import { PairedSums } from './paired-sums.ts';

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
  const sums = new PairedSums([[2, 3]], 1, seed);
  for (const { market, a, b, y } of chats) sums.addPair(market, a, b, groups(a), groups(b), [y]);
  return sums;
}

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
      const { figures, variance } = exact(chats, slice);
      let mean = 0;
      const seeds = 30;
      for (let seed = 0; seed < seeds; seed++) {
        const f = sumsOf(chats, seed).figures(slice, 0);
        expect([f.nA, f.nB]).toEqual(figures.map((g) => g.n));
        expect(f.meanA).toBeCloseTo(figures[0].mean, 10);
        expect(f.meanB).toBeCloseTo(figures[1].mean, 10);
        expect(f.effect).toBeCloseTo(figures[1].mean - figures[0].mean, 10);
        mean += ((f.high - f.low) / 2 / 1.9787) ** 2 / seeds;
      }
      expect(mean / variance).toBeGreaterThan(0.88);
      expect(mean / variance).toBeLessThan(1.16);
    }
  });
  test('two equal markets have no effect and no doubt about it', () => {
    const chats = evening(5, 40, 4).filter((c) => c.market === 0);
    const both = [...chats, ...chats.map((c) => ({ ...c, market: 1 as const }))];
    expect(sumsOf(both, 1).figures(0, 0)).toMatchObject({ effect: 0, low: 0, high: 0 });
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
      const f = sumsOf(chats, seed).figures(0, 0);
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
    const f = sumsOf(chats, 2).figures(0, 0);
    const other = chats.map((c) => (c.market === 1 ? { ...c, a: c.a + 1000, b: c.b + 1000 } : c));
    const apart = new PairedSums([[1]], 1, 2);
    for (const { market, a, b, y } of other) apart.addPair(market, a, b, [0], [0], [y]);
    const g = apart.figures(0, 0);
    expect(f.high - f.low).toBeLessThan(0.6 * (g.high - g.low));
  });
  test('single observations cluster by person; too few claim no interval; nothing seen is NaN', () => {
    const sums = new PairedSums([[1]], 2, 1);
    expect(sums.figures(0, 0)).toMatchObject({ nA: 0, meanA: NaN, effect: NaN, low: NaN });
    for (let i = 0; i < 9; i++) sums.addSingle((i % 2) as 0 | 1, i, [0], [1, i]);
    expect(sums.figures(0, 1)).toMatchObject({ nA: 5, nB: 4, meanA: 4, meanB: 4, effect: 0, low: NaN });
    // A person who says the same ten times says it once.
    const width = (times: number) => {
      const repeated = new PairedSums([[1]], 1, 1);
      for (let p = 0; p < 60; p++)
        for (let t = 0; t < times; t++)
          repeated.addSingle((p % 2) as 0 | 1, p, [0], [normal(4, Stream.world, p, 0)]);
      const f = repeated.figures(0, 0);
      return f.high - f.low;
    };
    expect(width(10)).toBeCloseTo(width(1), 10);
  });
});
