import { describe, expect, test } from 'vitest';
import { normal, Stream } from '../../base/hash.ts';
import { powerOf } from '../inference/power.ts';
import { biasCauses } from './bias-cause.ts';
import type { DesignName } from './names.ts';
import { reportOf } from './report.ts';
import type { EveningResult, EveningRow } from './rows.ts';
import { verdictsOf, type Share } from './verdicts.ts';

const draw = (evening: number, which: number) => normal(50_000, Stream.bootstrap, evening, which);

/** Evenings with an effect around `truth`, and designs that add their bias and noise of sd 1. */
function evenings(count: number, truth: number, bias: Partial<Record<DesignName, number>>): EveningResult[] {
  return Array.from({ length: count }, (_, e) => {
    const effect = truth + 0.1 * draw(e, 0);
    const row = (design: DesignName, estimate: number): EveningRow => ({
      ...{ seed: 50_000 + e, design, metric: 'chat', estimate, method: 't', standard_error: 0.5 },
      ...{ low: estimate - 1.96, high: estimate + 1.96 },
    });
    const designs = Object.entries(bias) as [DesignName, number][];
    return {
      seed: 50_000 + e,
      identical: e === 0,
      rows: [
        row('paired', effect),
        ...designs.map(([design, b], d) => row(design, effect + b + draw(e, d + 1))),
      ],
      harm: [{ design: 'paired', worse: 10 + e, better: 0 }],
      aa: [{ ...row('users', 0), ...(e % 10 === 0 && { low: 0.1 }) }],
    };
  });
}

test('a design misses an effect whose truth excludes 0 while its own interval does not', () => {
  const missesOf = (truth: number, bias: number) =>
    reportOf(evenings(12, truth, { users: bias })).designs.users!.chat!;
  // By person it is diluted away.
  const { misses, estimate_low: low, estimate_high: high } = missesOf(1, -1);
  expect(misses).toBe(true);
  expect(low! < 0 && high! > 0).toBe(true);
  // It is seen; and where there is no effect, there is nothing to miss.
  expect(missesOf(2, 0).misses).toBe(false);
  expect(missesOf(0, 0).misses).toBe(false);
  expect(reportOf(evenings(12, 1, {})).designs.paired!.chat!.misses).toBe(false);
});

describe('verdictsOf', () => {
  const pairedRow = (
    seed: number,
    estimate: number,
    slice: number,
    reversal: 'none' | 'partial',
  ): EveningRow => {
    const around = (x: number) => ({ estimate: x, low: x - 2, high: x + 2 });
    const group = { dimension: 'gender', people: 50, flagged: slice === 5 };
    const look = { mean_a: 0, mean_b: estimate };
    return {
      ...{ seed, design: 'paired', metric: 'wait', method: 't', standard_error: 1, reversal },
      ...around(estimate),
      slices: [
        { ...group, slice: 'women', ...around(slice) },
        { ...group, slice: 'men', ...around(1), flagged: false },
      ],
      looks: [
        { ...look, seconds: 10, ...around(seed === 1 ? 3 : 0) },
        { ...look, seconds: 20, ...around(estimate) },
      ],
    };
  };

  test('counts evenings with a claim, and says what chance alone would do', () => {
    const { wait } = verdictsOf(
      new Map([['wait', [pairedRow(1, 1, 5, 'partial'), pairedRow(2, -1, 0.5, 'none')]]]),
    );
    const shares = Object.fromEntries(
      Object.entries(wait!).map(([name, value]: [string, Share | number]) => [
        name,
        typeof value === 'number' ? value : value.share,
      ]),
    );
    expect(shares).toMatchObject({ effect: 0, reversal: 0.5, slice: 0.5, uncorrected_slice: 0.5 });
    expect(shares).toMatchObject({ other_sign: 0.5, any_look: 0.5 });
    // Two looks at 5 %: 8.3 % (Armitage et al., 1969); two slices of 1 / sqrt(2) standard errors.
    expect(shares['any_look_if_fixed']).toBeCloseTo(0.083, 3);
    expect(shares['other_sign_by_chance']).toBeCloseTo(1 - (1 - 0.2398) ** 2, 3);
  });

  test('what was not asked for is null', () => {
    const { looks: _, slices: __, ...row } = pairedRow(1, 1, 5, 'none');
    expect(verdictsOf(new Map([['wait', [row]]])).wait).toMatchObject({
      slice: null,
      any_look: null,
      any_look_if_fixed: null,
    });
  });
});

