import { describe, expect, test } from 'vitest';
import { pairHash } from '../base/hash.ts';
import { matchOnCpu } from './cpu-backend.ts';
import { firstCome } from './greedy/first-come.ts';
import { sequentialGreedy } from './testing/sequential-greedy.ts';
import { withKey } from '../score/source.ts';
import type { PairSource } from '../score/source.ts';
import { poolSource } from '../score/weights.ts';
import type { MatchOptions, Pool, WeightRule } from '../score/types.ts';
import type { TickResult } from './backend.ts';
import { deviceSource } from '../gpu/testing/device-weights.ts';
import { sharedBackend } from '../gpu/testing/open.ts';
import { familyPool, poolFamilies } from '../gpu/testing/pools.ts';

const backend = sharedBackend();
const points: WeightRule = {
  transform: 'identity',
  scale: 0.5,
  bias: 0,
  combination: 'sum',
  threshold: -Infinity,
};
const seconds: WeightRule = {
  transform: 'exp',
  scale: 2 ** -14,
  bias: 0.5,
  combination: 'harmonic',
  threshold: 1,
};
const greedy: MatchOptions = { matcher: 'greedy', seed: 9 };

/** The weights as the device computes them, as a source for the CPU references. */
const sourceOf = async (pool: Pool, rule: WeightRule, options: MatchOptions): Promise<PairSource> =>
  deviceSource(await backend(), pool, rule, options);

/** What must hold of any matching. */
function checkMatching(result: TickResult, source: PairSource, n: number): void {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const m = result.mate[i];
    if (m < 0) {
      expect(result.weight[i]).toBe(0);
      continue;
    }
    expect(m).not.toBe(i);
    expect(result.mate[m]).toBe(i);
    expect(result.weight[i]).toBe(source.weight(i, m));
    if (m > i) total += result.weight[i];
  }
  expect(result.total).toBeCloseTo(total, 6);
  // The certificate, pair by pair, in exact arithmetic.
  const row = new Float64Array(n);
  let worst = 0;
  for (let i = 0; i < n; i++) {
    source.row(i, 0, row);
    expect(result.price[i]).toBeGreaterThanOrEqual(0);
    for (let j = 0; j < n; j++) worst = Math.max(worst, row[j] - result.price[i] - result.price[j]);
  }
  expect(worst).toBeLessThanOrEqual(0);
  expect(result.upperBound).toBeGreaterThanOrEqual(result.total);
}

for (const family of poolFamilies)
  for (const [n, twoSided, recent] of [
    [64, true, 0],
    [301, false, 0.5],
  ] as const)
    test(`greedy equals the sequential rule: ${family}, ${n}${twoSided ? ', two-sided' : ''}`, async () => {
      const pool = familyPool({ family, n, twoSided, recent });
      const result = await (await backend()).match(pool, points, greedy);
      const source = await sourceOf(pool, points, greedy);
      expect(result.mate).toEqual(sequentialGreedy(source).mate);
      checkMatching(result, source, n);
    });

for (const n of [1, 2, 3, 17, 512])
  test(`greedy on odd and small sizes: ${n}`, async () => {
    const pool = familyPool({ family: 'random', n, recent: 0.2, dim: 4 });
    for (const rule of [points, seconds]) {
      const result = await (await backend()).match(pool, rule, greedy);
      const source = await sourceOf(pool, rule, greedy);
      expect(result.mate).toEqual(sequentialGreedy(source).mate);
      checkMatching(result, source, n);
    }
  });

test('an empty pool has an empty matching', async () => {
  const result = await (await backend()).match(familyPool({ family: 'random', n: 0 }), points, greedy);
  expect(result.mate).toHaveLength(0);
  expect(result.upperBound).toBe(0);
});

test('short lists and long ones give the same pairs', async () => {
  const pool = familyPool({ family: 'clustered', n: 150 });
  const gpu = await backend();
  const [a, b, c] = [1, 16, 40].map((candidates) => gpu.match(pool, points, { ...greedy, candidates }));
  expect((await a).mate).toEqual((await b).mate);
  expect((await c).mate).toEqual((await b).mate);
  expect((await a).scans).toBeGreaterThan((await c).scans);
});

test('the random matcher follows the pair hash, first-come the waiting times', async () => {
  const pool = familyPool({ family: 'random', n: 130, recent: 0.3 });
  const gpu = await backend();
  const random = await gpu.match(pool, points, { matcher: 'random', seed: 4 });
  const source = await sourceOf(pool, points, { matcher: 'random', seed: 4 });
  const hashed = withKey(source, (i, j) => -pairHash(pool.ids[i], pool.ids[j], 4));
  expect(random.mate).toEqual(sequentialGreedy(hashed).mate);
  checkMatching(random, source, pool.n);
  const first = await gpu.match(pool, points, { matcher: 'first-come', seed: 4 });
  expect(first.mate).toEqual(firstCome(source, pool.waited).mate);
  checkMatching(first, source, pool.n);
});

