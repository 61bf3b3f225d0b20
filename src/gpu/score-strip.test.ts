import { expect, test } from 'vitest';
import { Readback } from './readback.ts';
import { structWords } from './kernel.ts';
import { pieces, StripPass } from './passes/score-strip.ts';
import { upload } from './tables.ts';
import type { Tables } from './tables.ts';
import { sharedBackend } from './testing/open.ts';
import { familyPool } from './testing/pools.ts';
import type { PoolOptions } from './testing/pools.ts';
import type { WeightRule } from '../match/types.ts';
import type { GpuBackend } from './backend.ts';

const backend = sharedBackend();
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
const row = structWords('greedy', 'Row');

/** What every row knows: its list, whether there may be more, and its largest weight. */
async function listsOf({ gpu }: GpuBackend, { n, length, bindings }: Tables) {
  const encoder = gpu.device.createCommandEncoder();
  const { rows, lists } = bindings as Record<string, GPUBuffer>;
  const readback = new Readback(gpu, encoder, [
    { name: 'rows', buffer: rows, bytes: n * row.size * 4 },
    { name: 'lists', buffer: lists, bytes: n * length * 8 },
  ]);
  gpu.device.queue.submit([encoder.finish()]);
  const get = await readback.read();
  const words = new Uint32Array(get('rows'));
  const floats = new Float32Array(get('rows'));
  const entries = new Uint32Array(get('lists'));
  return Array.from({ length: n }, (_, i) => {
    const at = i * row.size;
    const count = words[at + row.at('length')];
    const start = words[at + row.at('start')];
    return {
      list: Array.from(entries.subarray(2 * start, 2 * (start + count))),
      flags: words[at + row.at('flags')],
      last: count === length ? floats[at + row.at('first')] : null,
      top: floats[at + row.at('top')],
    };
  });
}

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
    const expected = await listsOf(await backend(), tables);
    const variants = [
      await StripPass.create(gpu, 'plain', 8),
      await StripPass.create(gpu, 'plain', 1),
      ...(gpu.facts.lanes === 4 ? [await StripPass.create(gpu, 'broadcast', 1)] : []),
    ];
    for (const variant of variants) {
      await variant.prepare(rule);
      for (const tilesPerStrip of [Infinity, 1]) {
        gpu.device.queue.writeBuffer(tables.bindings.rows as GPUBuffer, 0, new Uint32Array(n * row.size));
        variant.submit(tables, clock, tilesPerStrip);
        expect(await listsOf(await backend(), tables), `${variant.rows} ${variant.high}`).toEqual(expected);
      }
    }
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

test('strips are for integer vectors only', async () => {
  const { gpu } = await backend();
  const pool = familyPool({ family: 'random', n: 20 });
  const suits = (user: Float32Array) =>
    StripPass.suits(upload(gpu, { ...pool, user }, rule, { matcher: 'greedy', seed: 5 }));
  expect(suits(pool.user)).toBe(true);
  expect(suits(pool.user.map((v) => v + 0.5))).toBe(false);
  expect(suits(pool.user.map((v) => v * 1000))).toBe(false);
});
