import { describe, expect, it } from 'vitest';
import { pairHash } from '../base/hash.ts';
import { createCpuBackend, matchOnCpu } from '../match/cpu-backend.ts';
import { greedy } from '../match/greedy/greedy.ts';
import { randomPool, sizes } from '../match/testing/families.ts';
import type { TowerInput } from '../model/layout/tower.ts';
import type { MatchOptions, Matcher, Pool, WeightRule } from './types.ts';
import { admitted, metLately, poolSource } from './weights.ts';

const f = Math.fround;
const plain: WeightRule = {
  transform: 'identity',
  scale: 1,
  bias: 0,
  combination: 'sum',
  threshold: -Infinity,
};
const seconds: WeightRule = { transform: 'exp', scale: 1e-4, bias: 2, combination: 'product', threshold: 0 };

/** The definition in `types.ts`, step by step. */
function defined(pool: Pool, rule: WeightRule, seed: number, i: number, j: number): number {
  if (i === j || !admitted(pool, i, j) || metLately(pool, i, j)) return -Infinity;
  const score = (a: number, b: number) => {
    let sum = 0;
    for (let k = 0; k < pool.dim; k++) sum += pool.user[a * pool.dim + k] * pool.peer[b * pool.dim + k];
    const { scale, bias } = rule.second && (pool.have[a] & rule.second.bit) !== 0 ? rule.second : rule;
    return f(f(f(scale) * sum) + f(bias));
  };
  const [s, t] = [score(i, j), score(j, i)];
  const [x, y] = [s, t].map((v) => Math.max(-80, Math.min(80, v)));
  const exp = (v: number) => f(Math.exp(v));
  const means = {
    product: exp(f(f(x + y) * 0.5)),
    sum: f(f(exp(x) + exp(y)) * 0.5),
    minimum: exp(Math.min(x, y)),
    harmonic: f(2 / f(exp(-x) + exp(-y))),
  };
  const weight =
    rule.transform === 'hash'
      ? f(pairHash(pool.ids[i], pool.ids[j], seed) / 2 ** 32)
      : rule.transform === 'exp'
        ? means[rule.combination]
        : rule.combination === 'minimum'
          ? Math.min(s, t)
          : f(f(s + t) * 0.5);
  const w = f(weight + f(pool.bonus[i] + pool.bonus[j]));
  return w > rule.threshold ? w : -Infinity;
}

describe('weights of a pool', () => {
  const rules: WeightRule[] = (['product', 'sum', 'minimum', 'harmonic'] as const).flatMap((combination) => [
    { ...seconds, combination },
    { ...plain, combination },
    { ...seconds, combination, threshold: 7.5 },
    { ...seconds, combination, second: { bit: 2, from: 4, scale: 3e-4, bias: -1 } },
    { ...plain, combination, second: { bit: 2, from: 4, scale: -0.5, bias: 20 } },
  ]);
  rules.push(
    { ...plain, transform: 'hash' },
    { ...seconds, bias: 200 },
    { ...seconds, scale: 0.02, bias: -200 },
  );

  it('are what the contract says, alone and by the row, and symmetric bit for bit', () => {
    for (const n of [1, 2, 17, 45]) {
      const pool = randomPool(n, n, 12);
      const out = new Float64Array(n);
      for (const rule of rules) {
        const source = poolSource(pool, rule, 9);
        for (let i = 0; i < n; i++) {
          source.row(i, 0, out);
          for (let j = 0; j < n; j++) {
            const expected = defined(pool, rule, 9, i, j);
            const row = source.admits(i, j) ? out[j] : -Infinity;
            if (source.weight(i, j) !== expected || row !== expected || source.weight(j, i) !== expected)
              expect.fail(
                `${JSON.stringify(rule)} ${i},${j}: ${source.weight(i, j)}, row ${row}, expected ${expected}`,
              );
          }
        }
      }
    }
  });

  it('are the same for vectors that are no integers, whichever end asks', () => {
    const whole = randomPool(40, 3, 8);
    const pool = { ...whole, user: whole.user.map((v) => v / 7), peer: whole.peer.map((v) => v / 3) };
    const source = poolSource(pool, plain, 1);
    const out = new Float64Array(40);
    for (let i = 0; i < 40; i++) {
      source.row(i, i + 1, out);
      for (let j = i + 1; j < 40; j++)
        if (source.admits(i, j)) {
          expect(source.weight(i, j)).toBe(out[j]);
          expect(source.weight(j, i)).toBe(out[j]);
        }
    }
  });

  it('never pair people of one memory, of no common language, or whom a filter refuses', () => {
    const pool = randomPool(60, 2);
    const { mate } = greedy(poolSource(pool, plain, 1));
    let pairs = 0;
    mate.forEach((m, i) => {
      if (m < 0) return;
      pairs++;
      expect(admitted(pool, i, m)).toBe(true);
      expect(metLately(pool, i, m) || metLately(pool, m, i)).toBe(false);
    });
    expect(pairs).toBeGreaterThan(30);
  });

  it('refuse numbers that are not finite and arrays that are too short', () => {
    const pool = randomPool(5, 1);
    const bad =
      (change: Partial<Pool>, rule: Partial<WeightRule> = {}) =>
      () =>
        poolSource({ ...pool, ...change }, { ...plain, ...rule }, 1);
    expect(bad({ user: pool.user.map((v, k) => (k === 3 ? NaN : v)) })).toThrow('pool.user[3] is NaN');
    expect(bad({ bonus: Float32Array.of(0, Infinity, 0, 0, 0) })).toThrow('pool.bonus[1] is Infinity');
    expect(bad({ peer: new Float32Array(3) })).toThrow('pool.peer holds 3 values; 5 people need 40');
    expect(bad({}, { threshold: NaN })).toThrow('threshold');
    expect(bad({}, { scale: 1e300 })).toThrow('must be finite');
  });
});

