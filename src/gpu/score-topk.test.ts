import { expect, test } from 'vitest';
import { sequentialGreedy } from '../match/greedy/greedy.ts';
import { poolSource } from '../score/weights.ts';
import type { WeightRule } from '../score/types.ts';
import { parts, rounds } from './passes/score-topk.ts';
import type { ScoreJob } from './passes/score-topk.ts';
import { shuffle } from '../score/shuffle.ts';
import { TILE } from './tables.ts';
import { sharedBackend } from './testing/open.ts';
import { familyPool } from './testing/pools.ts';

const backend = sharedBackend();
const job: ScoreJob = {
  rows: 0,
  columns: 0,
  rowsAt: 0,
  columnsAt: 0,
  half: true,
  capacity: 128,
  length: 16,
  listsAt: 0,
};

test('every pair of tiles is scored once, whatever their number and the size of submissions', () => {
  for (const tiles of [1, 2, 3, 4, 9, 10, 33])
    for (const budget of [1, 7, 1000]) {
      const seen = new Map<string, number>();
      for (const { first, count } of rounds(job, tiles))
        for (const part of parts(first, count, tiles, budget)) {
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

test('rounds grow with what was seen; careful ones never bring more than a queue holds', () => {
  const one = (half: boolean, careful: boolean) => [...rounds({ ...job, half, careful }, 200)];
  for (const half of [true, false]) {
    const end = half ? 101 : 200;
    for (const careful of [true, false]) {
      const all = one(half, careful);
      expect(all.reduce((s, r) => s + r.count, 0)).toBe(end);
      all.forEach((r, k) => expect(r.first).toBe(all.slice(0, k).reduce((s, q) => s + q.count, 0)));
    }
    expect(one(half, false).length).toBeLessThan(9);
    for (const { count } of one(half, true)) expect(count * TILE * (half ? 2 : 1)).toBeLessThanOrEqual(128);
  }
});

test('rows whose queue ran over are scored again: candidates in rising order', async () => {
  const n = 640;
  const rule: WeightRule = { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold: 0 };
  const base = familyPool({ family: 'equal', n, dim: 4 });
  // The worst order that the shuffled tables could meet: whoever stands later is better liked, but only the top can have the top.
  const bonus = new Float32Array(n);
  shuffle(n).forEach((i, k) => (bonus[i] = k));
  const speaks = Uint32Array.from({ length: n }, (_, i) => 1 << (bonus[i] % 16));
  speaks.forEach((s, i) => (speaks[i] = s | (1 << ((bonus[i] * 7) % 13))));
  const pool = { ...base, bonus, speaks };
  const result = await (await backend()).match(pool, rule, { matcher: 'greedy', seed: 3 });
  const source = poolSource(pool, rule, 3);
  expect(result.mate).toEqual(sequentialGreedy(source).mate);
  let worst = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++)
      worst = Math.max(worst, source.weight(i, j) - result.price[i] - result.price[j]);
  expect(worst).toBeLessThanOrEqual(0);
});
