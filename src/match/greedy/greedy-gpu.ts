import { must } from '../../base/errors.ts';
import type { SubmissionBatcher } from '../../gpu/batch/submission-batcher.ts';
import { MAX_SOLO } from '../../gpu/passes/match/auction.ts';
import type { AuctionPass } from '../../gpu/passes/match/auction.ts';
import { readStatus } from '../../gpu/passes/match/auction-state.ts';
import type { DualPass } from '../../gpu/passes/match/dual.ts';
import type { FinishPass } from '../../gpu/passes/match/finish.ts';
import { MAX_BATCHES } from '../../gpu/passes/match/greedy.ts';
import type { GreedyPass, RefillExtent } from '../../gpu/passes/match/greedy.ts';
import { overflownRows } from '../../gpu/passes/score/score-topk.ts';
import type { ScorePass } from '../../gpu/passes/score/score-topk.ts';
import { layouts } from '../../gpu/tick/layouts.ts';
import { MAX_LEFT } from '../../gpu/tick/tick-buffers.ts';
import type { GpuTick } from '../../gpu/tick/upload.ts';
import { SKETCH } from '../auction/auction-state.ts';
import { toGpuOrder, toPoolOrder } from '../tick-order.ts';
import type { Pairing } from '../tick-order.ts';

export interface MatchPasses {
  readonly score: ScorePass;
  readonly greedy: GreedyPass;
  readonly finish: FinishPass;
  readonly dual: DualPass;
  readonly auction: AuctionPass;
  readonly pace: Pace;
}

/** What the last matching tells of the next. No result depends on it. */
export interface Pace {
  /** Batches of rounds that are encoded at once. */
  batches: number;
  /** Expected row visits of the rounds that one workgroup plays in a batch. */
  visits: number;
  /** Refills before the batches. */
  extents: readonly RefillExtent[];
  /** The bidding of the sketch soon leaves few bidders, whose rounds one workgroup plays. */
  fewBid: boolean;
}

/** A certificate: y_i >= 0 with y_i + y_j >= w_ij on every eligible pair. */
export interface GpuCertificate {
  /** f32[n] in the order of the tick, units of weight. */
  readonly y: Float32Array;
  /** Heaviest weight, and units per unit of weight; 0 and 1 if pairs are not ordered by weight. */
  readonly top: number;
  readonly units: number;
}

export interface GpuOutcome {
  readonly pairing: Pairing;
  readonly certificate: GpuCertificate;
  readonly rounds: number;
  /** Scans of the n x n square, without the first. */
  readonly scans: number;
}

/** A part of a matching that is already made. */
export interface Start {
  readonly pairing: Pairing;
  readonly certificate: GpuCertificate;
}

/** Rounds of the sketch that are dispatches, where few bidders are left after them. */
const SKETCH_OPENING = 8;
/** Batches of rounds encoded beyond those that the last matching needed. */
const SPARE_BATCHES = 1;
/** Expected visits of the rows in play, as a multiple of those of the last matching. */
const SPARE_VISITS = 1.5;

/** Before the first matching: what most pools need. */
export const firstPace = (): Pace => ({ batches: 2, visits: 2 ** 16, extents: [], fewBid: true });

/**
 * Greedy on the lists of the first scan. The device plays batches of rounds; where they stall, it
 * gives some rows longer lists against the people who are still free. As many batches are encoded
 * at once as the last matching needed, and a few more, so that one readback is enough as a rule.
 *
 * @param start a part that is already made, on lists that are already scored.
 */
export async function runGpuGreedy(
  passes: MatchPasses,
  batch: SubmissionBatcher,
  tick: GpuTick,
  start?: Start,
): Promise<GpuOutcome> {
  const { shape, buffers, order } = tick;
  const { n } = shape;
  const { greedy, finish, score } = passes;
  batch.enter('match');
  if (start !== undefined) {
    const { mates, weights } = toGpuOrder(order, start.pairing);
    batch.write(buffers.mates, mates);
    batch.write(buffers.weights, weights);
  }
  let certificate = start?.certificate;
  const { pace } = passes;
  let rounds = 0;
  let scans = 0;
  let refills = 0;
  // Rows that may still find a partner at most, and batches played since `begin`.
  let left = n;
  let batches = 0;
  greedy.begin(batch, buffers, false);
  for (let fresh = true; ; fresh = false) {
    const wanted = certificate === undefined;
    if (wanted) encodeCertificate(passes, batch, tick, fresh);
    const count = n <= MAX_LEFT ? 1 : pace.batches;
    const { visits, extents } = pace;
    greedy.encode(batch, score, tick, { count, fresh, left, visits, played: batches, extents });
    finish.encode(batch, shape, buffers);
    const read = await batch.read({
      ...greedy.wanted(buffers),
      ...finish.wanted(buffers),
      ...certificateWanted(tick, wanted),
      faults: { buffer: buffers.faults, bytes: 4 },
      mates: { buffer: buffers.mates, bytes: n * 4 },
      weights: { buffer: buffers.weights, bytes: n * 4 },
    });
    must(new Uint32Array(read.faults)[0] === 0, 'a component of a vector is NaN or infinite');
    const played = greedy.played(read, n);
    const last = finish.finished(read);
    ({ batches } = played);
    pace.visits = (SPARE_VISITS * played.visits) / Math.max(1, batches);
    // No row gets a longer list before the lists of all rows are known to be whole.
    if (played.refills > 0 || (played.lost === 0 && !played.unfinished))
      certificate ??= tick.byWeight ? readCertificate(read, pace) : certificateByTop(read.counters);
    if (played.lost > 0) {
      // The pairs made so far are final. A certificate needs the lists of all rows.
      rounds += played.rounds;
      scans += played.scans;
      refills += played.refills;
      scans += await rescoreLost(passes, batch, tick, {
        left: played.left,
        again: certificate === undefined,
      });
      greedy.begin(batch, buffers, true);
      batches = 0;
      continue;
    }
    if (certificate === undefined || (!played.done && !last.done)) {
      if (!played.unfinished) ({ left } = played);
      // The rest takes as many batches per person as what is done.
      const rest = played.unfinished ? 2 * count : Math.ceil((batches * left) / Math.max(1, n - left));
      pace.batches = Math.min(MAX_BATCHES, rest + SPARE_BATCHES);
      if (extents.length < batches) pace.extents = played.extents;
      continue;
    }
    rounds += played.rounds + last.rounds;
    scans += played.scans + (last.done ? (played.left / n) ** 2 : 0);
    refills += played.refills;
    if (start === undefined && n > MAX_LEFT) {
      pace.batches = Math.min(MAX_BATCHES, batches + SPARE_BATCHES);
      pace.extents = played.extents;
    }
    const found = { mates: new Uint32Array(read.mates), weights: new Float32Array(read.weights) };
    return { pairing: toPoolOrder(order, found), certificate, rounds, scans };
  }
}

