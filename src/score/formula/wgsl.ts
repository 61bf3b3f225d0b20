import type { FormulaStep } from './program.ts';

/**
 * The text of `score/formula.wgsl` for a formula. Terms of people are behind the ids in `recent`,
 * four to a vec4. Of both people the one at the smaller position is always `me`, because a device
 * may fuse operations so that exchanged operands give other bits.
 */
export function formulaText(steps: readonly FormulaStep[]): string {
  const planes = [...new Set(steps.flatMap((step) => (step.op === 'person' ? [step.term >> 2] : [])))];
  const products = new Map(
    steps.flatMap((step) => (step.op === 'product' ? [[productName(step), step] as const] : [])),
  );
  const lines = [
    'const FORMULA: bool = true;',
    '',
    'fn terms_of(plane: u32, i: u32) -> vec4f {',
    '  return bitcast<vec4f>(recent[(2u + plane) * rule.n + i]);',
    '}',
    '',
    'fn formula(a: vec4f, b: vec4f, i: u32, j: vec4u) -> vec4f {',
    '  let swap = vec4u(i) > j;',
    '  let raw_me = select(a, b, swap);',
    '  let raw_you = select(b, a, swap);',
    ...planes.flatMap((p) => [
      `  let row${p} = terms_of(${p}u, i);`,
      `  let columns${p} = transpose(${matrix(p)});`,
    ]),
    ...[...products].flatMap(([name, { user, peer, length }]) => {
      const planes = Array.from({ length: length / 4 }, (_, k) => k);
      const dots = (own: number, other: number) =>
        planes.map((k) => `terms_of(${own / 4 + k}u, i) * ${matrix(other / 4 + k)}`).join(' + ');
      return [`  let ${name}_forth = ${dots(user, peer)};`, `  let ${name}_back = ${dots(peer, user)};`];
    }),
    ...steps.map((step, k) => `  let v${k} = ${expression(step)};`),
    `  return v${steps.length - 1};`,
    '}',
  ];
  return lines.join('\n');
}

/** Four terms of four people, a column each. */
const matrix = (plane: number): string =>
  `mat4x4f(${[...'xyzw'].map((lane) => `terms_of(${plane}u, j.${lane})`).join(', ')})`;

const productName = ({ user, peer }: { user: number; peer: number }): string => `product${user}_${peer}`;

const sides = ['me', 'you'] as const;

function expression(step: FormulaStep): string {
  switch (step.op) {
    case 'const':
      return `vec4f(${literal(step.value)})`;
    case 'raw':
      return `raw_${sides[step.side]}`;
    case 'person': {
      const plane = step.term >> 2;
      const row = `vec4f(row${plane}.${'xyzw'[step.term & 3]})`;
      const columns = `columns${plane}[${step.term & 3}]`;
      return step.side === 0 ? `select(${row}, ${columns}, swap)` : `select(${columns}, ${row}, swap)`;
    }
    case 'product': {
      const name = productName(step);
      return step.side === 0
        ? `select(${name}_forth, ${name}_back, swap)`
        : `select(${name}_back, ${name}_forth, swap)`;
    }
    case 'neg':
      return `-v${step.a}`;
    case 'abs':
    case 'exp':
    case 'log':
    case 'sqrt':
      return `${step.op}(v${step.a})`;
    case 'not':
      return `!v${step.a}`;
    case 'min':
    case 'max':
      return `${step.op}(v${step.a}, v${step.b})`;
    case 'select':
      return `select(v${step.c}, v${step.b}, v${step.a})`;
    default:
      return `v${step.a} ${operators[step.op]} v${step.b}`;
  }
}

/** Conditions are vec4<bool>, for which & and | are defined. */
const operators = {
  ...{ add: '+', mul: '*', div: '/', less: '<', atMost: '<=', equal: '==', and: '&', or: '|' },
} as const;

function literal(value: number): string {
  const text = value.toExponential();
  return `${text}f`;
}
