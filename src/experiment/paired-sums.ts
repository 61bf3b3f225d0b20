import { hash4, Stream } from '../base/hash.ts';
import { studentQuantile, type Interval } from '../metrics/inference/student.ts';

/** Independent random signs per person: draws from which the variance is estimated. */
const DRAWS = 128;
const WORDS = DRAWS / 32;
/** Minimum count of chats or waits in each market for an interval. */
const MIN_OBSERVATIONS = 10;
/** Plain sums per slice, besides those of the outcomes. */
const PLAIN = 3;
const T95 = studentQuantile(DRAWS);

/** One slice under both policies; `effect` is b - a. */
export interface SliceFigures extends Interval {
  /** Sides of chats, or waits. */
  readonly nA: number;
  readonly nB: number;
  readonly meanA: number;
  readonly meanB: number;
  readonly effect: number;
}

/**
 * Means of outcomes per slice in two markets with the same people, with an interval of the
 * difference that respects shared observations. A chat counts once for each side. Its outcome
 * depends on both people, a person has many chats, and lives in both markets: any two chats with a
 * person in common may be dependent, across markets too.
 *
 * After linearising (delta method), the variance of the difference of two ratio means is the sum of
 * e_c e_d over all pairs of chats c, d that share a person, with e_c = +-(y_c - mean) m_c / n
 * (dyadic clustering: Fafchamps and Gubert, 2007; Aronow, Samii and Assenova, 2015). With E_p the
 * sum of e_c over the chats of person p, that is sum_p E_p^2 minus the chats counted twice, sum_c
 * e_c^2. Random signs make this possible in one pass, without knowing people or final means in
 * advance: with independent signs s_p, sum_p E_p^2 is the expectation of (sum_c (s_a + s_b) e_c)^2
 * (Alon, Matias and Szegedy, 1996), one running sum per draw, linear in the means. The memory
 * depends only on slices and draws. Negative covariances (chats of the same two people in both
 * markets) can make the correction too large; half of the sum over people, its value for
 * independent chats, is the minimum.
 *
 * With one person per observation (waits) it is the cluster-robust variance of the paired
 * difference.
 */
export class PairedSums {
  readonly #tables: readonly (readonly number[])[];
  readonly #outcomes: number;
  readonly #seed: number;
  /** Index of the first slice of each axis, over all tables; 0 is everyone. */
  readonly #firstSlice: readonly number[];
  readonly #slices: number;
  /** Index of the first cell of each table. */
  readonly #firstCell: readonly number[];
  readonly #cells: number;
  /**
   * f64[2 markets][slices][PLAIN + 3 outcomes]: observations, sides n, sum m^2; per outcome sum m
   * y, sum m^2 y, sum m^2 y^2.
   */
  readonly #plain: Float64Array;
  /** f64[2 markets][cells][1 + outcomes][DRAWS]: sum s m, and per outcome sum s m y. */
  readonly #signed: Float64Array;
  readonly #signs = new Float64Array(DRAWS);
  #pairs = false;

  /**
   * `tables` lists axes by their number of levels. An observation has a level on every axis. The
   * axes of one table are crossed: one running sum per combination and draw, from which slices are
   * summed on demand. So an observation needs one update instead of one per axis.
   */
  constructor(tables: readonly (readonly number[])[], outcomes: number, seed: number) {
    this.#tables = tables;
    this.#outcomes = outcomes;
    this.#seed = seed;
    const axes = tables.flat();
    this.#firstSlice = axes.map((_, d) => 1 + axes.slice(0, d).reduce((sum, n) => sum + n, 0));
    this.#slices = 1 + axes.reduce((sum, n) => sum + n, 0);
    const sizes = tables.map((t) => t.reduce((product, n) => product * n, 1));
    this.#firstCell = sizes.map((_, t) => sizes.slice(0, t).reduce((sum, n) => sum + n, 0));
    this.#cells = sizes.reduce((sum, n) => sum + n, 0);
    this.#plain = new Float64Array(2 * this.#slices * (PLAIN + 3 * outcomes));
    this.#signed = new Float64Array(2 * this.#cells * (1 + outcomes) * DRAWS);
  }

  /** Count of slices: everyone, then every level of every axis. */
  get slices(): number {
    return this.#slices;
  }

  /** Adds a chat of `a` and `b` with outcomes `y`. `levelsA`: a's levels on all axes. */
  addPair(
    market: 0 | 1,
    a: number,
    b: number,
    levelsA: ArrayLike<number>,
    levelsB: ArrayLike<number>,
    y: ArrayLike<number>,
  ): void {
    this.#pairs = true;
    this.#draw(a, 0);
    this.#draw(b, 1);
    for (let t = 0; t < this.#tables.length; t++) {
      const cellA = this.#cell(t, levelsA);
      const cellB = this.#cell(t, levelsB);
      if (cellA === cellB) this.#addSigned(market, cellA, 2, y);
      else {
        this.#addSigned(market, cellA, 1, y);
        this.#addSigned(market, cellB, 1, y);
      }
    }
    this.#addPlain(market, 0, 2, y);
    for (let d = 0; d < this.#firstSlice.length; d++) {
      const first = this.#firstSlice[d];
      if (levelsA[d] === levelsB[d]) this.#addPlain(market, first + levelsA[d], 2, y);
      else {
        this.#addPlain(market, first + levelsA[d], 1, y);
        this.#addPlain(market, first + levelsB[d], 1, y);
      }
    }
  }

