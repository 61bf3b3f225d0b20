import { goesBefore } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';
import type { GreedyResult } from '../greedy/greedy.ts';

/**
 * The sequential rule: sort all eligible pairs, and take the first whose people are both free until
 * none is left. The reference for greedy. Needs memory for
 * all pairs.
 */
export function sequentialGreedy(source: PairSource): GreedyResult {
  const { n } = source;
  const from: number[] = [];
  const to: number[] = [];
  const key: number[] = [];
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    source.row(i, i + 1, out);
    for (let j = i + 1; j < n; j++) {
      if (out[j] === -Infinity || !source.admits(i, j)) continue;
      from.push(i);
      to.push(j);
      key.push(out[j]);
    }
  }
  const order = Uint32Array.from(from, (_, e) => e).sort((a, b) =>
    goesBefore(source, key[a], from[a], to[a], key[b], from[b], to[b]) ? -1 : 1,
  );
  const mate = new Int32Array(n).fill(-1);
  for (const e of order) {
    if (mate[from[e]] >= 0 || mate[to[e]] >= 0) continue;
    mate[from[e]] = to[e];
    mate[to[e]] = from[e];
  }
  return { mate, rounds: 1, scans: 1 };
}
