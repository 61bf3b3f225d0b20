import type { BlossomForest } from './blossom-forest.ts';
import { Gate } from '../../score/near.ts';
import type { NearPairs } from '../../score/near.ts';
import { Nest } from './blossom-cover.ts';
import type { CandidateLists } from '../../score/lists.ts';
import type { PairSource } from '../../score/source.ts';

/** Duals against which pairs are priced, in the units of a grid. */
export interface Duals {
  /** f64[n]. */
  readonly y: Float64Array;
  /** Grid units per unit of weight, a power of two. */
  readonly perUnit: number;
  /** Weights are to be rounded to whole units. */
  readonly rounds: boolean;
  /** Blossoms whose duals cover pairs, too. */
  readonly forest?: BlossomForest | undefined;
}

export interface PriceOptions {
  /** Whose pairs to look at, each pair for that row alone. All rows where absent: every pair is then looked at once, for both ends. */
  readonly rows?: readonly number[] | undefined;
  /** Pairs to keep per row. */
  readonly keep: number;
  /** Pairs that the duals cover by so much or more, in grid units, are of no interest. */
  readonly margin: number;
  /** Called before every row, with the share done; may throw. */
  readonly watch: (share: number) => void;
}

/** The pairs that violate the duals most, or come nearest to it, of every row that was looked at. */
export interface Priced {
  /** Pairs (i, j) and their weights in grid units; some may be there twice. */
  readonly i: readonly number[];
  readonly j: readonly number[];
  readonly weight: readonly number[];
  /** Pairs that violate the duals; all are counted where there is a forest. */
  readonly violating: number;
  /** Largest w_ij - y_i - y_j - (duals of blossoms that hold both) where it is above the margin, in grid units; otherwise -Infinity. */
  readonly worst: number;
  /** No weight is larger, and hardly more than necessary; 0 where there is a forest. */
  readonly top: number;
  /** Weights of pairs near or above the duals had to be rounded. */
  readonly rounded: boolean;
  /** f64[n]: no pair of row i that was not kept has a larger w_ij - y_i - y_j. */
  readonly bound: Float64Array;
}

/** Prices pairs out, in exact arithmetic where weights and duals are multiples of half a unit below 2^52. */
export function price(source: PairSource, duals: Duals, options: PriceOptions): Priced {
  const { n } = source;
  const { y, perUnit, rounds, forest } = duals;
  const { rows, keep, margin, watch } = options;
  const best = new BestLists(n, Math.max(1, Math.min(keep, n - 1)), -margin);
  const { cut } = best;
  const nest = forest && new Nest(forest);
  const out = new Float64Array(n);
  const hits = new Int32Array(n);
  // Lists of others are of no interest where only some rows are looked at.
  const reachOf = (j: number) => (rows === undefined ? y[j] + cut[j] : Infinity);
  // Whatever violates the duals has to be seen, even where the lists hold worse.
  const floor = forest === undefined ? Infinity : 0;
  const gate = new Gate(
    perUnit,
    y.slice(),
    Float64Array.from(y, (_, j) => reachOf(j)),
  );
  // What rounding to whole units may add.
  const half = rounds ? 0.5 : 0;
  const count = rows?.length ?? n;
  let violating = 0;
  let worst = -Infinity;
  const dense: NearPairs | undefined = source.dense?.();
  let top = 0;
  let rounded = false;
  for (let r = 0; r < count; r++) {
    const i = rows?.[r] ?? r;
    const from = rows === undefined ? i + 1 : 0;
    watch(rows === undefined ? (r / n) * (2 - r / n) : r / count);
    const least = y[i] + Math.min(cut[i], floor) - half;
    let found: number;
    if (dense !== undefined) found = dense(i, from, gate, least, y[i] - half, hits, out);
    else {
      source.row(i, from, out);
      if (forest === undefined) top = Math.max(top, largest(out, from));
      found = above(out, gate, least, y[i] - half, from, hits);
    }
    const inside = found > 0 && nest?.enter(i) === true;
    for (let h = 0; h < found; h++) {
      const j = hits[h];
      if (out[j] > top && forest === undefined) top = out[j];
      if (out[j] <= 0 || !source.admits(i, j)) continue;
      const exact = out[j] * perUnit;
      const w = rounds ? Math.round(exact) : exact;
      if (w !== exact) rounded = true;
      let cost = w - y[i] - y[j];
      if (inside) cost -= nest.shared(j);
      if (cost > worst) worst = cost;
      if (cost > 0) violating++;
      best.offer(i, j, cost, w);
      if (rows === undefined && best.offer(j, i, cost, w)) {
        gate.reach[j] = reachOf(j);
        gate.move(j);
      }
    }
  }
  // What was not seen costs no more than either end's list.
  if (forest === undefined && dense !== undefined)
    for (let i = 0; i < n; i++)
      if (cut[i] > -Infinity) top = Math.max(top, (2 * y[i] + cut[i]) * (1 + 2 ** -40));
  // A pair that blossoms cover may exceed what vertices cover by so much more.
  let bound = nest === undefined ? cut : cut.map((c, i) => c + nest.cover(i));
  if (rows !== undefined) {
    const looked = new Set(rows);
    bound = bound.map((c, i) => (looked.has(i) ? c : Infinity));
  }
  return { ...best.pairs(), violating, worst, top, rounded, bound };
}