describe('CPU backend', () => {
  const backend = createCpuBackend({
    embed: (_, n) => ({ user: new Float32Array(n * 8).fill(2), peer: new Float32Array(n * 8).fill(1) }),
  });
  const matchers: Matcher[] = ['random', 'first-come', 'greedy', 'auction'];

  it('answers with mates that agree, weights, a feasible certificate and its gap', async () => {
    for (const n of sizes.filter((s) => s <= 64))
      for (const matcher of matchers) {
        const pool = randomPool(n, 5 * n + 2);
        const options: MatchOptions = { matcher, seed: 4 };
        const found = await backend.match(pool, seconds, options);
        const source = poolSource(pool, seconds, 4);
        let total = 0;
        for (let i = 0; i < n; i++) {
          const m = found.mate[i];
          expect(found.weight[i]).toBe(m < 0 ? 0 : source.weight(i, m));
          if (m >= 0) expect(m !== i && found.mate[m] === i).toBe(true);
          if (m > i) total += found.weight[i];
          for (let j = 0; j < n; j++)
            if (found.price[i] + found.price[j] < source.weight(i, j)) expect.fail(`price of ${i} and ${j}`);
        }
        expect(found.total).toBeCloseTo(total, 6);
        expect(found.upperBound).toBeGreaterThanOrEqual(found.total);
        expect(found.gap).toBeCloseTo(found.upperBound === 0 ? 0 : 1 - found.total / found.upperBound, 12);
        expect(found.times[0].clock).toBe('wall');
      }
  });

  it('ranks the matchers as their purpose says', () => {
    const pool = randomPool(200, 77);
    const [random, , best, auction] = matchers.map((matcher) =>
      matchOnCpu(pool, seconds, { matcher, seed: 4 }),
    );
    expect(best.total).toBeGreaterThan(random.total);
    expect(auction.total).toBeGreaterThan(best.total);
    expect(auction.gap).toBeLessThan(best.gap);
  });

  it('gives the same pairs whatever the length of the lists', () => {
    const pool = randomPool(150, 8);
    for (const matcher of ['random', 'first-come', 'greedy'] as const) {
      const [a, b] = [2, 64].map((candidates) => matchOnCpu(pool, plain, { matcher, seed: 1, candidates }));
      expect([...a.mate]).toEqual([...b.mate]);
    }
  });

  it('embeds pools that carry features, and returns the vectors when asked', async () => {
    const pool = { ...randomPool(6, 1), recent: new Uint32Array(48).fill(0xffffffff) };
    const tower = { dim: 8, slots: 0, dense: 0, rows: 0 } as TowerInput['tower'];
    const features: TowerInput = { tower, sparse: new Uint32Array(0), dense: new Float32Array(0) };
    const bare = { ...pool, user: new Float32Array(0), peer: new Float32Array(0), features };
    const found = await backend.match(bare, plain, { matcher: 'greedy', seed: 1, wantVectors: true });
    expect(found.user).toHaveLength(48);
    const pair = found.mate.findIndex((m) => m >= 0);
    expect(found.weight[pair]).toBe(f(16 + f(pool.bonus[pair] + pool.bonus[found.mate[pair]])));
    await expect(createCpuBackend().match(bare, plain, { matcher: 'greedy', seed: 1 })).rejects.toThrow(
      'without `embed`',
    );
  });
});
