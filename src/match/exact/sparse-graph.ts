/**
 * Weights as whole multiples of a unit: whole weights as they are, others as multiples of 2^-50 of
 * the heaviest.
 */
export class Grid {
  /** A power of two: products with it and its inverse are exact. */
  unit: number;
  readonly #finest: number;

  /**
   * @param top the heaviest weight.
   * @param whole whether all weights seen so far are whole.
   */
  constructor(top: number, whole: boolean) {
    this.#finest = top === 0 ? 1 : 2 ** Math.max(-1000, Math.ceil(Math.log2(top)) - 50);
    this.unit = whole && top < 2 ** 50 ? 1 : this.#finest;
  }

  of(weight: number): number {
    return Math.round(weight / this.unit);
  }

  /**
   * Whether all weights are expected to be whole, so that none is rounded. A finer grid exists for
   * others.
   */
  get expectsWhole(): boolean {
    return this.unit > this.#finest;
  }

  /**
   * Whether this weight needs a finer grid, because whole weights were expected and it is not
   * whole.
   */
  tooCoarse(weight: number): boolean {
    return this.expectsWhole && weight % this.unit !== 0;
  }

  /**
   * Makes the grid as fine as possible. Returns the factor, a power of two, for all values in old
   * units.
   */
  refine(): number {
    const factor = this.unit / this.#finest;
    this.unit = this.#finest;
    return factor;
  }
}

/** A set of edges. */
export class EdgeSet {
  readonly u: number[] = [];
  readonly v: number[] = [];
  readonly w: number[] = [];
  readonly #known: Set<number>[];

  constructor(n: number) {
    this.#known = Array.from({ length: n }, () => new Set());
  }

  /** Returns false where the pair is already in the set. */
  add(i: number, j: number, w: number): boolean {
    const [a, b] = i < j ? [i, j] : [j, i];
    if (this.#known[a].has(b)) return false;
    this.#known[a].add(b);
    this.u.push(a);
    this.v.push(b);
    this.w.push(w);
    return true;
  }

  has(i: number, j: number): boolean {
    return i < j ? this.#known[i].has(j) : this.#known[j].has(i);
  }

  scale(factor: number): void {
    for (let e = 0; e < this.w.length; e++) this.w[e] *= factor;
  }
}
