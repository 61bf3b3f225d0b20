import { must } from '../../base/errors.ts';
import { runAuction } from './auction-core.ts';
import { cutCycles } from './cycles.ts';
import { listCertificate, roundUp } from '../certificate.ts';
import type { Certificate } from '../certificate.ts';
import { greedy } from '../greedy/greedy.ts';
import { exchangeChains } from './improve.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import type { PairSource } from '../../score/source.ts';

export interface AuctionOptions {
  /** Smallest step of a price as a share of the heaviest weight; default .001. */
  readonly epsilon?: number | undefined;
  /** Smallest step of a price in units of weight, instead of `epsilon`. */
  readonly absolute?: number | undefined;
  /** f64 or f32[n]: prices to start from, in units of weight. */
  readonly prices?: ArrayLike<number> | undefined;
  /** Default 20 n + 1000. */
  readonly maxRounds?: number | undefined;
  /**
   * u8[n]: 1 on side A, where only pairs of A and B are eligible. The result is then within n x
   * epsilon of the optimum.
   */
  readonly side?: Uint8Array | undefined;
}

export interface AuctionMatching extends Certificate {
  /** i32[n]: partner or -1. */
  readonly mate: Int32Array;
  readonly rounds: number;
  /** Rows that were read again, over n. */
  readonly scans: number;
}

/** Candidates tried at each step of a chain: the whole list at the first step, as in 2-opt. */
const WIDE = [Infinity, 5, 3, 2];
/**
 * A heaviest weight counts as at most this many times the median row's, so that one huge weight
 * does not set epsilon for all.
 */
const MAX_SPREAD = 1024;

/**
 * Epsilon-auction on a general graph: runs on the doubled graph (everyone bids and is bid for;
 * Bertsekas 1988), cuts its permutation into pairs, pairs the rest greedily, and improves the
 * result by exchanges. On two sides, side A bids for side B directly. People whose best net value
 * is below 0 stay alone. The certificate is the better of one from the lists and one from the
 * prices.
 *
 * @throws LabError for an epsilon or prices that an auction cannot start from.
 */
export function auction(
  source: PairSource,
  lists: CandidateLists,
  options: AuctionOptions = {},
): AuctionMatching {
  const { n } = source;
  const { start, count, key } = lists;
  const tops = Float64Array.from(start.subarray(0, n), (at, i) => (count[i] > 0 ? Math.max(0, key[at]) : 0))
    .filter((top) => top > 0)
    .sort();
  const share = options.epsilon ?? 0.001;
  must(share > 0 && Number.isFinite(share), `epsilon must be a finite number above 0, not ${share}`);
  // Staying alone is worth 0, so the weights that matter range from 0 to the heaviest.
  const range = tops.at(-1) ?? 1;
  // On two sides bidding runs to its end, and smaller steps could take too many rounds.
  const median = tops[Math.floor(tops.length / 2)] ?? 1;
  const typical = options.side === undefined ? Math.min(range, MAX_SPREAD * median) : range;
  // A step below the resolution of a price would never change it.
  const epsilon = Math.max(options.absolute ?? share * typical, range * 2 ** -44);
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
  exchangeChains(source, won.seen, mate, { breadth: WIDE });

  // On two sides, the dual of side A is its best net value and that of side B its price. Otherwise
  // everyone has half of both.
  let largest = 0;
  const y = won.price.map((p, i) => {
    largest = Math.max(
      largest,
      Math.abs(p),
      Math.abs(won.maxNet[i]) < Infinity ? Math.abs(won.maxNet[i]) : 0,
    );
    return Math.max(0, side === undefined ? (p + won.maxNet[i]) / 2 : side[i] === 1 ? won.maxNet[i] : p);
  });
  const prior = roundUp(y, Math.max(range, largest));
  const certificates = [listCertificate(lists), prior, listCertificate(lists, prior.price)];
  const best = certificates.reduce((a, b) => (b.upperBound < a.upperBound ? b : a));
  return {
    mate,
    rounds: won.rounds + rest.rounds,
    scans,
    price: best.price,
    upperBound: best.upperBound,
  };
}
