import type { Adjacency, BlossomForest } from './blossom-forest.ts';

/**
 * Makes whole duals feasible and pairs along tight edges.
 *
 * @param y f64[n], whole; written. Half of each vertex's heaviest edge where `unknown`.
 */
export function freshStart(graph: Adjacency, forest: BlossomForest, y: Float64Array, unknown: boolean): void {
  const { n, start, wt } = graph;
  if (unknown)
    for (let i = 0; i < n; i++)
      for (let e = start[i]; e < start[i + 1]; e++) y[i] = Math.max(y[i], Math.ceil(wt[e] / 2));
  for (let i = 0; i < n; i++) y[i] = asked(graph, y, i);
  for (let i = 0; i < n; i++) if (forest.mate[i] < 0) pairTight(graph, forest, y, i);
}

/**
 * Mends a solved problem to which edges were added: one end of each edge that violates the duals is raised, which frees it and its
 * partner, and the blossom that holds it falls apart (each vertex takes half of its duals, so that its edges stay covered). All else
 * stays as it was. Free vertices are then lowered to what their edges ask for.
 *
 * @param y f64[n], multiples of 1/2; written. Those of free vertices are whole afterwards.
 */
export function warmStart(graph: Adjacency, forest: BlossomForest, y: Float64Array): void {
  const { n, start, nbr, wt } = graph;
  const { mate, base, z } = forest;
  const hardness = (v: number) => (forest.top(v) !== v ? 2 : mate[v] >= 0 ? 1 : 0);
  for (let i = 0; i < n; i++)
    for (let e = start[i]; e < start[i + 1]; e++) {
      const j = nbr[e];
      if (j < i || y[i] + y[j] >= wt[e]) continue;
      if (y[i] + y[j] + forest.innerDual(i, j) >= wt[e]) continue;
      const [a, b] = [hardness(i), hardness(j)];
      const raised = a < b || (a === b && y[i] <= y[j]) ? i : j;
      if (forest.top(raised) !== raised) takeApart(graph, forest, y, forest.top(raised));
      const missing = wt[e] - y[i] - y[j];
      if (missing <= 0) continue;
      release(mate, raised);
      y[raised] += missing;
    }
  for (let i = 0; i < n; i++) {
    if (mate[i] >= 0) continue;
    const b = forest.top(i);
    if (b === i) {
      y[i] = Math.ceil(asked(graph, y, i));
      pairTight(graph, forest, y, i);
    } else if (base[b] === i && y[i] % 1 !== 0) {
      // The duals of an outermost blossom are whole and above 0.
      for (const v of forest.leaves(b, [])) y[v] += 0.5;
      z[b]--;
    }
  }
}

/** The least dual of vertex i, in no blossom, that covers its edges. */
function asked({ start, nbr, wt }: Adjacency, y: Float64Array, i: number): number {
  let need = 0;
  for (let e = start[i]; e < start[i + 1]; e++) need = Math.max(need, wt[e] - y[nbr[e]]);
  return need;
}

/** Pairs free vertex i, in no blossom, with a free one along a tight edge, if there is one. */
function pairTight({ start, nbr, wt }: Adjacency, forest: BlossomForest, y: Float64Array, i: number): void {
  const { mate, base } = forest;
  for (let e = start[i]; e < start[i + 1]; e++) {
    const j = nbr[e];
    const b = forest.top(j);
    if (mate[base[b]] >= 0 || y[i] + y[j] !== wt[e]) continue;
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

/** Lets outermost blossom b fall apart down to its vertices; pairs that are no longer tight are parted. */
function takeApart(graph: Adjacency, forest: BlossomForest, y: Float64Array, b: number): void {
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
