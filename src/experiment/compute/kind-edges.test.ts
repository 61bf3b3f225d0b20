import { describe, expect, test } from 'vitest';
import { compute } from './testing/compute.ts';

describe('inputs at the edge have the figures of their formula', () => {
  test('without supply nobody is served, and without demand everybody is', () => {
    const market = { demand_control: 0.4, demand_treated: 0.5, treated_share: 0.5 };
    expect(compute('rationing', { ...market, supply_per_person: 0 })('naive')).toBe(0);
    const idle = { supply_per_person: 0, demand_control: 0, demand_treated: 0, treated_share: 0.5 };
    expect(compute('rationing', idle)('bias')).toBe(0);
  });

  test('noise that swings back has a smaller error than independent rows state', () => {
    const noise = { window: 4, schedule: 'alternating' };
    const swinging = compute('autocorrelation', { ...noise, periods: 40, autocorrelation: -0.3 });
    expect(swinging('true_sd')).toBeLessThan(swinging('rows_independent_sd'));
    // Two windows of 4 against one of 4 and one of 2.
    const uneven = compute('autocorrelation', { ...noise, periods: 14, autocorrelation: 0 });
    expect(uneven('rows_independent_sd')).toBeCloseTo(Math.sqrt(1 / 8 + 1 / 6), 12);
    expect(uneven('true_sd')).toBeCloseTo(uneven('rows_independent_sd'), 12);
  });

  test('clusters of people who compete make a comparison more exact', () => {
    const input = { mean_size: 20, icc: -0.01, size_cv: 0 };
    expect(compute('design-effect', input)('design_effect')).toBeCloseTo(0.81, 12);
  });

  test('a chance that equals the level on paper ends the interval of a quantile', () => {
    const one = compute('quantile-ranks', { people: 1, quantile: 0.25, confidence: 0.5 });
    expect(one('high_rank')).toBe(1);
  });

  test('equal differences of large outcomes are equal in a permutation test', () => {
    const small = [0.3, 0.1, 0.7, 0.2, 0.9, 0.4];
    const path = [0, 1, 0, 1, 1, 0];
    const points = [1, 2, 3, 4, 5, 6];
    const [few, many] = [1, 1e9].map((scale) =>
      compute('permutation-test', { outcomes: small.map((y) => y * scale), points, path })('p_value'),
    );
    expect(many).toBe(few);
  });

  test('all sets of points of 18 periods can be searched', () => {
    expect(compute('minimax-points', { periods: 18, lag: 17 })('designs')).toBe(2 ** 17);
  });

  test('periods after the last whole window count for the total effect', () => {
    const chain = { states: 5, window: 10, moves: [1], up_probability: 0.7, reset_on_miss: false };
    const of = (periods: number) =>
      compute('switchback-chain', { ...chain, periods, outcome_lift: 0, burn_in: [0] })('total_effect');
    // The effect grows from 0 to its height, so that more periods have a larger mean.
    expect(of(19)).toBeGreaterThan(of(15));
    expect(of(15)).toBeGreaterThan(of(10));
  });

  test('differences in Q exist where the store is never empty', () => {
    const never = { take_probability_control: 0, take_probability_treated: 0, treated_share: 0.5 };
    const store = compute('difference-in-q', {
      ...{ capacity: 3, return_probability: 1, truncate_at: [0] },
      ...never,
    });
    expect(store('dq')).toBeCloseTo(0, 12);
  });

  test('a pool whose halves are odd leaves one person of each half alone', () => {
    const people = [0, 1, 2, 3, 4, 5];
    // Person i and person j talk for 10 (i + j) seconds, whatever the arms.
    const rows = people.flatMap((i) =>
      people.filter((j) => j !== i).map((j) => `${i} ${j} ${i * j} ${i * j} ${10 * (i + j)}`),
    );
    const pool = compute(
      'pool-enumeration',
      { file: 'pool', matcher: 'exact' },
      ['i j score_a score_b seconds', ...rows].join('\n'),
    );
    expect(pool('pairs_a')).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(pool('budget_split.mean')).toBeCloseTo(0, 9);
    expect(pool('budget_split.sd')).toBeGreaterThan(0);
  });

  test('shadow prices of many rows: with as much supply as requests all estimates have the mean', () => {
    const control = Array.from({ length: 8 }, (_, row) => [row + 1]);
    const treated = control.map(([value]) => [value + 10]);
    const prices = compute('shadow-prices', {
      values_control: control,
      values_treated: treated,
      treated_rows: 4,
    });
    expect(prices('assignments')).toBe(70);
    expect(prices('gte')).toBe(10);
  });
});

