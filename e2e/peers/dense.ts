import { BEST, DIM } from './task.ts';

/** Weights of everybody's best partners, as one would write it without thinking of speed. */
export function plainLoops(vectors: Float32Array, n: number): Float32Array {
  const row = new Float32Array(n);
  const best = new Float32Array(BEST * n).fill(-Infinity);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      let w = 0;
      for (let k = 0; k < DIM; k += 1) w += vectors[i * DIM + k] * vectors[j * DIM + k];
      row[j] = i === j ? -Infinity : w;
    }
    keepBest(row, 0, n, best, BEST * i);
  }
  return best;
}

/** Everybody's largest weights of f32[n][n], best first: for libraries that cannot select. */
export function selectRows(weights: Float32Array, n: number): Float32Array {
  const best = new Float32Array(BEST * n).fill(-Infinity);
  for (let i = 0; i < n; i += 1) keepBest(weights, i * n, n, best, BEST * i);
  return best;
}

function keepBest(weights: Float32Array, from: number, n: number, best: Float32Array, to: number): void {
  const last = to + BEST - 1;
  for (let j = from; j < from + n; j += 1) {
    const w = weights[j];
    if (w <= best[last]) continue;
    let at = last;
    for (; at > to && best[at - 1] < w; at -= 1) best[at] = best[at - 1];
    best[at] = w;
  }
}

/**
 * Locally dominant pairs of f32[n][n], -Infinity on the diagonal: who are each other's best are
 * paired, and the others look again among those who are left. i32[n]; -1 for nobody.
 */
export function denseGreedy(weights: Float32Array, n: number): Int32Array {
  const mate = new Int32Array(n).fill(-1);
  const best = new Int32Array(n);
  let left = Uint32Array.from({ length: n }, (_, i) => i);
  let stale = left;
  while (left.length > 1) {
    for (const i of stale) {
      let most = -Infinity;
      for (const j of left) {
        const w = weights[i * n + j];
        if (w > most) {
          most = w;
          best[i] = j;
        }
      }
    }
    for (const i of left) if (best[best[i]] === i) mate[i] = best[i];
    left = left.filter((i) => mate[i] < 0);
    stale = left.filter((i) => mate[best[i]] >= 0);
  }
  return mate;
}
