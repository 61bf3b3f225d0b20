import { expect, test } from 'vitest';
import type { ScoreJob } from '../passes/score/score-job.ts';
import { sharedBackend } from '../testing/open.ts';
import { readLists } from '../tick/lists.ts';
import { familyPool } from '../testing/pools.ts';
import { plainRule } from '../tick/probe.ts';
import { upload } from '../tick/upload.ts';
import { pieces } from './submission-batcher.ts';
import type { SubmissionRecord } from './submission-record.ts';
import { SUBMISSION_MS, ThroughputModel } from './throughput.ts';

const backend = sharedBackend();

test('steps are packed by the speed of their kind, each kind in passes of its own', async () => {
  const opened = await backend();
  const { gpu } = opened;
  const before = gpu.throughput;
  gpu.throughput = new ThroughputModel();
  const seen: SubmissionRecord[] = [];
  gpu.watch = (submission) => seen.push(submission);
  const merge = { name: 'merge', initialRate: 100 };
  const tile = { name: 'tile', initialRate: 1000 };
  const play = (count: number) => {
    seen.length = 0;
    opened.clock.begin();
    const batch = opened.batcher();
    for (let k = 0; k < count; k++) {
      batch.step(1000, merge, () => undefined);
      batch.step(1000, tile, () => undefined);
    }
    return batch;
  };
  try {
    // 10 ms and 1 ms alternate.
    const batch = play(6);
    expect(batch.room(merge)).toBe(100 * SUBMISSION_MS);
    batch.submit();
    expect(seen.map(({ ms }) => Math.round(ms))).toEqual([22, 22, 22]);
    const [first] = seen;
    expect(first.passes.map((p) => p.kind.name)).toEqual(['merge', 'tile', 'merge', 'tile']);
    expect(batch.total).toBe(12_000);
    // Twice as slow as planned: half as many fit.
    gpu.throughput.learn('merge', 1000, 10, 20);
    expect(batch.room(merge)).toBe(50 * SUBMISSION_MS);
    const slower = play(6);
    slower.submit();
    expect(seen.map(({ ms }) => Math.round(ms))).toEqual([21, 21, 21, 21, 21, 21]);
  } finally {
    gpu.watch = undefined;
    gpu.throughput = before;
  }
});

test('writes, copies, fills and reads keep their order', async () => {
  const opened = await backend();
  const { registry } = opened.gpu;
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [a, b] = ['a', 'b'].map((label) => registry.create(label, 16, usage));
  const batch = opened.batcher();
  batch.write(a, Uint32Array.of(1, 2, 3, 4));
  batch.copy(a, b, 16);
  // Must not overtake the copy.
  batch.write(a, Uint32Array.of(9, 9, 9, 9));
  batch.clear(a, 8, 4);
  batch.write(b, Uint32Array.of(7), 12);
  const read = await batch.read({ a: { buffer: a, bytes: 16 }, b: { buffer: b, bytes: 8, offset: 8 } });
  expect([...new Uint32Array(read.a)]).toEqual([9, 0, 0, 9]);
  expect([...new Uint32Array(read.b)]).toEqual([3, 7]);
  for (const buffer of [a, b]) registry.destroy(buffer);
});

test('arrays of any size arrive whole, in one submission and the next', async () => {
  const opened = await backend();
  const { registry } = opened.gpu;
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  // The second ends in the middle of a buffer of the ring, the third fills it.
  const sizes = [2 ** 17, 2 ** 20, 2 ** 20 - 2 ** 17, 2 ** 16];
  const batch = opened.batcher();
  for (const salt of [1, 2]) {
    const arrays = sizes.map((words, k) => {
      const data = new Uint32Array(words);
      for (let i = 0; i < words; i++) data[i] = 5 * i + k + salt;
      return data;
    });
    const buffers = arrays.map(({ byteLength }) => registry.create('large', byteLength + 4, usage));
    arrays.forEach((data, k) => batch.load(buffers[k], data, 4));
    const read = await batch.read(
      Object.fromEntries(buffers.map((buffer, k) => [k, { buffer, bytes: 4 * sizes[k], offset: 4 }])),
    );
    arrays.forEach((data, k) =>
      expect(Buffer.compare(Buffer.from(read[k]), Buffer.from(data.buffer))).toBe(0),
    );
    for (const buffer of buffers) registry.destroy(buffer);
  }
});

