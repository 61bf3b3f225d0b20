import { must } from '../../base/errors.ts';
import { runAuction } from './auction-core.ts';
import { cutCycles } from './cycles.ts';
import { listCertificate, roundUp } from '../certificate.ts';
import type { Certificate } from '../certificate.ts';
import { greedy } from '../greedy/greedy.ts';
import { exchange, exchangeChains } from './improve.ts';
import type { CandidateLists } from '../../score/lists.ts';
import type { PairSource } from '../../score/source.ts';

export interface AuctionOptions {
  /** Smallest step of a price as a share of the range of weights (or absolute, see `absolute`); default .001. */
  readonly epsilon?: number | undefined;
  /** Epsilon in units of weight, instead. */
  readonly absolute?: number | undefined;
  /** f64 or f32[n]: prices to start from, units of weight. */
  readonly prices?: ArrayLike<number> | undefined;
  /** Default 20 n + 1000. */
  readonly maxRounds?: number | undefined;
  /** u8[n], 1 on side A, where only A x B is eligible: then the result is within n x epsilon of the optimum. */
  readonly side?: Uint8Array | undefined;
}

export interface AuctionMatching extends Certificate {
  /** i32[n]: partner or -1. */
  readonly mate: Int32Array;
  /** Weight of the pairs before the exchanges. */
  readonly before: number;
  readonly rounds: number;
  /** Rows looked at again, over n. */
  readonly scans: number;
}

/**
 * Epsilon-auction on a pool: on the doubled graph (everyone bids and is bid for), its permutation cut into pairs, the rest paired
 * greedily, then exchanges; on a two-sided pool directly. Those whose best net value is below 0 stay alone. Comes with the better of
 * two certificates.
 */
export function auction(
  source: PairSource,
  lists: CandidateLists,
  options: AuctionOptions = {},
): AuctionMatching {
  const { n } = source;
  const { start, count, key } = lists;
  let high = 0;
  for (let i = 0; i < n; i++) if (count[i] > 0) high = Math.max(high, key[start[i]]);
  const share = options.epsilon ?? 0.001;
  must(share > 0 && Number.isFinite(share), `epsilon must be a finite number above 0, not ${share}`);
  // Staying alone is worth 0, so the weights that matter range from 0 to the highest.
  const range = high > 0 ? high : 1;
  // A step below the ulp of a price would leave it where it is, for ever.
  const epsilon = Math.max(options.absolute ?? share * range, range * 2 ** -44);
  const { side, prices } = options;
  if (prices !== undefined)
    for (let i = 0; i < n; i++)
      must(Number.isFinite(prices[i]), `price of position ${i} is ${prices[i]}, not a finite number`);
  const won = runAuction({
    source,
    lists,
    epsilon,
    maxRounds: options.maxRounds ?? 20 * n + 1000,
    ...(side !== undefined ? { bidders: side } : prices !== undefined ? { prices } : {}),
  });

  const mate = cutCycles(won.holds, (i, j) => source.weight(i, j));
  let scans = won.scans;
  const rest = greedy(
    source,
    lists,
    Uint8Array.from(mate, (m) => (m < 0 ? 1 : 0)),
  );
  scans += rest.scans;
  for (let i = 0; i < n; i++) if (rest.mate[i] >= 0) mate[i] = rest.mate[i];
  let before = 0;
  for (let i = 0; i < n; i++) if (mate[i] > i) before += source.weight(i, mate[i]);
  exchange(source, won.seen, mate);
  exchangeChains(source, won.seen, mate);

  // Of a two-sided pool, side A has what it would gain, side B what it costs; otherwise everybody has half of both.
  let largest = 0;
  const y = won.price.map((p, i) => {
    largest = Math.max(largest, Math.abs(p), Math.abs(won.most[i]) < Infinity ? Math.abs(won.most[i]) : 0);
    return Math.max(0, side === undefined ? (p + won.most[i]) / 2 : side[i] === 1 ? won.most[i] : p);
  });
  const prior = roundUp(y, Math.max(range, largest));
  const certificates = [listCertificate(lists), prior, listCertificate(lists, prior.price)];
  const best = certificates.reduce((a, b) => (b.upperBound < a.upperBound ? b : a));
  return {
    mate,
    before,
    rounds: won.rounds + rest.rounds,
    scans,
    price: best.price,
    upperBound: best.upperBound,
  };
}
