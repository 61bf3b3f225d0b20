import { expect, test } from 'vitest';
import { sharedBackend } from '../gpu/testing/open.ts';
import { createCpuBackend } from '../match/cpu-backend.ts';
import type { MatchBackend } from '../match/backend.ts';
import { randomModel } from '../model/layout/random-model.ts';
import { embedTower } from '../model/serve/tower.ts';
import { scenario } from '../scenario/parse.ts';
import { createMarket } from './market.ts';

const backend = sharedBackend();
const cupid = randomModel({ layers: 2 }, 3);

async function evening(on: MatchBackend) {
  const market = createMarket({
    scenario: scenario({
      seed: 9,
      population: { people: 140, online: 60, arrivalsPerMinute: 300 },
      behaviour: { talkativeness: 4, again: 0.95, patience: 10 },
      policy: { scorer: 'cupid', sessionDelay: 1 },
    }),
    backend: on,
    families: { cupid },
  });
  const sessions: Float32Array[] = [];
  market.observe({ ticked: (_, pool) => void sessions.push(pool.features!.session!.slice(0, 16 * pool.n)) });
  let computed = 0;
  for (let k = 0; k < 30; k++) computed += (await market.tick()).sessions!.computed;
  return { digest: market.digest.hex(), sessions, computed };
}

test('CUPID on the GPU: the same evening twice, vectors as on the CPU up to rounding', async () => {
  const gpu = await backend();
  const first = await evening(gpu);
  const second = await evening(gpu);
  expect(second.digest).toBe(first.digest);
  expect(second.sessions).toEqual(first.sessions);
  expect(first.computed).toBeGreaterThan(100);
  // A rounding that goes the other way may change who meets whom, so the evenings are compared
  // while they are one.
  const cpu = await evening(createCpuBackend({ embed: embedTower }));
  let same = 0;
  while (same < 30 && cpu.sessions[same].length === first.sessions[same].length) {
    const far = cpu.sessions[same].some((x, k) => Math.abs(x - first.sessions[same][k]) > 1e-4);
    if (far) break;
    same++;
  }
  expect(same).toBeGreaterThan(3);
});

test('two scorers in one pool on the GPU: the evening of the CPU, pair for pair', async () => {
  const lived = async (on: MatchBackend) => {
    const market = createMarket({
      scenario: scenario({
        seed: 50_002,
        population: {
          people: 1400,
          online: 1300,
          arrivalsPerMinute: 600,
          genderFilter: 0.5,
          countryFilter: 0.8,
        },
        behaviour: { talkativeness: 2, again: 0.95, patience: 60 },
        policy: { scorer: 'oracle' },
      }),
      backend: on,
      families: { 'wide-deep': randomModel({ session: 'none' }, 1) },
      arms: ({ scenario: { policy } }) => ({
        ...{ by: 'person', split: false, b: { ...policy, scorer: 'wide-deep', bonus: 2 } },
        armOf: (person) => (person % 3 === 0 ? 1 : 0),
      }),
    });
    let most = 0;
    for (let k = 0; k < 12; k++) most = Math.max(most, (await market.tick()).waiting);
    return { digest: market.digest.hex(), most };
  };
  const cpu = await lived(createCpuBackend({ embed: embedTower }));
  expect(cpu.most).toBeGreaterThan(150);
  expect(await lived(await backend())).toEqual(cpu);
});
