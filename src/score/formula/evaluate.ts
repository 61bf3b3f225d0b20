import type { FormulaStep } from './program.ts';

const f = Math.fround;

/**
 * Weight of one pair, every operation rounded to f32: the reference of the kernels that
 * {@link formulaModule} and `formulaShader` make.
 *
 * @param raw what the scorer says of both sides.
 * @param terms f32[terms][n]; i and j are the positions of both people.
 */
export function evaluate(
  steps: readonly FormulaStep[],
  raw: readonly [number, number],
  terms: Float32Array,
  n: number,
  i: number,
  j: number,
): number {
  const value = new Float64Array(steps.length);
  for (let k = 0; k < steps.length; k++) value[k] = result(steps[k], value, raw, terms, n, i, j);
  return value[steps.length - 1];
}

function result(
  step: FormulaStep,
  value: Float64Array,
  raw: readonly [number, number],
  terms: Float32Array,
  n: number,
  i: number,
  j: number,
): number {
  switch (step.op) {
    case 'const':
      return step.value;
    case 'raw':
      return raw[step.side];
    case 'person':
      return terms[step.term * n + (step.side === 0 ? i : j)];
    case 'product': {
      const [own, other] = step.side === 0 ? [i, j] : [j, i];
      let sum = 0;
      for (let k = 0; k < step.length; k++)
        sum += terms[(step.user + k) * n + own] * terms[(step.peer + k) * n + other];
      return sum;
    }
    case 'neg':
      return -value[step.a];
    case 'abs':
      return Math.abs(value[step.a]);
    case 'exp':
      return f(Math.exp(value[step.a]));
    case 'log':
      return f(Math.log(value[step.a]));
    case 'sqrt':
      return f(Math.sqrt(value[step.a]));
    case 'add':
      return f(value[step.a] + value[step.b]);
    case 'mul':
      return f(value[step.a] * value[step.b]);
    case 'div':
      return f(value[step.a] / value[step.b]);
    case 'min':
      return Math.min(value[step.a], value[step.b]);
    case 'max':
      return Math.max(value[step.a], value[step.b]);
    case 'not':
      return 1 - value[step.a];
    case 'less':
      return value[step.a] < value[step.b] ? 1 : 0;
    case 'atMost':
      return value[step.a] <= value[step.b] ? 1 : 0;
    case 'equal':
      return value[step.a] === value[step.b] ? 1 : 0;
    case 'and':
      return Math.min(value[step.a], value[step.b]);
    case 'or':
      return Math.max(value[step.a], value[step.b]);
    case 'select':
      return value[step.a] === 1 ? value[step.b] : value[step.c];
  }
}
