import { must } from '../base/errors.ts';
import { BlossomSolver } from './blossom.ts';
import { adjacency } from './blossom-forest.ts';
import type { BlossomForest } from './blossom-forest.ts';
import { listCertificate } from './dual.ts';
import { buildLists } from './lists.ts';
import type { CandidateLists } from './lists.ts';
import type { PairSource } from './source.ts';

export interface ExactOptions {
  /** Lists for `source`, read only; 16 best per row where absent. */
  readonly lists?: CandidateLists | undefined;
  /** What is being done, and how much of it (0 to 1), a few times a second. */
  readonly progress?: ((stage: string, share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ExactMatching {
  /** i32[n]: partner or -1; only pairs of weight above 0 are worth making. */
  readonly mate: Int32Array;
  readonly weight: number;
  /** The optimum is no more than this: `weight`, plus what rounding weights to 50 bits may hide (0 for integers). */
  readonly upperBound: number;
  /** f64[n]: vertex duals; with the duals of the blossoms they prove the optimum. */
  readonly price: Float64Array;
  /** Solutions of sparse graphs until no pair outside violated the duals. */
  readonly rounds: number;
  /** Searches for augmenting paths, over all rounds. */
  readonly searches: number;
  readonly scans: number;
}

/**
 * The heaviest matching of a source: weighted blossom on the graph of everyone's K best, then all other pairs are priced out
 * (y_i + y_j + blossoms that hold both < w_ij), those that violate the duals are added, and it is solved again from the duals found,
 * until none is left. Weights <= 0 never help and are left out.
 *
 * Memory: the sparse graph. Time: mostly the scans of the square, and near-linear searches.
 * @throws LabError for a weight that is not finite; the signal's reason when aborted.
 */
export function exactMatching(source: PairSource, options: ExactOptions = {}): ExactMatching {
  const { n } = source;
  const { signal, progress } = options;
  let scans = options.lists === undefined ? 1 : 0;
  progress?.('candidates', 0);
  const lists = options.lists ?? buildLists(source);
  const grid = new Grid(lists);
  const edges = new EdgeSet(n);
  for (let i = 0; i < n; i++)
    for (let e = lists.start[i]; e < lists.start[i] + lists.count[i]; e++) {
      const w = grid.of(lists.key[e]);
      if (w > 0) edges.add(i, lists.col[e], w);
    }
  let y: Float64Array = listCertificate(lists, undefined, 256).price.map((v) => grid.half(v));
  let searches = 0;
  for (let rounds = 1; ; rounds++) {
    const graph = adjacency(n, edges.u, edges.v, edges.w);
    const solver = new BlossomSolver(graph, {
      y,
      signal,
      progress:
        progress === undefined ? undefined : (done, all) => progress(`searches, round ${rounds}`, done / all),
    });
    solver.solve();
    searches += solver.searches;
    checkSlackness(solver);
    const { forest } = solver;
    const priced = priceOut(source, lists, grid, solver, (share) => {
      signal?.throwIfAborted();
      progress?.(`pricing, round ${rounds}`, share);
    });
    scans += priced.scans;
    if (priced.u.length === 0) {
      const { mate } = forest;
      let weight = 0;
      for (let i = 0; i < n; i++) if (mate[i] > i) weight += source.weight(i, mate[i]);
      return {
        mate,
        weight,
        upperBound: weight + grid.hidden(n),
        price: solver.y.map((v) => v * grid.unit),
        rounds,
        searches,
        scans,
      };
    }
    for (let k = 0; k < priced.u.length; k++) edges.add(priced.u[k], priced.v[k], priced.w[k]);
    // Half of its blossoms' duals for every vertex keeps the old edges covered; the solver lifts what the new ones need.
    y = withBlossoms(forest, solver.y);
  }
}

/** Weights as integers: whole numbers as they are, others as multiples of 2^-50 of the heaviest. */
class Grid {
  readonly unit: number;
  #rounded = false;

  constructor(lists: CandidateLists) {
    let top = 0;
    let integers = true;
    for (let i = 0; i < lists.n; i++)
      for (let e = lists.start[i]; e < lists.start[i] + lists.count[i]; e++) {
        const w = lists.key[e];
        must(Number.isFinite(w), `a weight of ${w}; only finite weights can be matched`);
        top = Math.max(top, w);
        integers &&= Number.isInteger(w);
      }
    this.unit = top === 0 || (integers && top < 2 ** 50) ? 1 : 2 ** (Math.ceil(Math.log2(top)) - 50);
  }

  of(weight: number): number {
    const w = Math.round(weight / this.unit);
    if (w * this.unit !== weight && weight > 0) this.#rounded = true;
    return w;
  }

  /** A dual, up to the next half. */
  half(value: number): number {
    return Math.ceil((2 * value) / this.unit) / 2;
  }

  /** By how much the true optimum may exceed what was found: half a unit per pair, on either side. */
  hidden(n: number): number {
    return this.#rounded ? Math.floor(n / 2) * this.unit : 0;
  }
}

/** Edges, each pair once. */
class EdgeSet {
  readonly u: number[] = [];
  readonly v: number[] = [];
  readonly w: number[] = [];
  readonly #known: Set<number>[];
  constructor(n: number) {
    this.#known = Array.from({ length: n }, () => new Set());
  }
  add(i: number, j: number, w: number): void {
    const [a, b] = i < j ? [i, j] : [j, i];
    if (this.#known[a].has(b)) return;
    this.#known[a].add(b);
    this.u.push(a);
    this.v.push(b);
    this.w.push(w);
  }
}

/** Most new edges of one vertex in a round: the worst violations first would need a sort, and a few are enough to move the duals. */
const NEW_PER_VERTEX = 16;

/**
 * Pairs outside the lists that violate the duals. A pair in nobody's list weighs at most the last entry of both lists, so only rows whose
 * dual is below their last entry need a look, and only against one another.
 */
function priceOut(
  source: PairSource,
  lists: CandidateLists,
  grid: Grid,
  { forest, y }: BlossomSolver,
  progress: (share: number) => void,
): { u: number[]; v: number[]; w: number[]; scans: number } {
  const { n, start, count, key, truncated } = lists;
  const found = { u: [] as number[], v: [] as number[], w: [] as number[], scans: 0 };
  const last = Float64Array.from({ length: n }, (_, i) =>
    truncated[i] === 1 ? grid.of(key[start[i] + count[i] - 1]) : 0,
  );
  const suspects: number[] = [];
  for (let i = 0; i < n; i++) if (y[i] < last[i]) suspects.push(i);
  const out = new Float64Array(n);
  for (let a = 0; a < suspects.length; a++) {
    const i = suspects[a];
    if ((a & 255) === 0) progress(a / suspects.length);
    let first = -1;
    for (let b = a + 1; b < suspects.length && first < 0; b++) {
      const j = suspects[b];
      if (y[i] + y[j] < Math.min(last[i], last[j])) first = j;
    }
    if (first < 0) continue;
    source.row(i, first, out);
    found.scans += (n - first) / n / n;
    let added = 0;
    for (let j = first; j < n; j++) {
      if (out[j] === -Infinity || y[i] + y[j] >= last[i] || y[i] + y[j] >= last[j]) continue;
      const w = grid.of(out[j]);
      if (y[i] + y[j] >= w || !source.admits(i, j) || y[i] + y[j] + forest.innerDual(i, j) >= w) continue;
      found.u.push(i);
      found.v.push(j);
      found.w.push(w);
      if (++added === NEW_PER_VERTEX) break;
    }
  }
  return found;
}

function withBlossoms(forest: BlossomForest, y: Float64Array): Float64Array {
  const lifted = y.slice();
  for (const b of forest.blossoms())
    if (forest.z[b] > 0) for (const v of forest.leaves(b, [])) lifted[v] += forest.z[b] / 2;
  return lifted;
}

/**
 * Complementary slackness, exactly: duals >= 0 and feasible, matched edges tight, free vertices at 0, blossoms of positive dual full. It
 * proves the optimum, and it is checked after every solution.
 *
 * @throws Error where it does not hold, which would be a bug here.
 */
export function checkSlackness({ graph, forest, y }: BlossomSolver): void {
  const { n, start, nbr, wt } = graph;
  const { mate } = forest;
  const fail = (what: string) => {
    throw new Error(`exact matching failed its own proof: ${what}`);
  };
  for (let i = 0; i < n; i++) {
    if (y[i] < 0) fail(`dual ${y[i]} of vertex ${i}`);
    if (mate[i] < 0 ? y[i] !== 0 : mate[mate[i]] !== i)
      fail(`vertex ${i} with mate ${mate[i]} and dual ${y[i]}`);
    for (let e = start[i]; e < start[i + 1]; e++) {
      const j = nbr[e];
      let slack = y[i] + y[j] - wt[e];
      if (slack < 0 || mate[i] === j) slack += forest.innerDual(i, j);
      if (slack < 0 || (mate[i] === j && slack !== 0)) fail(`slack ${slack} of edge ${i}-${j}`);
    }
  }
  for (const b of forest.blossoms()) {
    const inside = new Set(forest.leaves(b, []));
    let paired = 0;
    for (const v of inside) if (inside.has(mate[v])) paired++;
    if (forest.z[b] < 0 || paired !== inside.size - 1) fail(`blossom ${b} of dual ${forest.z[b]}`);
  }
}
