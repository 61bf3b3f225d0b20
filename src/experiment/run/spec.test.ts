import { describe, expect, test } from 'vitest';
import { loadFormulas } from '../../scenario/formula/language.ts';
import { whyImpossible } from '../mixed/possible-designs.ts';
import { parseExperiment } from './spec.ts';

await loadFormulas();

describe('parseExperiment', () => {
  test('completes an experiment with defaults', () => {
    const spec = parseExperiment({
      a: { scorer: 'random' },
      b: { scorer: 'rules' },
      warm_up: 20,
      seed: 50_000,
    });
    expect(spec).toMatchObject({ ticks: 240, seed: 50_000, warmUp: 20, treatedShare: 0.5, looks: 0 });
    expect(spec.metrics).toEqual(['chat', 'matched', 'wait']);
    expect(spec.scenario.policy).toEqual(spec.a);
    expect([spec.a.scorer, spec.b.scorer, spec.b.matcher]).toEqual(['random', 'rules', 'greedy']);
  });
  test('a preset gives the market and the base of both policies', () => {
    const { scenario, a, b } = parseExperiment({ scenario: 'gender-imbalance', b: { tickMs: 1000 } });
    expect(scenario.population.women).toBeLessThan(0.5);
    expect([{ ...b, tickMs: a.tickMs }, b.tickMs]).toEqual([a, 1000]);
  });
  test('a formula with tasks gives two scorers no common pool', () => {
    const formula = 'second * both(me.report)';
    const spec = (scorer: string) =>
      parseExperiment({ a: { scorer: 'cupid', formula }, b: { scorer, formula } });
    expect(whyImpossible('users', spec('cupid'))).toBeNull();
    expect(whyImpossible('users', spec('wide-deep'))).toMatch(
      /differ in scorer .*reads what one scorer predicts/,
    );
    expect(whyImpossible('switchback', spec('wide-deep'))).toBeNull();
  });
  test.each<[string, unknown, string]>([
    [
      'a misspelt name',
      { warmup: 3 },
      'experiment.warmup: there is no knob of this name; did you mean "warm_up"?',
    ],
    [
      'an unknown metric',
      { metrics: ['chatt'] },
      'experiment.metrics.0: a metric must be one of chat, first-chat, long',
    ],
    ['no metric', { metrics: [] }, 'experiment.metrics: name at least one metric'],
    ['a metric twice', { metrics: ['chat', 'chat'] }, 'experiment.metrics: a metric is named twice'],
    ['a policy in the market', { scenario: { policy: {} } }, 'the policies of an experiment are "a" and "b"'],
    [
      'a seed in the market',
      { scenario: { seed: 3 } },
      'experiment.scenario.seed: the seed of an experiment',
    ],
    ['a stage', { scenario: { stages: [{ atSeconds: 1 }] } }, 'an experiment has no stages'],
    ['an unknown preset', { scenario: 'moon' }, 'experiment.scenario: there is no preset "moon"; there are'],
    ['a knob of B out of range', { b: { tickMs: 3 } }, 'experiment.b.tickMs: Tick must lie between 50 and'],
    ['a warm-up without an evening after it', { warm_up: 120 }, 'warm_up is 120 s; it must be below'],
    [
      'a burn-in that fills the window',
      { window: 20, burn_in: 20 },
      'burn_in is 20 s; it must be below the window',
    ],
    [
      'vectors that nobody has',
      { b: { scorer: 'vectors' } },
      'experiment.b.scorer: the people here are simulated and have no vectors of yours; choose another scorer: random',
    ],
    [
      'a formula that its scorer cannot serve',
      { a: { scorer: 'rules', formula: 'second * both(me.report)' } },
      'experiment.a.formula: the formula reads me.report, which the scorer rules does not predict',
    ],
    ['a list', [], 'experiment: a group of knobs in { } was expected; it is []'],
  ])('%s is refused by name', (_, input, message) => {
    expect(() => parseExperiment(input)).toThrow(message);
  });
});
