import { DRAWS, drawSigns } from '../../metrics/inference/random-signs.ts';
import type { SliceGrid } from './slice-grid.ts';

export type MarketIndex = 0 | 1;

/** A person for the signs: a reborn slot is another person. Slots are below 2^21. */
export const personKey = (slot: number, generation: number): number => (slot | (generation << 21)) >>> 0;

/**
 * Sums of columns over observations, times the random signs of their people. With independent signs
 * s_p, the sum over people of (sum of their observations)^2 is the expectation of (sum s_p x)^2
 * (Alon, Matias and Szegedy, 1996). So a variance that is clustered by person needs one running sum
 * per cell, column and draw, however many people there are; and it stays linear in the means, which
 * need not be known in advance.
 */
export class SignedSums {
  readonly #grid: SliceGrid;
  readonly #columns: number;
  readonly #seed: number;
  /** f64[2 markets][cells][columns][DRAWS]. */
  readonly #sums: Float64Array;
  readonly #signs = new Float64Array(DRAWS);
  /** Sums of slices, f64[columns][DRAWS], by market and slice, until the next addition. */
  readonly #slices = new Map<number, Float64Array>();

  constructor(grid: SliceGrid, columns: number, seed: number) {
    this.#grid = grid;
    this.#columns = columns;
    this.#seed = seed;
    this.#sums = new Float64Array(2 * grid.cells * columns * DRAWS);
  }

  /** Takes the signs of a person for what is added next, or adds them to those of another one. */
  draw(person: number, onTop: 0 | 1 = 0): void {
    drawSigns(this.#signs, this.#seed, person, onTop);
  }

  /** Adds one value per column to a cell, times the present signs. */
  add(market: MarketIndex, cell: number, values: ArrayLike<number>): void {
    if (this.#slices.size > 0) this.#slices.clear();
    const signs = this.#signs;
    const sums = this.#sums;
    let q = (market * this.#grid.cells + cell) * this.#columns * DRAWS;
    for (let k = 0; k < this.#columns; k++, q += DRAWS) {
      const value = values[k];
      if (value !== 0) for (let r = 0; r < DRAWS; r++) sums[q + r] += signs[r] * value;
    }
  }

  /**
   * Adds to `into` (f64[DRAWS]) the sum over a slice of one market, its columns weighted by `by`.
   */
  combine(market: MarketIndex, slice: number, by: ArrayLike<number>, into: Float64Array): void {
    const sums = this.#slice(market, slice);
    for (let k = 0; k < this.#columns; k++) {
      const weight = by[k];
      if (weight !== 0) for (let r = 0; r < DRAWS; r++) into[r] += weight * sums[k * DRAWS + r];
    }
  }

  /** Sum over people of (their weighted sum over both markets)^2 in a slice. */
  squares(slice: number, byA: ArrayLike<number>, byB: ArrayLike<number>): number {
    // Added up apart, so that two equal markets cancel exactly.
    const [a, b] = [new Float64Array(DRAWS), new Float64Array(DRAWS)];
    this.combine(0, slice, byA, a);
    this.combine(1, slice, byB, b);
    return a.reduce((sum, x, r) => sum + (x + b[r]) ** 2, 0) / DRAWS;
  }

  #slice(market: MarketIndex, slice: number): Float64Array {
    const key = 2 * slice + market;
    const known = this.#slices.get(key);
    if (known !== undefined) return known;
    const size = this.#columns * DRAWS;
    const result = new Float64Array(size);
    for (const cell of this.#grid.cellsOf(slice)) {
      const from = (market * this.#grid.cells + cell) * size;
      for (let q = 0; q < size; q++) result[q] += this.#sums[from + q];
    }
    this.#slices.set(key, result);
    return result;
  }
}
