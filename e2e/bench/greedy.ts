import { greedy } from '../../src/match/greedy/greedy.ts';
import { buildLists } from '../../src/score/lists.ts';
import { trapPool, trapRule, traps } from '../../src/match/testing/traps.ts';
import { poolSource } from '../../src/score/weights.ts';

export interface GreedyRow {
  readonly family: string;
  readonly n: number;
  readonly dim: number;
  /** Rounds of locally dominant pairs. */
  readonly rounds: number;
  /**
   * Of the n x n table: the first scan is 1 (every pair is scored once, for both), a row filled anew the share of its columns that were still live
   * over n. Published for n = 10,000, d = 64: 1.01, 1.02, 2.19, 10.3.
   */
  readonly scans: number;
  /** Dot products in shares of n (n - 1) / 2, the least that any greedy needs. */
  readonly scored: number;
  /** Time of the processor for lists and pairs, seconds, one thread; of that, all after the first scan. */
  readonly cpuSeconds: number;
  readonly afterLists: number;
  readonly pairs: number;
  readonly weight: number;
}

/** Greedy on the CPU, on vectors of `dim` components that are hard in different ways. */
export function benchGreedy(n: number, progress: (text: string) => void, dim = 64, seed = 7): GreedyRow[] {
  return traps.map((family) => {
    progress(`greedy: ${family}, ${n} people`);
    const source = poolSource(trapPool(family, n, dim, seed), trapRule(family), seed);
    const seconds = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    };
    const begun = seconds();
    const lists = buildLists(source);
    const listed = seconds();
    const { mate, rounds, scans } = greedy(source, lists);
    const ended = seconds();
    let weight = 0;
    let pairs = 0;
    mate.forEach((m, i) => {
      if (m <= i) return;
      weight += source.weight(i, m);
      pairs++;
    });
    return {
      ...{ family, n, dim, rounds, pairs, weight },
      scans: 1 + scans,
      scored: 1 + (scans * n * n) / ((n * (n - 1)) / 2),
      cpuSeconds: ended - begun,
      afterLists: ended - listed,
    };
  });
}
