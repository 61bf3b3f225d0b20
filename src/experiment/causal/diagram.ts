import { must, shown } from '../../base/errors.ts';

/** Cause and effect. */
export type Arrow = readonly [cause: string, effect: string];

/** A causal diagram: a directed acyclic graph of columns, some of which nobody observes. */
export interface Diagram {
  /** In the order in which they are first named. */
  readonly nodes: readonly string[];
  readonly arrows: readonly Arrow[];
  readonly hidden: ReadonlySet<string>;
}

/** Throws LabError where the arrows form a circle or a hidden node has no arrow. */
export function createDiagram(arrows: readonly Arrow[], hidden: Iterable<string> = []): Diagram {
  const nodes = [...new Set(arrows.flat())];
  const diagram = { nodes, arrows, hidden: new Set(hidden) };
  for (const node of diagram.hidden)
    must(nodes.includes(node), `the hidden variable ${shown(node)} has no arrow in the diagram`);
  for (const [cause, effect] of arrows)
    must(
      cause !== effect && !descendants(diagram, effect).has(cause),
      `the arrow ${cause} -> ${effect} closes a circle; a cause comes before its effect`,
    );
  return diagram;
}

/**
 * A diagram as a person writes it: arrows in either direction, separated by semicolons or line
 * ends, chains allowed. `hidden: a, b` names what no column holds; `#` begins a comment.
 */
export function parseDiagram(text: string, file = 'the diagram'): Diagram {
  const arrows: Arrow[] = [];
  const hidden: string[] = [];
  text.split('\n').forEach((line, row) => {
    for (const part of line.replace(/#.*/, '').split(';')) {
      const statement = part.trim();
      if (statement === '') continue;
      const where = `${file}:${row + 1}:${line.indexOf(statement) + 1}`;
      const secret = /^hidden\s*:(.*)$/i.exec(statement);
      if (secret !== null) {
        hidden.push(...names(secret[1], where));
        continue;
      }
      const pieces = statement.split(/(->|<-)/);
      must(
        pieces.length >= 3,
        `${shown(statement)} is no arrow; write "cause -> effect", or "hidden: a, b"`,
        where,
      );
      for (let k = 1; k < pieces.length; k += 2)
        for (const left of names(pieces[k - 1], where))
          for (const right of names(pieces[k + 1], where))
            arrows.push(pieces[k] === '->' ? [left, right] : [right, left]);
    }
  });
  must(arrows.length > 0, 'there is no arrow; write "cause -> effect; cause -> other effect"', file);
  return createDiagram(arrows, hidden);
}

function names(text: string, where: string): string[] {
  const found = text.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  must(
    found.every((name) => name !== ''),
    `a name is missing in ${shown(text.trim())}; write names with one comma between two of them`,
    where,
  );
  return found;
}

export const parentsOf = ({ arrows }: Diagram, node: string): string[] =>
  arrows.filter(([, effect]) => effect === node).map(([cause]) => cause);

export const childrenOf = ({ arrows }: Diagram, node: string): string[] =>
  arrows.filter(([cause]) => cause === node).map(([, effect]) => effect);

/** Everything that `node` causes, directly or not; without `node`. */
export const descendants = (diagram: Diagram, node: string): Set<string> =>
  closure(node, (at) => childrenOf(diagram, at));

/** Everything that causes `node`, directly or not; without `node`. */
export const ancestors = (diagram: Diagram, node: string): Set<string> =>
  closure(node, (at) => parentsOf(diagram, at));

function closure(start: string, next: (node: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const node of next(at))
      if (!found.has(node)) {
        found.add(node);
        open.push(node);
      }
  found.delete(start);
  return found;
}

/** The diagram without the arrows for which `drop` is true. */
export const withoutArrows = (diagram: Diagram, drop: (arrow: Arrow) => boolean): Diagram => ({
  ...diagram,
  arrows: diagram.arrows.filter((arrow) => !drop(arrow)),
});

/**
 * A path from `from` to `to` that is open given the nodes of `given`, or null where they are
 * d-separated. By reachability over (node, direction of entry), the Bayes ball of Shachter (1998):
 * a chain or a fork is open unless its middle is given, a collider only if it or one of its
 * descendants is given.
 */
export function openPath(
  diagram: Diagram,
  from: string,
  to: string,
  given: ReadonlySet<string>,
): string | null {
  interface Visit {
    readonly node: string;
    /** Whether the path enters against the arrow, from an effect. */
    readonly up: boolean;
    readonly path: string;
  }
  const opens = new Set([...given].flatMap((node) => [node, ...ancestors(diagram, node)]));
  const seen = new Set<string>();
  const queue: Visit[] = [{ node: from, up: true, path: from }];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const { node, up, path } = at;
    if (node === to) return path;
    const key = `${up ? 'up' : 'down'} ${node}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const passes = node === from || !given.has(node);
    if (passes)
      for (const child of childrenOf(diagram, node))
        queue.push({ node: child, up: false, path: `${path} -> ${child}` });
    if (up ? passes : opens.has(node))
      for (const parent of parentsOf(diagram, node))
        queue.push({ node: parent, up: true, path: `${path} <- ${parent}` });
  }
  return null;
}
