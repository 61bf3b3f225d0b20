import { DRAWS } from '../metrics/inference/random-signs.ts';
import type { Evidence } from '../metrics/inference/evidence.ts';
import { SignedSums, type MarketIndex } from './paired/signed-sums.ts';
import type { SliceGrid } from './paired/slice-grid.ts';

/** Plain sums per slice, besides those of the outcomes. */
const PLAIN = 2;

/** Means of one outcome in one slice of both markets; n: what the mean is over. */
export interface PairedMeans {
  readonly nA: number;
  readonly nB: number;
  readonly meanA: number;
  readonly meanB: number;
}

/**
 * Means of outcomes per slice in two markets with the same people, with the error of the difference
 * that respects shared observations. A chat counts once for each side. Its outcome depends on both
 * people, a person has many chats, and lives in both markets: any two chats with a person in common
 * may be dependent, across markets too.
 *
 * After linearising (delta method), the variance of the difference of two ratio means is the sum of
 * e_c e_d over all pairs of chats c, d that share a person, with e_c = +-(y_c - mean) m_c / n
 * (dyadic clustering: Fafchamps and Gubert, 2007; Aronow, Samii and Assenova, 2015). With E_p the
 * sum of e_c over the chats of person p, that is sum_p E_p^2 minus the chats counted twice, sum_c
 * e_c^2. `SignedSums` gives the first, linear in the means, one running sum per draw. Negative
 * covariances (chats of the same two people in both markets) can make the correction too large;
 * half of the sum over people, its value for independent chats, is the minimum.
 *
 * The degrees of freedom are those of the people and of the draws: 1/freedom = 1/draws + 1/(people
 * - 1), where people with more chats count for more: Kish's (sum of sides)^2 / sum of sides^2.
 */
export class PairedSums {
  readonly #grid: SliceGrid;
  readonly #outcomes: number;
  /**
   * f64[2 markets][slices][PLAIN + 3 outcomes]: n, sum m^2; per outcome sum m y, m^2 y, m^2 y^2.
   */
  readonly #plain: Float64Array;
  /** Columns: m, and m y of every outcome. */
  readonly #signed: SignedSums;
  readonly #values: Float64Array;

  constructor(grid: SliceGrid, outcomes: number, seed: number) {
    this.#grid = grid;
    this.#outcomes = outcomes;
    this.#plain = new Float64Array(2 * grid.slices * (PLAIN + 3 * outcomes));
    this.#signed = new SignedSums(grid, 1 + outcomes, seed);
    this.#values = new Float64Array(1 + outcomes);
  }

