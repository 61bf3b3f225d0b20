import { expect, test } from 'vitest';
import { hash4, Stream } from '../base/hash.ts';
import { sharedBackend } from '../gpu/testing/open.ts';
import { retrieveOnCpu } from '../score/candidates/retrieve.ts';
import { NONE, RECENT_SLOTS, type Pool, type WeightRule } from '../score/types.ts';

const backend = sharedBackend();
const rule: WeightRule = {
  ...{ transform: 'identity', scale: 2 / 512 ** 2, bias: 0 },
  ...{ combination: 'sum', threshold: -Infinity },
};

/** Readers first, then posts; nobody admits their own side. Some posts are equal. */
function twoSided(readers: number, posts: number, dim = 16): Pool {
  const n = readers + posts;
  const component = (i: number, k: number) =>
    (hash4(50_000, Stream.content, i % (readers + 4000), k) % 1600) - 800;
  const user = Float32Array.from({ length: n * dim }, (_, e) =>
    e < readers * dim ? component(Math.floor(e / dim), e % dim) : 0,
  );
  const peer = Float32Array.from({ length: n * dim }, (_, e) =>
    e < readers * dim ? 0 : component(Math.floor(e / dim), e % dim),
  );
  const have = new Uint32Array(n).fill(1, 0, readers).fill(2, readers);
  return {
    ...{ n, dim, user, peer, have, avoid: have },
    speaks: Uint32Array.from({ length: n }, (_, i) => (i % 7 === 0 ? 2 : 3)),
    ids: Uint32Array.from({ length: n }, (_, i) => i),
    ...{ bonus: new Float32Array(n), waited: new Float32Array(n) },
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
}

test('retrieval on the GPU is that on the CPU, id for id: 300 readers, 5,000 posts', async () => {
  const opened = await backend();
  const pool = twoSided(300, 5000);
  const options = { rows: 300, k: 60, seed: 9 };
  const [found, expected] = [await opened.retrieve(pool, rule, options), retrieveOnCpu(pool, rule, options)];
  expect(expected.columns[0]).toBeGreaterThanOrEqual(300);
  expect(found.columns).toEqual(expected.columns);
  expect(found.weights).toEqual(expected.weights);
}, 300_000);

test('a reader with fewer partners than wanted gets them all, and no row asks for nothing', async () => {
  const opened = await backend();
  const pool = twoSided(5, 20);
  for (const retrieved of [
    await opened.retrieve(pool, rule, { rows: 5, k: 60, seed: 9 }),
    retrieveOnCpu(pool, rule, { rows: 5, k: 60, seed: 9 }),
  ])
    for (let row = 0; row < 5; row++)
      expect(retrieved.columns.subarray(row * 60, (row + 1) * 60).filter((c) => c !== NONE)).toHaveLength(20);
  expect((await opened.retrieve(pool, rule, { rows: 0, k: 5, seed: 9 })).columns).toHaveLength(0);
});
