import { expect, test } from 'vitest';
import { sequentialGreedy } from '../testing/sequential-greedy.ts';
import { longList } from '../../score/candidates/lists.ts';
import { matchOnCpu } from '../cpu-backend.ts';
import type { MatchOptions, Pool, WeightRule } from '../../score/types.ts';
import { deviceSource } from '../../gpu/testing/device-weights.ts';
import { upload } from '../../gpu/tick/upload.ts';
import { sharedBackend } from '../../gpu/testing/open.ts';
import { familyPool } from '../../gpu/testing/pools.ts';
import type { PoolFamily } from '../../gpu/testing/pools.ts';

const backend = sharedBackend();
const rule: WeightRule = { transform: 'identity', scale: 0.5, bias: 0, combination: 'sum', threshold: 0 };
const options: MatchOptions = { matcher: 'auction', seed: 9 };

const source = async (pool: Pool) => deviceSource(await backend(), pool, rule, options);

for (const [family, n, twoSided] of [
  ['random', 3, false],
  ['random', 64, true],
  ['random', 131, false],
  ['clustered', 64, false],
  ['hubs', 100, true],
  ['equal', 65, false],
  ['popularity', 64, false],
  ['star', 64, false],
  ['duplicates', 64, true],
  ['nobody', 17, false],
  ['one pair', 17, false],
  ['islands', 96, false],
  // More stale lists than are refreshed at once.
  ['clustered', 200, false],
] as [PoolFamily, number, boolean][])
  test(`auction: a valid matching, its certificate, and those of the CPU: ${family}, ${n}`, async () => {
    const pool = familyPool({ family, n, twoSided, recent: 0.2 });
    const result = await (await backend()).match(pool, rule, options);
    const all = await source(pool);
    let total = 0;
    const row = new Float64Array(n);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      const m = result.mate[i];
      if (m >= 0) {
        expect(result.mate[m]).toBe(i);
        expect(result.weight[i]).toBe(all.weight(i, m));
        if (m > i) total += result.weight[i];
      }
      all.row(i, 0, row);
      for (let j = 0; j < n; j++) worst = Math.max(worst, row[j] - result.price[i] - result.price[j]);
    }
    expect(result.total).toBeCloseTo(total, 6);
    expect(worst).toBeLessThanOrEqual(0);
    expect(result.upperBound).toBeGreaterThanOrEqual(total);
    // Never worse than greedy unless it is within 2 % of the bound.
    const greedy = sequentialGreedy(all).mate.reduce((s, m, i) => s + (m > i ? all.weight(i, m) : 0), 0);
    expect(total).toBeGreaterThanOrEqual(Math.min(greedy, 0.98 * result.upperBound));
    // Integer weights: the same lists, bids, certificates and exchanges, bit for bit.
    const reference = matchOnCpu(pool, rule, options);
    expect(result.price).toEqual(reference.price);
    expect(result.upperBound).toBe(reference.upperBound);
    expect(result.closing).toEqual(reference.closing);
    expect(result.mate).toEqual(reference.mate);
  });

test('new lists are as long as on the CPU, so that bids are the same', async () => {
  const opened = await backend();
  for (const n of [10, 600, 2300, 4000]) {
    const pool = familyPool({ family: 'random', n, dim: 4 });
    const { shape } = upload(opened.passes.gather, opened.batcher(), opened.memory, pool, rule, options);
    expect(shape.longLength).toBe(longList(n, shape.length));
  }
});

test('on a two-sided pool the auction is within n epsilon of the optimum', async () => {
  const n = 80;
  const pool = familyPool({ family: 'random', n, twoSided: true });
  const epsilon = 0.0005;
  const result = await (await backend()).match(pool, rule, { ...options, epsilon, maxRounds: 100_000 });
  const all = await source(pool);
  let top = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) top = Math.max(top, all.weight(i, j));
  const reference = matchOnCpu(pool, rule, { ...options, epsilon: 1e-6 });
  // Both sides bid, so twice the optimum is met within n epsilon, and the better half within
  // n epsilon / 2. The reference is within its much smaller epsilon.
  expect(result.total).toBeGreaterThanOrEqual(reference.total - (n / 2) * epsilon * top * 1.01);
});

for (const [family, n] of [
  ['random', 2100],
  ['popularity', 700],
] as [PoolFamily, number][])
  test(`greedy's certificate is that of the CPU, also where rounds are a dispatch each: ${family}, ${n}`, async () => {
    const pool = familyPool({ family, n, dim: 4 });
    const asked: MatchOptions = { matcher: 'greedy', seed: 9 };
    const result = await (await backend()).match(pool, rule, asked);
    const reference = matchOnCpu(pool, rule, asked);
    expect(result.mate).toEqual(reference.mate);
    expect(result.price).toEqual(reference.price);
  });

test('opening prices change the course, not the validity', async () => {
  const gpu = await backend();
  const pool = familyPool({ family: 'random', n: 90 });
  const first = await gpu.match(pool, rule, options);
  const again = await gpu.match(pool, rule, { ...options, prices: first.price });
  expect(again.upperBound).toBeGreaterThanOrEqual(again.total);
  expect(again.total).toBeGreaterThan(0.9 * first.total);
  await expect(gpu.match(pool, rule, { ...options, prices: new Float32Array(90).fill(NaN) })).rejects.toThrow(
    'price',
  );
});
