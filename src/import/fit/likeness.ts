import { cholesky, choleskyInverse, choleskySolve } from './linear.ts';
import type { RidgeState } from './ridge.ts';

/** Observations that it is learned from at most: a few dozen numbers need no more. */
const MOST_ROWS = 60_000;

/**
 * Do alike people stay longer? Location gains the sum over side information k of weight_k x_ik x_jk (a diagonal bilinear form: what two
 * people have in common of a category, and how near they are in a number, but for what each brings alone). Weights by ridge regression with
 * variances of maximum likelihood, like ridge.ts, on a fixed set of inputs.
 */
export class Likeness {
  /** Places among the inputs, ascending, and their weights. */
  inputs: readonly number[];
  weights: Float64Array;
  #state: RidgeState = { within: 1, between: 0.01 };
  #gram: Float64Array;
  readonly #rows: Uint32Array;

  /** `rows`: positions of told observations; who and whom are people; x: f32[people][width]. */
  constructor(
    private readonly x: Float32Array,
    private readonly width: number,
    private readonly who: Uint32Array,
    private readonly whom: Uint32Array,
    told: Uint32Array,
  ) {
    const step = Math.max(1, Math.ceil(told.length / MOST_ROWS));
    this.#rows = told.filter((_, r) => r % step === 0);
    this.inputs = Array.from({ length: width }, (_, k) => k);
    this.weights = new Float64Array(width);
    this.#gram = this.#products();
  }

  /** What it adds to an observation. */
  of(i: number, j: number): number {
    let sum = 0;
    for (let f = 0; f < this.inputs.length; f++) {
      const k = this.inputs[f];
      sum += this.weights[f] * this.x[i * this.width + k] * this.x[j * this.width + k];
    }
    return sum;
  }

  /** Fits the weights to residual(row), which is without this term; `noise`: its variance. */
  fit(residual: (row: number) => number, noise: number): void {
    const n = this.inputs.length;
    if (n === 0) return;
    const right = new Float64Array(n);
    const f = new Float64Array(n);
    for (const row of this.#rows) {
      this.#features(row, f);
      const y = residual(row);
      for (let k = 0; k < n; k++) right[k] += f[k] * y;
    }
    const lambda = noise / this.#state.between;
    const system = this.#gram.slice();
    for (let k = 0; k < n; k++) system[k * n + k] += lambda;
    cholesky(system, n);
    this.weights = choleskySolve(system, n, right);
    const covariance = choleskyInverse(system, n);
    let between = 0;
    for (let k = 0; k < n; k++) between += this.weights[k] ** 2 + noise * covariance[k * n + k];
    this.#state = { within: noise, between: Math.max(1e-7, between / n) };
  }

  /** Keeps the `most` inputs that move locations most. */
  prune(most: number): void {
    const n = this.inputs.length;
    if (n <= most) return;
    const size = this.inputs.map((_, f) => Math.abs(this.weights[f]) * Math.sqrt(this.#gram[f * n + f]));
    const kept = this.inputs
      .map((_, f) => f)
      .sort((a, b) => size[b] - size[a] || a - b)
      .slice(0, most)
      .sort((a, b) => a - b);
    this.weights = Float64Array.from(kept, (f) => this.weights[f]);
    this.inputs = kept.map((f) => this.inputs[f]);
    this.#gram = this.#products();
  }

  #features(row: number, out: Float64Array): void {
    const i = this.who[row] * this.width;
    const j = this.whom[row] * this.width;
    for (let f = 0; f < this.inputs.length; f++)
      out[f] = this.x[i + this.inputs[f]] * this.x[j + this.inputs[f]];
  }

  #products(): Float64Array {
    const n = this.inputs.length;
    const gram = new Float64Array(n * n);
    const f = new Float64Array(n);
    for (const row of this.#rows) {
      this.#features(row, f);
      for (let k = 0; k < n; k++) for (let l = 0; l <= k; l++) gram[k * n + l] += f[k] * f[l];
    }
    for (let k = 0; k < n; k++) for (let l = k + 1; l < n; l++) gram[k * n + l] = gram[l * n + k];
    return gram;
  }
}
