import { freedomOf, type PairedMeans } from '../paired-sums.ts';
import type { Evidence } from '../../metrics/inference/evidence.ts';
import { SignedSums, type MarketIndex } from './signed-sums.ts';
import type { SliceGrid } from './slice-grid.ts';

/**
 * Columns: waits; waits that ended in a match; seconds of the ended waits minus the beginnings of
 * the open ones; open waits. So the sum of seconds at any moment is column 2 + moment x column 3.
 */
const COLUMNS = 4;
/**
 * Plain sums beside the columns: beginnings of open waits; squares of seconds and of beginnings.
 */
const PLAIN = COLUMNS + 2;

/** Length of a window at first, seconds, and the count of windows at which two become one. */
const FIRST_WINDOW = 10;
const MAX_WINDOWS = 12;
/** Fewer windows claim no interval. */
const MIN_WINDOWS = 6;

export const waitOutcomes = { matched: 0, seconds: 1 } as const;

/**
 * Means over waits in two markets with the same people. A wait that goes on counts: as not matched
 * so far, with the seconds that it has lasted so far.
 *
 * People who wait at the same time share a queue, and a queue has a memory. So the variance is that
 * of batch means (Law and Carson, 1979): windows of simulated time whose length doubles, so that
 * there are always 6 to 12, with Bartlett's weight on neighbouring windows (Newey and West, 1987)
 * where their covariance is positive. What the waits of a person have in common beyond their window
 * is added, as in two-way clustering (Cameron, Gelbach and Miller, 2011): the sum over people minus
 * the waits themselves. The degrees of freedom are those of the windows and the people
 * (Satterthwaite, 1946).
 */
export class WaitSums {
  readonly #grid: SliceGrid;
  /** f64[2 markets][slices][PLAIN]. */
  readonly #plain: Float64Array;
  readonly #signed: SignedSums;
  /** f64[2 markets][MAX_WINDOWS][slices][COLUMNS]. */
  readonly #windows: Float64Array;
  #length = FIRST_WINDOW;
  readonly #column = new Float64Array(COLUMNS);

  constructor(grid: SliceGrid, seed: number) {
    this.#grid = grid;
    this.#plain = new Float64Array(2 * grid.slices * PLAIN);
    this.#signed = new SignedSums(grid, COLUMNS, seed);
    this.#windows = new Float64Array(2 * MAX_WINDOWS * grid.slices * COLUMNS);
  }

  /** A wait begins, seconds after the warm-up. `person`: a person key. */
  begin(market: MarketIndex, person: number, levels: ArrayLike<number>, begin: number): void {
    this.#add(market, person, levels, begin, [1, 0, -begin, 1], begin, begin * begin);
  }

  /** A wait ends; the other arguments are those of its beginning. */
  end(
    market: MarketIndex,
    person: number,
    levels: ArrayLike<number>,
    begin: number,
    seconds: number,
    matched: boolean,
  ): void {
    const values = [0, matched ? 1 : 0, seconds + begin, -1];
    this.#add(market, person, levels, begin, values, -begin, seconds * seconds - begin * begin);
  }

