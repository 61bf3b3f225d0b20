/** Weights as integers: whole numbers as they are, others as multiples of 2^-50 of the heaviest. */
export class Grid {
  /** A power of two: products with it and its inverse are exact. */
  unit: number;
  readonly #finest: number;

  /**
   * @param top the heaviest weight.
   * @param whole as far as is known, all weights are whole numbers.
   */
  constructor(top: number, whole: boolean) {
    this.#finest = top === 0 ? 1 : 2 ** Math.max(-1000, Math.ceil(Math.log2(top)) - 50);
    this.unit = whole && top < 2 ** 50 ? 1 : this.#finest;
  }

  of(weight: number): number {
    return Math.round(weight / this.unit);
  }

  /** Nothing needs rounding as long as all weights are whole numbers; a finer grid is there for those that are not. */
  get expectsWhole(): boolean {
    return this.unit > this.#finest;
  }

  /** Whole numbers were expected, but this weight is none: a finer grid is needed. */
  tooCoarse(weight: number): boolean {
    return this.expectsWhole && weight % this.unit !== 0;
  }

  /** Makes the grid as fine as it can be. Returns by what (a power of two) all that was measured in it is to be multiplied. */
  refine(): number {
    const factor = this.unit / this.#finest;
    this.unit = this.#finest;
    return factor;
  }
}

/** Edges, each pair once. */
export class EdgeSet {
  readonly u: number[] = [];
  readonly v: number[] = [];
  readonly w: number[] = [];
  readonly #known: Set<number>[];

  constructor(n: number) {
    this.#known = Array.from({ length: n }, () => new Set());
  }

  /** False where it was there already. */
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
