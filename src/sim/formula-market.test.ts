import { expect, test } from 'vitest';
import { createCpuBackend } from '../match/cpu-backend.ts';
import { randomModel } from '../model/layout/random-model.ts';
import { embedTower } from '../model/serve/tower.ts';
import { builtIn, builtInOfPoints, formulaExamples } from '../scenario/formula/examples.ts';
import { scenario } from '../scenario/parse.ts';
import type { ScenarioInput } from '../scenario/schema.ts';
import { createMarket } from './market.ts';

/** Runs part of a small evening. */
async function evening(policy: ScenarioInput['policy'], stages: ScenarioInput['stages'] = [], ticks = 30) {
  const input = scenario({
    seed: 3,
    population: { people: 2000, online: 120 },
    policy: policy ?? {},
    stages,
  });
  const market = createMarket({
    ...{ scenario: input, backend: createCpuBackend({ embed: embedTower }) },
    families: { 'wide-deep': randomModel({ session: 'none' }, 1) },
  });
  let weights = 0;
  for (let k = 0; k < ticks; k++) weights += (await market.tick()).matching.total;
  return { digest: market.digest.hex(), weights };
}

const bonus = { waitingBonus: 3 } as const;
test.each([
  ...Object.entries(builtIn).map(([combination, formula]) => ['oracle', combination, formula] as const),
  ...Object.entries(builtInOfPoints).map(
    ([combination, formula]) => ['rules', combination, formula] as const,
  ),
  ['random', 'harmonic', 'both(me.points)'] as const,
  ['first-come', 'harmonic', 'me.bonus + you.bonus'] as const,
])(
  'the scorer %s with the combination %s gives the same evening as its formula',
  async (scorer, combination, formula) => {
    const own = { ...bonus, scorer, combination: combination as keyof typeof builtIn };
    const [knobs, text] = [await evening(own), await evening({ ...own, formula })];
    expect(text.digest).toBe(knobs.digest);
  },
);

test('the examples make other evenings, and a stage may bring a formula', async () => {
  const plain = await evening({ scorer: 'oracle' });
  const others = new Set<string>();
  for (const { text, scorer = 'oracle' } of formulaExamples.slice(1))
    others.add((await evening({ scorer, formula: text })).digest);
  expect(others.size).toBe(formulaExamples.length - 1);
  expect(others.has(plain.digest)).toBe(false);
  const [, newcomers] = formulaExamples;
  const staged = await evening({ scorer: 'oracle' }, [
    { atSeconds: 10, policy: { formula: newcomers.text } },
  ]);
  expect(staged.digest).not.toBe(plain.digest);
});

test('a formula of tasks is refused where the scorer does not predict them', async () => {
  const { text } = formulaExamples.find(({ scorer }) => scorer !== undefined)!;
  const reason =
    'policy.formula: the formula reads me.report, which the scorer oracle does not predict; wide-deep, wide-deep-s and cupid do: choose one of them as the scorer';
  const refused = { scorer: 'oracle', formula: text } as const;
  await expect(evening(refused)).rejects.toThrow(reason);
  const later = [{ atSeconds: 10, policy: { scorer: 'oracle' } }] as const;
  await expect(evening({ scorer: 'wide-deep', formula: text }, [...later])).rejects.toThrow(
    'scenario.stages.0.policy.formula: the formula reads me.report',
  );
});
