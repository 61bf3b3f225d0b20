import { must } from '../../base/errors.ts';
import { floats } from './amounts.ts';
import { BlossomSolver } from './blossom.ts';
import { adjacency } from './blossom-forest.ts';
import type { BlossomForest } from './blossom-forest.ts';
import { freshStart, warmStart } from './blossom-start.ts';
import { exactSum } from '../../base/dyadic.ts';
import { matchExactly, nearlyTightPairs } from './polish.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import { exposedRows, listBounds, priceOut } from './pricing.ts';
import type { Priced } from './pricing.ts';
import { relaxDuals, sampleDuals } from './seed-duals.ts';
import { checkSlackness } from './slackness.ts';
import type { PairSource } from '../../score/source.ts';
import { EdgeSet, Grid } from './sparse-graph.ts';

export interface ExactOptions {
  /**
   * Lists of the heaviest pairs of `source` to start from; not written. Found by a scan where
   * absent.
   */
  readonly lists?: CandidateLists | undefined;
  /** Pairs that a scan keeps per row; default 16. */
  readonly keep?: number | undefined;
  /**
   * Whether the optimum is exact for weights of any range. Otherwise weights count as whole numbers
   * where all are whole and below 2^50, else as multiples of 2^-50 of the heaviest weight.
   */
  readonly polish?: boolean | undefined;
  /** Called about every 50 ms with the current stage and the share of it that is done (0 to 1). */
  readonly progress?: ((stage: string, share: number) => void) | undefined;
  /** Checked about every 50 ms. */
  readonly signal?: AbortSignal | undefined;
}

export interface ExactMatching {
  /** i32[n]: partner or -1. Only pairs of weight above 0 are made. */
  readonly mate: Int32Array;
  /** Sum of the weights of the pairs, rounded once. */
  readonly weight: number;
  /**
   * Upper bound on the optimum: `weight`, plus what rounding weights to the grid may hide (0 for
   * whole numbers and with `polish`).
   */
  readonly upperBound: number;
  /**
   * f64[n]: vertex duals. Together with the duals of the blossoms they prove the optimum of the
   * weights on the grid.
   */
  readonly price: Float64Array;
  /**
   * Largest w_ij - y_i - y_j - (duals of blossoms that contain both) over all pairs at the end: 0,
   * or below 0 where nobody is paired. -Infinity where no pair comes near. Exact on the grid.
   */
  readonly worstReducedCost: number;
  /** Sparse graphs that were solved until no pair outside violated the duals. */
  readonly rounds: number;
  /** Searches for augmenting paths, over all rounds. */
  readonly searches: number;
  /** Scans of half of the square, in shares of it. The last scan covers every pair. */
  readonly scans: number;
}

/** Milliseconds between two calls of `progress`. */
const EVERY_MS = 50;

/**
 * Candidates per row that a scan keeps, and how far below the duals they may lie (as a share of the
 * heaviest weight).
 */
const KEEP = 16;
const MARGIN = 1 / 64;

/**
 * The heaviest matching of a source: weighted blossom on a sparse graph of candidates, then pricing
 * of all other pairs. Those that violate the duals (y_i + y_j + blossoms that contain both < w_ij)
 * are added and the solution is repaired, until there is none. The pairs that a scan leaves out are
 * bounded by those that it keeps, so that only some rows need a look in between; the last look
 * covers every pair. Weights <= 0 never help and are left out.
 *
 * Memory: the sparse graph. Time: mostly two scans of half the square, and near-linear searches.
 *
 * @throws LabError for a weight that is not finite; the signal's reason when aborted.
 */
