import type { Formula } from '../../scenario/formula/formula.ts';
import { operands } from '../../scenario/formula/nodes.ts';
import type { Node } from '../../scenario/formula/nodes.ts';
import { MAX_LOG, MAX_POINTS, termOf } from '../../scenario/formula/terms.ts';
import type { TaskHead, WeightRule } from '../types.ts';

/**
 * A step of a formula, in f32. Operands are numbers of earlier steps. `raw` is what the scorer says
 * of this side, as the built-in combinations get it; `person` is row `term` of `Pool.terms`.
 * Conditions are 1 or 0, or a mask.
 */
export type FormulaStep =
  | Exclude<Node, { op: 'term' }>
  | { readonly op: 'raw'; readonly side: 0 | 1 }
  | { readonly op: 'person'; readonly term: number; readonly side: 0 | 1 }
  /** What this side's user vector and the other's peer vector give, both from `Pool.terms`. */
  | ({ readonly op: 'product'; readonly side: 0 | 1 } & Pick<TaskHead, 'user' | 'peer' | 'length'>);

const f = Math.fround;

/**
 * A formula as steps, the last of which is the weight. Predictions depend on the scorer's kind.
 *
 * @param tasks heads of all tasks that the formula reads.
 */
export function stepsOf(
  formula: Formula,
  transform: WeightRule['transform'],
  tasks: readonly TaskHead[] = [],
): readonly FormulaStep[] {
  const steps: FormulaStep[] = [];
  const keys = new Map<string, number>();
  const add = (step: FormulaStep): number => {
    const key = JSON.stringify(step);
    let at = keys.get(key);
    if (at === undefined) keys.set(key, (at = steps.push(step) - 1));
    return at;
  };
  const constant = (value: number) => add({ op: 'const', value: f(value) });
  const limited = (a: number, low: number, high: number): number =>
    add({ op: 'min', a: add({ op: 'max', a, b: constant(low) }), b: constant(high) });
  const predicted = (name: string, side: 0 | 1): number => {
    const raw = add({ op: 'raw', side });
    if (transform === 'exp') {
      const log = limited(raw, -MAX_LOG, MAX_LOG);
      return name === 'log' ? log : add({ op: 'exp', a: log });
    }
    if (name === 'points') return limited(raw, -MAX_POINTS, MAX_POINTS);
    const score = limited(raw, Math.exp(-MAX_LOG), Math.exp(MAX_LOG));
    return name === 'log' ? add({ op: 'log', a: score }) : score;
  };
  /** The chance of a task: the logistic function of its score. */
  const chance = ({ user, peer, length, scale, bias }: TaskHead, side: 0 | 1): number => {
    const dot = add({ op: 'product', user, peer, length, side });
    const score = add({ op: 'add', a: add({ op: 'mul', a: dot, b: constant(scale) }), b: constant(bias) });
    const less = add({ op: 'exp', a: add({ op: 'neg', a: limited(score, -MAX_LOG, MAX_LOG) }) });
    const ratio = add({ op: 'div', a: constant(1), b: add({ op: 'add', a: less, b: constant(1) }) });
    // A device may round the quotient up.
    return add({ op: 'min', a: ratio, b: constant(1) });
  };
  const places = new Map<number, number>();
  const at = (id: number) => places.get(id)!;
  for (const id of formula.order) {
    const node = formula.nodes[id];
    if (node.op === 'const') places.set(id, constant(node.value));
    else if (node.op === 'term') {
      const term = formula.personTerms.indexOf(node.name);
      const { side, name } = node;
      const head = tasks.find((task) => task.name === name);
      const value =
        head !== undefined
          ? chance(head, side)
          : term < 0
            ? predicted(name, side)
            : add({ op: 'person', term, side });
      const isFlag = termOf.get(name)!.kind === 'flag';
      places.set(id, isFlag ? add({ op: 'equal', a: value, b: constant(1) }) : value);
    } else {
      const [a, b, c] = operands(node).map(at);
      places.set(id, add({ ...node, a, ...(b !== undefined && { b }), ...(c !== undefined && { c }) }));
    }
  }
  // The weight comes last, also where it equals an earlier step.
  const last = at(formula.order.at(-1)!);
  return steps.slice(0, last + 1);
}

/** Rows of `Pool.terms` that a formula reads. */
export function termRows(
  { personTerms }: { readonly personTerms: { readonly length: number } },
  tasks: readonly TaskHead[],
): number {
  return tasks.reduce((rows, { peer, length }) => Math.max(rows, peer + length), personTerms.length);
}