test('weights agree with the CPU: exactly for integers, else within the error of their operations', async () => {
  const pool = familyPool({ family: 'random', n: 40, recent: 0.3 });
  for (const transform of ['identity', 'exp', 'hash'] as const)
    for (const combination of ['sum', 'product', 'minimum', 'harmonic'] as const) {
      const rule: WeightRule = { ...seconds, transform, combination, threshold: -Infinity };
      const reference = poolSource(pool, rule, 9);
      const device = await sourceOf(pool, rule, greedy);
      for (let i = 0; i < pool.n; i++)
        for (let j = 0; j < pool.n; j++) {
          const w = reference.weight(i, j);
          const v = device.weight(i, j);
          expect(v).toBe(device.weight(j, i));
          if (w === -Infinity || transform === 'identity') expect(v).toBe(w);
          else expect(Math.abs(v - w)).toBeLessThanOrEqual(tolerance(w));
        }
    }
});

describe('two scorers in one pool', () => {
  const base = familyPool({ family: 'random', n: 200, recent: 0.3 });
  const bit = 1 << 19;
  const pool = { ...base, have: base.have.map((h, i) => h | (i % 3 === 0 ? bit : 0)) };
  const second = { bit, from: 4, scale: 2, bias: 40 };

  test('greedy pairs whom the CPU pairs, with long lists and with lists that run dry', async () => {
    const rule = { ...points, second };
    const { mate } = matchOnCpu(pool, rule, greedy);
    expect(mate).not.toEqual(matchOnCpu(pool, points, greedy).mate);
    for (const candidates of [1, 16])
      expect((await (await backend()).match(pool, rule, { ...greedy, candidates })).mate).toEqual(mate);
  });

  test('each side is weighed by its own scale and bias, also in certificates and exchanges', async () => {
    const rule = { ...seconds, second: { ...second, scale: 3 * seconds.scale, bias: -0.5 } };
    const reference = poolSource(pool, rule, 9);
    const device = await sourceOf(pool, rule, greedy);
    let worst = 0;
    for (let i = 0; i < pool.n; i++)
      for (let j = 0; j < i; j++) {
        const [w, v] = [reference.weight(i, j), device.weight(i, j)];
        if (w !== v) worst = Math.max(worst, Math.abs(w - v) / tolerance(w));
      }
    expect(worst).toBeLessThanOrEqual(1);
    for (const matcher of ['greedy', 'auction'] as const)
      checkMatching(await (await backend()).match(pool, rule, { ...greedy, matcher }), device, pool.n);
  });
});

/**
 * WGSL: exp errs by 3 + 2|x| ULP, a division by 2.5, every other operation by 1 (u32 to f32
 * included). Scores here stay within |x| <= 4; a fused score moves x by an ULP, which exp passes on
 * times |x|. At most two exps, two additions, one division: 2 (3 + 2 x 4) + 4 + 2 + 2.5 < 31.
 */
function tolerance(w: number): number {
  return 31 * 2 ** -23 * Math.max(1, Math.abs(w));
}

test('a pool that cannot be matched is refused', async () => {
  const gpu = await backend();
  const pool = familyPool({ family: 'random', n: 8 });
  const bad = { ...pool, user: pool.user.slice() };
  bad.user[13] = NaN;
  await expect(gpu.match(bad, points, greedy)).rejects.toThrow('pool.user[13] is NaN');
  await expect(gpu.match({ ...pool, dim: 6 }, points, greedy)).rejects.toThrow('multiple of 4');
  await expect(gpu.match({ ...pool, bonus: new Float32Array(3) }, points, greedy)).rejects.toThrow(
    'pool.bonus holds 3',
  );
  await expect(gpu.match(pool, { ...points, threshold: NaN }, greedy)).rejects.toThrow('threshold');
  // Later calls still work.
  expect((await gpu.match(pool, points, greedy)).mate).toHaveLength(8);
});

test('concurrent calls are served in order, buffers are reused, times say which clock', async () => {
  const gpu = await backend();
  const pool = familyPool({ family: 'random', n: 100 });
  const all = await Promise.all(
    [1, 2, 3].map(() => gpu.match(pool, points, { ...greedy, wantVectors: true })),
  );
  expect(all[1].mate).toEqual(all[0].mate);
  expect(all[2].user).toEqual(pool.user);
  const before = gpu.resources();
  await gpu.match(pool, points, greedy);
  expect(gpu.resources()).toEqual(before);
  const clocks = all[0].times.map((t) => t.clock);
  expect(clocks[0]).toBe('wall');
  if (gpu.device.features.has('timestamp-query')) expect(clocks).toEqual(['wall', 'gpu']);
});

test('the backend is busy from the first call to the end of the last, whether they succeed or fail', async () => {
  const gpu = await backend();
  expect(gpu.busy).toBe(false);
  const pool = familyPool({ family: 'random', n: 30 });
  const good = gpu.match(pool, points, greedy);
  const bad = gpu.match({ ...pool, dim: 6 }, points, greedy);
  expect(gpu.busy).toBe(true);
  await good;
  expect(gpu.busy).toBe(true);
  await expect(bad).rejects.toThrow('multiple of 4');
  expect(gpu.busy).toBe(false);
});
