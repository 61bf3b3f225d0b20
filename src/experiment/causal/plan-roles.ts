import { must } from '../../base/errors.ts';
import type { ColumnRole } from './adjust.ts';
import { isFrontDoor, mustHaveNode, openBackDoor } from './back-door.ts';
import { descendants, type Diagram } from './diagram.ts';
import { diagramWithRoles, type CausalRole } from './roles.ts';

/** What an analysis does with which columns, and why. */
export interface RolePlan {
  /** Null where the effect is not identified: only the crude difference is shown. */
  readonly role: ColumnRole | null;
  readonly columns: readonly string[];
  readonly note: string;
  readonly refused: readonly {
    readonly column: string;
    readonly role: CausalRole;
    readonly reason: string;
  }[];
  readonly roles?: RolePlan['refused'];
  readonly sets: readonly (readonly string[])[];
}

/**
 * Decides by a diagram what is adjusted for. Without named columns it takes the smallest set of
 * columns that closes every back door, or else a front door. A named confounder that the treatment
 * changes, or that opens a path, is refused. Variables without a column are hidden.
 */
export function planByDiagram(
  given: Diagram,
  columns: readonly string[],
  treatment: string,
  outcome: string,
  named: Readonly<Record<ColumnRole, readonly string[]>>,
): RolePlan {
  const diagram: Diagram = {
    ...given,
    hidden: new Set([...given.hidden, ...given.nodes.filter((node) => !columns.includes(node))]),
  };
  for (const node of [treatment, outcome, ...Object.values(named).flat()]) mustHaveNode(diagram, node);
  const { nodes, adjustmentSets: sets } = diagramWithRoles(diagram, treatment, outcome);
  const described = nodes.map(({ name: column, role, reason }) => ({ column, role, reason }));
  const describe = (column: string) => described.find((node) => node.column === column)!;
  const context = { roles: described.filter(({ column }) => columns.includes(column)), sets, refused: [] };
  const asked = (Object.keys(named) as ColumnRole[]).filter((role) => named[role].length > 0);
  must(asked.length <= 1, `columns are named as ${asked.join(' and ')}; name one role at a time`);
  if (!descendants(diagram, treatment).has(outcome) && asked.length === 0)
    return noArrow(diagram, treatment, outcome, sets, context);
  const [role] = asked;
  switch (role) {
    case undefined:
      return fromDiagram(diagram, treatment, outcome, columns, sets, context);
    case 'confounder':
      return confounders(diagram, treatment, outcome, named.confounder, sets, { ...context, describe });
    case 'mediator':
    case 'collider':
      for (const { column, role: found, reason } of named[role].map(describe))
        must(found === role, `the diagram does not make ${column} a ${role}: ${reason}`);
      return role === 'collider'
        ? colliders(diagram, treatment, outcome, named.collider, { ...context, describe })
        : mediators(diagram, treatment, outcome, named.mediator, context);
    case 'front-door': {
      const [through] = named['front-door'];
      must(
        named['front-door'].length === 1 && isFrontDoor(diagram, treatment, outcome, through),
        `${through} is no front door in the diagram: it has to carry the whole effect, and no back door may lead to it but through ${treatment}`,
      );
      return { ...context, role, columns: [through], note: frontDoorNote(treatment, outcome, through) };
    }
  }
}

type Context = Pick<RolePlan, 'roles' | 'sets' | 'refused'>;

const braces = (set: readonly string[]) => `{${set.join(', ')}}`;

const frontDoorNote = (treatment: string, outcome: string, through: string) =>
  `A hidden common cause leaves ${treatment} and ${outcome} connected; ${through} carries the whole effect, so the front-door formula finds it.`;

function noArrow(
  diagram: Diagram,
  treatment: string,
  outcome: string,
  sets: RolePlan['sets'],
  context: Context,
): RolePlan {
  const path = openBackDoor(diagram, treatment, outcome, []);
  const set = sets.at(0);
  const truth = `No arrow leads from ${treatment} to ${outcome}: the true effect is 0.`;
  if (set === undefined)
    return { ...context, role: null, columns: [], note: `${truth} They are connected by ${path}.` };
  return {
    ...context,
    ...{ role: 'confounder', columns: set },
    note: `${truth} Adjusted for ${braces(set)}, the estimate has to be 0 but for chance (and for what classes of numbers leave).`,
  };
}

