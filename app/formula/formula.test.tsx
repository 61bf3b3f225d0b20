import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import { builtIn, formulaExamples } from '../../src/scenario/formula/examples.ts';
import { randomModel } from '../../src/model/layout/random-model.ts';
import { embedTower } from '../../src/model/serve/tower.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import type { ScenarioInput } from '../../src/scenario/schema.ts';
import { createMarket } from '../../src/sim/market.ts';
import { useScenario } from '../state/scenario-store.ts';
import { find, mountPage } from '../ui/render.test-helper.tsx';
import { previewRows } from './preview.ts';
import { tickPairs, type TickPairs } from './tick-pairs.ts';

/** Pairs of the first tick of a small market that made at least ten. */
async function smallPairs(policy: ScenarioInput['policy'] = { scorer: 'oracle' }): Promise<TickPairs> {
  const population = { people: 6000, online: 600, arrivalsPerMinute: 6000 };
  const scenario = parseScenario({ seed: 5, population, policy });
  const market = createMarket({
    ...{ scenario, backend: createCpuBackend({ embed: embedTower }) },
    families: { 'wide-deep': randomModel({ session: 'none' }, 1) },
  });
  let pairs: TickPairs | undefined;
  market.observe({ ticked: (...last) => (pairs = tickPairs(market, last, 10)) });
  for (let tick = 0; tick < 40 && (pairs?.pairs.length ?? 0) < 10; tick++) await market.tick();
  return pairs!;
}

test('the built-in combination as a formula gives ten pairs the weights that they had', async () => {
  const pairs = await smallPairs();
  expect(pairs.pairs).toHaveLength(10);
  for (const row of previewRows(pairs, builtIn.harmonic)) {
    expect(row.own).toBe(row.now);
    expect(row.place).toBe(row.placeNow);
  }
  const [, newcomers] = formulaExamples;
  const rows = previewRows(pairs, newcomers.text);
  for (const { people, own, now } of rows) {
    const gain = people.filter((person) => person.includes('newcomer')).length * 30;
    expect(own - now).toBeCloseTo(gain, 2);
  }
  expect(rows.map((row) => row.place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a formula of tasks is shown as it decides, and only for a scorer that predicts them', async () => {
  const { text } = formulaExamples.find(({ scorer }) => scorer !== undefined)!;
  const pairs = await smallPairs({ scorer: 'wide-deep', formula: text });
  expect(pairs.pairs).toHaveLength(10);
  for (const { own, now } of previewRows(pairs, text)) expect(own).toBe(now);
  expect(previewRows({ ...pairs, tasks: [] }, text)).toEqual([]);
});

test('the editor completes, says where an error is, and sets the policy', async () => {
  await page.viewport(1440, 900);
  const { engine } = await mountPage();
  const pairs = await smallPairs();
  engine.answers.tickPairs = () => Promise.resolve(pairs);
  await page.getByRole('button', { name: 'Own formula' }).click();
  const editor = page.getByRole('textbox', { name: 'Formula' });
  await expect.element(editor, { timeout: 30_000 }).toBeVisible();
  await expect.element(page.getByRole('region', { name: 'Pairs of the tick by the formula' })).toBeVisible();
  expect(document.querySelectorAll('.formula-table tbody tr')).toHaveLength(10);

  await userEvent.keyboard('{Control>}a{/Control}both(me.scoer');
  const says = (text: string) =>
    vi.waitFor(() => expect(find(document, '#formula-said').textContent).toContain(text), 20_000);
  await says('Character 14: Expected ).');
  await userEvent.keyboard(')');
  await says('Character 6: there is no term scoer; did you mean "score"?');
  const use = page.getByRole('button', { name: 'Use this formula' });
  await expect.element(use).toBeDisabled();

  await userEvent.keyboard('{Control>}a{/Control}me.');
  await vi.waitFor(() =>
    expect(find(document, '.cm-tooltip-autocomplete').textContent).toContain('newcomer'),
  );
  await userEvent.keyboard('{Escape}score');
  await says('it is not symmetric');
  await page.getByRole('button', { name: 'Make it symmetric' }).click();
  await says('Symmetric, in seconds.');
  await use.click();
  expect(useScenario.getState().scenario.policy.formula).toBe('both(me.score)');
  await page.getByRole('button', { name: 'Back to the knobs' }).click();
  expect(useScenario.getState().scenario.policy.formula).toBe('');
});