/**
 * Rows that can hold a pair that was not kept when the duals were `then`, and violates them now. With g = then - now, it costs at most
 * min(bound_i, bound_j) + g_i + g_j > 0, so the end i of the larger g has bound_i + 2 g_i > 0. Whoever has not needs no look.
 * (The duals of blossoms would only cover more.)
 */
export function exposedRows(bound: Float64Array, then: Float64Array, now: Float64Array): number[] {
  const rows: number[] = [];
  for (let i = 0; i < now.length; i++) if (bound[i] + 2 * (then[i] - now[i]) > 0) rows.push(i);
  return rows;
}

/** The last entry of each row's list: no pair in neither of its lists weighs more. -Infinity where a list leaves nothing out. */
export function listBounds({ n, start, count, key, truncated }: CandidateLists): Float64Array {
  return Float64Array.from({ length: n }, (_, i) =>
    truncated[i] === 1 ? Math.max(0, key[start[i] + count[i] - 1]) : -Infinity,
  );
}

function largest(out: Float64Array, from: number): number {
  let top = 0;
  for (let j = from; j < out.length; j++) if (out[j] > top) top = out[j];
  return top;
}

/** What `PairSource.dense` does, for any row. Nearly all pairs end here. */
function above(
  out: Float64Array,
  { perUnit, y, reach }: Gate,
  least: number,
  other: number,
  from: number,
  hits: Int32Array,
): number {
  let count = 0;
  for (let j = from; j < out.length; j++) {
    const w = out[j] * perUnit;
    if (w - least > y[j] || w - other > reach[j]) hits[count++] = j;
  }
  return count;
}

/** The K pairs of every row of largest key, largest first. */
class BestLists {
  /** What a newcomer has to exceed. */
  readonly cut: Float64Array;
  readonly #count: Int32Array;
  readonly #col: Int32Array;
  readonly #key: Float64Array;
  readonly #weight: Float64Array;

  constructor(
    readonly n: number,
    readonly room: number,
    margin: number,
  ) {
    this.cut = new Float64Array(n).fill(margin);
    this.#count = new Int32Array(n);
    this.#col = new Int32Array(n * room);
    this.#key = new Float64Array(n * room);
    this.#weight = new Float64Array(n * room);
  }

  /** True where it was taken. */
  offer(i: number, j: number, key: number, weight: number): boolean {
    if (key <= this.cut[i]) return false;
    const { room } = this;
    const base = i * room;
    let at = base + Math.min(this.#count[i], room - 1);
    for (; at > base && this.#key[at - 1] < key; at--) {
      this.#key[at] = this.#key[at - 1];
      this.#col[at] = this.#col[at - 1];
      this.#weight[at] = this.#weight[at - 1];
    }
    this.#key[at] = key;
    this.#col[at] = j;
    this.#weight[at] = weight;
    if (this.#count[i] < room) this.#count[i]++;
    if (this.#count[i] === room) this.cut[i] = this.#key[base + room - 1];
    return true;
  }

  pairs(): { i: number[]; j: number[]; weight: number[] } {
    const [i, j, weight]: number[][] = [[], [], []];
    for (let r = 0; r < this.n; r++)
      for (let e = r * this.room, end = e + this.#count[r]; e < end; e++) {
        i.push(r);
        j.push(this.#col[e]);
        weight.push(this.#weight[e]);
      }
    return { i, j, weight };
  }
}
