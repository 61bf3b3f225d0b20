import { freedomOf, type PairedMeans } from '../paired-sums.ts';
import type { Evidence } from '../../metrics/inference/evidence.ts';
import { SignedSums, type MarketIndex } from './signed-sums.ts';
import type { SliceGrid } from './slice-grid.ts';

/**
 * Means per person in two markets with the same people. Column 0 counts people, the others sum
 * their outcomes. The variance of the paired difference is clustered by person. `inflation`: what
 * the dependence between people multiplies it by.
 *
 * Where rows belong to an item too, such as a post, the variance is two-way (Cameron, Gelbach and
 * Miller, 2011): the sum over people plus that over items minus the rows themselves. Then column 0
 * counts rows, and column 2 has the squares of column 1.
 */
export class PersonSums {
  readonly #grid: SliceGrid;
  readonly #columns: number;
  readonly #inflation: number;
  /** f64[2 markets][slices][columns]. */
  readonly #plain: Float64Array;
  readonly #signed: SignedSums;
  #hasItems = false;

  constructor(grid: SliceGrid, columns: number, seed: number, inflation: number) {
    this.#grid = grid;
    this.#columns = columns;
    this.#inflation = inflation;
    this.#plain = new Float64Array(2 * grid.slices * columns);
    this.#signed = new SignedSums(grid, columns, seed);
  }

  /** Adds to the columns of a person (a person key) with these levels. @param item from 0. */
  add(
    market: MarketIndex,
    person: number,
    levels: ArrayLike<number>,
    values: ArrayLike<number>,
    item?: number,
  ): void {
    this.#signed.draw(person);
    if (item !== undefined) {
      this.#hasItems = true;
      // Keys from the other end: signs of their own.
      this.#signed.draw(~item >>> 0, 1);
    }
    for (let t = 0; t < this.#grid.tables; t++) this.#signed.add(market, this.#grid.cell(t, levels), values);
    this.#addPlain(market, 0, values);
    this.#grid.firstSlice.forEach((first, d) => this.#addPlain(market, first + levels[d], values));
  }

  /** Means of a column per person; NaN without people. n: people. */
  means(slice: number, column: number): PairedMeans {
    const [nA, nB] = [this.#sum(0, slice, 0), this.#sum(1, slice, 0)];
    return {
      nA,
      nB,
      meanA: this.#sum(0, slice, column) / nA,
      meanB: this.#sum(1, slice, column) / nB,
    };
  }

  /** The effect b - a in a slice of so many different people, and its error. */
  evidence(slice: number, column: number, people: number): Evidence {
    const { nA, nB, meanA, meanB } = this.means(slice, column);
    const weights = (sign: number, n: number, mean: number) =>
      Float64Array.from({ length: this.#columns }, (_, k) =>
        k === 0 ? (-sign * mean) / n : k === column ? sign / n : 0,
      );
    const squares = this.#signed.squares(slice, weights(-1, nA, meanA), weights(1, nB, meanB));
    const rows = this.#hasItems ? this.#ownSquares(0, slice) + this.#ownSquares(1, slice) : 0;
    const error = Math.sqrt(this.#inflation * Math.max(rows, squares - rows));
    return { effect: meanB - meanA, error, freedom: freedomOf(people), people };
  }

  /** Sum of the squared distances of a market's rows from their mean, over the squared count. */
  #ownSquares(market: MarketIndex, slice: number): number {
    const [n, sum, squares] = [0, 1, 2].map((column) => this.#sum(market, slice, column));
    return n === 0 ? 0 : Math.max(0, squares - sum ** 2 / n) / n ** 2;
  }

  #addPlain(market: MarketIndex, slice: number, values: ArrayLike<number>): void {
    const p = (market * this.#grid.slices + slice) * this.#columns;
    for (let k = 0; k < this.#columns; k++) this.#plain[p + k] += values[k];
  }

  #sum(market: MarketIndex, slice: number, column: number): number {
    return this.#plain[(market * this.#grid.slices + slice) * this.#columns + column];
  }
}
