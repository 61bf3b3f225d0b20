import { solvePositive } from './linear.ts';

/**
 * Predicts a number of each person from side information: target ~ N(x w, within), w ~ N(0,
 * between). Both variances are estimated by type II maximum likelihood in alternation with w
 * (MacKay, Bayesian Interpolation, 1992). There is one instance per table; each regression starts
 * from the variances of the last one.
 */
export class Ridge {
  readonly #x: Float32Array;
  readonly #n: number;
  readonly #k: number;
  /** The Gram matrix x^T x. */
  readonly #gram: Float64Array;

  /** x: f32[n][k], columns standardised. */
  constructor(x: Float32Array, n: number, k: number) {
    this.#x = x;
    this.#n = n;
    this.#k = k;
    this.#gram = new Float64Array(k * k);
    for (let p = 0; p < n; p++)
      for (let i = 0; i < k; i++) {
        const xi = x[p * k + i];
        if (xi === 0) continue;
        for (let j = 0; j <= i; j++) this.#gram[i * k + j] += xi * x[p * k + j];
      }
    for (let i = 0; i < k; i++) for (let j = i + 1; j < k; j++) this.#gram[i * k + j] = this.#gram[j * k + i];
  }

  /**
   * Fits target[p * stride + offset], whose mean posterior variance is `spread`. Writes the
   * prediction of each person into `out` and updates the variances in `state`.
   */
  fit(
    target: Float64Array,
    stride: number,
    offset: number,
    spread: number,
    state: RidgeState,
    out: Float64Array,
  ): void {
    const n = this.#n;
    const k = this.#k;
    const w = new Float64Array(k);
    for (let p = 0; p < n; p++) {
      const y = target[p * stride + offset];
      for (let i = 0; i < k; i++) w[i] += this.#x[p * k + i] * y;
    }
    const system = new Float64Array(k * k);
    const lambda = state.within / state.between;
    system.set(this.#gram);
    for (let i = 0; i < k; i++) system[i * k + i] += lambda;
    const covariance = solvePositive(system, k, w);
    let trace = 0;
    let weights = 0;
    for (let i = 0; i < k; i++) {
      trace += covariance[i * k + i];
      weights += w[i] * w[i];
    }
    let residual = 0;
    for (let p = 0; p < n; p++) {
      let mean = 0;
      for (let i = 0; i < k; i++) mean += this.#x[p * k + i] * w[i];
      residual += (target[p * stride + offset] - mean) ** 2;
      out[p * stride + offset] = mean;
    }
    const used = k - lambda * trace;
    if (k > 0) state.between = Math.max(1e-8, (weights + state.within * trace) / k);
    state.within = Math.max(1e-6, (residual + n * spread) / Math.max(1, n - used));
  }
}

/** Variances of a regression: of the residual, and of the weights. */
export interface RidgeState {
  within: number;
  between: number;
}
