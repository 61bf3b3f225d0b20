import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { kinds } from './kinds.ts';
import { compute } from './testing/compute.ts';

describe('tests and power', () => {
  test('corrections of the fifteen p-values of Benjamini and Hochberg (1995)', () => {
    const pValues = [
      ...[0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344],
      ...[0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1],
    ];
    const result = compute('multiple-testing', { p_values: pValues, level: 0.05 });
    expect(result('bonferroni.rejected')).toBe(3);
    expect(result('holm.rejected')).toBe(3);
    expect(result('benjamini_hochberg.rejected')).toBe(4);
    expect(result('holm.adjusted.3')).toBeCloseTo(12 * 0.0095, 12);
  });

  test.each([0.5, 0.8, 0.9, 0.99])(
    'the smallest effect with power %s is the inverse of the power',
    (power) => {
      const smallest = compute('mde', { standard_error: 2, alpha: 0.05, power });
      const mde = smallest('mde');
      expect(smallest('power_at_mde')).toBeCloseTo(power, 9);
      const back = compute('power', { standard_error: 2, alpha: 0.05, effects: [mde, -mde, 0] });
      expect(back('power.0')).toBeCloseTo(power, 9);
      expect(back('power.1')).toBeCloseTo(power, 9);
      expect(back('power.2')).toBeCloseTo(0.05, 9);
    },
  );

  test('planned windows are just enough', () => {
    const input = { window_sd: 10, window_seconds: 60, effect: 5, alpha: 0.05, power: 0.8 };
    const needed = compute('plan', { ...input, windows_per_arm: [2] })('windows_needed_per_arm');
    const around = compute('plan', { ...input, windows_per_arm: [needed - 1, needed] });
    expect(around('mde.0')).toBeGreaterThan(5);
    expect(around('mde.1')).toBeLessThanOrEqual(5);
  });

  test('repeated looks, the table of Armitage, McPherson and Rowe (1969)', () => {
    const result = compute('repeated-looks', { looks: [1, 2, 5, 10], alpha: 0.05 });
    [0.05, 0.083, 0.142, 0.193].forEach((share, k) =>
      expect(result(`any_significant.${k}`)).toBeCloseTo(share, 3),
    );
  });

  test('the confidence sequence holds its level when looked at all the time; a fixed interval does not', () => {
    const shares = compute('sequential-type-one', {
      looks: 1000,
      optimal_at: 250,
      alpha: 0.05,
      runs: 600,
      seed: 7,
    });
    expect(shares('confidence_sequence')).toBeLessThan(0.06);
    expect(shares('fixed_interval')).toBeGreaterThan(0.3);
  });

  test('an always-valid interval of a share contains the share, and is wider than Wilson’s', () => {
    const interval = compute('bernoulli-sequence', {
      successes: 0,
      trials: 60,
      alpha: 0.05,
      optimal_at: 50,
    });
    expect(interval('low')).toBe(0);
    expect(interval('high')).toBeGreaterThan(0.0602);
    expect(interval('high')).toBeLessThan(0.08);
  });

  test('a sample ratio as planned has a p-value of 1', () => {
    expect(compute('srm', { observed: [500, 500], shares: [0.5, 0.5] })('p_value')).toBeCloseTo(1, 12);
  });
});

describe('designs', () => {
  test('switching points by search are those of Bojinov et al.: 1, 5, 7, 9 for 12 periods and lag 2', () => {
    const result = compute('minimax-points', { periods: 12, lag: 2 });
    expect(result('minimisers')).toEqual([[1, 5, 7, 9]]);
    expect(result('minimum')).toBeCloseTo(2.56, 12);
  });

  test('Horvitz-Thompson is unbiased for the effect within its lag', () => {
    const result = compute('switchback-ht', {
      periods: 6,
      lag: 1,
      points: [1, 3, 5],
      baseline: [10, 12, 9, 10, 11, 10],
      effects: [1, 0.5],
    });
    expect(result('ht.mean')).toBeCloseTo(1.5, 12);
  });

  test('a burn-in takes the bias of a switchback out', () => {
    const chain = {
      ...{ states: 11, periods: 4000, window: 100, moves: [1, 2], up_probability: 0.7 },
      ...{ reset_on_miss: false, outcome_lift: 0.5, burn_in: [0, 30, 60] },
    };
    const result = compute('switchback-chain', chain);
    const biases = [0, 1, 2].map((k) => Math.abs(result(`by_burn_in.${k}.bias`)));
    expect(biases[1]).toBeLessThan(biases[0] / 10);
    expect(biases[2]).toBeLessThan(biases[1] / 10);
  });

  test('displacement: an experiment by person reports the lift although the truth is 0', () => {
    const result = compute('displacement', { supply_per_person: 0.5, weight_lift: 0.1, treated_share: 0.5 });
    expect(result('naive_relative')).toBeCloseTo(0.1, 12);
    expect(result('gte')).toBe(0);
    expect((result('treated') + result('control')) / 2).toBeCloseTo(0.5, 12);
  });

  test('differences in Q are less biased than the naive estimate, and all terms give the whole', () => {
    const result = compute('difference-in-q', {
      ...{ capacity: 5, return_probability: 0.5, treated_share: 0.5 },
      ...{ take_probability_control: 0.4, take_probability_treated: 0.5, truncate_at: [0, 2000] },
    });
    expect(Math.abs(result('dq_bias'))).toBeLessThan(Math.abs(result('naive_bias')) / 10);
    expect(result('truncated.0')).toBe(result('naive'));
    expect(result('truncated.1')).toBeCloseTo(result('dq'), 9);
  });
});

describe('causal roles', () => {
  const stones = `treatment size success n
    A small 1 81
    A small 0 6
    A large 1 192
    A large 0 71
    B small 1 234
    B small 0 36
    B large 1 55
    B large 0 25`;
  const roles = {
    file: 'f',
    treatment: 'treatment',
    treated: 'A',
    control: 'B',
    outcome: 'success',
    count: 'n',
  };

  test('a confounder is standardised over: kidney stones (Charig, 1986)', () => {
    const result = compute('adjust', { ...roles, confounders: ['size'] }, stones);
    expect(result('crude')).toBeCloseTo(0.78 - 0.8257, 3);
    expect(result('ate')).toBeCloseTo(0.8325 - 0.7789, 3);
  });

  test('the total is the direct effect less the indirect effect of the reverse change (Pearl)', () => {
    const result = compute('adjust', { ...roles, mediators: ['size'] }, stones);
    const reverse = compute('adjust', { ...roles, treated: 'B', control: 'A', mediators: ['size'] }, stones);
    expect(result('natural_direct') - reverse('natural_indirect')).toBeCloseTo(result('total'), 12);
  });

  test('a collider is refused', () => {
    const result = compute('adjust', { ...roles, colliders: ['size'] }, stones);
    expect(result('refused')).toEqual(['size']);
    expect(result('effect')).toBe(result('crude'));
  });

  test('two roles at once are refused', () => {
    const kind = kinds.get('adjust');
    expect(kind && v.safeParse(kind.input, { ...roles, confounders: ['a'], colliders: ['b'] }).success).toBe(
      false,
    );
  });
});
