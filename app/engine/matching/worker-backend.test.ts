import { afterEach, expect, test } from 'vitest';
import { createCpuBackend } from '../../../src/match/cpu-backend.ts';
import { randomPool } from '../../../src/match/testing/families.ts';
import type { Tower } from '../../../src/model/layout/tower.ts';
import { embedTower } from '../../../src/model/serve/tower.ts';
import { randomInput, randomTower } from '../../../src/model/testing/random-tower.ts';
import type { MatchOptions, Pool, WeightRule } from '../../../src/score/types.ts';
import { startWorker } from '../../worker/start-worker.ts';
import { KEPT } from './sent-pool.ts';
import { createWorkerBackend } from './worker-backend.ts';

const rule: WeightRule = {
  transform: 'exp',
  scale: 0.0001,
  bias: 2,
  combination: 'harmonic',
  threshold: -Infinity,
};
const options: MatchOptions = { matcher: 'greedy', seed: 9, wantVectors: true };
const here = createCpuBackend({ embed: embedTower });
const backend = createWorkerBackend(() => startWorker('match'));
afterEach(() => backend.dispose());

const tower = (seed: number) =>
  randomTower({ dim: 8, slots: 3, embed: 4, dense: 2, rows: 30, hidden: [6] }, seed);

/** A pool with features, whose arrays are longer than its n people. */
function featurePool(net: Tower, n: number): Pool {
  const pool = randomPool(n + 5, 3);
  const empty = pool.user.slice(0, 0);
  return { ...pool, n, user: empty, peer: empty, features: randomInput(net, n + 5, 2) };
}

async function expectSame(pool: Pool, more: Partial<MatchOptions> = {}): Promise<void> {
  const [{ times: _, ...there }, { times: __, ...expected }] = await Promise.all([
    backend.match(pool, rule, { ...options, ...more }),
    here.match(pool, rule, { ...options, ...more }),
  ]);
  expect(there).toEqual(expected);
}

test('finds the same pairs as the CPU backend in this thread, and does not change the pool', async () => {
  const pool = randomPool(60, 3);
  const before = structuredClone(pool);
  await expectSame(pool);
  await expectSame(pool, { matcher: 'auction', prices: new Float32Array(60), gap: 0.01, maxRounds: 50 });
  expect(pool).toEqual(before);
});

test('sends a tower once, keeps the latest ones, and sends a forgotten one again', async () => {
  const nets = Array.from({ length: KEPT + 2 }, (_, k) => tower(k));
  for (const net of [...nets, ...nets]) await expectSame(featurePool(net, 20));
});

test('matches several pools in parallel, and works again after dispose', async () => {
  const pools = [30, 40, 50].map((n) => featurePool(tower(1), n));
  await Promise.all(pools.map((pool) => expectSame(pool)));
  backend.dispose();
  await Promise.all(pools.map((pool) => expectSame(pool)));
});

test('an error says what is wrong', async () => {
  await expect(backend.match(randomPool(10, 3), rule, { ...options, candidates: 0 })).rejects.toThrow(
    'candidates must be',
  );
});