function fromDiagram(
  diagram: Diagram,
  treatment: string,
  outcome: string,
  columns: readonly string[],
  sets: RolePlan['sets'],
  context: Context,
): RolePlan {
  const set = sets.at(0);
  if (set !== undefined)
    return {
      ...context,
      ...{ role: 'confounder', columns: set },
      note: `The diagram says: adjust for ${braces(set)}, which closes every back door.`,
    };
  const through = diagram.nodes.find(
    (node) => columns.includes(node) && isFrontDoor(diagram, treatment, outcome, node),
  );
  if (through !== undefined)
    return {
      ...context,
      ...{ role: 'front-door', columns: [through] },
      note: frontDoorNote(treatment, outcome, through),
    };
  const path = openBackDoor(diagram, treatment, outcome, []);
  return {
    ...context,
    ...{ role: null, columns: [] },
    note: `No columns of the file close every back door, so no effect is claimed: ${path} stays open. The crude difference has bias.`,
  };
}

type Described = Context & { readonly describe: (column: string) => RolePlan['refused'][number] };

function colliders(
  diagram: Diagram,
  treatment: string,
  outcome: string,
  named: readonly string[],
  { describe, ...context }: Described,
): RolePlan {
  const refused = named.map(describe);
  const reasons = refused.map(({ reason }) => reason).join(' ');
  const path = openBackDoor(diagram, treatment, outcome, []);
  if (path === null)
    return {
      ...context,
      ...{ role: 'collider', columns: named, refused },
      note: `${reasons} The crude difference is the effect.`,
    };
  return {
    ...context,
    ...{ role: null, columns: named, refused },
    note: `${reasons} The crude difference has bias too: ${path} is open.`,
  };
}

function confounders(
  diagram: Diagram,
  treatment: string,
  outcome: string,
  named: readonly string[],
  sets: RolePlan['sets'],
  { describe, ...context }: Described,
): RolePlan {
  const caused = descendants(diagram, treatment);
  const other = sets.length === 0 ? '' : ` The diagram allows ${sets.map(braces).join(' or ')}.`;
  const refused = named.map(describe).filter(({ column, role }) => caused.has(column) || role === 'collider');
  if (refused.length > 0)
    return {
      ...context,
      ...{ role: null, columns: named, refused },
      note: `Refused: ${refused.map(({ reason }) => reason).join(' ')} What adjusting would have said is no effect.${other}`,
    };
  const path = openBackDoor(diagram, treatment, outcome, named);
  if (path === null)
    return {
      ...context,
      ...{ role: 'confounder', columns: named },
      note: `${braces(named)} closes every back door of the diagram.`,
    };
  return {
    ...context,
    ...{ role: null, columns: named },
    refused: named.map(describe),
    note: `Refused: ${braces(named)} leaves the path ${path} open, so what adjusting would have said has bias.${other}`,
  };
}

function mediators(
  diagram: Diagram,
  treatment: string,
  outcome: string,
  named: readonly string[],
  context: Context,
): RolePlan {
  const path =
    openBackDoor(diagram, treatment, outcome, []) ??
    named
      .map(
        (mediator) =>
          openBackDoor(diagram, treatment, mediator, []) ??
          openBackDoor(diagram, mediator, outcome, [
            treatment,
            ...named.filter((other) => other !== mediator),
          ]),
      )
      .find((found) => found !== null);
  if (path === undefined || path === null)
    return {
      ...context,
      ...{ role: 'mediator', columns: named },
      note: 'The diagram has no common cause of treatment, mediator and outcome, so the parts of the effect are what they say.',
    };
  return {
    ...context,
    ...{ role: null, columns: named },
    note: `The direct and the indirect effect are not claimed: ${path} connects treatment, mediator and outcome otherwise.`,
  };
}
