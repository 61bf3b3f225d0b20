import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pressure, supplyDemand, type MarketSegment, type WaitingPeople } from './supply-demand.ts';

// Two genders (bits 0-1), three countries (bits 2-4) that speak languages 0, 1, 2, and two ages no
// filter knows.
const segments: MarketSegment[] = [
  { dimension: 'gender', name: 'women', bit: 1, usuallySpeaks: 0 },
  { dimension: 'gender', name: 'men', bit: 2, usuallySpeaks: 0 },
  ...['X', 'Y', 'Z'].map((name, c) => ({ dimension: 'country', name, bit: 4 << c, usuallySpeaks: 1 << c })),
  { dimension: 'age', name: 'young', bit: 0, usuallySpeaks: 0 },
  { dimension: 'age', name: 'old', bit: 0, usuallySpeaks: 0 },
];
const S = segments.length;

interface Person {
  gender: number;
  country: number;
  old: number;
  wants: number;
  own: boolean;
  second: number;
}

function pool(people: readonly Person[]): WaitingPeople {
  const of = (f: (p: Person) => number) => Uint32Array.from(people, f);
  const have = of((p) => (1 << p.gender) | (4 << p.country));
  return {
    n: people.length,
    have,
    avoid: of((p) => (~p.wants & 3) | (p.own ? 0b11100 & ~(4 << p.country) : 0)),
    speaks: of((p) => (1 << p.country) | (1 << p.second)),
    price: Float32Array.from(people, (_, i) => i + 1),
    member: of((p) => (1 << p.gender) | (4 << p.country) | (32 << p.old)),
  };
}

const person = fc.record({
  gender: fc.nat(1),
  country: fc.nat(2),
  old: fc.nat(1),
  wants: fc.integer({ min: 1, max: 3 }),
  own: fc.boolean(),
  second: fc.nat(2),
});

test('equals its definition, person by person', () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 14 }), (list) => {
      const p = pool(list);
      const result = supplyDemand(p, segments);
      const supply = Array<number>(S).fill(0);
      const demand = Array<number>(S).fill(0);
      const from = Array<number>(S * S).fill(0);
      for (let i = 0; i < p.n; i++)
        for (let s = 0; s < S; s++) {
          const inside = (k: number) => ((p.member[k] >> s) & 1) === 1;
          if (inside(i)) supply[s]++;
          const others = list.map((_, j) => j).filter((j) => inside(j));
          const wants =
            others.length === 0
              ? (p.avoid[i] & segments[s].bit) === 0 &&
                (segments[s].usuallySpeaks === 0 || (p.speaks[i] & segments[s].usuallySpeaks) !== 0)
              : others.some(
                  (j) => j !== i && (p.avoid[i] & p.have[j]) === 0 && (p.speaks[i] & p.speaks[j]) !== 0,
                );
          if (!wants) continue;
          demand[s]++;
          for (let a = 0; a < S; a++) from[a * S + s] += (p.member[i] >> a) & 1;
        }
      expect(Array.from(result.supply)).toEqual(supply);
      expect(Array.from(result.demand)).toEqual(demand);
      expect(Array.from(result.from)).toEqual(from);
    }),
    { numRuns: 300 },
  );
});

test('a filter takes demand from others, not from its own segment; languages count', () => {
  const plain = { old: 0, wants: 3, own: false };
  const list = [
    { ...plain, gender: 0, country: 0, second: 0, wants: 1 },
    { ...plain, gender: 0, country: 0, second: 0 },
    { ...plain, gender: 1, country: 0, second: 0 },
    { ...plain, gender: 1, country: 1, second: 1 },
  ];
  const { supply, demand, meanPrice, from } = supplyDemand(pool(list), segments);
  expect([supply[0], supply[1]]).toEqual([2, 2]);
  // Women are wanted by both women and the man who shares their language; men by the woman without
  // a filter only.
  expect([demand[0], demand[1]]).toEqual([3, 1]);
  expect([meanPrice[0], meanPrice[1], meanPrice[4]]).toEqual([1.5, 3.5, NaN]);
  // The man of Y speaks with nobody: no demand from Y to X, nor for themselves.
  expect([from[3 * S + 2], demand[3]]).toEqual([0, 0]);
  // Nobody of Z waits and nobody speaks its language.
  expect([supply[4], demand[4]]).toEqual([0, 0]);
});

test('scarcity is not lost when a segment is empty; the empty pool and one person', () => {
  const men = Array.from({ length: 5 }, () => ({
    gender: 1,
    country: 0,
    old: 0,
    wants: 1,
    own: false,
    second: 0,
  }));
  const { supply, demand } = supplyDemand(pool(men), segments);
  expect([supply[0], demand[0]]).toEqual([0, 5]);
  expect(pressure(demand[0], supply[0])).toBe(Infinity);
  expect(pressure(0, 0)).toBeNaN();
  expect(Array.from(supplyDemand(pool([]), segments).demand)).toEqual(Array(S).fill(0));
  const one = supplyDemand(pool([{ ...men[0], wants: 3 }]), segments);
  expect([one.supply[1], one.demand[1]]).toEqual([1, 0]);
});