describe('inputs that have no answer are refused with the reason', () => {
  const ht = { periods: 4, lag: 1, points: [1, 3], baseline: [1, 1, 1, 1], effects: [1] };
  const chain = { states: 5, periods: 20, window: 10, moves: [1], up_probability: 0.7, burn_in: [0] };
  const both = { treated_buyers: 1, treated_sellers: 1, effect_both: 1 };
  const spill = { buyer_spillover: 0, seller_spillover: 0 };
  const arm = { people: 10, sum: 10, sum_of_squares: 20, pre_sum: 0, pre_sum_of_squares: 5 };
  const sums = { ...arm, sum_of_products: 1 };
  test.each([
    ['switchback-ht', { ...ht, lag: 4 }, 'lag is below periods'],
    ['switchback-ht', { ...ht, baseline: [1] }, 'baseline has one entry per period'],
    ['switchback-ht', { ...ht, points: [1, 5] }, 'no point is beyond the periods'],
    [
      'switchback-chain',
      { ...chain, reset_on_miss: false, outcome_lift: 0, burn_in: [10] },
      'every burn_in is shorter than window',
    ],
    ['shadow-prices', { values_control: [[1]], values_treated: [[1, 2]], treated_rows: 1 }, 'the same rows'],
    ['multiple-randomisation', { baseline: [[1, 2]], ...both, ...spill }, 'some buyers are not treated'],
    ['multiple-randomisation', { baseline: [[1, 2]], ...both, ...spill, treated_buyers: 1e300 }, '1e+300'],
    ['multiple-randomisation', { baseline: [], ...both, ...spill }, 'received 0'],
    ['shadow-prices', { values_control: [], values_treated: [], treated_rows: 1 }, 'received 0'],
    [
      'cuped-sums',
      { control: { ...sums, sum_of_squares: 9 }, treatment: sums, theta: 0, confidence: 0.95 },
      'no outcomes have these sums',
    ],
    [
      'plan',
      { window_sd: 1, window_seconds: 1, windows_per_arm: [2], effect: 1e-9, alpha: 0.05, power: 0.8 },
      'needs more than 1000000000 windows',
    ],
  ])('%s %j', (kind, input, message) => {
    expect(() => compute(kind, input)).toThrow(message);
  });

  const study = {
    ...chain,
    reset_on_miss: false,
    outcome_lift: 0,
    redraw_probability: 0,
    noise_sd: 1,
    seed: 1,
  };
  test.each<[string, object, string]>([
    [
      'sequential-type-one',
      { looks: 1000, optimal_at: 100, alpha: 0.05, runs: 50_001, seed: 1 },
      'looks x runs is 50,001,000; the largest is 50,000,000: take fewer runs',
    ],
    ['switchback-study', { ...study, periods: 1e6, runs: 21 }, 'periods x runs is 21,000,000'],
    ['switchback-study', { ...study, periods: 1e6, states: 51, runs: 2 }, 'periods x states is 51,000,000'],
    [
      'switchback-chain',
      { ...chain, periods: 1e6, states: 51, reset_on_miss: false, outcome_lift: 0 },
      'take fewer periods',
    ],
    [
      'switchback-ht',
      {
        ...{ periods: 400, lag: 1, effects: [1], points: Array.from({ length: 16 }, (_, k) => k + 1) },
        baseline: Array.from({ length: 400 }, () => 1),
      },
      '2^points x periods is 26,214,400; the largest is 20,000,000: take fewer points or periods',
    ],
  ])('%s that would take long is refused with its limit', (kind, input, message) => {
    expect(() => compute(kind, input)).toThrow(message);
  });

  const cuped = { file: 't', treatment: 'arm', pre: 'x', outcome: 'y' };
  const adjust = { file: 't', treatment: 'arm', treated: 1, control: 0, outcome: 'y', confounders: ['x'] };
  test.each([
    ['cuped', cuped, 'arm x y\n1 1 2\n2 2 3', 'arm is 2 in row 2 below the header'],
    ['cuped', cuped, 'arm x y\n1 1 2\n1 2 3', 'no row has arm = 0'],
    ['adjust', { ...adjust, count: 'n' }, 'arm x y n\n1 a 1 5\n0 a 0 -5', 'n is -5 in row 2'],
  ])('%s %j on a wrong table', (kind, input, table, message) => {
    expect(() => compute(kind, input, table)).toThrow(message);
  });
});