export function exactMatching(source: PairSource, options: ExactOptions = {}): ExactMatching {
  const { n } = source;
  const report = reporter(options);
  const { keep = KEEP } = options;
  const first =
    options.lists === undefined
      ? candidates(source, keep, (share) => report('candidates', share))
      : listed(options.lists);
  const { grid, complete } = first;
  let { scans, rounded } = first;
  let searches = 0;
  // No pair of row i outside the graph exceeds the duals `then` by more than bound[i], both in grid
  // units.
  let then: Float64Array = first.y.map((v) => v / grid.unit);
  let bound: Float64Array = first.bound.map((v) => v / grid.unit);
  const edges = new EdgeSet(n);
  first.i.forEach((i, e) => {
    const w = grid.of(first.weight[e]);
    if (w > 0) edges.add(i, first.j[e], w);
  });
  const graphOf = () => adjacency(floats, n, edges.u, edges.v, edges.w);
  let graph = graphOf();
  let y = then.slice();
  relaxDuals(graph, y, 256);
  y = y.map(Math.ceil);
  let forest: BlossomForest | undefined;
  /** Whether the last look covered some rows only. */
  let partly = false;
  for (let rounds = 1; ; rounds++) {
    if (forest === undefined) forest = freshStart(floats, graph, y);
    else warmStart(floats, graph, forest, y);
    const blossoms: BlossomForest = forest;
    const search = {
      signal: options.signal,
      progress: (done: number, all: number) => report(`searches, round ${rounds}`, done / all),
    };
    const solver = new BlossomSolver(floats, graph, blossoms, y, search);
    solver.solve();
    searches += solver.searches;
    const look = (rows: readonly number[] | undefined, stage: string): Priced => {
      const priced = priceOut(
        source,
        { y, perUnit: 1 / grid.unit, rounds: !grid.expectsWhole, forest: blossoms },
        {
          rows,
          keep,
          margin: Math.max(1, Math.round((first.top / grid.unit) * MARGIN)),
          watch: (share) => report(`${stage}, round ${rounds}`, share),
        },
      );
      if (rows === undefined) scans++;
      else scans += (2 * rows.length) / n;
      return priced;
    };
    let worst = 0;
    if (!complete) {
      const rows = exposedRows(bound, then, y);
      // At most one look at some rows before the next at all rows: it finds nearly everything.
      const few = rows.length > 0 && rows.length < n / 4 && !partly;
      let priced = few ? look(rows, 'pricing') : undefined;
      partly = true;
      if (priced === undefined || priced.violating === 0) {
        priced = look(undefined, rows.length > 0 && !few ? 'pricing' : 'proof');
        partly = false;
      }
      if (priced.weight.some((w) => grid.tooCoarse(w * grid.unit))) {
        const factor = grid.refine();
        edges.scale(factor);
        for (const values of [y, blossoms.z, then, bound])
          for (let i = 0; i < values.length; i++) values[i] *= factor;
        graph = graphOf();
        continue;
      }
      if (!partly) {
        rounded = priced.rounded;
        worst = priced.worst * grid.unit;
        then = y.slice();
        ({ bound } = priced);
      }
      if (partly || priced.violating > 0) {
        let news = 0;
        for (let e = 0; e < priced.i.length; e++)
          if (edges.add(priced.i[e], priced.j[e], priced.weight[e])) news++;
        // Without a new edge the next round would be the same.
        if (news === 0)
          throw new Error('exact matching failed its own proof: a pair of the graph violates the duals');
        graph = graphOf();
        continue;
      }
    }
    checkSlackness(solver);
    const price = y.map((v) => v * grid.unit);
    let { mate } = blossoms;
    if (options.polish === true && !grid.expectsWhole) {
      const lists = complete ? options.lists : undefined;
      mate = matchExactly(n, nearlyTightPairs(source, lists, solver, grid), price, search);
      rounded = false;
    }
    const weights: number[] = [];
    for (let i = 0; i < n; i++) if (mate[i] > i) weights.push(source.weight(i, mate[i]));
    const weight = exactSum(weights);
    return {
      mate,
      weight,
      // Rounding hides at most half a unit per pair, in the optimum and in the matching that was
      // found.
      upperBound: weight + (rounded ? Math.floor(n / 2) * grid.unit : 0),
      price,
      worstReducedCost: worst,
      rounds,
      searches,
      scans,
    };
  }
}

/**
 * Where the search starts: pairs, duals y, and a bound on how far other pairs exceed them, all in
 * units of weight.
 */
interface Start extends Omit<Priced, 'violating' | 'worst'> {
  readonly grid: Grid;
  readonly y: Float64Array;
  /** Whether no pair is left out. */
  readonly complete: boolean;
  readonly scans: number;
}

function candidates(source: PairSource, keep: number, watch: (share: number) => void): Start {
  const { n } = source;
  watch(0);
  const { y, rows } = sampleDuals(source, () => watch(0));
  const found = priceOut(source, { y, perUnit: 1, rounds: false }, { keep, margin: Infinity, watch });
  const { top } = found;
  must(Number.isFinite(top), `a weight is ${top}; only finite weights can be matched`);
  const grid = new Grid(top, found.weight.every(Number.isInteger));
  const slip = top * 2 ** -48;
  return {
    ...found,
    grid,
    y,
    bound: found.bound.map((b) => b + slip),
    complete: false,
    rounded: false,
    scans: n === 0 ? 0 : 1 + (2 * rows) / n,
  };
}

function listed(lists: CandidateLists): Start {
  const { n, start, count, col, key } = lists;
  const [i, j, weight]: number[][] = [[], [], []];
  let top = 0;
  for (let r = 0; r < n; r++)
    for (let e = start[r]; e < start[r] + count[r]; e++) {
      must(Number.isFinite(key[e]), `a weight is ${key[e]}; only finite weights can be matched`);
      i.push(r);
      j.push(col[e]);
      weight.push(key[e]);
      top = Math.max(top, key[e]);
    }
  const grid = new Grid(top, weight.every(Number.isInteger));
  return {
    ...{ i, j, weight, grid, top },
    y: new Float64Array(n),
    bound: listBounds(lists),
    complete: lists.truncated.every((t) => t === 0),
    rounded: weight.some((w) => w > 0 && grid.of(w) * grid.unit !== w),
    scans: 0,
  };
}

/**
 * Reports a stage and its share, and checks the signal, where the stage is new or `EVERY_MS` have
 * passed.
 */
function reporter({ progress, signal }: ExactOptions): (stage: string, share: number) => void {
  let last = -Infinity;
  let before = '';
  return (stage, share) => {
    const now = performance.now();
    if (stage === before && now - last < EVERY_MS) return;
    [before, last] = [stage, now];
    signal?.throwIfAborted();
    progress?.(stage, share);
  };
}
