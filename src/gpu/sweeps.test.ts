import { expect, test } from 'vitest';
import { Pace, SUBMISSION_MS } from './pace.ts';
import { plainRule } from './probe.ts';
import { pieces, Sweeps } from './sweeps.ts';
import type { Submission } from './sweeps.ts';
import { upload } from './tables.ts';
import { sharedBackend } from './testing/open.ts';
import { familyPool } from './testing/pools.ts';
import { readLists } from './tune.ts';

const backend = sharedBackend();

test('steps are packed by the pace of their kind, each kind in passes of its own', async () => {
  const { gpu, clock } = await backend();
  const before = gpu.pace;
  gpu.pace = new Pace();
  const seen: Submission[] = [];
  gpu.watch = (submission) => seen.push(submission);
  const merge = { name: 'merge', start: 100 };
  const tile = { name: 'tile', start: 1000 };
  const play = (count: number) => {
    seen.length = 0;
    clock.begin();
    const sweeps = new Sweeps(gpu, clock, 'score', 1);
    for (let k = 0; k < count; k++) {
      sweeps.step(1000, () => undefined, merge);
      sweeps.step(1000, () => undefined, tile);
    }
    return sweeps;
  };
  try {
    // 10 ms and 1 ms by turns.
    const sweeps = play(6);
    expect(sweeps.room(merge)).toBe(100 * SUBMISSION_MS);
    sweeps.submit();
    expect(seen.map(({ ms }) => Math.round(ms))).toEqual([22, 22, 22]);
    const [first] = seen;
    expect(first.passes.map((p) => p.kind?.name)).toEqual(['merge', 'tile', 'merge', 'tile']);
    expect(sweeps.total).toBe(12_000);
    // Twice as slow as supposed: half as many fit.
    gpu.pace.learn('merge', 1000, 10, 20);
    expect(sweeps.room(merge)).toBe(50 * SUBMISSION_MS);
    const slower = play(6);
    slower.submit();
    expect(seen.map(({ ms }) => Math.round(ms))).toEqual([21, 21, 21, 21, 21, 21]);
  } finally {
    gpu.watch = undefined;
    gpu.pace = before;
  }
});

test('what is read back brings the times of the passes', async () => {
  const { gpu, clock, passes } = await backend();
  if (!gpu.has('timestamp-query')) return;
  const tables = upload(gpu, familyPool({ family: 'random', n: 300, dim: 16 }), plainRule, {
    matcher: 'greedy',
    seed: 1,
  });
  const seen: Submission[] = [];
  gpu.watch = (submission) => seen.push(submission);
  await passes.score.queues();
  clock.begin();
  const job = { rows: 300, columns: 300, rowsAt: 0, columnsAt: 0, half: true, listsAt: 0 };
  passes.score.submit(tables, { ...job, length: tables.length, capacity: tables.capacity }, clock);
  expect(seen.flatMap((s) => s.passes).every((p) => p.end === undefined)).toBe(true);
  await new Sweeps(gpu, clock, 'match').read([]);
  gpu.watch = undefined;
  let total = 0;
  for (const { begin, end } of seen.flatMap((s) => s.passes)) {
    expect(end).toBeGreaterThanOrEqual(begin!);
    total += end! - begin!;
  }
  expect(total).toBeGreaterThan(0);
  expect(clock.times?.score).toBeCloseTo(total, 6);
});

test('lists do not depend on how the work is cut', async () => {
  const { gpu, clock, passes } = await backend();
  const before = gpu.pace;
  const pool = familyPool({ family: 'clustered', n: 200, dim: 8, recent: 0.3 });
  await passes.score.queues();
  const cut: { lists: string; submissions: number }[] = [];
  try {
    for (const caution of [1e6, 0.01, 1e-6]) {
      gpu.pace = new Pace(caution);
      let submissions = 0;
      gpu.watch = () => submissions++;
      clock.begin();
      const tables = upload(gpu, pool, plainRule, { matcher: 'greedy', seed: 1 });
      for (const [half, rows] of [
        [true, 200],
        // Some rows anew, with queues of their own.
        [false, 77],
      ] as const) {
        const { length, capacity } = tables;
        const job = { rows, columns: 200, rowsAt: 0, columnsAt: 0, half, listsAt: 0, length, capacity };
        passes.score.submit(tables, job, clock);
      }
      gpu.watch = undefined;
      cut.push({ lists: JSON.stringify(await readLists(gpu, tables)), submissions });
    }
  } finally {
    gpu.watch = undefined;
    gpu.pace = before;
  }
  for (const { lists } of cut) expect(lists === cut[0].lists).toBe(true);
  // At last every row is merged for itself.
  expect(cut[0].submissions).toBeLessThan(cut[1].submissions);
  expect(cut[1].submissions).toBeLessThan(cut[2].submissions);
  expect(cut[2].submissions).toBeGreaterThan(77 + 200);
});

for (const matcher of ['greedy', 'auction'] as const)
  test(`results do not depend on how the work is cut: ${matcher}`, async () => {
    const gpu = await backend();
    const before = gpu.gpu.pace;
    const pool = familyPool({ family: 'clustered', n: 130, dim: 8, recent: 0.2 });
    const outcomes: unknown[] = [];
    try {
      for (const caution of [1e6, 1, 0.02]) {
        gpu.gpu.pace = new Pace(caution);
        const result = await gpu.match(pool, plainRule, { matcher, seed: 4, candidates: 4, maxRounds: 150 });
        const { mate, weight, price, total, upperBound, rounds, scans, closing } = result;
        outcomes.push({ mate, weight, price, total, upperBound, rounds, scans, closing });
      }
    } finally {
      gpu.gpu.pace = before;
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });

test('pieces cover everything, each within the budget unless it is a single step', () => {
  for (const [count, cost, budget] of [
    [10, 3, 10],
    [1, 100, 10],
    [7, 100, 10],
    [70_000, 1, 1e9],
  ]) {
    let next = 0;
    for (const { from, size } of pieces(count, cost, budget)) {
      expect(from).toBe(next);
      expect(size * cost <= budget || size === 1).toBe(true);
      next += size;
    }
    expect(next).toBe(count);
  }
});