test('a readback brings the times of the passes', async () => {
  const opened = await backend();
  const { gpu, clock, passes } = opened;
  if (!gpu.device.features.has('timestamp-query')) return;
  clock.begin();
  const batch = opened.batcher();
  const pool = familyPool({ family: 'random', n: 300, dim: 16 });
  const tick = upload(opened.passes.gather, batch, opened.memory, pool, plainRule, {
    matcher: 'greedy',
    seed: 1,
  });
  const seen: SubmissionRecord[] = [];
  gpu.watch = (submission) => seen.push(submission);
  passes.score.scan(batch, tick);
  batch.submit();
  expect(seen.flatMap((s) => s.passes).every((p) => p.end === undefined)).toBe(true);
  await batch.read({});
  gpu.watch = undefined;
  let total = 0;
  for (const { stage, begin = NaN, end = NaN } of seen.flatMap((s) => s.passes)) {
    expect(end).toBeGreaterThanOrEqual(begin);
    if (stage === 'score') total += end - begin;
  }
  expect(total).toBeGreaterThan(0);
  expect(clock.times?.score).toBeCloseTo(total, 6);
});

test('lists do not depend on how the work is cut', async () => {
  const opened = await backend();
  const { gpu, clock, passes } = opened;
  const before = gpu.throughput;
  const n = 200;
  const pool = familyPool({ family: 'clustered', n, dim: 8, recent: 0.3 });
  const cut: { lists: string; submissions: number }[] = [];
  try {
    for (const caution of [1e6, 1e-4, 1e-9]) {
      gpu.throughput = new ThroughputModel(caution);
      let submissions = 0;
      gpu.watch = () => submissions++;
      clock.begin();
      const batch = opened.batcher();
      const tick = upload(opened.passes.gather, batch, opened.memory, pool, plainRule, {
        matcher: 'greedy',
        seed: 1,
      });
      passes.score.scan(batch, tick);
      // Some rows again, with queues of their own.
      const { length, capacity } = tick.shape;
      const some: ScoreJob = {
        rows: 77,
        columns: n,
        rowsAt: 0,
        columnsAt: 0,
        half: false,
        listsAt: 0,
        length,
        capacity,
        careful: false,
      };
      passes.score.run(batch, tick.shape, tick.buffers, some);
      batch.submit();
      gpu.watch = undefined;
      cut.push({ lists: JSON.stringify(await readLists(batch, tick)), submissions });
    }
  } finally {
    gpu.watch = undefined;
    gpu.throughput = before;
  }
  for (const { lists } of cut) expect(lists === cut[0].lists).toBe(true);
  expect(cut[0].submissions).toBeLessThan(cut[1].submissions);
  expect(cut[1].submissions).toBeLessThanOrEqual(cut[2].submissions);
  // At last every tile and every workgroup of rows is a submission of its own: 10 + 8 tiles.
  expect(cut[2].submissions).toBeGreaterThan(18);
});

for (const matcher of ['greedy', 'auction'] as const)
  test(`results do not depend on how the work is cut: ${matcher}`, async () => {
    const opened = await backend();
    const { gpu } = opened;
    const before = gpu.throughput;
    const pool = familyPool({ family: 'clustered', n: 130, dim: 8, recent: 0.2 });
    const outcomes: unknown[] = [];
    try {
      for (const caution of [1e6, 1, 1e-4]) {
        gpu.throughput = new ThroughputModel(caution);
        const options = { matcher, seed: 4, candidates: 4, maxRounds: 150 };
        const { times, ...result } = await opened.match(pool, plainRule, options);
        expect(times.length).toBeGreaterThan(0);
        outcomes.push(result);
      }
    } finally {
      gpu.throughput = before;
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
