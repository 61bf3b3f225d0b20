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
  readonly #taken: Uint8Array;

  constructor(most: number, dimension: number) {
    this.#dimension = dimension;
    this.chosen = new Uint32Array(most);
    const room = 4 * Math.ceil(most / 4);
    this.#unit = new Float64Array(room * dimension);
    this.#nearest = new Float64Array(room);
    this.#taken = new Uint8Array(most);
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
    const [nearest, taken] = [this.#nearest.fill(-Infinity), this.#taken.fill(0, 0, n)];
    const count = Math.min(length, n);
    for (let place = 0; place < count; place++) {
      let best = -1;
      let most = -Infinity;
      for (let item = 0; item < n; item++) {
        if (taken[item] === 1) continue;
        const margin = lambda * relevance[item] - (place === 0 ? 0 : (1 - lambda) * nearest[item]);
        if (best >= 0 && !(margin > most)) continue;
        best = item;
        most = margin;
      }
      this.chosen[place] = best;
      taken[best] = 1;
      if (place + 1 < count) this.#near(best, n);
    }
    return count;
  }

  /** Brings `nearest` up to date after a choice. */
  #near(chosen: number, n: number): void {
    const unit = this.#unit;
    const nearest = this.#nearest;
    const dimension = this.#dimension;
    const own = chosen * dimension;
    // Four sums at a time: each alone would wait for its own additions.
    for (let item = 0; item < n; item += 4) {
      const a = item * dimension;
      const b = a + dimension;
      const c = b + dimension;
      const d = c + dimension;
      let ofA = 0;
      let ofB = 0;
      let ofC = 0;
      let ofD = 0;
      for (let k = 0; k < dimension; k++) {
        const x = unit[own + k];
        ofA += x * unit[a + k];
        ofB += x * unit[b + k];
        ofC += x * unit[c + k];
        ofD += x * unit[d + k];
      }
      nearest[item] = Math.max(nearest[item], ofA);
      nearest[item + 1] = Math.max(nearest[item + 1], ofB);
      nearest[item + 2] = Math.max(nearest[item + 2], ofC);
      nearest[item + 3] = Math.max(nearest[item + 3], ofD);
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
