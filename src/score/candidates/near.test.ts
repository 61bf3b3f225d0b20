import { describe, expect, it } from 'vitest';
import { Stream, uniform } from '../../base/hash.ts';
import { embeddingSource } from '../../match/file/embeddings.ts';
import { exactMatching } from '../../match/exact/exact.ts';
import { Gate } from './near.ts';
import type { PairSource } from '../source.ts';
import { randomPool } from '../../match/testing/families.ts';
import { trapPool, trapRule } from '../../match/testing/traps.ts';
import type { WeightRule } from '../types.ts';
import { poolSource } from '../weights.ts';

const n = 90;
const u = (a: number, b: number) => uniform(11, Stream.world, a, b);

function rule(part: Partial<WeightRule>): WeightRule {
  return { transform: 'identity', scale: 1e-3, bias: 0.5, combination: 'sum', threshold: -Infinity, ...part };
}

const pool = randomPool(n, 8);
const sources: [string, PairSource][] = [
  ...(['sum', 'minimum', 'product', 'harmonic'] as const).map((combination): [string, PairSource] => [
    `points, ${combination}`,
    poolSource(pool, rule({ combination, threshold: 0 }), 1),
  ]),
  ...(['minimum', 'product', 'harmonic'] as const).map((combination): [string, PairSource] => [
    `seconds, ${combination}`,
    poolSource(pool, rule({ transform: 'exp', scale: 1e-4, bias: 1, combination }), 1),
  ]),
  [
    'scores of wide range',
    poolSource(pool, rule({ transform: 'exp', scale: 4e-3, bias: -3, combination: 'product' }), 1),
  ],
  ['two scorers, points', poolSource(pool, rule({ second: { bit: 2, from: 4, scale: -4e-3, bias: 3 } }), 1)],
  [
    'two scorers, seconds',
    poolSource(
      pool,
      rule({
        transform: 'exp',
        combination: 'harmonic',
        scale: 1e-4,
        bias: 2,
        second: { bit: 2, from: 4, scale: 4e-4, bias: -1 },
      }),
      1,
    ),
  ],
  ['a scale below 0', poolSource(pool, rule({ scale: -2e-3, bias: -1 }), 1)],
  [
    'imported vectors',
    embeddingSource(
      {
        ids: [],
        dim: 5,
        vectors: Float64Array.from({ length: n * 5 }, (_, e) => 1e-9 * (u(e, 1) - 0.3)),
        side: new Uint8Array(n),
        sided: false,
      },
      0,
      1,
    ),
  ],
];

describe('pairs near a gate', () => {
  it.each(sources)('are those of plain rows, bit for bit: %s', (_, source) => {
    const near = source.dense!()!;
    const out = new Float64Array(n);
    const row = new Float64Array(n);
    const hits = new Int32Array(n);
    // Weights of a few rows, for bounds among them.
    const all: number[] = [];
    for (let i = 0; i < n; i += 9) {
      source.row(i, 0, row);
      all.push(...row.filter((w) => w > -Infinity));
    }
    all.sort((a, b) => a - b);
    const heavy = (share: number) => all[Math.floor(share * (all.length - 1))];
    let seen = 0;
    let pairs = 0;
    for (const perUnit of [1, 2 ** 20]) {
      const half = (a: number) => ((0.5 + a) * heavy(0.85) * perUnit) / 2;
      const y = Float64Array.from({ length: n }, (_x, j) => half(u(j, 2)));
      const reach = Float64Array.from({ length: n }, (_x, j) =>
        j % 13 === 0 ? -Infinity : j % 7 === 0 ? Infinity : half(u(j, 3)),
      );
      const gate = new Gate(perUnit, y, reach);
      for (let i = 0; i < n; i++)
        for (const from of [0, i + 1]) {
          reach[(7 * i) % n] += half(0);
          gate.move((7 * i) % n);
          const least = i % 17 === 0 ? -Infinity : half(u(i, 4));
          const other = half(u(i, 5));
          const count = near(i, from, gate, least, other, hits, out);
          source.row(i, 0, row);
          const expected: number[] = [];
          for (let j = from; j < n; j++) {
            const w = row[j] * perUnit;
            if (row[j] > -Infinity && (w - least > y[j] || w - other > reach[j])) expected.push(j);
          }
          expect([...hits.subarray(0, count)]).toEqual(expected);
          for (const j of expected) expect(out[j]).toBe(row[j]);
          seen += count;
          pairs += n - from;
        }
    }
    expect(seen).toBeGreaterThan(n);
    expect(seen).toBeLessThan(0.8 * pairs);
  });

  it('lead to the same optimum', () => {
    for (const [combination, transform] of [
      ['product', 'exp'],
      ['harmonic', 'exp'],
      ['sum', 'identity'],
    ] as const) {
      const quick = poolSource(randomPool(150, 3), rule({ transform, combination, scale: 2e-4, bias: 1 }), 1);
      expect(quick.dense!()).toBeDefined();
      const [found, again] = [quick, { ...quick, dense: undefined }].map((source) => exactMatching(source));
      expect(found.weight).toBe(again.weight);
      expect(found.upperBound - found.weight).toBeLessThanOrEqual(1e-12 * found.weight);
      expect(found.worstReducedCost).toBe(0);
    }
    const source = poolSource(trapPool('hubs', 300, 16, 2), trapRule('hubs'), 2);
    const plain = exactMatching({ ...source, dense: undefined });
    expect(exactMatching(source).weight).toBe(plain.weight);
  });

  it('are not looked for where nothing bounds a weight by one product', () => {
    expect(poolSource(pool, rule({ transform: 'exp', combination: 'sum' }), 1).dense!()).toBeUndefined();
    expect(poolSource(pool, rule({ transform: 'hash' }), 1).dense!()).toBeUndefined();
  });
});
