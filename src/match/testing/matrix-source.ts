import { countingIds, hashTie } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';

/**
 * A symmetric n x n matrix as a source. -Infinity marks a pair that is not eligible.
 */
export function matrixSource(matrix: readonly ArrayLike<number>[], tie?: PairSource['tie']): PairSource {
  const n = matrix.length;
  const ids = countingIds(n);
  return {
    n,
    ids,
    row(i, from, out) {
      for (let j = from; j < n; j++) out[j] = i === j ? -Infinity : matrix[i][j];
    },
    admits: () => true,
    weight: (i, j) => (i === j ? -Infinity : matrix[i][j]),
    tie: tie ?? hashTie(ids, 0),
  };
}
