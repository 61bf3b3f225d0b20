import { describe, expect, it } from 'vitest';
import { Stream, uniform } from '../base/hash.ts';
import { embeddingSource } from '../match/file/embeddings.ts';
import { randomPool } from '../match/testing/families.ts';
import { bestNet } from './candidates/best-net.ts';
import { buildLists } from './candidates/lists.ts';
import type { TakeNet } from './kernel-input.ts';
import { largestDot } from './kernel.ts';
import { goesBefore } from './source.ts';
import type { PairSource } from './source.ts';
import type { WeightRule } from './types.ts';
import { poolSource } from './weights.ts';

const n = 75;
const u = (a: number, b: number) => uniform(5, Stream.world, a, b);
const rule: WeightRule = {
  ...{ transform: 'exp', scale: 1e-4, bias: 2, combination: 'harmonic', threshold: 7 },
};
const pool = randomPool(n, 4, 12);
const vectors = (value: (e: number) => number, sides: boolean, threshold = -100) =>
  embeddingSource(
    {
      ...{ ids: [], dim: 5, sided: sides, vectors: Float64Array.from({ length: 5 * n }, (_, e) => value(e)) },
      side: Uint8Array.from({ length: n }, (_, i) => (sides ? 1 + (i % 2) : 0)),
    },
    threshold,
    1,
  );
const formula =
  '2 / (1 / me.score + 1 / you.score) + both(if(me.newcomer, 20, 0)) - both(second * me.matches) + abs(me.wait - you.wait)';
/** A pool with the terms that the formula reads: wait, matches, newcomer. */
const withTerms = {
  ...pool,
  terms: Float32Array.from({ length: 3 * n }, (_, e) => (e < 2 * n ? Math.round(30 * u(e, 7)) : e % 2)),
};
const bonuses = Float32Array.from({ length: n }, (_, i) => 20 * u(i, 9) - 10);
const sources: [string, PairSource][] = [
  ['a formula of seconds', poolSource(withTerms, { ...rule, formula }, 1)],
  ['a formula of points', poolSource(withTerms, { ...rule, transform: 'identity', formula }, 1)],
  ['a formula of hashes', poolSource(withTerms, { ...rule, transform: 'hash', threshold: 0.2, formula }, 8)],
  ...(['product', 'sum', 'minimum', 'harmonic'] as const).flatMap((combination): [string, PairSource][] => [
    [`seconds, ${combination}`, poolSource(pool, { ...rule, combination }, 1)],
    [`points, ${combination}`, poolSource(pool, { ...rule, transform: 'identity', combination }, 1)],
  ]),
  ...(['product', 'minimum', 'harmonic'] as const).map((combination): [string, PairSource] => [
    `seconds with bonuses of their size, ${combination}`,
    poolSource({ ...pool, bonus: bonuses }, { ...rule, combination, threshold: -20 }, 1),
  ]),
  [
    'points with bonuses of their size',
    poolSource({ ...pool, bonus: bonuses }, { ...rule, transform: 'identity', threshold: -20 }, 1),
  ],
  ['hashes', poolSource(pool, { ...rule, transform: 'hash', threshold: 0.2 }, 8)],
  ['ties', poolSource({ ...pool, user: new Float32Array(12 * n), bonus: new Float32Array(n) }, rule, 2)],
  ['two scorers', poolSource(pool, { ...rule, second: { bit: 2, from: 4, scale: -3e-4, bias: 3 } }, 1)],
  ['vectors that are not whole', poolSource({ ...pool, user: pool.user.map((v) => v / 3) }, rule, 1)],
  ['an imported file of whole numbers', vectors((e) => Math.round(60 * u(e, 1) - 30), true)],
  ['an imported file of large numbers', vectors((e) => Math.round(9000 * u(e, 1) - 4000), false)],
  ['an imported file', vectors((e) => u(e, 1) - 0.5, false)],
  [
    'weights that single precision rounds to the threshold',
    vectors((e) => (e % 5 === 0 ? 1 + 1e-12 * u(e, 1) : 0), false, 1),
  ],
  [
    'weights that single precision rounds to 0',
    vectors((e) => (e % 5 === 0 ? 1e-30 * (u(e, 1) - 0.5) : 0), false, 0),
  ],
];

/** The partners of i in order, by brute force. */
function partners(source: PairSource, i: number, live: Uint8Array): number[] {
  return Array.from({ length: n }, (_, j) => j)
    .filter((j) => live[j] === 1 && source.weight(i, j) > -Infinity)
    .sort((a, b) => (goesBefore(source, source.weight(i, a), i, a, source.weight(i, b), i, b) ? -1 : 1));
}

