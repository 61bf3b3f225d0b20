import { hash4, Stream } from '../base/hash.ts';
import { studentQuantile, type Interval } from '../metrics/student.ts';

/** Independent random signs per person; the variance is estimated from as many draws. */
const DRAWS = 128;
const WORDS = DRAWS / 32;
/** Chats or waits in both markets below which no interval is claimed. */
const FEWEST = 10;
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
 * Means of outcomes per slice in two markets in which the same people live, with an interval of the difference that respects what the
 * observations share. A chat counts once for each side; its outcome depends on both people, a person has many chats, and lives in both
 * markets. So any two chats with a person in common may be dependent, across the markets too.
 *
 * The variance of the difference of two ratio means is, after linearising (delta method), the sum of e_c e_d over all pairs of chats c, d
 * that share a person, e_c = +-(y_c - mean) m_c / n (dyadic clustering: Fafchamps and Gubert, 2007; Aronow, Samii and Assenova, 2015). With
 * E_p the sum of e_c over the chats of person p, that is sum_p E_p^2 less the chats counted twice, sum_c e_c^2. Neither the people nor the
 * final means need to be known in advance: with independent random signs s_p, sum_p E_p^2 is the expectation of (sum_c (s_a + s_b) e_c)^2
 * (Alon, Matias and Szegedy, 1996), which needs one running sum per draw and is linear in the means. The memory depends on slices and
 * draws only. Where negative covariances (chats of the same two people in both markets) make the correction too large, half of the
 * sum over people, its value for independent chats, is the floor.
 *
 * With one person per observation (waits) it is the plain cluster-robust variance of the paired difference.
 */
export class PairedSums {
  readonly #outcomes: number;
  readonly #seed: number;
  readonly #plain: Float64Array;
  readonly #signed: Float64Array;
  readonly #plainStride: number;
  readonly #slices: number;
  readonly #sign = new Int8Array(DRAWS);
  readonly #active = new Uint8Array(DRAWS);
  #activeCount = 0;
  #pairs = false;

  /** `slices` places for groups, `outcomes` figures per observation. */
  constructor(slices: number, outcomes: number, seed: number) {
    this.#slices = slices;
    this.#outcomes = outcomes;
    this.#seed = seed;
    // Per slice: observations, sides n, sum m^2; per outcome sum m y, sum m^2 y, sum m^2 y^2.
    this.#plainStride = 3 + 3 * outcomes;
    this.#plain = new Float64Array(2 * slices * this.#plainStride);
    this.#signed = new Float64Array(2 * slices * (1 + outcomes) * DRAWS);
  }

  /** A chat of `a` and `b` with the outcomes `y`, the same for both sides; `slicesA[d]` is a's slice in dimension d. */
  addPair(
    market: 0 | 1,
    a: number,
    b: number,
    slicesA: ArrayLike<number>,
    slicesB: ArrayLike<number>,
    y: ArrayLike<number>,
  ): void {
    this.#pairs = true;
    this.#activeCount = 0;
    for (let w = 0; w < WORDS; w++) {
      const signsA = hash4(this.#seed, Stream.bootstrap, a, w);
      const signsB = hash4(this.#seed, Stream.bootstrap, b, w);
      for (let i = 0; i < 32; i++) {
        const s = (((signsA >>> i) & 1) + ((signsB >>> i) & 1) - 1) * 2;
        if (s === 0) continue;
        this.#sign[w * 32 + i] = s;
        this.#active[this.#activeCount++] = w * 32 + i;
      }
    }
    for (let d = 0; d < slicesA.length; d++) {
      if (slicesA[d] === slicesB[d]) this.#put(market, slicesA[d], 2, y);
      else {
        this.#put(market, slicesA[d], 1, y);
        this.#put(market, slicesB[d], 1, y);
      }
    }
  }

  /** An observation of one person. */
  addSingle(market: 0 | 1, person: number, slices: ArrayLike<number>, y: ArrayLike<number>): void {
    this.#activeCount = DRAWS;
    for (let w = 0; w < WORDS; w++) {
      const signs = hash4(this.#seed, Stream.bootstrap, person, w);
      for (let i = 0; i < 32; i++) {
        this.#sign[w * 32 + i] = ((signs >>> i) & 1) * 2 - 1;
        this.#active[w * 32 + i] = w * 32 + i;
      }
    }
    for (let d = 0; d < slices.length; d++) this.#put(market, slices[d], 1, y);
  }

  /** Figures of one outcome in one slice; means are NaN where nothing was seen, the interval where too little was. */
  figures(slice: number, outcome: number): SliceFigures {
    const a = this.#sums(0, slice, outcome);
    const b = this.#sums(1, slice, outcome);
    const effect = b.mean - a.mean;
    const empty = { nA: a.n, nB: b.n, meanA: a.mean, meanB: b.mean, effect, low: NaN, high: NaN };
    if (a.observations < FEWEST || b.observations < FEWEST) return empty;
    let people = 0;
    for (let r = 0; r < DRAWS; r++)
      people += (this.#draw(1, slice, outcome, b, r) - this.#draw(0, slice, outcome, a, r)) ** 2;
    people /= DRAWS;
    const variance = this.#pairs ? Math.max(people - a.squares - b.squares, people / 2) : people;
    const half = T95 * Math.sqrt(variance);
    return { ...empty, low: effect - half, high: effect + half };
  }

  #put(market: 0 | 1, slice: number, m: number, y: ArrayLike<number>): void {
    const place = market * this.#slices + slice;
    const plain = this.#plain;
    let p = place * this.#plainStride;
    plain[p++]++;
    plain[p++] += m;
    plain[p++] += m * m;
    const signed = this.#signed;
    let q = place * (1 + this.#outcomes) * DRAWS;
    for (let k = -1; k < this.#outcomes; k++) {
      const value = k < 0 ? 1 : y[k];
      if (k >= 0) {
        plain[p++] += m * value;
        plain[p++] += m * m * value;
        plain[p++] += m * m * value * value;
      }
      const mv = m * value;
      for (let i = 0; i < this.#activeCount; i++) {
        const r = this.#active[i];
        signed[q + r] += this.#sign[r] * mv;
      }
      q += DRAWS;
    }
  }

  #sums(market: 0 | 1, slice: number, outcome: number) {
    const p = (market * this.#slices + slice) * this.#plainStride;
    const [observations, n, mm] = this.#plain.subarray(p, p + 3);
    const [my, mmy, mmyy] = this.#plain.subarray(p + 3 + 3 * outcome, p + 6 + 3 * outcome);
    const mean = my / n;
    return { observations, n, mean, squares: (mmyy - 2 * mean * mmy + mean * mean * mm) / (n * n) };
  }

  #draw(
    market: 0 | 1,
    slice: number,
    outcome: number,
    { n, mean }: { n: number; mean: number },
    r: number,
  ): number {
    const q = (market * this.#slices + slice) * (1 + this.#outcomes) * DRAWS + r;
    return (this.#signed[q + (1 + outcome) * DRAWS] - mean * this.#signed[q]) / n;
  }
}
