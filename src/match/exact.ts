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
  let y: Float64Array = listCertificate(lists, undefined, 256).price.map((v) => v / grid.unit);
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
    const { forest } = solver;
    const priced = buildLists(
      reduced(source, grid, solver, (share) => {
        signal?.throwIfAborted();
        progress?.(`pricing, round ${rounds}`, share);
      }),
      PRICED,
    );
    scans++;
    if (priced.key.every((key, e) => key <= 0 || !used(priced, e))) {
      checkSlackness(solver);
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
    // Not only what violates the duals but what comes near: it may be next.
    for (let i = 0; i < n; i++)
      for (let e = priced.start[i]; e < priced.start[i] + priced.count[i]; e++)
        edges.add(i, priced.col[e], grid.of(source.weight(i, priced.col[e])));
    // Half of its blossoms' duals for every vertex keeps the old edges covered; the solver lifts what the new ones need.
    y = withBlossoms(forest, solver.y);
  }
}

/** Weights as integers: whole numbers as they are, others as multiples of 2^-50 of the heaviest. */
class Grid {
  readonly unit: number;
  /** The heaviest weight, in units. */
  readonly top: number;
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
    this.unit =
      top === 0 || (integers && top < 2 ** 50) ? 1 : 2 ** Math.max(-1000, Math.ceil(Math.log2(top)) - 50);
    this.top = top / this.unit;
  }

  of(weight: number): number {
    const w = Math.round(weight / this.unit);
    if (w * this.unit !== weight && weight > 0) this.#rounded = true;
    return w;
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

/** Entries per row of the lists by reduced weight, and how far below 0 (as a share of the heaviest weight) they are of use. */
const PRICED = 16;
const MARGIN = 1 / 16;

/**
 * The same pairs by how much they violate the duals: w_ij - y_i - y_j - blossoms that hold both, in units of the grid and exact;
 * 0 or less: satisfied. Pairs satisfied by more than the margin are left out.
 */
function reduced(
  source: PairSource,
  grid: Grid,
  { forest, y }: BlossomSolver,
  progress: (share: number) => void,
): PairSource {
  const { n } = source;
  // A power of two: the product is exact.
  const perUnit = 1 / grid.unit;
  const margin = -grid.top * MARGIN;
  return {
    ...source,
    row(i, from, out) {
      if ((i & 255) === 0) progress(i / n);
      source.row(i, from, out);
      reduce(out, y, y[i], perUnit, margin, from, n);
      forest.takeInnerDuals(i, from, out);
    },
  };
}

/** out[j] = w_j in whole units - own - y_j where that is above the margin. Most pairs end at the first comparison. */
function reduce(
  out: Float64Array,
  y: Float64Array,
  own: number,
  perUnit: number,
  margin: number,
  from: number,
  to: number,
): void {
  for (let j = from; j < to; j++) {
    const least = own + y[j];
    const w = out[j] * perUnit;
    out[j] = w <= least + margin ? -Infinity : Math.floor(w + 0.5) - least;
  }
}

function used(lists: CandidateLists, e: number): boolean {
  const room = lists.start[1] - lists.start[0];
  const row = Math.floor(e / room);
  return e - lists.start[row] < lists.count[row];
}

function withBlossoms(forest: BlossomForest, y: Float64Array): Float64Array {
  const lifted = y.slice();
  for (const b of forest.blossoms())
    if (forest.z[b] > 0) for (const v of forest.leaves(b, [])) lifted[v] += forest.z[b] / 2;
  return lifted;
}

/**
 * Complementary slackness, exactly: duals >= 0 and feasible, matched edges tight, free vertices at 0, blossoms of positive dual full. It
 * proves the optimum, and it is checked before every answer.
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
