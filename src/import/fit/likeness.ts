import { solvePositive } from './linear.ts';
import type { RidgeState } from './ridge.ts';

/** Maximum number of observations to learn from: a few dozen weights need no more. */
const MAX_ROWS = 60_000;

/**
 * Whether similar people stay longer. The location gains the sum over side information k of
 * weight_k x_ik x_jk: a diagonal bilinear form that says how much two people agree in a category or
 * a number. The weights come from ridge regression with maximum likelihood variances, as in
 * ridge.ts, on a fixed set of inputs.
 */
export class Likeness {
  /** Positions among the inputs, ascending, and their weights. */
  inputs: readonly number[];
  weights: Float64Array;
  #state: RidgeState = { within: 1, between: 0.01 };
  #gram: Float64Array;
  readonly #rows: Uint32Array;

  /** `known`: positions of known observations; who and whom are people; x: f32[people][width]. */
  constructor(
    private readonly x: Float32Array,
    private readonly width: number,
    private readonly who: Uint32Array,
    private readonly whom: Uint32Array,
    known: Uint32Array,
  ) {
    const step = Math.max(1, Math.ceil(known.length / MAX_ROWS));
    this.#rows = known.filter((_, r) => r % step === 0);
    this.inputs = Array.from({ length: width }, (_, k) => k);
    this.weights = new Float64Array(width);
    this.#gram = this.#products();
  }

  /** The term of the location of i with j. */
  of(i: number, j: number): number {
    let sum = 0;
    for (let f = 0; f < this.inputs.length; f++) {
      const k = this.inputs[f];
      sum += this.weights[f] * this.x[i * this.width + k] * this.x[j * this.width + k];
    }
    return sum;
  }

  /**
   * Fits the weights to residual(row), the outcome less all other terms; `noise` is its variance.
   */
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
    const covariance = solvePositive(system, n, right);
    this.weights = right;
    let between = 0;
    for (let k = 0; k < n; k++) between += this.weights[k] ** 2 + noise * covariance[k * n + k];
    this.#state = { within: noise, between: Math.max(1e-7, between / n) };
  }

  /** Keeps the `max` inputs that change locations most. */
  prune(max: number): void {
    const n = this.inputs.length;
    if (n <= max) return;
    const size = this.inputs.map((_, f) => Math.abs(this.weights[f]) * Math.sqrt(this.#gram[f * n + f]));
    const kept = this.inputs
      .map((_, f) => f)
      .sort((a, b) => size[b] - size[a] || a - b)
      .slice(0, max)
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
