import { expect, test } from 'vitest';
import { createCpuBackend } from '../../src/match/cpu-backend.ts';
import { scenario } from '../../src/scenario/parse.ts';
import type { Policy } from '../../src/scenario/schema.ts';
import { createMarket } from '../../src/sim/market.ts';
import type { MarketObserver } from '../../src/sim/types.ts';
import { explainPerson, type PersonWhy } from './explain.ts';
import { better, outcome } from './words.ts';
import { worked } from './worked.ts';

type Last = Parameters<NonNullable<MarketObserver['ticked']>>;

/** Everybody of the last of some ticks, explained. */
async function explained(policy: Partial<Policy>): Promise<{ last: Last; people: PersonWhy[] }> {
  const market = createMarket({
    scenario: scenario({ seed: 50_013, population: { size: 0.5 }, policy }),
    backend: createCpuBackend(),
  });
  let last: Last | undefined;
  market.observe({ ticked: (...told) => (last = told) });
  for (let t = 0; t < 12; t++) await market.tick();
  const [report, pool, order] = last!;
  const people = [...pool.ids.subarray(0, pool.n)].map((id) =>
    explainPerson([report, pool, order], market.world, id, (p) => [`person ${p}`])!,
  );
  expect(people.length).toBeGreaterThan(20);
  expect(explainPerson([report, pool, order], market.world, 4_000_000, () => [])).toBeNull();
  return { last: last!, people };
}

test.each(['rules', 'oracle', 'random'] as const)(
  'under %s, greedy pairs and the words about them follow from the tick',
  async (scorer) => {
    const { last, people } = await explained({ scorer, matcher: 'greedy' });
    const [{ matching }, pool] = last;
    people.forEach((why, i) => {
      const { counts, mate, candidates } = why;
      const refused = counts.ownFilter + counts.theirFilter + counts.language + counts.met + counts.threshold;
      expect(refused + counts.eligible).toBe(pool.n - 1);
      expect(mate?.id).toBe(matching.mate[i] < 0 ? undefined : pool.ids[matching.mate[i]]);
      if (mate !== null) {
        expect(mate.weight).toBe(matching.weight[i]);
        expect(mate.partner).toEqual({ id: why.id, weight: mate.weight });
      }
      const weights = candidates.map(({ weight }) => weight);
      expect(weights).toEqual([...weights].sort((a, b) => b - a));
      // A greedy pair loses its better candidates only to pairs that weigh as much.
      expect(why.better).toMatchObject({ dearer: why.better.count, free: 0 });
      expect(better(why)).not.toMatch(/weigh less|stayed alone/);
      expect(outcome(why)).toMatch(mate === null ? /^not paired/ : /^paired with/);
      if (why.worked !== null) expect(worked(why, why.worked).at(-1)).toMatch(/^weight = |^threshold/);
    });
  },
);

test('what the combination makes of both scores is the weight', async () => {
  const { people } = await explained({ scorer: 'oracle', combination: 'minimum' });
  const paired = people.filter(({ mate }) => mate !== null);
  for (const { mate, worked: steps } of paired) {
    const terms = steps!.bonus[0] + steps!.bonus[1];
    expect(Math.min(mate!.forth, mate!.back) + terms).toBeCloseTo(mate!.weight, 1);
  }
});

test('a threshold, and a matcher that looks at no weights, are said', async () => {
  const { people } = await explained({ scorer: 'oracle', threshold: 150, matcher: 'first-come' });
  expect(people.some(({ counts }) => counts.threshold > 0)).toBe(true);
  const passed = people.filter(({ better: { count, dearer } }) => count > dearer);
  expect(passed.length).toBeGreaterThan(0);
  expect(better(passed[0])).toMatch(/This matcher does not look at weights\.$/);
});
