import type { Ridge, RidgeState } from './ridge.ts';

/** One kind of parameter, f64[people][k], with its prior mean and its variances. */
export class Part {
  readonly value: Float64Array;
  readonly prior: Float64Array;
  readonly variance: Float64Array;
  /** Mean posterior variance per column. */
  readonly spread: Float64Array;
  readonly state: RidgeState[];
  readonly #k: number;

  constructor(n: number, k: number) {
    this.#k = k;
    this.value = new Float64Array(n * k);
    this.prior = new Float64Array(n * k);
    this.variance = new Float64Array(n * k);
    this.spread = new Float64Array(k);
    this.state = Array.from({ length: k }, () => ({ within: 0.25, between: 0.01 }));
  }

  /** Mean square of a column. */
  square(f: number): number {
    let sum = 0;
    for (let at = f; at < this.value.length; at += this.#k) sum += this.value[at] ** 2;
    return (sum * this.#k) / this.value.length;
  }

  learn(ridge: Ridge): void {
    for (let f = 0; f < this.#k; f++)
      ridge.fit(this.value, this.#k, f, this.spread[f], this.state[f], this.prior);
  }
}
