import { describe, expect, test } from 'vitest';
import { createCpuBackend } from '../../match/cpu-backend.ts';
import { createMarket } from '../../sim/market.ts';
import { createPairedMarkets } from '../paired-markets.ts';
import { recordEvening } from './evening-log.ts';
import type { DesignName, MixedDesign } from './names.ts';
import { measureEvening } from './outcomes.ts';
import { runEvening } from './evening.ts';
import { mixedDesigns, whyImpossible } from '../mixed/possible-designs.ts';
import { parseExperiment, type ExperimentSpec } from './spec.ts';

const tools = { backend: createCpuBackend(), families: {} };

/** A tiny market in which B prefers half of the people or nobody in particular. */
const spec = parseExperiment({
  scenario: {
    population: { people: 400, online: 120, arrivalsPerMinute: 200, women: 0.25, genderFilter: 0.7 },
    behaviour: { patience: 10 },
  },
  a: { scorer: 'oracle', waitingBonus: 0 },
  b: { scorer: 'oracle', waitingBonus: 0, bonus: 1000 },
  ...{ ticks: 60, warm_up: 5, window: 5, metrics: ['matched', 'wait'] },
});

const live = (
  own: ExperimentSpec,
  designs: readonly DesignName[],
  aa: readonly MixedDesign[] = [],
  seed = 50_020,
) => runEvening({ kind: 'evening', spec: own, seed, designs, aa }, tools);

describe('runEvening', () => {
  test('a bonus for everybody changes nothing; by person it displaces', async () => {
    const { identical, rows, harm } = await live(spec, ['users', 'switchback']);
    expect(identical).toBe(true);
    const estimate = (design: string) =>
      rows.find((r) => r.design === design && r.metric === 'matched')!.estimate!;
    expect(estimate('paired')).toBe(0);
    expect(estimate('users')).toBeGreaterThan(0.02);
    expect(rows.map((r) => r.design)).toEqual([
      'paired',
      'paired',
      'users',
      'users',
      'switchback',
      'switchback',
    ]);
    const worse = (design: string) => harm.find((h) => h.design === design)!.worse;
    expect([worse('paired'), worse('switchback')]).toEqual([0, 0]);
    expect(worse('users')).toBeGreaterThan(10);
  });

  test('the same job gives the same result, and a row does not depend on the other designs', async () => {
    const all = await live(spec, mixedDesigns);
    const few = await live(spec, ['budget-split', 'ticks']);
    expect(few.rows).toEqual(all.rows.filter((r) => ['paired', 'budget-split', 'ticks'].includes(r.design)));
    const names = [...new Set(all.rows.map((r) => r.design))].sort();
    expect(names).toEqual(['paired', ...mixedDesigns].sort());
    const values: unknown[] = [];
    JSON.stringify(all, (_, value: unknown) => (values.push(value), value));
    expect(values.filter((x) => typeof x === 'number' && !Number.isFinite(x))).toEqual([]);
  });

  test('A/A gives both arms policy A, in one market where they may meet', async () => {
    const { aa, rows } = await live(spec, ['users'], mixedDesigns);
    // The same arms, and B is A: what is left of the difference is chance.
    const same = await live({ ...spec, b: spec.a }, mixedDesigns);
    expect(aa).toEqual(same.rows.filter((r) => r.design !== 'paired'));
    const users = (of: typeof rows) => of.find((r) => r.design === 'users')!.estimate;
    expect(users(rows)).not.toBe(users(aa));
  });

  test('looks and slices of the paired markets, as many as asked for', async () => {
    const metrics = ['wait', 'time', 'chat-p90'] as const;
    const b = { ...spec.b, scorer: 'random' } as const;
    const { rows } = await live({ ...spec, b, metrics, looks: 3, slices: true }, []);
    expect(rows.map((r) => r.looks!.map((l) => l.seconds))).toEqual(metrics.map(() => [10, 20, 30]));
    for (const { looks, estimate, mean_a, mean_b, slices, low, high } of rows) {
      const last = looks![2];
      // The same means at the end; an interval that is valid at every look is wider.
      // A look at a quantile reads it in bins of 2 %.
      const near = (x?: number | null, of?: number | null) =>
        expect(Math.abs(x! - of!)).toBeLessThan(0.05 * mean_a!);
      near(last.estimate, estimate);
      near(last.mean_a, mean_a);
      near(last.mean_b, mean_b);
      if (low !== null) expect(last.high! - last.low!).toBeGreaterThan(high! - low);
      expect(slices!.length).toBeGreaterThan(10);
      expect(slices!.some((s) => s.dimension === 'all')).toBe(false);
      expect(slices!.find((s) => s.slice === 'women')!.people).toBeGreaterThan(10);
    }
    // The warm-up is left out, so that a look at its end sees nothing.
    const early = await live({ ...spec, metrics: ['wait'], warmUp: 20, looks: 3 }, []);
    expect(early.rows[0].looks![0]).toMatchObject({ seconds: 10, mean_a: null, estimate: null, low: null });
  });

  test('ticks of different lengths: both markets live until the same moment', async () => {
    const b = { ...spec.b, tickMs: 1000 };
    const { rows, identical } = await live({ ...spec, b }, ['ticks']);
    expect(identical).toBe(false);
    expect(rows).toHaveLength(4);
  });
});

test('the paired markets and the designs measure the same', async () => {
  const scenario = { ...spec.scenario, seed: 50_030 };
  const [a, b] = (['random', 'oracle'] as const).map((scorer) =>
    createMarket({ scenario, policy: { ...spec.a, scorer }, ...tools }),
  );
  const pair = createPairedMarkets(a, b, { warmUpSeconds: spec.warmUp });
  const recorder = recordEvening(b);
  for (let t = 0; t < 60; t++) {
    await a.tick();
    await b.tick();
  }
  const names = [
    'chat',
    'first-chat',
    'long',
    'short',
    'matched',
    'wait',
    'time',
    'chats',
    'returns',
  ] as const;
  for (const name of names)
    expect(measureEvening(recorder.log(), name, spec)).toBeCloseTo(pair.figures(name).meanB, 6);
});

test('what a tick decides for everybody cannot be split by person, and the reason names it', () => {
  const b = { ...spec.b, matcher: 'auction' } as const;
  expect(whyImpossible('users', { a: spec.a, b })).toContain('matcher');
  expect(whyImpossible('budget-split', { a: spec.a, b })).toContain('matcher');
  expect(whyImpossible('switchback', { a: spec.a, b })).toBeNull();
  expect(whyImpossible('users', spec)).toBeNull();
});
