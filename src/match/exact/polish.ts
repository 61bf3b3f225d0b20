import { bigints } from './amounts.ts';
import { BlossomSolver } from './blossom.ts';
import type { BlossomOptions } from './blossom.ts';
import { BlossomCover } from './blossom-cover.ts';
import { adjacency } from './blossom-forest.ts';
import { freshStart } from './blossom-start.ts';
import { toIntegers } from '../../base/dyadic.ts';
import { checkSlackness } from './slackness.ts';
import type { Grid } from './sparse-graph.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { PairSource } from '../../score/source.ts';

/** Edges (u[e], v[e]) of a graph of n vertices, each pair once, and their weights. */
export interface EdgeList {
  readonly u: number[];
  readonly v: number[];
  readonly weight: number[];
}

/**
 * The heaviest matching of a sparse graph in exact arithmetic, whatever the range of its weights.
 * Checks its own proof.
 *
 * @param edges finite weights; only those above 0 are worth a pair, unless `fullest`.
 * @param y duals to start from, in units of weight. They may violate edges; the nearer to the
 *   optimum, the fewer searches.
 * @param fullest find the heaviest among the matchings with the most pairs. Every edge then has one
 *   end for which `fullest` is true.
 * @returns i32[n]: partner or -1.
 */
export function matchExactly(
  n: number,
  { u, v, weight }: EdgeList,
  y: ArrayLike<number>,
  options: BlossomOptions & { readonly fullest?: (vertex: number) => boolean } = {},
): Int32Array {
  const { integers } = toIntegers([...weight, ...Array.from(y)]);
  // Doubled, as the solver needs it.
  const doubled = integers.map((value) => 2n * value);
  const { fullest } = options;
  // A pair more outweighs any difference between weights.
  const bonus = fullest === undefined ? 0n : doubled.reduce((sum, a) => sum + (a < 0n ? -a : a), 2n) * 2n;
  const weights = doubled.slice(0, weight.length).map((w) => w + bonus);
  const duals = doubled.slice(weight.length).map((d, i) => (fullest?.(i) === true ? d + bonus : d));
  const graph = adjacency(bigints, n, u, v, weights);
  const forest = freshStart(bigints, graph, duals);
  const solver = new BlossomSolver(bigints, graph, forest, duals, options);
  solver.solve();
  checkSlackness(solver);
  return forest.mate;
}

/**
 * All pairs that an optimum may need: those whose slack is at most n / 2 grid units. Rounding to
 * the grid changes the weight of a matching by at most half a unit per pair, so no optimum falls
 * short of the rounded one by more than n / 2 units, and every pair of it has at most that slack.
 *
 * @param lists complete lists of the source, where there are any: then only listed pairs are looked
 *   at.
 * @param solver a solved graph whose duals no pair of the source violates, in grid units.
 */
export function nearlyTightPairs(
  source: PairSource,
  lists: CandidateLists | undefined,
  { forest, y }: BlossomSolver,
  grid: Grid,
): EdgeList {
  const { n } = source;
  const cover = new BlossomCover(forest);
  const found: EdgeList = { u: [], v: [], weight: [] };
  const look = (i: number, j: number, weight: number): void => {
    const slack = y[i] + y[j] - grid.of(weight);
    if (slack > n / 2 || slack + cover.shared(j) > n / 2 || !source.admits(i, j)) return;
    found.u.push(i);
    found.v.push(j);
    found.weight.push(weight);
  };
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    cover.enter(i);
    if (lists !== undefined) {
      for (let e = lists.start[i]; e < lists.start[i] + lists.count[i]; e++)
        if (lists.col[e] > i && lists.key[e] > 0) look(i, lists.col[e], lists.key[e]);
      continue;
    }
    source.row(i, i + 1, out);
    for (let j = i + 1; j < n; j++) if (out[j] > 0) look(i, j, out[j]);
  }
  return found;
}
