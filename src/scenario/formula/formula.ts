import { Builder } from './build.ts';
import { intervals, Unbounded } from './bounds.ts';
import type { ValueRange } from './bounds.ts';
import { Graph, MAX_NODES, TooLarge } from './graph.ts';
import { operands } from './nodes.ts';
import type { Node, NodeId } from './nodes.ts';
import { FormulaError, parseSyntax } from './syntax.ts';
import type { TextRange } from './syntax.ts';
import { taskScorers } from './task-scorers.ts';
import { personTerms, taskTerms, termOf } from './terms.ts';
import { numberType, sameUnit, unitText } from './units.ts';

/** Operations of a formula at most. */
const MAX_OPERATIONS = 300;
/** Weights lie below it: prices in whole units keep their resolution. */
const MAX_WEIGHT = 1e12;

/** A formula that was checked: symmetric, in seconds, and finite for all values of its terms. */
export interface Formula {
  readonly text: string;
  readonly nodes: readonly Node[];
  /** The nodes that the weight needs, operands first; the last one is the weight. */
  readonly order: readonly NodeId[];
  /** Terms of a person that it reads, in their documented order. */
  readonly personTerms: readonly string[];
  /** Predictions of tasks that it reads, in their documented order. */
  readonly tasks: readonly string[];
  /** Between which numbers every weight lies, on every backend. */
  readonly bound: ValueRange;
}

/** Checked formulas, so that every tick and thread checks a text once. */
const known = new Map<string, Formula>();
const KEPT = 64;

/** Checks a formula. @throws FormulaError with the place of the first error. */
export function checkFormula(text: string): Formula {
  let formula = known.get(text);
  if (formula === undefined) {
    formula = check(text);
    if (known.size >= KEPT) known.delete(known.keys().next().value!);
    known.set(text, formula);
  }
  return formula;
}

/** What is wrong with a formula; undefined where it is right. */
export function formulaError(text: string): FormulaError | undefined {
  try {
    checkFormula(text);
    return undefined;
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
}

/** Why a formula cannot stand beside this scorer; undefined where it can. */
export function taskProblem(text: string, scorer: string): string | undefined {
  const [task] = checkFormula(text).tasks;
  if (task === undefined || (taskScorers as readonly string[]).includes(scorer)) return undefined;
  const [last, ...others] = [...taskScorers].reverse();
  return `the formula reads me.${task}, which the scorer ${scorer} does not predict; ${others.reverse().join(', ')} and ${last} do: choose one of them as the scorer`;
}

function check(text: string): Formula {
  const syntax = parseSyntax(text);
  const all: TextRange = { from: 0, to: text.length };
  const refuse = (reason: string, place = all): never => {
    throw new FormulaError(reason, place, text);
  };
  const graph = new Graph();
  const places = new Map<NodeId, TextRange>();
  const built = (() => {
    try {
      const builder = new Builder(graph, text, (id, place) => places.set(id, places.get(id) ?? place));
      const { id, type } = builder.build(syntax);
      return { id, type, image: graph.mirror(id) };
    } catch (error) {
      if (error instanceof TooLarge)
        return refuse(`it becomes larger than ${MAX_NODES} operations; make it shorter`);
      throw error;
    }
  })();
  const { id, type, image } = built;
  if (type.kind !== 'number')
    return refuse('it gives yes or no, or a group; a weight is a number: write if(condition, 1, 0)');
  if (!type.free && !sameUnit(type.unit, numberType({ s: 1 }).unit))
    refuse(`it gives ${unitText(type.unit)}; a weight is in seconds. Multiply it by a number and "second"`);
  if (image !== id)
    refuse('it is not symmetric: "me" and "you" exchanged give another formula. Put it into both( )');
  const order = needed(graph.nodes, id);
  if (order.length > MAX_OPERATIONS)
    refuse(`it has ${order.length} operations; the limit is ${MAX_OPERATIONS}`);
  const bound = boundOf(graph.nodes, order, (at, reason) => refuse(reason, places.get(at) ?? all));
  if (Math.max(-bound.low, bound.high) > MAX_WEIGHT)
    refuse(
      `weights may reach ${Math.max(-bound.low, bound.high).toPrecision(3)}; the limit is 1e12. Limit it by clamp`,
    );
  const used = new Set(order.flatMap((at) => (graph.nodes[at].op === 'term' ? [graph.nodes[at].name] : [])));
  return {
    text,
    nodes: graph.nodes,
    order,
    personTerms: personTerms.filter((name) => used.has(name)),
    tasks: taskTerms.filter((name) => used.has(name)),
    bound,
  };
}

function boundOf(
  nodes: readonly Node[],
  order: readonly NodeId[],
  fail: (id: NodeId, reason: string) => never,
): ValueRange {
  try {
    const ranges = intervals(nodes, order, ({ name }) => {
      const [low, high] = termOf.get(name)!.range;
      return { low, high };
    });
    return ranges.get(order.at(-1)!)!;
  } catch (error) {
    if (error instanceof Unbounded) return fail(error.id, error.reason);
    throw error;
  }
}

/** The nodes below one, operands first. */
function needed(nodes: readonly Node[], root: NodeId): NodeId[] {
  const order: NodeId[] = [];
  const seen = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    operands(nodes[id]).forEach(visit);
    order.push(id);
  };
  visit(root);
  return order;
}
