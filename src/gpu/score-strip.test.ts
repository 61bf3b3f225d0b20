import { expect, test } from 'vitest';
import { HeldPass } from './passes/score-held.ts';
import { HELD_FROM, ScorePass } from './passes/score-topk.ts';
import { StripPass } from './passes/score-strip.ts';
import { upload } from './tables.ts';
import { sharedBackend } from './testing/open.ts';
import { possible, readLists, remembered, tune } from './tune.ts';
import type { Memory } from './tune.ts';
import { Pace, SUBMISSION_MS } from './pace.ts';
import { familyPool } from './testing/pools.ts';
import type { PoolOptions } from './testing/pools.ts';
import type { WeightRule } from '../score/types.ts';

const backend = sharedBackend();
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
const cases: PoolOptions[] = [
  { family: 'random', n: 200, recent: 0.5 },
  { family: 'random', n: 129, twoSided: true, recent: 0.2 },
  { family: 'equal', n: 200 },
  { family: 'duplicates', n: 257 },
  { family: 'star', n: 70 },
  { family: 'one pair', n: 65 },
  { family: 'hubs', n: 17 },
];
for (const options of cases)
  test(`strips give the lists that queues give: ${JSON.stringify(options)}`, async () => {
    const gpu = (await backend()).gpu;
    const { clock, passes } = await backend();
    const pool = familyPool(options);
    const tables = upload(gpu, pool, rule, { matcher: 'greedy', seed: 5 });
    expect(StripPass.suits(tables)).toBe(true);
    const { n, length, capacity } = tables;
    clock.begin();
    // A queue that can hold everybody loses nobody.
    await passes.score.queues();
    passes.score.submit(
      tables,
      {
        rows: n,
        columns: n,
        rowsAt: 0,
        columnsAt: 0,
        half: true,
        length,
        capacity,
        listsAt: 0,
        careful: true,
      },
      clock,
    );
    const expected = await readLists(gpu, tables);
    const variants = [
      await StripPass.create(gpu, 'plain', 8),
      ...(gpu.facts.lanes === 4
        ? [await StripPass.create(gpu, 'broadcast', 1), await HeldPass.create(gpu)]
        : []),
    ];
    for (const variant of variants) {
      await variant.prepare(tables);
      for (const tilesPerStrip of [Infinity, 1]) {
        gpu.device.queue.writeBuffer(tables.bindings.rows as GPUBuffer, 0, new Uint32Array(7 * n));
        variant.submit(tables, clock, tilesPerStrip);
        const way = variant instanceof HeldPass ? 'held' : `${variant.rows} ${variant.high}`;
        expect(await readLists(gpu, tables), way).toEqual(expected);
      }
    }
  });

for (const transform of ['identity', 'exp'] as const)
  for (const combination of ['product', 'sum', 'minimum', 'harmonic'] as const)
    test(`kernels made for one rule give the weights of the general one: ${transform}, ${combination}`, async () => {
      const { gpu, clock, passes } = await backend();
      // Vectors of 12 components do not fill their last eight.
      const pool = familyPool({ family: 'random', n: 90, dim: 12 });
      const made: WeightRule = { transform, combination, scale: 2 ** -20, bias: -0.5, threshold: 0.1 };
      const tables = upload(gpu, pool, made, { matcher: 'greedy', seed: 5 });
      const ways = [
        await StripPass.create(gpu, 'plain', 8),
        ...(gpu.facts.lanes === 4 ? [await HeldPass.create(gpu)] : []),
      ];
      const { n, length, capacity } = tables;
      clock.begin();
      await passes.score.queues();
      const whole = {
        rows: n,
        columns: n,
        rowsAt: 0,
        columnsAt: 0,
        half: true,
        length,
        capacity,
        listsAt: 0,
      };
      passes.score.submit(tables, { ...whole, careful: true }, clock);
      const expected = await readLists(gpu, tables);
      expect(expected.some(({ list }) => list.length > 0)).toBe(true);
      for (const way of ways) {
        await way.prepare(tables);
        gpu.device.queue.writeBuffer(tables.bindings.rows as GPUBuffer, 0, new Uint32Array(7 * n));
        way.submit(tables, clock);
        expect(await readLists(gpu, tables)).toEqual(expected);
      }
    });

