import type { MatchBackend } from '../../match/backend.ts';
import type { Pool } from '../../score/types.ts';
import { admitted } from '../../score/weights.ts';

/** A fast backend for tests without matching: pairs neighbours who admit each other. */
export function quickBackend(lookAhead = 40): MatchBackend {
  return {
    kind: 'cpu',
    adapter: 'pairs neighbours',
    match(pool) {
      const mate = pairNeighbours(pool, lookAhead);
      return Promise.resolve({
        mate,
        weight: Float32Array.from(mate, (j) => (j === -1 ? 0 : 1)),
        price: new Float32Array(pool.n),
        total: 0,
        upperBound: 0,
        gap: 0,
        rounds: 1,
        scans: 1,
        times: [],
      });
    },
    dispose() {},
  };
}

function pairNeighbours(pool: Pool, lookAhead: number): Int32Array {
  const mate = new Int32Array(pool.n).fill(-1);
  for (let i = 0; i < pool.n; i++)
    for (let j = i + 1; mate[i] === -1 && j < Math.min(pool.n, i + lookAhead); j++)
      if (mate[j] === -1 && admitted(pool, i, j)) {
        mate[i] = j;
        mate[j] = i;
      }
  return mate;
}
