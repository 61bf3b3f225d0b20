import { describe, expect, it } from 'vitest';
import { compileFormula } from '../../scenario/formula/language.ts';
import { FormulaError } from '../../scenario/formula/syntax.ts';
import { formulaExamples } from '../../scenario/formula/examples.ts';
import type { WeightRule } from '../types.ts';
import { poolSource } from '../weights.ts';
import { allowed, formulaPool, sidesOf, tasksFor } from './testing/formula-pool.ts';
import { randomFormula } from './testing/random-formula.ts';

/** How many random formulas: more on request. */
const COUNT = Number(process.env['FORMULAS'] ?? 300);
const n = 5;
const rule: WeightRule = { transform: 'exp', scale: 1e-4, bias: 3, combination: 'sum', threshold: -Infinity };

/** Checks all weights of a small pool under a formula. */
function check(
  text: string,
  value: ReturnType<typeof randomFormula>['value'] | undefined,
  seed: number,
): void {
  const transform = (['exp', 'identity'] as const)[seed % 2];
  const own: WeightRule = {
    ...rule,
    transform,
    scale: transform === 'exp' ? 1e-4 : 1,
    formula: text,
    tasks: tasksFor(text),
  };
  const { people, poolOf } = formulaPool(n, seed);
  const pool = poolOf(text);
  const source = poolSource(pool, own, 1);
  const { bound } = compileFormula(text);
  const rows = Array.from({ length: n }, () => new Float64Array(n));
  rows.forEach((row, i) => source.kernel!()!.row(i, 0, row));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const w = rows[i][j];
      // The kernel, the reference, and the pair the other way round: the same number.
      if (w !== source.weight(i, j) || w !== rows[j][i])
        throw new Error(`${text}: ${w}, ${source.weight(i, j)}, ${rows[j][i]}`);
      if (!(w >= bound.low && w <= bound.high)) throw new Error(`${text}: ${w} is out of bounds`);
      const [me, you] = sidesOf(pool, own, people, i, j);
      const { low, high } = allowed(text, me, you);
      const expected = value?.(me, you) ?? w;
      for (const v of [w, expected])
        if (!(v >= low && v <= high)) throw new Error(`${text}: ${v} is not between ${low} and ${high}`);
      expect(high - low).toBeLessThan(Infinity);
    }
}

describe('formulas on the CPU', () => {
  it('give what an independent evaluation gives, symmetric and within their bounds', () => {
    let accepted = 0;
    for (let seed = 1; seed <= COUNT; seed++) {
      const { text, value } = randomFormula(seed);
      try {
        compileFormula(text);
      } catch (error) {
        if (!(error instanceof FormulaError)) throw error;
        // Random formulas have the right types and units, and are symmetric.
        expect(error.reason).toMatch(/limit/);
        continue;
      }
      accepted++;
      check(text, value, seed);
    }
    expect(accepted).toBeGreaterThan(0.7 * COUNT);
  });

  it.each(formulaExamples)('computes the example $name', ({ text }) => {
    check(text, undefined, 4);
    check(text, undefined, 5);
  });
});
