import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchOnCpu } from '../cpu-backend.ts';
import { sequentialGreedy } from '../testing/sequential-greedy.ts';
import { poolSource } from '../../score/weights.ts';
import type { GreedyProgress } from '../../gpu/passes/match/greedy.ts';
import type { MatchOptions, WeightRule } from '../../score/types.ts';
import { sharedBackend } from '../../gpu/testing/open.ts';
import { familyPool, joinedPool, MAX_PARTS, poolFamilies } from '../../gpu/testing/pools.ts';

const backend = sharedBackend();
const options: MatchOptions = { matcher: 'greedy', seed: 9 };
/** Instances per family and size. */
const INSTANCES = 96;

// Integer vectors: every weight is the same on CPU and GPU, bit for bit.
for (const family of poolFamilies)
  for (const [size, min, max] of [
    ['tiny', 0, 8],
    ['small', 9, 40],
  ] as const)
    test(`greedy is the sequential rule, pair for pair, on ${INSTANCES} instances: ${family}, ${size}`, async () => {
      const gpu = await backend();
      const instance = fc.record({
        n: fc.integer({ min, max }),
        seed: fc.integer({ min: 0, max: 1e6 }),
        twoSided: fc.boolean(),
        recent: fc.constantFrom(0, 0.3, 0.9),
      });
      const parts = fc.array(instance, { minLength: MAX_PARTS, maxLength: MAX_PARTS });
      const threshold = fc.constantFrom(-Infinity, 0, 400);
      await fc.assert(
        fc.asyncProperty(parts, threshold, async (settings, above) => {
          const rule: WeightRule = {
            transform: 'identity',
            scale: 0.5,
            bias: 0,
            combination: 'sum',
            threshold: above,
          };
          const pool = joinedPool(settings.map((s) => familyPool({ family, dim: 8, ...s })));
          const found = await gpu.match(pool, rule, options);
          expect(Array.from(found.mate)).toEqual(
            Array.from(sequentialGreedy(poolSource(pool, rule, 9)).mate),
          );
        }),
        { numRuns: Math.ceil(INSTANCES / MAX_PARTS) },
      );
    });

// Lists of one entry run dry at once.
for (const family of ['nobody', 'random'] as const)
  test(`more rows stall than one workgroup takes, and greedy ends: ${family}`, async () => {
    const rule: WeightRule = {
      transform: 'identity',
      combination: 'sum',
      scale: 1 / 64,
      bias: 0,
      threshold: -Infinity,
    };
    const pool = familyPool({ family, n: 2200, dim: 4 });
    const result = await (await backend()).match(pool, rule, { ...options, candidates: 1 });
    expect(result.mate).toEqual(matchOnCpu(pool, rule, options).mate);
  });

// The path of pools of more than 16,384 people, with limits that a small pool reaches.
for (const family of ['random', 'clustered'] as const)
  test(`batches begin with dispatched rounds, some are cut short, and the pairs are the same: ${family}`, async () => {
    const gpu = await backend();
    const { greedy } = gpu.passes;
    const { limits } = greedy;
    const report = greedy.played.bind(greedy);
    let progress: GreedyProgress | undefined;
    greedy.limits = { solo: { first: 32, later: 48 }, soloPool: 256, laterRounds: 2 };
    greedy.played = (...read) => (progress = report(...read));
    const rule: WeightRule = { transform: 'identity', combination: 'sum', scale: 1, bias: 0, threshold: 0 };
    const pool = familyPool({ family, n: 420, dim: 4, recent: 0.1 });
    try {
      const result = await gpu.match(pool, rule, { ...options, candidates: 1 });
      expect(result.mate).toEqual(matchOnCpu(pool, rule, options).mate);
    } finally {
      greedy.limits = limits;
      greedy.played = report;
    }
    expect(progress?.refills).toBeGreaterThan(0);
    expect(progress?.batches).toBeGreaterThan(1 + progress!.refills);
  });
