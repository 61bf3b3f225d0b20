import { cosine } from '../memory/similarity.ts';

/**
 * Re-ranks by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): each place takes
 * the item with the largest lambda x relevance - (1 - lambda) x (largest cosine to the chosen
 * ones). Equal items go in their order. Returns the chosen items, at most `length`. A zero vector
 * is like nothing. @param vectors f64[n][dimension]. @param lambda 1: by relevance alone; 0: by
 * difference alone.
 */
export function rerankByMargin(
  relevance: ArrayLike<number>,
  vectors: ArrayLike<number>,
  dimension: number,
  lambda: number,
  length: number,
): number[] {
  const n = relevance.length;
  const unit = unitVectors(vectors, dimension, n);
  /** Largest cosine to a chosen item; before the first choice there is none. */
  const nearest = new Float64Array(n).fill(-Infinity);
  const taken = new Uint8Array(n);
  const chosen: number[] = [];
  while (chosen.length < Math.min(length, n)) {
    let best = -1;
    let most = -Infinity;
    for (let item = 0; item < n; item++) {
      if (taken[item] === 1) continue;
      const margin = lambda * relevance[item] - (chosen.length === 0 ? 0 : (1 - lambda) * nearest[item]);
      if (best < 0 || margin > most) [best, most] = [item, margin];
    }
    chosen.push(best);
    taken[best] = 1;
    for (let item = 0; item < n; item++)
      if (taken[item] === 0) nearest[item] = Math.max(nearest[item], dotOf(unit, dimension, best, item));
  }
  return chosen;
}

/** Mean over the pairs of a list of 1 - cosine; NaN where there are fewer than two items. */
export function meanDistance(vectors: readonly ArrayLike<number>[]): number {
  let sum = 0;
  for (let a = 0; a < vectors.length; a++)
    for (let b = 0; b < a; b++) sum += 1 - (cosine(vectors[a], vectors[b]) || 0);
  return sum / ((vectors.length * (vectors.length - 1)) / 2);
}

function unitVectors(vectors: ArrayLike<number>, dimension: number, n: number): Float64Array {
  const unit = new Float64Array(n * dimension);
  for (let item = 0; item < n; item++) {
    let squares = 0;
    for (let d = 0; d < dimension; d++) squares += vectors[item * dimension + d] ** 2;
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let d = 0; d < dimension; d++) unit[item * dimension + d] = scale * vectors[item * dimension + d];
  }
  return unit;
}

function dotOf(vectors: Float64Array, dimension: number, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < dimension; d++) sum += vectors[a * dimension + d] * vectors[b * dimension + d];
  return sum;
}
