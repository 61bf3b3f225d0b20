import type { AboveDots } from '../dots.ts';

/**
 * Finds the pairs (i, j), j in [from, n), whose weight times perUnit exceeds low + gate.y[j] or
 * high + gate.reach[j], up to rounding errors of these sums. Writes them to `hits`, ascending, and
 * their weights to out[j]. Other entries of out are undefined.
 *
 * @returns how many there are.
 */
export type NearPairs = (
  i: number,
  from: number,
  gate: Gate,
  low: number,
  high: number,
  hits: Int32Array,
  out: Float64Array,
) => number;

/** The bounds that weights must exceed, by column. Call `move` after a change of a column. */
export class Gate {
  readonly #moved: Int32Array;
  #count = 0;

  /**
   * @param perUnit grid units per unit of weight.
   * @param y f64[n], in grid units.
   * @param reach f64[n], in grid units.
   */
  constructor(
    readonly perUnit: number,
    readonly y: Float64Array,
    readonly reach: Float64Array,
  ) {
    this.#moved = new Int32Array(4 * y.length);
  }

  /** Column j has changed. */
  move(j: number): void {
    if (this.#count < this.#moved.length) this.#moved[this.#count] = j;
    this.#count++;
  }

  /** Calls `change` for the columns that changed since the last call, or for all of them. */
  flush(all: boolean, change: (j: number) => void): void {
    if (all || this.#count > this.#moved.length) for (let j = 0; j < this.y.length; j++) change(j);
    else for (let e = 0; e < this.#count; e++) change(this.#moved[e]);
    this.#count = 0;
  }
}

/**
 * Weights that f32 dot products bound from above: `weight <= law(dot * max + (bias[i] + bias[j]) /
 * 2) + shift[i] + shift[j]`, up to `error`.
 */
export interface UpperBounds {
  readonly above: AboveDots;
  readonly law: 'linear' | 'exp';
  readonly max: number;
  /** f64[n]: `dot` of (i, j) may be too small by error[i] + error[j]. */
  readonly error: Float64Array;
  /** f64[n]: each end adds half of its own. */
  readonly bias: Float64Array;
  /** f32[n], units of weight. */
  readonly shift?: Float32Array;
  /**
   * Writes the exact weights of i with the first `count` of `who` to out[j]; -Infinity where not
   * eligible (`admits` aside).
   */
  readonly weigh: (i: number, who: Int32Array, count: number, out: Float64Array) => void;
}

/**
 * Drops the pairs that are certainly too small by f32 dot products, twice as many at a time as f64
 * ones, and weighs the others exactly. So the result does not depend on rounding.
 */
export function nearPairs({ above, law, max, error, bias, shift, weigh }: UpperBounds): NearPairs {
  /** Lowered by more than all roundings up to the comparison. */
  const down = (v: number, k: number) => v - error[k] - Math.abs(v) * 2 ** -21 - 2 ** -100;
  let gate: Gate | undefined;
  let perUnit = 1;
  /**
   * One end's share of the bound on dot products. Under `exp` the sum of both ends' weights is at
   * low twice their geometric mean, so log(a + b) >= (log 2a + log 2b) / 2. That is loose where
   * they differ, and no bound where one is not above 0.
   */
  const part = (units: number, k: number): number => {
    const own = shift === undefined ? 0 : shift[k];
    const asked = units / perUnit;
    const weight = asked - own - (Math.abs(asked) + Math.abs(own)) * 2 ** -21;
    if (law === 'linear') return down((weight - bias[k] / 2) / max, k);
    // Scores are clamped, so that no weight is quite 0 before the shift.
    const positive = weight - 2 ** -100;
    return positive > 0 ? down((0.5 * Math.log(2 * positive) - bias[k] / 2) / max, k) : -Infinity;
  };
  let y32: Float32Array = new Float32Array(0);
  let reach32 = y32;
  const change = (j: number): void => {
    y32[j] = part(gate!.y[j], j);
    reach32[j] = part(gate!.reach[j], j);
  };
  const fresh = () => ({
    write(y: Float32Array, reach: Float32Array, all: boolean): void {
      y32 = y;
      reach32 = reach;
      gate!.flush(all, change);
    },
  });
  let bounds = fresh();
  return (i, from, given, low, high, hits, out) => {
    if (given !== gate) {
      gate = given;
      perUnit = given.perUnit;
      bounds = fresh();
    }
    const { y, reach } = given;
    const found = above(i, from, bounds, part(low, i), part(high, i), hits);
    weigh(i, hits, found, out);
    let count = 0;
    for (let h = 0; h < found; h++) {
      const j = hits[h];
      const w = out[j] * perUnit;
      if (w - low > y[j] || w - high > reach[j]) hits[count++] = j;
    }
    return count;
  };
}

/**
 * Bound on the error of a dot product of vectors rounded to f32, relative to the product of their
 * lengths (at most 1): twice the first-order bound (Higham, Accuracy and Stability of Numerical
 * Algorithms, 3.1). Each end takes half of it per squared length, because a product is at most the
 * mean of the squares. So a few long vectors do not loosen the bound of the others.
 */
export function dotError(dim: number): number {
  return (dim + 2) * 2 ** -23;
}
