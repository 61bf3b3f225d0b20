import { cosine } from '../memory/similarity.ts';

/**
 * Re-ranks by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): each place takes
 * the item with the largest lambda x relevance - (1 - lambda) x (largest cosine to the chosen
 * ones). Equal items go in their order. A zero vector is like nothing. For lists of at most `most`
 * items, whose memory is kept from list to list.
 */
export class MarginRanking {
  /** Items in their new order. */
  readonly chosen: Uint32Array;
  readonly #dimension: number;
  /** f64[most][dimension]: vectors of length 1. */
  readonly #unit: Float64Array;
  /** Largest cosine to a chosen item. */
  readonly #nearest: Float64Array;
  /** Items that are left, in their order. */
  readonly #left: Uint32Array;

  constructor(most: number, dimension: number) {
    this.#dimension = dimension;
    this.chosen = new Uint32Array(most);
    this.#unit = new Float64Array(most * dimension);
    this.#nearest = new Float64Array(most);
    this.#left = new Uint32Array(most);
  }

  /** Sets the vector of an item: vectors[from..from + dimension]. */
  set(item: number, vectors: ArrayLike<number>, from: number): void {
    const [unit, dimension] = [this.#unit, this.#dimension];
    let squares = 0;
    for (let d = from; d < from + dimension; d++) squares += vectors[d] ** 2;
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let d = 0; d < dimension; d++) unit[item * dimension + d] = scale * vectors[from + d];
  }

  /**
   * Chooses `length` of the first `n` items, or all. Returns how many. @param lambda 1: by
   * relevance alone; 0: by difference alone.
   */
  rank(relevance: ArrayLike<number>, n: number, lambda: number, length: number): number {
    const nearest = this.#nearest.fill(-Infinity, 0, n);
    const left = this.#left;
    for (let item = 0; item < n; item++) left[item] = item;
    const count = Math.min(length, n);
    for (let place = 0; place < count; place++) {
      let best = 0;
      let most = -Infinity;
      for (let k = 0; k < n - place; k++) {
        const item = left[k];
        const margin = lambda * relevance[item] - (place === 0 ? 0 : (1 - lambda) * nearest[item]);
        if (k > 0 && !(margin > most)) continue;
        best = k;
        most = margin;
      }
      this.chosen[place] = left[best];
      left.copyWithin(best, best + 1, n - place);
      if (place + 1 < count) this.#near(this.chosen[place], n - place - 1);
    }
    return count;
  }

  /** Brings `nearest` of the items that are left up to date after a choice. */
  #near(chosen: number, count: number): void {
    const unit = this.#unit;
    const nearest = this.#nearest;
    const dimension = this.#dimension;
    const left = this.#left;
    const own = chosen * dimension;
    const last = left[count - 1];
    // Four sums at a time: each alone would wait for its own additions.
    for (let k = 0; k < count; k += 4) {
      const a = left[k];
      const b = k + 1 < count ? left[k + 1] : last;
      const c = k + 2 < count ? left[k + 2] : last;
      const d = k + 3 < count ? left[k + 3] : last;
      let ofA = 0;
      let ofB = 0;
      let ofC = 0;
      let ofD = 0;
      for (let e = 0; e < dimension; e++) {
        const x = unit[own + e];
        ofA += x * unit[a * dimension + e];
        ofB += x * unit[b * dimension + e];
        ofC += x * unit[c * dimension + e];
        ofD += x * unit[d * dimension + e];
      }
      nearest[a] = Math.max(nearest[a], ofA);
      nearest[b] = Math.max(nearest[b], ofB);
      nearest[c] = Math.max(nearest[c], ofC);
      nearest[d] = Math.max(nearest[d], ofD);
    }
  }
}

/** Re-ranks one list: the chosen items, at most `length`. @param vectors f64[n][dimension]. */
export function rerankByMargin(
  relevance: ArrayLike<number>,
  vectors: ArrayLike<number>,
  dimension: number,
  lambda: number,
  length: number,
): number[] {
  const n = relevance.length;
  const ranking = new MarginRanking(n, dimension);
  for (let item = 0; item < n; item++) ranking.set(item, vectors, item * dimension);
  return [...ranking.chosen.subarray(0, ranking.rank(relevance, n, lambda, length))];
}

/** Mean over the pairs of a list of 1 - cosine; NaN where there are fewer than two items. */
export function meanDistance(vectors: readonly ArrayLike<number>[]): number {
  let sum = 0;
  for (let a = 0; a < vectors.length; a++)
    for (let b = 0; b < a; b++) sum += 1 - (cosine(vectors[a], vectors[b]) || 0);
  return sum / ((vectors.length * (vectors.length - 1)) / 2);
}
