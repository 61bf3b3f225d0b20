import { auction } from '../../src/match/auction/auction.ts';
import { exactMatching } from '../../src/match/exact/exact.ts';
import { greedy } from '../../src/match/greedy/greedy.ts';
import { buildLists } from '../../src/score/lists.ts';
import { poolAuction } from '../../src/match/auction/pool-auction.ts';
import { trapPool, trapRule, traps } from '../../src/match/testing/traps.ts';
import { poolSource } from '../../src/score/weights.ts';

export interface AuctionRow {
  readonly family: string;
  readonly n: number;
  readonly dim: number;
  /**
   * `auction`: one bidder after the other in f64, as `lab match` runs it, with an epsilon of 1e-4 of greedy's mean pair, so that the bound is
   * within 1e-4 of the best fractional pairing. `tick`: the market's, all bidders at once in whole numbers, until its gap is .001 or 2,000 rounds
   * are over.
   */
  readonly matcher: 'auction' | 'tick';
  /** Shares of the optimum, as `exact` finds it. */
  readonly greedy: number;
  /** Permutation cut into pairs, and the rest paired greedily; NaN for the tick's, which does not say. */
  readonly cut: number;
  /** With the exchanges. */
  readonly weight: number;
  readonly bound: number;
  /** Certified: (bound - weight) / bound. */
  readonly gap: number;
  /** Of the n x n table, the first included; each row looked at again is 1 / n. */
  readonly scans: number;
  readonly rounds: number;
  /** Time of the processor, seconds, of one thread; without the first scan. */
  readonly cpuSeconds: number;
}

/** The auction on general pools, by the doubled graph, beside the optimum. */
export function benchAuction(n: number, progress: (text: string) => void, dim = 64, seed = 7): AuctionRow[] {
  return traps.flatMap((family) => {
    progress(`auction: ${family}, ${n} people`);
    const source = poolSource(trapPool(family, n, dim, seed), trapRule(family), seed);
    const lists = buildLists(source);
    const optimum = exactMatching(source).weight;
    const weigh = (mate: Int32Array) =>
      mate.reduce((sum, m, i) => (m > i ? sum + source.weight(i, m) : sum), 0);
    const simple = weigh(greedy(source, lists).mate);
    const row = (
      matcher: AuctionRow['matcher'],
      run: () => { mate: Int32Array; before?: number; bound: number; scans: number; rounds: number },
    ): AuctionRow => {
      const begun = process.cpuUsage();
      const { mate, before = NaN, bound, scans, rounds } = run();
      const { user, system } = process.cpuUsage(begun);
      const weight = weigh(mate);
      return {
        ...{ family, n, dim, matcher, rounds },
        greedy: simple / optimum,
        cut: before / optimum,
        weight: weight / optimum,
        bound: bound / optimum,
        gap: (bound - weight) / bound,
        scans: 1 + scans,
        cpuSeconds: (user + system) / 1e6,
      };
    };
    return [
      row('auction', () => {
        const found = auction(source, lists, { absolute: (1e-4 * 2 * simple) / n });
        return { ...found, bound: found.upperBound };
      }),
      row('tick', () => {
        const { pairing, ...found } = poolAuction(source, lists, { matcher: 'auction', seed });
        return { ...found, mate: pairing.mate };
      }),
    ];
  });
}
