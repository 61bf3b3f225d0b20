import { expect, test } from 'vitest';
import { createCpuBackend } from '../../match/cpu-backend.ts';
import { scenario as complete } from '../../scenario/parse.ts';
import type { ScorerName } from '../../scenario/schema.ts';
import { Meetings } from '../../sim/evening/meeting.ts';
import { createWorld } from '../../world/world.ts';
import { lastingChance, listEvening, listReport } from './scorer-lists.ts';

const small = { population: { people: 400, online: 120, arrivalsPerMinute: 60 } };

async function compare(a: ScorerName, b: ScorerName, seeds: readonly number[]) {
  const evenings = seeds.map((seed) => {
    const scenario = complete({ ...small, seed, policy: { scorer: a, tickMs: 4000 } });
    return listEvening(
      {
        ...{ scenario, b: { ...scenario.policy, scorer: b }, ticks: 20, warmUp: 5, every: 5, length: 5 },
        patience: { leaveAfterClick: 0.5, leaveAfterNoClick: 0.1 },
      },
      { backend: createCpuBackend(), families: {} },
    );
  });
  return listReport(await Promise.all(evenings), 0.05, 0.8);
}

test('a scorer beside itself has exactly the same lists, and nothing to find', async () => {
  const report = await compare('rules', 'rules', [50_001, 50_002]);
  expect(report).toMatchObject({ same: 1, effect: 0, lead: 0, lead_low: 0, lead_high: 0, times_fewer: null });
  expect(report.a_wins).toBeCloseTo(report.b_wins, 12);
});

test('interleaving finds the better scorer, with fewer lists than an A/B test', async () => {
  const report = await compare('random', 'oracle', [50_001, 50_002, 50_003]);
  expect(report.effect).toBeGreaterThan(0);
  expect(report.lead_low).toBeGreaterThan(0);
  expect(report.b_wins).toBeGreaterThan(report.a_wins);
  expect(report.times_fewer).toBeGreaterThan(1);
  // The two signs belong together whichever scorer is A.
  const back = await compare('oracle', 'random', [50_001]);
  expect(back.lead).toBeLessThan(0);
});

test('the chance of a long chat is the share of long ones among many', () => {
  const world = createWorld(complete({ ...small, seed: 50_004 }));
  const meetings = new Meetings(world);
  const seconds = 20;
  for (const [a, b] of [
    [3, 9],
    [40, 41],
  ]) {
    const chance = lastingChance(world, a, b, seconds);
    const count = 4000;
    let long = 0;
    const out = { duration: 0, leaver: 0 as const };
    for (let k = 0; k < count; k++) if (meetings.begin(a, b, 50 * k, out).duration > seconds) long++;
    expect(Math.abs(long / count - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / count));
  }
});
