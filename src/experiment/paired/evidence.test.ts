import { expect, test } from 'vitest';
import { normal, Stream } from '../../base/hash.ts';
import { studentQuantile } from '../../metrics/inference/student.ts';
import { intervalOf, pValueOf, type Evidence } from '../../metrics/inference/evidence.ts';

const of = (given: Partial<Evidence>): Evidence => ({
  ...{ effect: 1, error: 1, freedom: 1000, people: 500 },
  ...given,
});
const half = (e: Evidence, moment: 'fixed' | 'always') => intervalOf(e, moment).high - e.effect;

test('at a fixed moment the interval is that of t with the degrees of freedom of the clusters', () => {
  for (const freedom of [5, 12, 40, 128])
    expect(half(of({ freedom }), 'fixed') / studentQuantile(freedom)).toBeCloseTo(1, 2);
  expect(half(of({ freedom: 5 }), 'always')).toBeGreaterThan(1.5 * half(of({}), 'always'));
});

test('under 40 people, or without an error, nothing is claimed', () => {
  for (const e of [of({ people: 39 }), of({ error: NaN }), of({ freedom: NaN }), of({ effect: NaN })]) {
    expect(intervalOf(e, 'fixed')).toEqual({ low: NaN, high: NaN });
    expect(intervalOf(e, 'always')).toEqual({ low: NaN, high: NaN });
    expect(pValueOf(e, 'fixed')).toBeNaN();
  }
  expect(intervalOf(of({ effect: 0, error: 0 }), 'always')).toEqual({ low: 0, high: 0 });
  expect(pValueOf(of({ effect: 0, error: 0 }), 'always')).toBe(1);
});

test('the p-value is below .05 exactly where the interval excludes 0, at both moments', () => {
  for (const moment of ['fixed', 'always'] as const)
    for (const freedom of [6, 30, 1000])
      for (let effect = 0.05; effect < 9; effect += 0.1) {
        const e = of({ effect, freedom });
        const { low } = intervalOf(e, moment);
        // The quantiles are rounded by up to 2 %: nothing is asked close to the edge.
        if (Math.abs(low) > 0.15 * effect) expect(pValueOf(e, moment) <= 0.05).toBe(low > 0);
      }
});

test('looked at 200 times without an effect, the always-valid interval excludes 0 in under 5 %, the fixed one often', () => {
  const excluded = { fixed: 0, always: 0 };
  const walks = 400;
  for (let walk = 0; walk < walks; walk++) {
    let sum = 0;
    const out = { fixed: false, always: false };
    for (let people = 1; people <= 2000; people++) {
      sum += normal(7, Stream.experiment, walk, people);
      if (people % 10 !== 0) continue;
      const e = of({ effect: sum / people, error: 1 / Math.sqrt(people), people });
      for (const moment of ['fixed', 'always'] as const) {
        const { low, high } = intervalOf(e, moment);
        out[moment] ||= low > 0 || high < 0;
      }
    }
    for (const moment of ['fixed', 'always'] as const) if (out[moment]) excluded[moment]++;
  }
  expect(excluded.always / walks).toBeLessThan(0.05);
  expect(excluded.fixed / walks).toBeGreaterThan(0.2);
});
