/**
 * A linear-Gaussian belief about a vector w: a signal of a user u is u . w plus noise. Each signal
 * updates it by a rank-one step (Kalman filter; Sherman and Morrison, 1950). Signals one by one, in
 * any order, give the same belief as all at once.
 */
export class GaussianBelief {
  /** f64[dimension]: mean. */
  readonly mean: Float64Array;
  /** f64[dimension][dimension]: covariance. */
  readonly covariance: Float64Array;
  readonly #scratch: Float64Array;

  constructor(
    prior: ArrayLike<number>,
    precision: number,
    /** Variance of the noise of a signal. */
    readonly noise: number,
  ) {
    const n = prior.length;
    this.mean = Float64Array.from(prior);
    this.covariance = new Float64Array(n * n);
    for (let d = 0; d < n; d++) this.covariance[d * n + d] = 1 / precision;
    this.#scratch = new Float64Array(n);
  }

  update(user: ArrayLike<number>, signal: number): void {
    const { mean, covariance, noise } = this;
    const n = mean.length;
    const gain = this.#scratch;
    let [error, variance] = [signal, noise];
    for (let d = 0; d < n; d++) {
      gain[d] = 0;
      for (let e = 0; e < n; e++) gain[d] += covariance[d * n + e] * user[e];
      error -= user[d] * mean[d];
      variance += user[d] * gain[d];
    }
    for (let d = 0; d < n; d++) mean[d] += (gain[d] * error) / variance;
    for (let d = 0; d < n; d++)
      for (let e = 0; e < n; e++) covariance[d * n + e] -= (gain[d] * gain[e]) / variance;
  }
}

/**
 * A gradient step of squared error: vectors[at..] += rate x (signal - user . vector) x user. The
 * vector that is read may be another one than the vector that is written: without a lock, writers
 * read an old one.
 */
export function gradientStep(
  vectors: Float32Array | Float64Array,
  at: number,
  user: ArrayLike<number>,
  signal: number,
  rate: number,
  read: ArrayLike<number> = vectors,
  readAt = at,
): void {
  let error = signal;
  for (let d = 0; d < user.length; d++) error -= user[d] * read[readAt + d];
  for (let d = 0; d < user.length; d++) vectors[at + d] += rate * error * user[d];
}
