import { expect, test } from 'vitest';
import { createCpuBackend } from '../cpu-backend.ts';
import { sequentialGreedy } from './greedy.ts';
import type { MatchOptions, Pool, WeightRule } from '../../score/types.ts';
import { poolSource } from '../../score/weights.ts';
import { sharedBackend } from '../../gpu/testing/open.ts';
import { familyPool } from '../../gpu/testing/pools.ts';

const backend = sharedBackend();
const rule: WeightRule = {
  transform: 'identity',
  combination: 'sum',
  scale: 1 / 64,
  bias: 0,
  threshold: -Infinity,
};
// Lists as short as these run dry at once.
const greedy: MatchOptions = { matcher: 'greedy', seed: 9, candidates: 2 };

for (const [name, pool] of [
  ['user and peer vectors, remembered partners', familyPool({ family: 'random', n: 700, recent: 0.5 })],
  ['one vector for both', alike(familyPool({ family: 'random', n: 700 }))],
  ['two sides', familyPool({ family: 'clustered', n: 700, twoSided: true })],
] as const)
  test(`those left get tables of their own, and greedy stays the sequential rule: ${name}`, async () => {
    const gpu = await backend();
    const { narrow } = gpu.passes;
    const sizes: number[] = [];
    const submit = narrow.submit.bind(narrow);
    narrow.submit = (tables, left, clock) => {
      sizes.push(left.length);
      return submit(tables, left, clock);
    };
    try {
      const result = await gpu.match(pool, rule, greedy);
      expect(result.mate).toEqual(sequentialGreedy(poolSource(pool, rule, greedy.seed)).mate);
      expect(sizes.length).toBeGreaterThan(0);
      // Each is scored in half a square of its own.
      let most = 1;
      for (const n of sizes) most += (n / pool.n) ** 2;
      expect(result.scans).toBeGreaterThanOrEqual(most);
      expect(result.scans).toBeLessThan(3);
    } finally {
      narrow.submit = submit;
    }
  });

for (const family of ['nobody', 'random'] as const)
  test(`more stand still than one workgroup plays, and greedy ends: ${family}`, async () => {
    const pool = familyPool({ family, n: 3000, dim: 4 });
    const options: MatchOptions = { ...greedy, candidates: 1 };
    const result = await (await backend()).match(pool, rule, options);
    expect(result.mate).toEqual((await createCpuBackend().match(pool, rule, greedy)).mate);
  });

function alike(pool: Pool): Pool {
  return { ...pool, peer: pool.user };
}
