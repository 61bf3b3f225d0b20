import type { BlossomForest } from './blossom-forest.ts';
import { Gate } from '../../score/candidates/near.ts';
import type { NearPairs } from '../../score/candidates/near.ts';
import { BlossomCover } from './blossom-cover.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { PairSource } from '../../score/source.ts';

/** Duals against which pairs are priced, in grid units. */
export interface Duals {
  /** f64[n]. */
  readonly y: Float64Array;
  /** Grid units per unit of weight, a power of two. */
  readonly perUnit: number;
  /** Whether weights are rounded to whole units. */
  readonly rounds: boolean;
  /** Blossoms whose duals cover pairs too. */
  readonly forest?: BlossomForest | undefined;
}

export interface PriceOptions {
  /**
   * Rows to price, each pair for its row alone. Where absent, every pair is priced once, for both
   * of its rows.
   */
  readonly rows?: readonly number[] | undefined;
  /** Pairs to keep per row. */
  readonly keep: number;
  /** Pairs that the duals cover by this much or more, in grid units, are ignored. */
  readonly margin: number;
  /** Called before every row with the share that is done; may throw. */
  readonly watch: (share: number) => void;
}

/** For every priced row, the pairs that violate the duals most or come nearest to it. */
export interface Priced {
  /** Pairs (i, j) and their weights in grid units. A pair may occur twice. */
  readonly i: readonly number[];
  readonly j: readonly number[];
  readonly weight: readonly number[];
  /** Count of pairs that violate the duals; complete where a forest is given. */
  readonly violating: number;
  /**
   * Largest w_ij - y_i - y_j - (duals of blossoms with both) above -margin, in grid units; else
   * -Infinity.
   */
  readonly worst: number;
  /** A close upper bound on all weights; 0 where a forest is given. */
  readonly top: number;
  /** Whether a weight near or above the duals was rounded. */
  readonly rounded: boolean;
  /** f64[n]: upper bound on w_ij - y_i - y_j over the pairs of row i that were not kept. */
  readonly bound: Float64Array;
}

/**
 * Finds the pairs that violate the duals. The arithmetic is exact where weights and duals are
 * multiples of half a unit below 2^52.
 */
export function priceOut(source: PairSource, duals: Duals, options: PriceOptions): Priced {
  const { n } = source;
  const { y, perUnit, rounds, forest } = duals;
  const { rows, keep, margin, watch } = options;
  const best = new BestLists(n, Math.max(1, Math.min(keep, n - 1)), -margin);
  const { cut } = best;
  const blossoms = forest && new BlossomCover(forest);
  const out = new Float64Array(n);
  const hits = new Int32Array(n);
  // The lists of other rows are not needed where only some rows are priced.
  const reachOf = (j: number) => (rows === undefined ? y[j] + cut[j] : Infinity);
  // Pairs that violate the duals must be seen even where the lists are full of worse ones.
  const floor = forest === undefined ? Infinity : 0;
  const gate = new Gate(
    perUnit,
    y.slice(),
    Float64Array.from(y, (_, j) => reachOf(j)),
  );
  // Rounding to whole units may add this much.
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
    const minWeight = y[i] + Math.min(cut[i], floor) - half;
    let found: number;
    if (dense !== undefined) found = dense(i, from, gate, minWeight, y[i] - half, hits, out);
    else {
      source.row(i, from, out);
      if (forest === undefined) top = Math.max(top, largest(out, from));
      found = above(out, gate, minWeight, y[i] - half, from, hits);
    }
    const inside = found > 0 && blossoms?.enter(i) === true;
    for (let h = 0; h < found; h++) {
      const j = hits[h];
      if (out[j] > top && forest === undefined) top = out[j];
      if (out[j] <= 0 || !source.admits(i, j)) continue;
      const exact = out[j] * perUnit;
      const w = rounds ? Math.round(exact) : exact;
      if (w !== exact) rounded = true;
      let cost = w - y[i] - y[j];
      if (inside) cost -= blossoms.shared(j);
      if (cost > worst) worst = cost;
      if (cost > 0) violating++;
      best.offer(i, j, cost, w);
      if (rows === undefined && best.offer(j, i, cost, w)) {
        gate.reach[j] = reachOf(j);
        gate.move(j);
      }
    }
  }
  // A pair that was not seen violates the duals by no more than the last entry of either list.
  if (forest === undefined && dense !== undefined)
    for (let i = 0; i < n; i++)
      if (cut[i] > -Infinity) top = Math.max(top, (2 * y[i] + cut[i]) * (1 + 2 ** -40));
  // Blossoms cover this much more of a pair than its vertices do.
  let bound = blossoms === undefined ? cut : cut.map((c, i) => c + blossoms.cover(i));
  if (rows !== undefined) {
    const looked = new Set(rows);
    bound = bound.map((c, i) => (looked.has(i) ? c : Infinity));
  }
  return { ...best.pairs(), violating, worst, top, rounded, bound };
}

/**
 * Rows that can contain a pair that was not kept when the duals were `then` and that violates the
 * duals `now`. With g = then - now, such a pair has min(bound_i, bound_j) + g_i + g_j > 0, so its
 * end i with the larger g has bound_i + 2 g_i > 0. Other rows need no look. The duals of blossoms
 * can only cover more.
 */
export function exposedRows(bound: Float64Array, then: Float64Array, now: Float64Array): number[] {
  const rows: number[] = [];
  for (let i = 0; i < now.length; i++) if (bound[i] + 2 * (then[i] - now[i]) > 0) rows.push(i);
  return rows;
}

/**
 * f64[n]: upper bound on the weights that the list of row i leaves out, -Infinity where it is
 * complete.
 */
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

/** The plain form of `PairSource.dense`: works for any source, and drops nearly all pairs. */
function above(
  out: Float64Array,
  { perUnit, y, reach }: Gate,
  minWeight: number,
  other: number,
  from: number,
  hits: Int32Array,
): number {
  let count = 0;
  for (let j = from; j < out.length; j++) {
    const w = out[j] * perUnit;
    if (w - minWeight > y[j] || w - other > reach[j]) hits[count++] = j;
  }
  return count;
}

/** The `room` pairs of largest key in every row, largest first. */
class BestLists {
  /** Key that a new pair of the row must exceed. */
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

  /** Returns true where the pair was kept. */
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
