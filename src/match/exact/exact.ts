import { must } from '../../base/errors.ts';
import { BlossomSolver } from './blossom.ts';
import { adjacency } from './blossom-forest.ts';
import type { CandidateLists } from '../../score/lists.ts';
import { exposedRows, listBounds, price } from './pricing.ts';
import type { Priced } from './pricing.ts';
import { relaxDuals, sampleDuals } from './seed-duals.ts';
import { checkSlackness } from './slackness.ts';
import type { PairSource } from '../../score/source.ts';
import { EdgeSet, Grid } from './sparse-graph.ts';

export interface ExactOptions {
  /** Lists of the heaviest pairs of `source` to start from, read only; found by a scan where absent. */
  readonly lists?: CandidateLists | undefined;
  /** Pairs kept per row by a scan; default 16. */
  readonly keep?: number | undefined;
  /** What is being done, and how much of it (0 to 1), about every 50 ms. */
  readonly progress?: ((stage: string, share: number) => void) | undefined;
  /** Looked at about every 50 ms. */
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
  /**
   * Largest w_ij - y_i - y_j - (duals of blossoms that hold both) over all pairs, exact, at the end: 0, or below where nobody is paired.
   * -Infinity where no pair comes near.
   */
  readonly worstReducedCost: number;
  /** Solutions of sparse graphs until no pair outside violated the duals. */
  readonly rounds: number;
  /** Searches for augmenting paths, over all rounds. */
  readonly searches: number;
  /** Looks at half of the square, in shares of it; the last one looks at every pair. */
  readonly scans: number;
}

/** Between two words to the caller, milliseconds. */
const EVERY_MS = 50;

/** Candidates per row that a scan keeps, and from how far above the duals (as a share of the heaviest weight) they are of use later. */
const KEEP = 16;
const MARGIN = 1 / 64;

/**
 * The heaviest matching of a source: weighted blossom on a sparse graph of candidates, then all other pairs are priced out
 * (y_i + y_j + blossoms that hold both < w_ij), those that violate the duals are added, and the solution is mended, until none is left.
 * What a scan leaves out is bounded by what it keeps, so that only some rows need a look in between; the last look is at every pair.
 * Weights <= 0 never help and are left out.
 *
 * Memory: the sparse graph. Time: mostly two scans of half the square, and near-linear searches.
 * @throws LabError for a weight that is not finite; the signal's reason when aborted.
 */
export function exactMatching(source: PairSource, options: ExactOptions = {}): ExactMatching {
  const { n } = source;
  const tell = watcher(options);
  const { keep = KEEP } = options;
  const first =
    options.lists === undefined
      ? candidates(source, keep, (share) => tell('candidates', share))
      : listed(options.lists);
  const { grid, complete } = first;
  let { scans, rounded } = first;
  let searches = 0;
  // No pair outside the graph of row i exceeded the duals `then` by more than bound[i], all in units of the grid.
  let then: Float64Array = first.y.map((v) => v / grid.unit);
  let bound: Float64Array = first.bound.map((v) => v / grid.unit);
  const edges = new EdgeSet(n);
  first.i.forEach((i, e) => {
    const w = grid.of(first.weight[e]);
    if (w > 0) edges.add(i, first.j[e], w);
  });
  let graph = adjacency(n, edges.u, edges.v, edges.w);
  const y = then.slice();
  relaxDuals(graph, y, 256);
  let after: BlossomSolver | undefined;
  /** The last look was at some rows only. */
  let partly = false;
  for (let rounds = 1; ; rounds++) {
    const solver: BlossomSolver = new BlossomSolver(graph, {
      y,
      after,
      signal: options.signal,
      progress: (done, all) => tell(`searches, round ${rounds}`, done / all),
    });
    solver.solve();
    searches += solver.searches;
    after = solver;
    const { forest } = solver;
    const look = (rows: readonly number[] | undefined, stage: string): Priced => {
      const priced = price(
        source,
        { y: solver.y, perUnit: 1 / grid.unit, rounds: !grid.expectsWhole, forest },
        {
          rows,
          keep,
          margin: Math.max(1, Math.round((first.top / grid.unit) * MARGIN)),
          watch: (share) => tell(`${stage}, round ${rounds}`, share),
        },
      );
      if (rows === undefined) scans++;
      else scans += (2 * rows.length) / n;
      return priced;
    };
    let worst = 0;
    if (!complete) {
      const rows = exposedRows(bound, then, solver.y);
      // One look at some rows at most before the next at all: it finds nearly everything.
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
        for (const values of [solver.y, forest.z, then, bound])
          for (let i = 0; i < values.length; i++) values[i] *= factor;
        graph = adjacency(n, edges.u, edges.v, edges.w);
        continue;
      }
      if (!partly) {
        rounded = priced.rounded;
        worst = priced.worst * grid.unit;
        then = solver.y.slice();
        ({ bound } = priced);
      }
      if (partly || priced.violating > 0) {
        let news = 0;
        for (let e = 0; e < priced.i.length; e++)
          if (edges.add(priced.i[e], priced.j[e], priced.weight[e])) news++;
        // Otherwise it would go on for ever.
        if (news === 0)
          throw new Error('exact matching failed its own proof: a pair it knows violates the duals');
        graph = adjacency(n, edges.u, edges.v, edges.w);
        continue;
      }
    }
    checkSlackness(solver);
    const { mate } = forest;
    let weight = 0;
    for (let i = 0; i < n; i++) if (mate[i] > i) weight += source.weight(i, mate[i]);
    return {
      mate,
      weight,
      // Half a unit per pair, on either side.
      upperBound: weight + (rounded ? Math.floor(n / 2) * grid.unit : 0),
      price: solver.y.map((v) => v * grid.unit),
      worstReducedCost: worst,
      rounds,
      searches,
      scans,
    };
  }
}

/** Where the search starts: pairs by their weights, duals y, and how far pairs left out exceed them, all in units of weight. */
interface Start {
  readonly i: readonly number[];
  readonly j: readonly number[];
  readonly weight: readonly number[];
  readonly grid: Grid;
  readonly top: number;
  readonly y: Float64Array;
  readonly bound: Float64Array;
  /** No pair is left out. */
  readonly complete: boolean;
  readonly rounded: boolean;
  readonly scans: number;
}

function candidates(source: PairSource, keep: number, watch: (share: number) => void): Start {
  const { n } = source;
  watch(0);
  const { y, rows } = sampleDuals(source, () => watch(0));
  const found = price(source, { y, perUnit: 1, rounds: false }, { keep, margin: Infinity, watch });
  const { top } = found;
  must(Number.isFinite(top), `a weight of ${top}; only finite weights can be matched`);
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
      must(Number.isFinite(key[e]), `a weight of ${key[e]}; only finite weights can be matched`);
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

/** Passes a stage and its share on, and looks at the signal, when it is new or `EVERY_MS` have gone by. */
function watcher({ progress, signal }: ExactOptions): (stage: string, share: number) => void {
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