describe('reportOf', () => {
  test('truth, bias, errors, coverage and power of 200 evenings', () => {
    const { truth, designs, identical, first_seed } = reportOf(evenings(200, 2, { users: 3, switchback: 0 }));
    expect([identical, first_seed]).toEqual([1, 50_000]);
    const { effect, standard_error, low, high } = truth.chat!;
    expect(Math.abs(effect! - 2)).toBeLessThan(3 * standard_error!);
    expect(standard_error).toBeCloseTo(0.1 / Math.sqrt(200), 3);
    expect([low! < effect!, high! > effect!]).toEqual([true, true]);
    const users = designs.users!.chat!;
    expect(users.bias! / 3).toBeCloseTo(1, 1);
    expect(users.bias_error).toBeCloseTo(1 / Math.sqrt(200), 1);
    expect([users.sd, users.rmse]).toEqual([expect.closeTo(1, 0), expect.closeTo(Math.hypot(1, 3), 0)]);
    expect(users.reported_error).toBe(0.5);
    expect(users.coverage!.share).toBeLessThan(0.3);
    expect(users.aa_rate).toMatchObject({ share: 0.1 });
    const switchback = designs.switchback!.chat!;
    expect(switchback.coverage!.share).toBeGreaterThan(0.9);
    expect(switchback.coverage!.low).toBeLessThan(switchback.coverage!.share);
    expect(powerOf(switchback.mde!, switchback.sd!, 0.05)).toBeCloseTo(0.8, 6);
    expect(switchback.power).toBeCloseTo(powerOf(effect!, switchback.sd!, 0.05), 10);
    expect(designs.paired!.chat).toMatchObject({ bias: 0, cause: 'none', worse_off: 109.5 });
  });

  test.each<[string, DesignName, number, number]>([
    ['displacement', 'users', 2, 1.5],
    ['displacement', 'users', 0, 1],
    ['displacement', 'clusters', -2, 4.5],
    ['shared pool', 'users', -2, 2.05],
    ['dilution', 'users', 2, -1],
    ['dilution', 'pairs', -2, 1],
    ['thickness', 'budget-split', 2, -1],
    ['carry-over', 'switchback', 2, -1],
    ['none', 'users', 2, 0],
  ])('%s: %s, truth %d, bias %d', (cause, design, truth, bias) => {
    const figures = reportOf(evenings(40, truth, { [design]: bias })).designs[design]!.chat!;
    expect(figures.cause).toBe(cause);
    expect(figures.reason).toMatch(/^[A-Z].*\.$/);
  });

  test('without a bias, a cause is named in at most 5 % of reports', () => {
    const studies = 1000;
    let named = 0;
    for (let k = 0; k < studies; k++) {
      const errors = (which: number) => Array.from({ length: 8 }, (_, e) => draw(8 * k + e, which));
      const cases = (['users', 'ticks', 'regions'] as const).map((design, d) => ({
        ...{ design, truth: 1, misses: false, errors: errors(d) },
      }));
      if (biasCauses(cases).some((cause) => cause !== 'none')) named++;
    }
    expect(named / studies).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / studies));
    expect(named).toBeGreaterThan(0);
  });

  test('one evening has no errors, and nothing is NaN', () => {
    const report = reportOf(evenings(1, 2, { users: 0 }));
    expect(report.truth.chat).toMatchObject({ standard_error: null, low: null });
    expect(report.designs.users!.chat).toMatchObject({ sd: null, power: null, cause: 'unclear' });
    const values: unknown[] = [];
    JSON.stringify(report, (_, value: unknown) => (values.push(value), value));
    expect(values.filter((x) => typeof x === 'number' && !Number.isFinite(x))).toEqual([]);
  });

  test('an evening without an estimate counts nowhere', () => {
    const all = evenings(20, 2, { users: 1 });
    const missing = { estimate: null, low: null, high: null, standard_error: null };
    const [first, ...rest] = all;
    const without = {
      ...first,
      rows: first.rows.map((r) => (r.design === 'users' ? { ...r, ...missing } : r)),
    };
    const figures = (of: readonly EveningResult[]) => reportOf(of).designs.users!.chat!;
    expect(figures([without, ...rest])).toMatchObject({ intervals: 19, estimate: figures(rest).estimate });
  });
});
