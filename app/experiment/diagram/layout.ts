import type { RoleDiagram } from '../../../src/experiment/causal/roles.ts';

export interface NodePlace {
  readonly x: number;
  readonly y: number;
}

const COLUMN = 78;
const ROW = 40;
const EDGE = 44;

/**
 * Places the nodes of a diagram: a column per depth, and within it near the mean of the nodes that
 * cause them, at least a row apart.
 */
export function layOut({ nodes, arrows }: RoleDiagram): {
  readonly places: ReadonlyMap<string, NodePlace>;
  readonly width: number;
  readonly height: number;
} {
  const deepest = Math.max(0, ...nodes.map((n) => n.depth));
  const columns = Array.from({ length: deepest + 1 }, (_, depth) =>
    nodes.filter((n) => n.depth === depth).map((n) => n.name),
  );
  const height = 2 * EDGE + ROW * (Math.max(1, ...columns.map((c) => c.length)) - 1);
  const y = new Map<string, number>();
  for (const [depth, names] of columns.entries()) {
    const wanted = names.map((name, k) => {
      const causes = arrows.flatMap(({ from, to }) => (to === name ? [y.get(from) ?? height / 2] : []));
      const mean = causes.reduce((sum, at) => sum + at, 0) / causes.length;
      // Columns of one node alternate, so that a line past them does not cross their names.
      const shift = names.length === 1 ? (depth % 2 === 0 ? ROW : -ROW) : 0;
      return { name, at: causes.length === 0 ? EDGE + k * ROW : mean + shift };
    });
    wanted.sort((a, b) => a.at - b.at);
    let free = EDGE;
    const placed = wanted.map(({ at }, k) => {
      const last = height - EDGE - (wanted.length - 1 - k) * ROW;
      const place = Math.min(last, Math.max(free, at));
      free = place + ROW;
      return place;
    });
    wanted.forEach(({ name }, k) => y.set(name, placed[k]));
  }
  return {
    places: new Map(nodes.map(({ name, depth }) => [name, { x: EDGE + depth * COLUMN, y: y.get(name)! }])),
    width: 2 * EDGE + deepest * COLUMN,
    height,
  };
}
