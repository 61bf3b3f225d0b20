import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sequentialGreedy } from './greedy.ts';
import { settleGreedy } from './settle.ts';
import { matrixSource } from './source.ts';

const matrices = fc
  .tuple(
    fc.integer({ min: 0, max: 14 }),
    fc.infiniteStream(fc.constantFrom(-Infinity, 1, 2, 3, 3.5, 4, 7, 9)),
  )
  .map(([n, stream]) => {
    const values = stream[Symbol.iterator]();
    const rows = Array.from({ length: n }, () => new Float64Array(n).fill(-Infinity));
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++)
        rows[i][j] = rows[j][i] = (values.next().value as number | undefined) ?? 1;
    return rows;
  });

test('from any matching, settled is greedy, pair for pair', () => {
  fc.assert(
    fc.property(matrices, fc.integer(), (matrix, shift) => {
      const source = matrixSource(matrix);
      const n = matrix.length;
      // A matching out of the blue, ineligible pairs included.
      const mate = new Int32Array(n).fill(-1);
      const order = Array.from({ length: n }, (_, i) => (i * 7 + Math.abs(shift)) % Math.max(1, n));
      for (let k = 0; k + 1 < n; k += 2) {
        const [a, b] = [order[k], order[k + 1]];
        if (a === b || mate[a] >= 0 || mate[b] >= 0) continue;
        mate[a] = b;
        mate[b] = a;
      }
      settleGreedy(source, mate);
      expect([...mate]).toEqual([...sequentialGreedy(source).mate]);
    }),
    { numRuns: 300 },
  );
});

test('a greedy matching is left as it is', () => {
  const source = matrixSource([
    [-Infinity, 5, 3],
    [5, -Infinity, 4],
    [3, 4, -Infinity],
  ]);
  const { mate } = sequentialGreedy(source);
  expect(settleGreedy(source, mate)).toBe(0);
});
