import type { Amount, Amounts, Arithmetic } from './amounts.ts';
import { BlossomForest } from './blossom-forest.ts';
import type { Adjacency } from './blossom-forest.ts';

/**
 * Half of each vertex's heaviest edge, rounded up: feasible duals for a graph about which nothing
 * is known.
 */
export function halfOfHeaviest({ n, start, wt }: Adjacency): Float64Array {
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++)
    for (let e = start[i]; e < start[i + 1]; e++) y[i] = Math.max(y[i], Math.ceil(wt[e] / 2));
  return y;
}

/**
 * Makes whole duals feasible and matches vertices along tight edges.
 *
 * @param y one whole dual per vertex; written.
 */
export function freshStart<A extends Amount, V extends Amounts<A>>(
  arithmetic: Arithmetic<A, V>,
  graph: Adjacency<V>,
  y: Amounts<A>,
): BlossomForest<A, V> {
  const { n } = graph;
  const forest = new BlossomForest(n, arithmetic);
  for (let i = 0; i < n; i++) y[i] = minDual(arithmetic, graph, y, i);
  for (let i = 0; i < n; i++) if (forest.mate[i] < 0) matchTight(arithmetic, graph, forest, y, i);
  return forest;
}

/**
 * Restores feasibility after edges were added to a solved problem. One end of each edge that
 * violates the duals is raised. That frees it and its partner, and dissolves the blossom that
 * contains it (each vertex takes half of the blossom's dual, so that its edges stay covered).
 * Everything else stays as it was. Free vertices are then lowered as far as their edges allow.
 *
 * @param y f64[n], multiples of 1/2; written. Those of free vertices are whole afterwards.
 */
export function warmStart(
  arithmetic: Arithmetic<number, Float64Array>,
  graph: Adjacency,
  forest: BlossomForest,
  y: Float64Array,
): void {
  const { n, start, nbr, wt } = graph;
  const { mate, base, z } = forest;
  const cost = (v: number) => (forest.top(v) !== v ? 2 : mate[v] >= 0 ? 1 : 0);
  for (let i = 0; i < n; i++)
    for (let e = start[i]; e < start[i + 1]; e++) {
      const j = nbr[e];
      if (j < i || y[i] + y[j] >= wt[e]) continue;
      if (y[i] + y[j] + forest.innerDual(i, j) >= wt[e]) continue;
      const [a, b] = [cost(i), cost(j)];
      const raised = a < b || (a === b && y[i] <= y[j]) ? i : j;
      if (forest.top(raised) !== raised) dissolveAll(graph, forest, y, forest.top(raised));
      const missing = wt[e] - y[i] - y[j];
      if (missing <= 0) continue;
      release(mate, raised);
      y[raised] += missing;
    }
  for (let i = 0; i < n; i++) {
    if (mate[i] >= 0) continue;
    const b = forest.top(i);
    if (b === i) {
      y[i] = Math.ceil(minDual(arithmetic, graph, y, i));
      matchTight(arithmetic, graph, forest, y, i);
    } else if (base[b] === i && y[i] % 1 !== 0) {
      // The duals of an outermost blossom are whole and above 0.
      for (const v of forest.leaves(b, [])) y[v] += 0.5;
      z[b]--;
    }
  }
}

/** The smallest dual of vertex i, in no blossom, that covers its edges. */
function minDual<A extends Amount, V extends Amounts<A>>(
  { zero, sub }: Arithmetic<A, V>,
  { start, nbr, wt }: Adjacency<V>,
  y: Amounts<A>,
  i: number,
): A {
  let need = zero;
  for (let e = start[i]; e < start[i + 1]; e++) {
    const missing = sub(wt[e], y[nbr[e]]);
    if (missing > need) need = missing;
  }
  return need;
}

/** Matches free vertex i, in no blossom, with a free vertex along a tight edge, if there is one. */
function matchTight<A extends Amount, V extends Amounts<A>>(
  { add }: Arithmetic<A, V>,
  { start, nbr, wt }: Adjacency<V>,
  forest: BlossomForest<A, V>,
  y: Amounts<A>,
  i: number,
): void {
  const { mate, base } = forest;
  for (let e = start[i]; e < start[i + 1]; e++) {
    const j = nbr[e];
    const b = forest.top(j);
    if (mate[base[b]] >= 0 || add(y[i], y[j]) !== wt[e]) continue;
    forest.rebase(b, j);
    mate[i] = j;
    mate[j] = i;
    return;
  }
}

function release(mate: Int32Array, v: number): void {
  if (mate[v] < 0) return;
  mate[mate[v]] = -1;
  mate[v] = -1;
}

/**
 * Dissolves outermost blossom b down to its vertices, and releases pairs that are no longer tight.
 */
function dissolveAll(graph: Adjacency, forest: BlossomForest, y: Float64Array, b: number): void {
  const { start, nbr, wt } = graph;
  const { n, mate, z } = forest;
  const members = forest.leaves(b, []);
  const work = [b];
  const lifts = [0];
  for (let c = work.pop(); c !== undefined; c = work.pop()) {
    const lift = lifts.pop()!;
    if (c < n) {
      y[c] += lift;
      continue;
    }
    for (const child of forest.dissolve(c)) {
      work.push(child);
      lifts.push(lift + z[c] / 2);
    }
  }
  for (const v of members)
    for (let e = start[v]; e < start[v + 1]; e++)
      if (nbr[e] === mate[v] && y[v] + y[nbr[e]] !== wt[e]) {
        release(mate, v);
        break;
      }
}
