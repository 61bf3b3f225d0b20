import { expect, test } from 'vitest';
import { parseScenario } from '../../scenario/parse.ts';
import { outcomeNames } from '../run/names.ts';
import { parseExperiment } from '../run/spec.ts';
import type { EveningResult } from '../run/rows.ts';
import type { JobContext } from './context.ts';
import { perform } from './perform.ts';
import type { SettingResult } from './setting.ts';

const noWeights: JobContext = {
  towers: () => Promise.reject(new Error('no towers here')),
  families: () => Promise.resolve({}),
};

test('a sweep measures what the paired markets of an experiment measure under A', async () => {
  const population = { people: 1000, online: 200, arrivalsPerMinute: 120, dailySwing: 0 };
  const policy = { scorer: 'rules', threshold: 5 };
  const metrics = outcomeNames;
  const moments = { feed: { on: 'on', readSeconds: 1 }, tray: { on: 'on' } } as const;
  const experiment = {
    scenario: { population, ...moments },
    a: policy,
    b: policy,
    ticks: 120,
    warm_up: 5,
    metrics,
  };
  const seed = 50_000;
  const spec = parseExperiment(experiment);
  const evening = { kind: 'evening', spec, seed, designs: [], aa: [] } as const;
  const scenario = parseScenario({ seed, population, policy, ...moments });
  const setting = { kind: 'setting', scenario, seconds: 60, warmUp: 5, metrics } as const;
  const { rows, identical } = (await perform(evening, noWeights)) as EveningResult;
  const { values } = (await perform(setting, noWeights)) as SettingResult;
  expect(identical).toBe(true);
  rows.forEach(({ metric, mean_a: mean }, m) => {
    // Paired markets count lengths in bins of 2 %. They also count people who leave after the
    // warm-up without having waited since.
    const tolerance = metric.includes('-p') ? 0.02 : metric === 'returns' ? 0.05 : 1e-8;
    expect(Math.abs(values[m]! / mean! - 1), metric).toBeLessThan(tolerance);
  });
});
