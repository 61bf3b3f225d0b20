import type { Formula } from '../../scenario/formula/formula.ts';
import { operands } from '../../scenario/formula/nodes.ts';
import type { Node } from '../../scenario/formula/nodes.ts';
import { MAX_LOG, MAX_POINTS, termOf } from '../../scenario/formula/terms.ts';
import type { WeightRule } from '../types.ts';

/**
 * A step of a formula, in f32. Operands are numbers of earlier steps. `raw` is what the scorer says
 * of this side, as the built-in combinations get it; `person` is row `term` of `Pool.terms`.
 * Conditions are 1 or 0, or a mask.
 */
export type FormulaStep =
  | Exclude<Node, { op: 'term' }>
  | { readonly op: 'raw'; readonly side: 0 | 1 }
  | { readonly op: 'person'; readonly term: number; readonly side: 0 | 1 };

const f = Math.fround;

/** A formula as steps, the last of which is the weight. Predictions depend on the scorer's kind. */
export function stepsOf(formula: Formula, transform: WeightRule['transform']): readonly FormulaStep[] {
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
  const places = new Map<number, number>();
  const at = (id: number) => places.get(id)!;
  for (const id of formula.order) {
    const node = formula.nodes[id];
    if (node.op === 'const') places.set(id, constant(node.value));
    else if (node.op === 'term') {
      const term = formula.personTerms.indexOf(node.name);
      const { side, name } = node;
      const value = term < 0 ? predicted(name, side) : add({ op: 'person', term, side });
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
