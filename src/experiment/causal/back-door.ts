import * as v from 'valibot';
import { must, shown } from '../../base/errors.ts';
import { kind, list } from '../compute/kind.ts';
import { createDiagram, descendants, openPath, withoutArrows, type Diagram } from './diagram.ts';

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
