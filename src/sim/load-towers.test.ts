import { expect, test } from 'vitest';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { DENSE, features, ROWS, SLOTS } from '../model/layout/features.ts';
import { randomTower } from '../model/testing/random-tower.ts';
import { embedTower } from '../model/serve/tower.ts';
import { saveTower, type TowerModel } from '../model/layout/save-towers.ts';
import { scenario } from '../scenario/parse.ts';
import { createMarket } from './market.ts';

const shape = { dim: 8, slots: SLOTS, embed: 4, dense: DENSE, rows: ROWS, hidden: [8] };

function towers(seed: number): TowerModel {
  const about = { scale: 1e-4, bias: 3, logBias: 2.5, recipe: {}, metrics: {} };
  const tower = randomTower(shape, seed);
  const { header } = saveTower(tower, about);
  return { tower, ...about, header, features };
}

const market = (seed: number) =>
  createMarket({
    scenario: scenario({
      population: { people: 300, online: 120 },
      policy: { scorer: 'towers', matcher: 'greedy' },
    }),
    backend: createCpuBackend({ embed: embedTower }),
    towers: towers(seed),
  });

/** The digest after ten ticks; from `change` on with the weights of seed 2. */
async function evening(seed: number, change?: number): Promise<string> {
  const one = market(seed);
  for (let k = 0; k < 10; k++) {
    if (k === change) one.loadTowers(towers(2));
    await one.tick();
  }
  return one.digest.hex();
}

test('other towers score from the next tick on: from the first, it is their evening', async () => {
  const [first, second, late] = await Promise.all([evening(1), evening(2), evening(1, 5)]);
  expect(await evening(1, 0)).toBe(second);
  expect(new Set([first, second, late]).size).toBe(3);
});
