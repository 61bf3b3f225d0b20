import { Stream, uniform } from '../../../base/hash.ts';

/** What the terms of one side are worth, by name. Flags are 0 or 1, groups numbers of members. */
export type TermValues = Readonly<Record<string, number>>;

/** A random formula with an evaluation of its own in f64, which knows nothing of the compiler. */
export interface RandomFormula {
  readonly text: string;
  readonly value: (me: TermValues, you: TermValues) => number;
}

type Evaluated<T> = { readonly text: string; readonly value: (me: TermValues, you: TermValues) => T };
type Unit = 's' | '1';

const terms = {
  s: ['score', 'points', 'wait', 'bonus', 'price'],
  1: ['chats', 'matches', 'report', 'friend', 'swipe'],
} as const;
const flags = ['newcomer', 'paying', 'reported'] as const;
const groups = {
  country: ['JP', 'KR', 'US'],
  language: ['ja', 'ko', 'en'],
  gender: ['women', 'men'],
} as const;

/** Formulas of the language, most of them with a bound. The same seed gives the same formula. */
export function randomFormula(seed: number): RandomFormula {
  let draws = 0;
  const draw = () => uniform(seed, Stream.world, ++draws, 77);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)];
  const whole = pick([0, 1, 2]);
  if (whole === 0) return both(amount('s', 4));
  // A symmetric operation on an expression and its mirror image, or on symmetric ones.
  const [one, other] = [amount('s', 3), amount('s', 2)];
  const operator = pick(['+', 'min', 'max'] as const);
  const image = mirrored(one);
  const pair = join(operator, one, image);
  return whole === 1 ? pair : join(pick(['+', '-'] as const), pair, both(other));

  function amount(unit: Unit, depth: number): Evaluated<number> {
    if (depth === 0) return leaf(unit);
    const less = depth - 1;
    switch (
      pick([
        'leaf',
        'sum',
        'sum',
        'scaled',
        'if',
        'extreme',
        'clamp',
        'abs',
        'root',
        'exp',
        'ratio',
        'both',
      ] as const)
    ) {
      case 'sum':
        return join(pick(['+', '-'] as const), amount(unit, less), amount(unit, less));
      case 'scaled': {
        const factor = constant();
        const x = amount(unit, less);
        return { text: `${factor} * (${x.text})`, value: (m, y) => factor * x.value(m, y) };
      }
      case 'if': {
        const [c, x, z] = [condition(less), amount(unit, less), amount(unit, less)];
        return {
          text: `if(${c.text}, ${x.text}, ${z.text})`,
          value: (m, y) => (c.value(m, y) ? x : z).value(m, y),
        };
      }
      case 'extreme':
        return join(pick(['min', 'max'] as const), amount(unit, less), amount(unit, less));
      case 'clamp': {
        const x = amount(unit, less);
        return {
          text: `clamp(${x.text}, -5, 400)`,
          value: (m, y) => Math.min(Math.max(x.value(m, y), -5), 400),
        };
      }
      case 'abs': {
        const x = amount(unit, less);
        return { text: `abs(${x.text})`, value: (m, y) => Math.abs(x.value(m, y)) };
      }
      case 'root': {
        const [x, z] = [amount(unit, less), amount(unit, less)];
        return {
          text: `sqrt(max(${x.text}, 0) * abs(${z.text}))`,
          value: (m, y) => Math.sqrt(Math.max(x.value(m, y), 0) * Math.abs(z.value(m, y))),
        };
      }
      case 'exp': {
        const x = amount('1', less);
        const text = `exp(clamp(${x.text}, -3, 3))${unit === 's' ? ' * second' : ''}`;
        return { text, value: (m, y) => Math.exp(Math.min(Math.max(x.value(m, y), -3), 3)) };
      }
      case 'ratio': {
        const [x, z] = [amount(unit, less), amount('1', less)];
        return {
          text: `(${x.text}) / max(1, ${z.text})`,
          value: (m, y) => x.value(m, y) / Math.max(1, z.value(m, y)),
        };
      }
      case 'both':
        return both(amount(unit, less));
      default:
        return leaf(unit);
    }
  }

  function leaf(unit: Unit): Evaluated<number> {
    if (draw() < 0.15) {
      const value = constant();
      return { text: unit === 's' ? `${value} * second` : String(value), value: () => value };
    }
    const side = pick(['me', 'you'] as const);
    if (unit === '1' && draw() < 0.4)
      return {
        text: `log(${side}.score / second)`,
        value: (m, y) => Math.log((side === 'me' ? m : y)['score']),
      };
    return term(side, pick<string>(terms[unit]));
  }

  function term(side: 'me' | 'you', name: string): Evaluated<number> {
    return { text: `${side}.${name}`, value: (m, y) => (side === 'me' ? m : y)[name] };
  }

  function condition(depth: number): Evaluated<boolean> {
    const side = pick(['me', 'you'] as const);
    const kind =
      depth === 0
        ? pick(['flag', 'same', 'member'] as const)
        : pick(['flag', 'same', 'member', 'less', 'and', 'or', 'not'] as const);
    switch (kind) {
      case 'flag': {
        const flag = term(side, pick(flags));
        return { text: flag.text, value: (m, y) => flag.value(m, y) === 1 };
      }
      case 'same': {
        const group = pick(Object.keys(groups));
        return { text: `me.${group} == you.${group}`, value: (m, y) => m[group] === y[group] };
      }
      case 'member': {
        const group = pick(Object.keys(groups) as (keyof typeof groups)[]);
        const at = Math.floor(draw() * groups[group].length);
        const own = term(side, group);
        return { text: `${own.text} != "${groups[group][at]}"`, value: (m, y) => own.value(m, y) !== at };
      }
      case 'less': {
        const [x, z] = [amount('s', depth - 1), amount('s', depth - 1)];
        // Far from equal, so that rounding decides nothing: see `close`.
        return { text: `(${x.text}) < (${z.text})`, value: (m, y) => x.value(m, y) < z.value(m, y) };
      }
      case 'not': {
        const c = condition(depth - 1);
        return { text: `!(${c.text})`, value: (m, y) => !c.value(m, y) };
      }
      default: {
        const [c, d] = [condition(depth - 1), condition(depth - 1)];
        const and = kind === 'and';
        return {
          text: `(${c.text}) ${and ? '&&' : '||'} (${d.text})`,
          value: (m, y) => (and ? c.value(m, y) && d.value(m, y) : c.value(m, y) || d.value(m, y)),
        };
      }
    }
  }

  function constant(): number {
    return pick([0.5, 2, 3, 0.1, 7, 1.25, 20]);
  }
}

function both(x: Evaluated<number>): Evaluated<number> {
  return { text: `both(${x.text})`, value: (me, you) => (x.value(me, you) + x.value(you, me)) / 2 };
}

function join(
  operator: '+' | '-' | 'min' | 'max',
  x: Evaluated<number>,
  z: Evaluated<number>,
): Evaluated<number> {
  if (operator === 'min' || operator === 'max')
    return {
      text: `${operator}(${x.text}, ${z.text})`,
      value: (m, y) => Math[operator](x.value(m, y), z.value(m, y)),
    };
  const sign = operator === '-' ? -1 : 1;
  return {
    text: `(${x.text}) ${operator} (${z.text})`,
    value: (m, y) => x.value(m, y) + sign * z.value(m, y),
  };
}

/** The same with "me" and "you" exchanged in the text. */
function mirrored({ text, value }: Evaluated<number>): Evaluated<number> {
  return {
    text: text.replaceAll(/\b(me|you)\./g, (side) => (side === 'me.' ? 'you.' : 'me.')),
    value: (me, you) => value(you, me),
  };
}