/**
 * Scores rows whose queue overflowed again, with care: `again` gives them their first lists, else
 * longer ones against the `left` rows left. Returns the share of the square that was read.
 */
async function rescoreLost(
  { score }: MatchPasses,
  batch: SubmissionBatcher,
  tick: GpuTick,
  { left, again }: { left: number; again: boolean },
): Promise<number> {
  const { buffers } = tick;
  const { n } = tick.shape;
  const read = await batch.read({
    rows: { buffer: buffers.rows, bytes: n * layouts.row.size * 4 },
    left: { buffer: buffers.greedyPlay, bytes: left * 4, offset: 2 * n * 4 },
  });
  const rows = overflownRows(read.rows);
  const columns = again ? null : new Uint32Array(read.left);
  score.rescore(batch, tick, { rows, columns, careful: true });
  return (rows.length * (columns?.length ?? n)) / (n * n);
}

/** Encodes what gives a certificate, before any row gets another list. */
function encodeCertificate(
  passes: MatchPasses,
  batch: SubmissionBatcher,
  tick: GpuTick,
  first: boolean,
): void {
  const { n } = tick.shape;
  const { buffers } = tick;
  if (tick.byWeight) {
    encodeSketch(passes, batch, tick);
    // The bids of the sketch; scoring would subtract them.
    batch.clear(buffers.prices, n * 4);
  } else if (first) batch.copy(buffers.counters, buffers.firstCounters, n * layouts.counter.size * 4);
  if (tick.keepsRows) batch.copy(buffers.rows, buffers.firstRows, n * layouts.row.size * 4);
}

/**
 * Encodes two certificates: from the lists, and from the prices of a short, coarse bidding. The CPU
 * reference is `sketchByReference`.
 */
function encodeSketch(
  { dual, auction, pace: { fewBid } }: MatchPasses,
  batch: SubmissionBatcher,
  { shape: { n }, buffers }: GpuTick,
): void {
  dual.encode(batch, n, buffers);
  auction.begin(batch, n, buffers, 'dual', false);
  const { share, rounds } = SKETCH;
  auction.rounds(batch, n, buffers, {
    ...{ share, maxRounds: rounds, loose: true },
    // At least one round alone, which reports how many still bid.
    wide: fewBid ? SKETCH_OPENING : rounds - 1,
    ...(fewBid && { bidders: MAX_SOLO }),
  });
  dual.encodeByPrice(batch, n, buffers, false);
}

function certificateWanted({ shape: { n }, buffers, byWeight }: GpuTick, wanted: boolean) {
  const bytes = wanted && byWeight ? n * 4 : 0;
  return {
    y: { buffer: buffers.y, bytes },
    pricedY: { buffer: buffers.pricedY, bytes },
    status: { buffer: buffers.status, bytes: wanted && byWeight ? layouts.status.size * 4 : 0 },
    counters: {
      buffer: buffers.firstCounters,
      bytes: wanted && !byWeight ? n * layouts.counter.size * 4 : 0,
    },
  };
}

/** The better of the two certificates. All numbers are exact. */
function readCertificate(
  read: { y: ArrayBuffer; pricedY: ArrayBuffer; status: ArrayBuffer },
  pace: Pace,
): GpuCertificate {
  const { top, units, waiting } = readStatus(read.status);
  pace.fewBid = waiting <= MAX_SOLO;
  const own = new Int32Array(read.y);
  const priced = new Int32Array(read.pricedY);
  const best = sum(priced) < sum(own) ? priced : own;
  const y = new Float32Array(best.length);
  // A callback per person costs ten times as much.
  for (let i = 0; i < y.length; i++) y[i] = best[i] / units;
  return { y, top, units };
}

/** Half of each row's largest weight, which `counters` holds as an ordered integer. */
function certificateByTop(counters: ArrayBuffer): GpuCertificate {
  const words = new Uint32Array(counters);
  const { size, at } = layouts.counter;
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  const y = Float32Array.from({ length: words.length / size }, (_, i) => {
    const top = words[i * size + at('top')];
    if (top === 0) return 0;
    bits[0] = (top & 0x80000000) !== 0 ? top & 0x7fffffff : ~top;
    // Rounded up: halving is exact except among subnormals.
    return Math.max(0, float[0] / 2) * (1 + 2 ** -23);
  });
  return { y, top: 0, units: 1 };
}

function sum(values: Int32Array): number {
  let total = 0;
  for (const v of values) total += v;
  return total;
}