  /** Means at a moment, seconds after the warm-up; NaN without waits. n: waits. */
  means(slice: number, outcome: number, now: number): PairedMeans {
    const [a, b] = [this.#sums(0, slice, outcome, now), this.#sums(1, slice, outcome, now)];
    return { nA: a.n, nB: b.n, meanA: a.mean, meanB: b.mean };
  }

  /** Variance of an outcome among the waits of a market. */
  spread(market: MarketIndex, slice: number, outcome: number, now: number): number {
    const { n, squares } = this.#sums(market, slice, outcome, now);
    return squares / n;
  }

  /** The effect b - a in a slice of so many different people, and its error. */
  evidence(slice: number, outcome: number, people: number, now: number): Evidence {
    const [a, b] = [this.#sums(0, slice, outcome, now), this.#sums(1, slice, outcome, now)];
    const effect = b.mean - a.mean;
    this.#fit(now);
    const windows = now / this.#length;
    if (!(windows >= MIN_WINDOWS) || people < 2) return { effect, error: NaN, freedom: NaN, people };
    const weights = [weightsOf(outcome, -1, a.n, a.mean, now), weightsOf(outcome, 1, b.n, b.mean, now)];
    const byWindow = Array.from({ length: Math.ceil(windows) }, (_, w) =>
      weights.reduce((sum, by, m) => sum + dot(this.#window(m as MarketIndex, w, slice), by), 0),
    );
    // The sums over windows add up to 0: residuals of W batches have W - 1 degrees of freedom.
    const scale = windows / (windows - 1);
    const own = scale * byWindow.reduce((sum, x) => sum + x * x, 0);
    const neighbours = scale * byWindow.reduce((sum, x, w) => sum + (w > 0 ? x * byWindow[w - 1] : 0), 0);
    const byTime = own + Math.max(0, neighbours);
    const squares = this.#signed.squares(slice, weights[0], weights[1]);
    const byPerson = Math.max(0, squares - a.squares / a.n ** 2 - b.squares / b.n ** 2);
    const variance = byTime + byPerson;
    const freedom = variance ** 2 / (byTime ** 2 / (windows - 1) + byPerson ** 2 / freedomOf(people));
    return { effect, error: Math.sqrt(variance), freedom: variance > 0 ? freedom : windows - 1, people };
  }

  #add(
    market: MarketIndex,
    person: number,
    levels: ArrayLike<number>,
    begin: number,
    values: readonly number[],
    beginnings: number,
    squares: number,
  ): void {
    this.#fit(begin);
    this.#column.set(values);
    this.#signed.draw(person);
    for (let t = 0; t < this.#grid.tables; t++)
      this.#signed.add(market, this.#grid.cell(t, levels), this.#column);
    const window = Math.floor(begin / this.#length);
    for (let d = -1; d < this.#grid.firstSlice.length; d++) {
      const slice = d < 0 ? 0 : this.#grid.firstSlice[d] + levels[d];
      const of = this.#window(market, window, slice);
      const p = (market * this.#grid.slices + slice) * PLAIN;
      for (let k = 0; k < COLUMNS; k++) {
        of[k] += values[k];
        this.#plain[p + k] += values[k];
      }
      this.#plain[p + COLUMNS] += beginnings;
      this.#plain[p + COLUMNS + 1] += squares;
    }
  }

  /** Joins windows until the moment lies in one of them. */
  #fit(moment: number): void {
    while (moment >= MAX_WINDOWS * this.#length) {
      this.#length *= 2;
      const size = this.#grid.slices * COLUMNS;
      for (const market of [0, 1]) {
        const all = this.#windows.subarray(market * MAX_WINDOWS * size, (market + 1) * MAX_WINDOWS * size);
        for (let k = 0; k < all.length; k++) {
          const half = Math.floor(k / size);
          const from = 2 * half * size + (k % size);
          all[k] = half < MAX_WINDOWS / 2 ? all[from] + all[from + size] : 0;
        }
      }
    }
  }

  #window(market: MarketIndex, window: number, slice: number): Float64Array {
    const at = ((market * MAX_WINDOWS + window) * this.#grid.slices + slice) * COLUMNS;
    return this.#windows.subarray(at, at + COLUMNS);
  }

  /** n, mean and sum of squared distances from it. */
  #sums(market: MarketIndex, slice: number, outcome: number, now: number) {
    const p = (market * this.#grid.slices + slice) * PLAIN;
    const [n, matched, seconds, open, beginnings, endedAndBegun] = this.#plain.subarray(p, p + PLAIN);
    const isMatched = outcome === waitOutcomes.matched;
    const sum = isMatched ? matched : seconds + now * open;
    const squared = isMatched ? matched : endedAndBegun + now * now * open - 2 * now * beginnings;
    return { n, mean: sum / n, squares: Math.max(0, squared - (sum * sum) / n) };
  }
}

/** Weights of the columns in the linearised mean of an outcome. */
function weightsOf(outcome: number, sign: number, n: number, mean: number, now: number): number[] {
  const [matched, seconds] = outcome === waitOutcomes.matched ? [1, 0] : [0, 1];
  return [-mean, matched, seconds, seconds * now].map((x) => (sign * x) / n);
}

function dot(a: ArrayLike<number>, b: readonly number[]): number {
  return b.reduce((sum, x, k) => sum + x * a[k], 0);
}
