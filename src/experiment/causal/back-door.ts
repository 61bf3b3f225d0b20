import * as v from 'valibot';
import { must, shown } from '../../base/errors.ts';
import { kind, list } from '../compute/kind.ts';
import { ancestors, createDiagram, descendants, openPath, withoutArrows, type Diagram } from './diagram.ts';

/** Maximum number of columns of which every subset is tried. */
const MAX_CANDIDATES = 16;

/** A back-door path from the treatment to the outcome that `set` leaves open, or null. */
export const openBackDoor = (
  diagram: Diagram,
  treatment: string,
  outcome: string,
  set: readonly string[],
): string | null =>
  openPath(
    withoutArrows(diagram, ([cause]) => cause === treatment),
    treatment,
    outcome,
    new Set(set),
  );

/** What may be adjusted for: observed, and not caused by the treatment. */
function candidates(diagram: Diagram, treatment: string, outcome: string): string[] {
  const caused = descendants(diagram, treatment);
  return diagram.nodes.filter(
    (node) => node !== treatment && node !== outcome && !caused.has(node) && !diagram.hidden.has(node),
  );
}

/** All subsets, smaller ones first, then in the order of the items. */
function subsets(items: readonly string[]): string[][] {
  const all = Array.from({ length: 2 ** items.length }, (_, code) =>
    items.filter((_item, k) => Math.floor(code / 2 ** k) % 2 === 1),
  );
  const rank = (set: readonly string[]) => set.map((item) => items.indexOf(item));
  const before = (a: number[], b: number[]) => a.find((x, k) => x !== b[k])! - b.find((x, k) => x !== a[k])!;
  return all.sort((a, b) => a.length - b.length || (a.length === 0 ? 0 : before(rank(a), rank(b))));
}

/** Every set that satisfies the back-door criterion (Pearl, Causality, 3.3.1), small ones first. */
export function adjustmentSets(
  diagram: Diagram,
  treatment: string,
  outcome: string,
  among = candidates(diagram, treatment, outcome),
): { valid: string[][]; minimal: string[][] } {
  must(
    among.length <= MAX_CANDIDATES,
    `there are ${among.length} columns to choose from; every subset is tried for at most ${MAX_CANDIDATES}`,
  );
  const valid = subsets(among.toSorted()).filter(
    (set) => openBackDoor(diagram, treatment, outcome, set) === null,
  );
  const isSmallest = (set: readonly string[]) =>
    !valid.some((other) => other.length < set.length && other.every((node) => set.includes(node)));
  return { valid, minimal: valid.filter(isSmallest) };
}

/**
 * The smallest sets that close every back door. Such a set lies among the causes of treatment and
 * outcome, so that only their subsets are tried (van der Zander, Liskiewicz and Textor, 2014).
 */
export function minimalAdjustmentSets(diagram: Diagram, treatment: string, outcome: string): string[][] {
  const causes = new Set([...ancestors(diagram, treatment), ...ancestors(diagram, outcome)]);
  const among = candidates(diagram, treatment, outcome).filter((node) => causes.has(node));
  if (openBackDoor(diagram, treatment, outcome, among) !== null) return [];
  if (among.length <= MAX_CANDIDATES) return adjustmentSets(diagram, treatment, outcome, among).minimal;
  // Too many for every subset: take out what is not needed, one after the other.
  let set = among;
  for (const node of among) {
    const less = set.filter((other) => other !== node);
    if (openBackDoor(diagram, treatment, outcome, less) === null) set = less;
  }
  return [set];
}

/**
 * Whether the effect of the treatment on the outcome is that of the front-door formula: every
 * directed path goes through `mediator`, no back door leads from the treatment to it, and the
 * treatment closes every back door from it to the outcome (Pearl, Causality, 3.3.2).
 */
export function isFrontDoor(diagram: Diagram, treatment: string, outcome: string, mediator: string): boolean {
  const bypass = withoutArrows(diagram, (arrow) => arrow.includes(mediator));
  return (
    descendants(diagram, treatment).has(mediator) &&
    descendants(diagram, mediator).has(outcome) &&
    !descendants(bypass, treatment).has(outcome) &&
    openBackDoor(diagram, treatment, mediator, []) === null &&
    openBackDoor(diagram, mediator, outcome, [treatment]) === null
  );
}

export function mustHaveNode({ nodes }: Diagram, node: string): void {
  must(nodes.includes(node), `the diagram has no ${shown(node)}; it has ${nodes.join(', ')}`);
}

export const adjustment = kind(
  'which columns close every back door of a causal diagram',
  v.object({
    edges: list(v.tuple([v.string(), v.string()])),
    treatment: v.string(),
    outcome: v.string(),
    hidden: v.optional(v.array(v.string()), []),
  }),
  ({ edges, treatment, outcome, hidden }) => {
    const diagram = createDiagram(edges, hidden);
    for (const node of [treatment, outcome]) mustHaveNode(diagram, node);
    const { valid, minimal } = adjustmentSets(diagram, treatment, outcome);
    return { minimalSets: minimal, validSets: valid, identifiableByBackDoor: valid.length > 0 };
  },
);