  /**
   * Adds a chat of the people `a` and `b` (person keys) with outcomes `y`. `levelsA`: a's levels on
   * all axes.
   */
  addPair(
    market: MarketIndex,
    a: number,
    b: number,
    levelsA: ArrayLike<number>,
    levelsB: ArrayLike<number>,
    y: ArrayLike<number>,
  ): void {
    this.#signed.draw(a);
    this.#signed.draw(b, 1);
    for (let t = 0; t < this.#grid.tables; t++) {
      const cellA = this.#grid.cell(t, levelsA);
      const cellB = this.#grid.cell(t, levelsB);
      this.#addSigned(market, cellA, cellA === cellB ? 2 : 1, y);
      if (cellA !== cellB) this.#addSigned(market, cellB, 1, y);
    }
    this.#addPlain(market, 0, 2, y);
    this.#grid.firstSlice.forEach((first, d) => {
      this.#addPlain(market, first + levelsA[d], levelsA[d] === levelsB[d] ? 2 : 1, y);
      if (levelsA[d] !== levelsB[d]) this.#addPlain(market, first + levelsB[d], 1, y);
    });
  }

  /** Means of an outcome; NaN without observations. n: sides of chats. */
  means(slice: number, outcome: number): PairedMeans {
    const [a, b] = [this.#sums(0, slice, outcome), this.#sums(1, slice, outcome)];
    return { nA: a.n, nB: b.n, meanA: a.mean, meanB: b.mean };
  }

  /** The effect b - a in a slice of so many different people, and its error. */
  evidence(slice: number, outcome: number, people: number): Evidence {
    const [a, b] = [this.#sums(0, slice, outcome), this.#sums(1, slice, outcome)];
    const weights = (sign: number, n: number, mean: number) =>
      Float64Array.from({ length: 1 + this.#outcomes }, (_, k) =>
        k === 0 ? (-sign * mean) / n : k === 1 + outcome ? sign / n : 0,
      );
    const squares = this.#signed.squares(slice, weights(-1, a.n, a.mean), weights(1, b.n, b.mean));
    const variance = Math.max(squares - a.squares - b.squares, squares / 2);
    const freedom = this.#freedom(slice, a.n, b.n);
    return { effect: b.mean - a.mean, error: Math.sqrt(variance), freedom, people };
  }

  /**
   * The effect on the mean of a value per slice, from changed shares of the slices alone. The
   * chats counted twice are not subtracted, so the error is an upper bound.
   */
  mixEvidence(slices: readonly number[], values: readonly number[], people: number): Evidence {
    const total = (m: MarketIndex) => slices.reduce((sum, s) => sum + this.#sums(m, s, 0).n, 0);
    const [nA, nB] = [total(0), total(1)];
    const mean = (m: MarketIndex, n: number) =>
      slices.reduce((sum, s, i) => sum + (this.#sums(m, s, 0).n / n) * values[i], 0);
    const [a, b] = [mean(0, nA), mean(1, nB)];
    const draws = new Float64Array(DRAWS);
    const column = new Float64Array(1 + this.#outcomes);
    slices.forEach((s, i) => {
      column[0] = -(values[i] - a) / nA;
      this.#signed.combine(0, s, column, draws);
      column[0] = (values[i] - b) / nB;
      this.#signed.combine(1, s, column, draws);
    });
    const variance = draws.reduce((sum, x) => sum + x * x, 0) / DRAWS;
    return { effect: b - a, error: Math.sqrt(variance), freedom: this.#freedom(0, nA, nB), people };
  }

  #freedom(slice: number, nA: number, nB: number): number {
    const column = (n: number) =>
      Float64Array.from({ length: 1 + this.#outcomes }, (_, k) => (k === 0 ? 1 / n : 0));
    return freedomOf(16 / this.#signed.squares(slice, column(nA), column(nB)));
  }

  #addSigned(market: MarketIndex, cell: number, m: number, y: ArrayLike<number>): void {
    this.#values[0] = m;
    for (let k = 0; k < this.#outcomes; k++) this.#values[1 + k] = m * y[k];
    this.#signed.add(market, cell, this.#values);
  }

  #addPlain(market: MarketIndex, slice: number, m: number, y: ArrayLike<number>): void {
    const plain = this.#plain;
    let p = (market * this.#grid.slices + slice) * (PLAIN + 3 * this.#outcomes);
    plain[p++] += m;
    plain[p++] += m * m;
    for (let k = 0; k < this.#outcomes; k++) {
      const my = m * y[k];
      plain[p++] += my;
      plain[p++] += m * my;
      plain[p++] += my * my;
    }
  }

  #sums(market: MarketIndex, slice: number, outcome: number) {
    const p = (market * this.#grid.slices + slice) * (PLAIN + 3 * this.#outcomes);
    const [n, mm] = this.#plain.subarray(p, p + PLAIN);
    const [my, mmy, mmyy] = this.#plain.subarray(p + PLAIN + 3 * outcome, p + PLAIN + 3 + 3 * outcome);
    const mean = my / n;
    return { n, mean, squares: (mmyy - 2 * mean * mmy + mean * mean * mm) / (n * n) };
  }
}

/** Degrees of freedom of a sum of squares over so many people, estimated from the draws. */
export const freedomOf = (people: number): number => 1 / (1 / DRAWS + 1 / Math.max(1, people - 1));
