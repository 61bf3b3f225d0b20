import { minimalAdjustmentSets, mustHaveNode, openBackDoor } from './back-door.ts';
import { ancestors, descendants, openPath, withoutArrows, type Diagram } from './diagram.ts';

/**
 * What a variable is to the effect of a treatment on an outcome.
 * - confounder: causes both, the outcome also past the treatment.
 * - mediator: the treatment changes it, and it changes the outcome.
 * - collider: treatment and outcome, or causes of them, both cause it.
 * - consequence: an effect of the treatment, or of a mediator, that does not lead to the outcome.
 * - instrument: causes the treatment, and the outcome only through it.
 * - cause: causes the outcome, not the treatment.
 * - unaffected: none of these.
 */
export type CausalRole =
  | 'treatment'
  | 'outcome'
  | 'confounder'
  | 'mediator'
  | 'collider'
  | 'consequence'
  | 'instrument'
  | 'cause'
  | 'unaffected';

/** A diagram as a page draws it. */
export interface RoleDiagram {
  readonly nodes: readonly {
    readonly name: string;
    readonly role: CausalRole;
    readonly hidden: boolean;
    /** Why it may or may not be adjusted for, as a sentence. */
    readonly reason: string;
    /** Longest way from a node without causes: a column for drawing, from 0. */
    readonly depth: number;
  }[];
  readonly arrows: readonly { readonly from: string; readonly to: string; readonly causal: boolean }[];
  /** The smallest sets that close every back door; none where a hidden cause keeps one open. */
  readonly adjustmentSets: readonly (readonly string[])[];
  /** A back-door path that is open where nothing is adjusted for, or null. */
  readonly openPath: string | null;
}

/** The role of every node for the effect of `treatment` on `outcome`. Throws LabError. */
export function diagramWithRoles(diagram: Diagram, treatment: string, outcome: string): RoleDiagram {
  for (const node of [treatment, outcome]) mustHaveNode(diagram, node);
  const depth = depths(diagram);
  const roles = new Map(diagram.nodes.map((node) => [node, roleOf(diagram, treatment, outcome, node)]));
  const onTheWay = (node: string) => ['treatment', 'mediator', 'outcome'].includes(roles.get(node)!);
  return {
    nodes: diagram.nodes.map((name) => ({
      name,
      role: roles.get(name)!,
      hidden: diagram.hidden.has(name),
      reason: roleReason(diagram, treatment, outcome, name),
      depth: depth.get(name)!,
    })),
    arrows: diagram.arrows.map(([from, to]) => ({
      ...{ from, to },
      causal: onTheWay(from) && onTheWay(to) && from !== outcome && to !== treatment,
    })),
    adjustmentSets: minimalAdjustmentSets(diagram, treatment, outcome),
    openPath: openBackDoor(diagram, treatment, outcome, []),
  };
}

export function roleOf(diagram: Diagram, treatment: string, outcome: string, node: string): CausalRole {
  if (node === treatment) return 'treatment';
  if (node === outcome) return 'outcome';
  const ofTreatment = descendants(diagram, treatment);
  const ofOutcome = descendants(diagram, outcome);
  if (ofTreatment.has(node)) {
    if (descendants(diagram, node).has(outcome)) return 'mediator';
    return ofOutcome.has(node) ? 'collider' : 'consequence';
  }
  if (ofOutcome.has(node)) return 'collider';
  const pastTreatment = withoutArrows(diagram, ([cause]) => cause === treatment);
  const causesTreatment = descendants(diagram, node).has(treatment);
  const causesOutcome = descendants(pastTreatment, node).has(outcome);
  if (causesTreatment && causesOutcome) return 'confounder';
  if (opensPath(pastTreatment, treatment, outcome, node)) return 'collider';
  if (causesTreatment) return 'instrument';
  return causesOutcome ? 'cause' : 'unaffected';
}

/** Whether adjusting for the node alone opens a path that is closed without it. */
const opensPath = (diagram: Diagram, treatment: string, outcome: string, node: string): boolean =>
  openPath(diagram, treatment, outcome, new Set()) === null &&
  openPath(diagram, treatment, outcome, new Set([node])) !== null;

/** The role as a sentence that says what follows from it. */
function roleReason(diagram: Diagram, treatment: string, outcome: string, node: string): string {
  const role = roleOf(diagram, treatment, outcome, node);
  switch (role) {
    case 'treatment':
    case 'outcome':
      return `${node} is the ${role}.`;
    case 'confounder':
      return `${node} causes ${treatment} and, past it, ${outcome}: adjusting for it takes away bias.`;
    case 'mediator':
      return `${treatment} changes ${node}, which changes ${outcome}: adjusting for it takes away part of the effect.`;
    case 'collider':
      return ancestors(diagram, node).has(treatment) && ancestors(diagram, node).has(outcome)
        ? `${treatment} and ${outcome} both cause ${node}: adjusting for it connects them by selection.`
        : `${node} is caused by ${outcome}, or by causes of both ${treatment} and ${outcome}: adjusting for it connects them by selection.`;
    case 'consequence':
      return `${treatment} changes ${node}, which does not change ${outcome}: adjusting for it may take away part of the effect or add bias.`;
    case 'instrument':
      return `${node} causes ${treatment}, and ${outcome} only through it: adjusting for it adds noise and takes away no bias.`;
    case 'cause':
      return `${node} causes ${outcome} and not ${treatment}: adjusting for it is allowed and takes away noise.`;
    case 'unaffected':
      return `${node} causes neither ${treatment} nor ${outcome}: adjusting for it changes nothing.`;
  }
}

function depths(diagram: Diagram): Map<string, number> {
  const depth = new Map(diagram.nodes.map((node) => [node, 0]));
  // Longest paths of a graph without circles: relax as often as there are nodes.
  for (const _ of diagram.nodes)
    for (const [cause, effect] of diagram.arrows)
      depth.set(effect, Math.max(depth.get(effect)!, depth.get(cause)! + 1));
  return depth;
}
