import { expect, test } from 'vitest';
import { firstCome } from '../../../match/greedy/first-come.ts';
import { sequentialGreedy } from '../../../match/testing/sequential-greedy.ts';
import { buildLists } from '../../../score/candidates/lists.ts';
import { shuffle } from '../../../score/shuffle.ts';
import type { Matcher, WeightRule } from '../../../score/types.ts';
import { poolSource } from '../../../score/weights.ts';
import { readLists } from '../../tick/lists.ts';
import { sharedBackend } from '../../testing/open.ts';
import { familyPool } from '../../testing/pools.ts';
import type { PoolOptions } from '../../testing/pools.ts';
import { layouts } from '../../tick/layouts.ts';
import { upload } from '../../tick/upload.ts';
import { tileParts, rounds, TILE } from './score-job.ts';
import { overflownRows } from './score-topk.ts';
import type { ScoreVariant } from './score-topk.ts';
import { tryChange } from './trial.ts';

const backend = sharedBackend();
const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
const job = { half: true, careful: false, capacity: 128, length: 16 };

test('every pair of tiles is scored once, whatever their number and the size of submissions', () => {
  for (const tiles of [1, 2, 3, 4, 9, 10, 33])
    for (const budget of [1, 7, 1000]) {
      const seen = new Map<string, number>();
      for (const { first, count } of rounds(job, tiles))
        for (const part of tileParts(first, count, tiles, budget)) {
          expect(part.count * part.rowTiles).toBeLessThanOrEqual(budget);
          for (let d = part.first; d < part.first + part.count; d++)
            for (let i = part.rowTile; i < part.rowTile + part.rowTiles; i++) {
              if (2 * d === tiles && i >= d) continue;
              const j = (i + d) % tiles;
              const key = `${Math.min(i, j)} ${Math.max(i, j)}`;
              seen.set(key, (seen.get(key) ?? 0) + 1);
            }
        }
      expect(seen.size).toBe((tiles * (tiles + 1)) / 2);
      expect(Math.max(...seen.values())).toBe(1);
    }
});

test('rounds grow with the columns seen; careful ones never bring more than a queue holds', () => {
  const all = (half: boolean, careful: boolean) => [...rounds({ ...job, half, careful }, 200)];
  for (const half of [true, false]) {
    const end = half ? 101 : 200;
    for (const careful of [true, false]) {
      const found = all(half, careful);
      expect(found.reduce((s, r) => s + r.count, 0)).toBe(end);
      found.forEach((r, k) => expect(r.first).toBe(found.slice(0, k).reduce((s, q) => s + q.count, 0)));
    }
    expect(all(half, false).length).toBeLessThan(9);
    for (const { count } of all(half, true)) expect(count * TILE * (half ? 2 : 1)).toBeLessThanOrEqual(128);
  }
});

const cases: (PoolOptions & { readonly candidates?: number })[] = [
  { family: 'random', n: 200, recent: 0.5 },
  { family: 'random', n: 129, twoSided: true, recent: 0.2, candidates: 40 },
  { family: 'equal', n: 200 },
  // Lists as long as they may be; a queue is merged in several parts.
  { family: 'hubs', n: 300, candidates: 128 },
  { family: 'duplicates', n: 257, candidates: 1 },
  { family: 'star', n: 70 },
  { family: 'one pair', n: 65 },
  { family: 'hubs', n: 17 },
];
for (const { candidates = 16, ...options } of cases)
  test(`lists are those of the CPU in every variant: ${JSON.stringify(options)}, ${candidates}`, async () => {
    const opened = await backend();
    const pool = familyPool(options);
    const lists = buildLists(poolSource(pool, rule, 5), candidates);
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    opened.clock.begin();
    const { score } = opened.passes;
    const plain = score.variant;
    for (const [careful, variant] of [
      [false, plain],
      [true, plain],
      [false, { tile: 'blocks', merge: 'groups' }],
    ] as const) {
      await score.choose(variant);
      const batch = opened.batcher();
      const tick = upload(opened.passes.gather, batch, opened.memory, pool, rule, {
        matcher: 'greedy',
        seed: 5,
        candidates,
      });
      score.scan(batch, tick, careful);
      const rows = await readLists(batch, tick);
      tick.order.forEach((i, k) => {
        const expected: number[] = [];
        for (let e = lists.start[i]; e < lists.start[i] + lists.count[i]; e++) {
          float[0] = lists.key[e];
          expected.push(lists.col[e], bits[0]);
        }
        const found = rows[k].list.map((value, e) => (e % 2 === 0 ? tick.order[value] : value));
        expect(found).toEqual(expected);
      });
    }
    await score.choose(plain);
  });

test('a change is kept if it is faster', async () => {
  const opened = await backend();
  const { score, gather } = opened.passes;
  opened.clock.begin();
  const batch = opened.batcher();
  const pool = familyPool({ family: 'random', n: 64 });
  const tick = upload(gather, batch, opened.memory, pool, rule, { matcher: 'greedy', seed: 5 });
  batch.submit();
  const plain = score.variant;
  const tried: ScoreVariant[] = [];
  const choose = score.choose.bind(score);
  score.choose = (variant) => {
    tried.push(variant);
    return choose(variant);
  };
  const { ms, cost } = await tryChange(score, tick, () => opened.batcher(), { merge: 'groups' });
  score.choose = choose;
  expect(tried.slice(0, 2)).toEqual([plain, { ...plain, merge: 'groups' }]);
  expect(score.variant).toBe(tried.at(-1));
  expect(ms).toBeGreaterThan(0);
  expect(cost).toBeGreaterThan(0);
  await score.choose(plain);
});

test('a scan in blocks loses no candidate, also with a last block that is nearly empty', async () => {
  const opened = await backend();
  const { score, gather } = opened.passes;
  const plain = score.variant;
  await score.choose({ tile: 'blocks', merge: 'rows' });
  opened.clock.begin();
  const batch = opened.batcher();
  const pool = familyPool({ family: 'random', n: 1028, dim: 4 });
  const tick = upload(gather, batch, opened.memory, pool, rule, { matcher: 'greedy', seed: 5 });
  score.scan(batch, tick);
  const { rows } = await batch.read({
    rows: { buffer: tick.buffers.rows, bytes: pool.n * layouts.row.size * 4 },
  });
  expect(overflownRows(rows)).toEqual([]);
  await score.choose(plain);
});

for (const [matcher, reference] of [
  ['greedy', sequentialGreedy],
  ['first-come', firstCome],
] as [Matcher, typeof firstCome][])
  test(`rows whose queue overflowed are scored again: ${matcher}, candidates in rising order`, async () => {
    const n = 640;
    const base = familyPool({ family: 'equal', n, dim: 4 });
    // The worst order for the tick: each person is liked more, and waits longer, than all before,
    // but only the top can have the top.
    const bonus = new Float32Array(n);
    shuffle(n).forEach((i, k) => (bonus[i] = k));
    const speaks = Uint32Array.from({ length: n }, (_, i) => 1 << (bonus[i] % 16));
    speaks.forEach((s, i) => (speaks[i] = s | (1 << ((bonus[i] * 7) % 13))));
    const pool = { ...base, bonus, waited: bonus, speaks };
    const result = await (await backend()).match(pool, rule, { matcher, seed: 3 });
    const source = poolSource(pool, rule, 3);
    expect(result.mate).toEqual(reference(source, pool.waited).mate);
    let worst = 0;
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++)
        worst = Math.max(worst, source.weight(i, j) - result.price[i] - result.price[j]);
    expect(worst).toBeLessThanOrEqual(0);
  });