  /** Adds an observation of one person. */
  addSingle(market: 0 | 1, person: number, levels: ArrayLike<number>, y: ArrayLike<number>): void {
    this.#draw(person, 0);
    for (let t = 0; t < this.#tables.length; t++) this.#addSigned(market, this.#cell(t, levels), 1, y);
    this.#addPlain(market, 0, 1, y);
    for (let d = 0; d < this.#firstSlice.length; d++)
      this.#addPlain(market, this.#firstSlice[d] + levels[d], 1, y);
  }

  /** Figures of one outcome in one slice. NaN: means without observations, intervals with few. */
  figures(slice: number, outcome: number): SliceFigures {
    const a = this.#sums(0, slice, outcome);
    const b = this.#sums(1, slice, outcome);
    const effect = b.mean - a.mean;
    const empty = { nA: a.n, nB: b.n, meanA: a.mean, meanB: b.mean, effect, low: NaN, high: NaN };
    if (a.observations < MIN_OBSERVATIONS || b.observations < MIN_OBSERVATIONS) return empty;
    const drawsA = this.#residuals(0, slice, outcome, a);
    const drawsB = this.#residuals(1, slice, outcome, b);
    let people = 0;
    for (let r = 0; r < DRAWS; r++) people += (drawsB[r] - drawsA[r]) ** 2 / DRAWS;
    const variance = this.#pairs ? Math.max(people - a.squares - b.squares, people / 2) : people;
    const half = T95 * Math.sqrt(variance);
    return { ...empty, low: effect - half, high: effect + half };
  }

  /** Sets the random signs of a person, or adds those of the second person. */
  #draw(person: number, onTop: 0 | 1): void {
    const signs = this.#signs;
    for (let w = 0; w < WORDS; w++) {
      const bits = hash4(this.#seed, Stream.bootstrap, person, w);
      const from = w * 32;
      for (let i = 0; i < 32; i++) {
        const sign = ((bits >>> i) & 1) * 2 - 1;
        signs[from + i] = onTop * signs[from + i] + sign;
      }
    }
  }

  #cell(t: number, levels: ArrayLike<number>): number {
    let axis = 0;
    for (let u = 0; u < t; u++) axis += this.#tables[u].length;
    let cell = 0;
    for (const size of this.#tables[t]) cell = cell * size + levels[axis++];
    return this.#firstCell[t] + cell;
  }

  #addSigned(market: 0 | 1, cell: number, m: number, y: ArrayLike<number>): void {
    const signs = this.#signs;
    const signed = this.#signed;
    const outcomes = this.#outcomes;
    let q = (market * this.#cells + cell) * (1 + outcomes) * DRAWS;
    for (let k = -1; k < outcomes; k++) {
      const value = k < 0 ? m : m * y[k];
      if (value !== 0) for (let r = 0; r < DRAWS; r++) signed[q + r] += signs[r] * value;
      q += DRAWS;
    }
  }

  #addPlain(market: 0 | 1, slice: number, m: number, y: ArrayLike<number>): void {
    const plain = this.#plain;
    let p = (market * this.#slices + slice) * (PLAIN + 3 * this.#outcomes);
    plain[p++]++;
    plain[p++] += m;
    plain[p++] += m * m;
    for (let k = 0; k < this.#outcomes; k++) {
      const my = m * y[k];
      plain[p++] += my;
      plain[p++] += m * my;
      plain[p++] += my * my;
    }
  }

  #sums(market: 0 | 1, slice: number, outcome: number) {
    const p = (market * this.#slices + slice) * (PLAIN + 3 * this.#outcomes);
    const [observations, n, mm] = this.#plain.subarray(p, p + PLAIN);
    const [my, mmy, mmyy] = this.#plain.subarray(p + PLAIN + 3 * outcome, p + PLAIN + 3 + 3 * outcome);
    const mean = my / n;
    return { observations, n, mean, squares: (mmyy - 2 * mean * mmy + mean * mean * mm) / (n * n) };
  }

  /** f64[DRAWS]: sum s (y - mean) m / n over the slice. */
  #residuals(
    market: 0 | 1,
    slice: number,
    outcome: number,
    { n, mean }: { n: number; mean: number },
  ): Float64Array {
    const signed = this.#signed;
    const stride = (1 + this.#outcomes) * DRAWS;
    const result = new Float64Array(DRAWS);
    for (const cell of this.#cellsOf(slice)) {
      const q = (market * this.#cells + cell) * stride;
      const values = q + (1 + outcome) * DRAWS;
      for (let r = 0; r < DRAWS; r++) result[r] += (signed[values + r] - mean * signed[q + r]) / n;
    }
    return result;
  }

  /** Cells of a slice. Everyone is the whole first table. */
  #cellsOf(slice: number): number[] {
    let axis = 0;
    for (let t = 0; t < this.#tables.length; t++) {
      const sizes = this.#tables[t];
      const count = sizes.reduce((product, n) => product * n, 1);
      let after = count;
      for (const size of sizes) {
        after /= size;
        const level = slice - this.#firstSlice[axis++];
        const every = slice === 0;
        if (!every && (level < 0 || level >= size)) continue;
        const width = after;
        return Array.from({ length: count }, (_, c) => c)
          .filter((c) => every || Math.floor(c / width) % size === level)
          .map((c) => this.#firstCell[t] + c);
      }
    }
    return [];
  }
}