describe('the scoring kernel', () => {
  const everyone = new Uint8Array(n).fill(1);

  it.each(sources)('lists the heaviest partners of everyone: %s', (_, source) => {
    for (const room of [1, 7, n]) {
      const { count, col, key, start, truncated } = buildLists(source, room);
      for (let i = 0; i < n; i++) {
        const expected = partners(source, i, everyone);
        const found = [...col.subarray(start[i], start[i] + count[i])];
        expect(found).toEqual(expected.slice(0, room));
        expect([...key.subarray(start[i], start[i] + count[i])]).toEqual(
          found.map((j) => source.weight(i, j)),
        );
        if (expected.length > room) expect(truncated[i]).toBe(1);
        if (expected.length < room) expect(truncated[i]).toBe(0);
      }
    }
  });

  it.each(sources)('finds the best live partners, while fewer and fewer are live: %s', (_, source) => {
    const kernel = source.kernel!()!;
    for (const room of [3, 20]) {
      const live = everyone.slice();
      for (let step = 0; step < 6; step++) {
        const rows = Int32Array.from({ length: n }, (_x, i) => i).filter(
          (i) => live[i] === 1 && u(i, step) < 0.4,
        );
        let calls = 0;
        const read = kernel.best(rows, live, room, (i, count, col, key, more) => {
          calls++;
          const expected = partners(source, i, live);
          expect([...col.subarray(0, count)]).toEqual(expected.slice(0, room));
          for (let e = 0; e < count; e++) expect(key[e]).toBe(source.weight(i, col[e]));
          if (expected.length > room) expect(more).toBe(true);
          if (expected.length < room) expect(more).toBe(false);
        });
        expect(calls).toBe(rows.length);
        expect(read).toBeLessThanOrEqual(rows.length * n);
        for (let i = 0; i < n; i++) if (u(i, 10 + step) < 0.25) live[i] = 0;
      }
    }
  });

  const many = 2100;
  const wide = randomPool(many, 4, 12);
  const plainRule: WeightRule = { ...rule, transform: 'identity', combination: 'sum', threshold: -1e9 };
  const alike = { have: new Uint32Array(many), avoid: new Uint32Array(many) };
  const ones = new Float32Array(12 * many).fill(1);
  const ties = { ...wide, ...alike, user: ones, peer: ones, bonus: new Float32Array(many) };
  // The first 64 of each 512 people are the sample, and mislead about the others.
  const tilted = (by: number) => (i: number) => (i % 512 < 64 ? by : 0);
  it.each<[string, PairSource, (i: number) => number]>([
    ['points', poolSource(wide, plainRule, 1), (i) => 30 * u(i, 2)],
    ['seconds', poolSource(wide, { ...rule, threshold: 0 }, 1), (i) => 3 * u(i, 2)],
    ['few eligible', poolSource(wide, { ...rule, threshold: 60 }, 1), (i) => 3 * u(i, 2)],
    ['ties', poolSource(ties, plainRule, 1), () => 0],
    [
      'ties, most in the sample',
      poolSource(ties, plainRule, 1),
      (i) => (i % 28 === 0 ? 0 : tilted(-9)(i) + 9),
    ],
    ['prices beyond sums of i32', poolSource(wide, plainRule, 1), (i) => (u(i, 2) - 0.5) * 1e12],
    ['prices below them', poolSource(wide, plainRule, 1), (i) => -3e9 * u(i, 2)],
    ['the sample is too good', poolSource({ ...wide, ...alike }, plainRule, 1), tilted(-100)],
    ['the sample is too bad', poolSource({ ...wide, ...alike }, plainRule, 1), tilted(100)],
  ])('finds the partners of best net value among many: %s', (_, source, priceOf) => {
    const price = Float64Array.from({ length: many }, (_x, i) => Math.fround(priceOf(i)));
    const rows = [0, 1, 64, 700, 1500, 2099];
    const admitting: PairSource = { ...source, kernel: undefined };
    for (const room of [64, 98]) {
      const expected = new Map<number, unknown>();
      const keepIn =
        (found: Map<number, unknown>): TakeNet =>
        (row, count, col, net, weight) =>
          void found.set(
            row,
            [col, net, weight].map((values) => [...values.subarray(0, count)]),
          );
      bestNet(admitting, rows, price, room, keepIn(expected));
      const found = new Map<number, unknown>();
      bestNet(source, rows, price, room, keepIn(found));
      expect(found.size).toBe(rows.length);
      for (const row of rows) expect(found.get(row)).toEqual(expected.get(row));
    }
  });

  it('reads rows in any order, and after the lists of another source', () => {
    const out = new Float64Array(n);
    const [first, second] = [sources[0][1], sources.at(-1)![1]];
    for (const source of [first, second, first])
      for (const i of [0, 1, 2, 3, 4, 5, 70, 71, 74, 3, 12]) {
        source.row(i, 2, out.fill(5));
        expect([...out.subarray(0, 2)]).toEqual([5, 5]);
        for (let j = 2; j < n; j++) if (source.admits(i, j)) expect(out[j]).toBe(source.weight(i, j));
      }
  });
});

describe('largestDot', () => {
  it('bounds products of whole numbers of 16 bits, in f32 and f64', () => {
    const peer = [3, 4, 0, 0, -32_768, 0, 1, -32_768, 5, 12, 8, 6];
    const user = [1, 0, 0, 2, 0, 2, 1, 2, 4, 4, 7, 3];
    for (const Vectors of [Float32Array, Float64Array]) {
      const [x, y] = [Vectors.from(user), Vectors.from(peer)];
      expect(largestDot(y, y, 3, 4)).toBe(2 ** 31 + 1);
      expect(largestDot(y, y, 2, 6)).toBe(2 ** 30 + 270);
      expect(largestDot(x, y, 3, 4)).toBeCloseTo(Math.sqrt(90 * (2 ** 31 + 1)), 4);
      expect(largestDot(x, y, 3, 4, 1)).toBeCloseTo(4 * 32_768 + Math.sqrt(74 * (2 ** 30 + 1)), 4);
      for (const bad of [0.5, 32_768, -32_769, 1e30, NaN, -Infinity])
        for (const at of [0, 6, 11]) {
          const other = y.slice();
          other[at] = bad;
          expect(largestDot(other, other, 3, 4)).toBe(Infinity);
          expect(largestDot(x, other, 2, 6)).toBe(Infinity);
        }
    }
    expect(largestDot(Float64Array.of(1 + 2 ** -40), Float64Array.of(1), 1, 1)).toBe(Infinity);
    expect(largestDot(new Float32Array(0), new Float32Array(0), 0, 8)).toBe(0);
  });
});
