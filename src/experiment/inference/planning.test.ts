import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planFrom, type PlannedArms } from './planning.ts';

const share = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const people = fc.record({ sd: share(0.01, 100), share: share(0.05, 0.95), designEffect: share(1, 20) });
const arms: fc.Arbitrary<PlannedArms> = fc.oneof(
  people.map((design): PlannedArms => ({ of: 'units', design })),
  share(0.01, 100).map((sd): PlannedArms => ({ of: 'windows', sd })),
);

describe('power, effect and units are exact inverses of each other', () => {
  test('from units and power to the effect, and back to either', () => {
    fc.assert(
      fc.property(arms, share(4, 100_000), share(0.2, 0.99), share(0.001, 0.1), (of, units, power, alpha) => {
        const { effect } = planFrom(of, { units, power }, alpha);
        expect(Math.abs(planFrom(of, { effect, units }, alpha).power - power)).toBeLessThan(1e-6);
        const back = planFrom(of, { effect, power }, alpha).units;
        expect(Math.abs(back / units - 1)).toBeLessThan(1e-6);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('more units find a smaller effect, with a smaller share of them in one arm a larger one', () => {
    const of = (units: number, treated: number) =>
      planFrom(
        { of: 'units', design: { sd: 1, share: treated, designEffect: 1 } },
        { units, power: 0.8 },
        0.05,
      ).effect;
    expect(of(400, 0.5)).toBeCloseTo(of(100, 0.5) / 2, 9);
    expect(of(100, 0.1)).toBeGreaterThan(of(100, 0.5));
    // 2.8 standard errors, as every textbook has it.
    expect(of(100, 0.5) / 0.2).toBeCloseTo(2.8016, 3);
  });

  test('a power at or below alpha is refused', () => {
    expect(() => planFrom({ of: 'windows', sd: 1 }, { units: 20, power: 0.05 }, 0.05)).toThrow(
      'the power must be above alpha, 0.05; it is 0.05',
    );
  });
});
