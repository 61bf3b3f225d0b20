import { expect, test } from 'vitest';
import { deviceSource } from '../gpu/testing/device-weights.ts';
import { sharedBackend } from '../gpu/testing/open.ts';
import { compileFormula } from '../scenario/formula/language.ts';
import { formulaExamples } from '../scenario/formula/examples.ts';
import { terms } from '../scenario/formula/terms.ts';
import { FormulaError } from '../scenario/formula/syntax.ts';
import { allowed, formulaPool, sidesOf, tasksFor } from '../score/formula/testing/formula-pool.ts';
import { randomFormula } from '../score/formula/testing/random-formula.ts';
import { stepsOf } from '../score/formula/program.ts';
import { formulaText } from '../score/formula/wgsl.ts';
import { shuffle } from '../score/shuffle.ts';
import type { WeightRule } from '../score/types.ts';
import { sequentialGreedy } from './testing/sequential-greedy.ts';

/** Random formulas, and how many of them a shader computes: more on request. */
const COUNT = Number(process.env['GPU_FORMULAS'] ?? 4);
const PER_SHADER = Math.min(16, COUNT);
const N = 24;
const backend = sharedBackend();
const seconds: WeightRule = {
  ...{ transform: 'exp', scale: 1e-4, bias: 3, combination: 'sum', threshold: -Infinity },
};
const points: WeightRule = { ...seconds, transform: 'identity', scale: 1 };

/** Reads every term of people. */
const everything = terms
  .filter(({ predicted, task }) => predicted !== true || task === true)
  .map(({ name, kind, unit }) => {
    if (kind === 'flag') return `both(if(me.${name}, 1, 0))`;
    if (kind !== 'number') return `if(me.${name} == you.${name}, 1, 0)`;
    return `both(me.${name}${unit.s === 1 ? '' : unit.years === 1 ? ' / year * second' : ' * second'})`;
  })
  .join(' + ');

/** Formulas that are not refused, from this seed on. */
function accepted(count: number, from: number): { texts: string[]; next: number } {
  const texts: string[] = [];
  let seed = from;
  for (; texts.length < count; seed++) {
    const { text } = randomFormula(seed);
    try {
      compileFormula(text);
      texts.push(text);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
    }
  }
  return { texts, next: seed };
}

/** A shader that weighs the people at positions i and j by formula (i + j) modulo their number. */
function together(texts: readonly string[], transform: WeightRule['transform']): string {
  const { personTerms } = compileFormula(everything);
  const tasks = tasksFor(everything);
  const parts = texts.map((text, k) =>
    formulaText(stepsOf({ ...compileFormula(text), personTerms }, transform, tasks))
      .replace(/const FORMULA.*|fn terms_of[^}]*}/g, '')
      .replace('fn formula(', `fn formula${k}(`),
  );
  return [
    ...[formulaText([{ op: 'raw', side: 0 }]).split('fn formula(')[0], ...parts],
    'fn formula(a: vec4f, b: vec4f, i: u32, j: vec4u) -> vec4f {',
    `  switch ((i + j.x) % ${texts.length}u) {`,
    ...texts.map((_, k) => `    case ${k}u: { return formula${k}(a, b, i, j); }`),
    '    default: { return vec4f(); }\n  }\n}',
  ].join('\n');
}

test('random formulas on the device: between their derived bounds, and symmetric', async () => {
  const place = new Uint32Array(N);
  shuffle(N).forEach((i, k) => (place[i] = k));
  let next = 1000;
  for (let done = 0, round = 0; done < COUNT; done += PER_SHADER, round++) {
    const found = accepted(PER_SHADER, next);
    next = found.next;
    const rule = {
      ...(round % 2 === 0 ? seconds : points),
      formula: everything,
      tasks: tasksFor(everything),
    };
    const { people, poolOf } = formulaPool(N, round + 1);
    const pool = poolOf(everything);
    const text = together(found.texts, rule.transform);
    const source = await deviceSource(await backend(), pool, rule, { matcher: 'greedy', seed: 1 }, text);
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++) {
        if (i === j) continue;
        const formula = found.texts[(place[i] + place[j]) % PER_SHADER];
        const { bound } = compileFormula(formula);
        const w = source.weight(i, j);
        const { low, high } = allowed(formula, ...sidesOf(pool, rule, people, i, j));
        if (!(w >= low && w <= high)) throw new Error(`${formula}: ${w} is not between ${low} and ${high}`);
        if (w !== source.weight(j, i)) throw new Error(`${formula}: ${w} and ${source.weight(j, i)}`);
        expect(w >= bound.low && w <= bound.high).toBe(true);
      }
  }
});

test('greedy and auction pair by a formula, also that of hashes, and certify it', async () => {
  const { text } = formulaExamples[2];
  const rule = { ...seconds, transform: 'hash', formula: text } as const;
  const pool = formulaPool(60, 5).poolOf(text);
  const options = { matcher: 'auction', seed: 2 } as const;
  const result = await (await backend()).match(pool, rule, options);
  const source = await deviceSource(await backend(), pool, rule, options);
  const greedy = await (await backend()).match(pool, rule, { ...options, matcher: 'greedy' });
  expect(greedy.mate).toEqual(sequentialGreedy(source).mate);
  greedy.mate.forEach((m, i) => expect(greedy.weight[i]).toBe(m < 0 ? 0 : source.weight(i, m)));
  let worst = 0;
  for (let i = 0; i < 60; i++)
    for (let j = 0; j < 60; j++)
      if (i !== j) worst = Math.max(worst, source.weight(i, j) - result.price[i] - result.price[j]);
  expect(worst).toBeLessThanOrEqual(0);
  expect(result.gap).toBeLessThan(0.05);
  result.mate.forEach((m, i) => expect(m < 0 || result.mate[m] === i).toBe(true));
});