test('large pools on four lanes are scored with columns held once that is compiled, to the same lists', async () => {
  const { gpu, clock } = await backend();
  if (gpu.facts.lanes !== 4) return;
  const score = await ScorePass.create(gpu, 'strip broadcast 1');
  const tables = upload(gpu, familyPool({ family: 'random', n: HELD_FROM, dim: 4 }), rule, {
    matcher: 'greedy',
    seed: 5,
  });
  const used = async () => {
    const names = new Set<string>();
    gpu.watch = ({ passes }) => {
      for (const { kind } of passes) if (kind !== undefined) names.add(kind.name);
    };
    clock.begin();
    score.first(tables, clock);
    gpu.watch = undefined;
    return { names, lists: await readLists(gpu, tables) };
  };
  await score.prepare(tables);
  const before = await used();
  await score.heat(tables);
  const after = await used();
  expect(before.names.has('score-held')).toBe(false);
  expect(after.names.has('score-held')).toBe(true);
  expect(after.lists).toEqual(before.lists);
});

test('strips are for integer vectors only', async () => {
  const { gpu } = await backend();
  const pool = familyPool({ family: 'random', n: 20 });
  const suits = (user: Float32Array) =>
    StripPass.suits(upload(gpu, { ...pool, user }, rule, { matcher: 'greedy', seed: 5 }));
  expect(suits(pool.user)).toBe(true);
  expect(suits(pool.user.map((v) => v + 0.5))).toBe(false);
  expect(suits(pool.user.map((v) => v * 1000))).toBe(false);
});

test('the tuning run keeps a variant that agrees with the others, and it is remembered', async () => {
  const { gpu, passes, clock } = await backend();
  const kept = new Map<string, string>();
  const memory: Memory = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
  expect(remembered(gpu, memory)).toBeUndefined();
  const trials = await tune(gpu, passes.score, clock, memory);
  expect(trials.map((t) => t.variant)).toEqual(possible(gpu.facts));
  expect(trials.every((t) => t.equal)).toBe(true);
  expect(remembered(gpu, memory)).toBe(passes.score.variant);
  const least = Math.min(...trials.map((t) => t.ms));
  expect(trials.find((t) => t.variant === passes.score.variant)?.ms).toBe(least);
  // What an older version or another adapter left behind is not believed.
  for (const key of kept.keys()) kept.set(key, 'strip sideways 3');
  expect(remembered(gpu, memory)).toBeUndefined();
});

test('whatever the speed of the adapter, no submission is planned beyond what it does in the time', async () => {
  const { gpu, passes, clock } = await backend();
  const pool = familyPool({ family: 'random', n: 700, dim: 16 });
  const before = gpu.rate;
  for (const variant of possible(gpu.facts)) {
    await passes.score.choose(variant);
    for (const rate of [3e5, 1e6]) {
      gpu.rate = rate;
      gpu.pace = new Pace();
      const costs: number[] = [];
      const planned: number[] = [];
      gpu.watch = ({ stage, cost, ms }) => {
        if (stage !== 'score') return;
        costs.push(cost);
        planned.push(ms);
      };
      clock.begin();
      const tables = upload(gpu, pool, rule, { matcher: 'greedy', seed: 5 });
      await passes.score.prepare(tables);
      const work = passes.score.first(tables, clock);
      gpu.watch = undefined;
      await gpu.device.queue.onSubmittedWorkDone();
      expect(costs.reduce((a, b) => a + b, 0)).toBeCloseTo(work, -3);
      // At least the dots.
      expect(work).toBeGreaterThan(700 * 699 * 16);
      expect(Math.max(...planned), `${variant} at ${rate}`).toBeLessThanOrEqual(SUBMISSION_MS * 1.0001);
    }
  }
  gpu.rate = before;
});
