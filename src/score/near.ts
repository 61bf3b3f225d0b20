import type { AboveDots } from './dots.ts';

/**
 * Pairs (i, j), j in [from, n), ascending, whose weight times perUnit exceeds least + gate.y[j] or other + gate.reach[j], with rounding errors
 * of these sums: written to `hits`, and the weights to out[j]. What else is in out[j] is not said.
 *
 * @returns how many there are.
 */
export type NearPairs = (
  i: number,
  from: number,
  gate: Gate,
  least: number,
  other: number,
  hits: Int32Array,
  out: Float64Array,
) => number;

/** What weights have to exceed, by column; whoever changes a column says so. */
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

/** Weights that f32 dot products bound from above: `weight <= law(dot * most + bias) + shift[i] + shift[j]`, but for errors below. */
export interface Roughly {
  readonly above: AboveDots;
  readonly law: 'linear' | 'exp';
  readonly most: number;
  /** f64[n]: what `dot` of (i, j) may be short of is error[i] + error[j]. */
  readonly error: Float64Array;
  readonly bias: number;
  /** f32[n], units of weight. */
  readonly shift?: Float32Array;
  /** The weights themselves, of i with the first `count` of `who`, to out[j]; -Infinity where not eligible (but for `admits`). */
  readonly weigh: (i: number, who: Int32Array, count: number, out: Float64Array) => void;
}

/**
 * What is surely not large is left out by f32, twice as many at a time as f64; the rest is looked at exactly. So the answer does not depend on
 * rounding.
 */
export function nearPairs({ above, law, most, error, bias, shift, weigh }: Roughly): NearPairs {
  /** Down by more than all the roundings between here and the comparison. */
  const down = (v: number, k: number) => v - error[k] - Math.abs(v) * 2 ** -21 - 2 ** -100;
  let gate: Gate | undefined;
  let perUnit = 1;
  /**
   * One end's part of what dot products have to exceed. Under `exp` the sum of both ends' weights is not below twice their geometric mean, so
   * log(a + b) >= (log 2a + log 2b) / 2: a little loose where they differ, and no bound where one is not above 0.
   */
  const part = (units: number, k: number): number => {
    const own = shift === undefined ? 0 : shift[k];
    const asked = units / perUnit;
    const weight = asked - own - (Math.abs(asked) + Math.abs(own)) * 2 ** -21;
    if (law === 'linear') return down((weight - bias / 2) / most, k);
    // Scores are clamped, so that no weight is quite 0 before the shift.
    const positive = weight - 2 ** -100;
    return positive > 0 ? down((0.5 * Math.log(2 * positive) - bias / 2) / most, k) : -Infinity;
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
  return (i, from, given, least, other, hits, out) => {
    if (given !== gate) {
      gate = given;
      perUnit = given.perUnit;
      bounds = fresh();
    }
    const { y, reach } = given;
    const found = above(i, from, bounds, part(least, i), part(other, i), hits);
    weigh(i, hits, found, out);
    let count = 0;
    for (let h = 0; h < found; h++) {
      const j = hits[h];
      const w = out[j] * perUnit;
      if (w - least > y[j] || w - other > reach[j]) hits[count++] = j;
    }
    return count;
  };
}

/**
 * By how much a dot product of f32 vectors may miss that of the f64 ones they are rounded from, in shares of the product of their lengths
 * (at most 1): twice the first-order bound (Higham, Accuracy and Stability of Numerical Algorithms, 3.1). Half of it per squared length goes
 * to either end, as a product is not above the mean of the squares: so hubs do not blind the others.
 */
export function dotError(dim: number): number {
  return (dim + 2) * 2 ** -23;
}
