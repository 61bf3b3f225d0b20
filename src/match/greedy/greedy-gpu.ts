import type { SubmissionBatcher } from '../../gpu/batch/submission-batcher.ts';
import type { AuctionPass } from '../../gpu/passes/match/auction.ts';
import { readStatus } from '../../gpu/passes/match/auction-state.ts';
import type { DualPass } from '../../gpu/passes/match/dual.ts';
import type { FinishPass } from '../../gpu/passes/match/finish.ts';
import { openingRounds } from '../../gpu/passes/match/greedy.ts';
import type { GreedyPass } from '../../gpu/passes/match/greedy.ts';
import { overflownRows } from '../../gpu/passes/score/score-topk.ts';
import type { Rescore, ScorePass } from '../../gpu/passes/score/score-topk.ts';
import { DRY, layouts, OVERFLOWN } from '../../gpu/tick/layouts.ts';
import { MAX_ROUNDS } from '../../gpu/tick/tick-buffers.ts';
import type { GpuTick } from '../../gpu/tick/upload.ts';
import { chooseRefill, firstRefill } from '../../score/candidates/refill-policy.ts';
import { NONE } from '../../score/types.ts';
import { SKETCH } from '../auction/auction-state.ts';
import { emptyPairing, toGpuOrder, toPoolOrder } from '../tick-order.ts';
import type { Pairing } from '../tick-order.ts';

export interface MatchPasses {
  readonly score: ScorePass;
  readonly greedy: GreedyPass;
  readonly finish: FinishPass;
  readonly dual: DualPass;
  readonly auction: AuctionPass;
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

/** Rows of a refill at least: fewer would not fill a GPU, and every refill costs a round trip. */
const minRefill = (n: number) => Math.max(128, Math.ceil(n / 32));

/**
 * Greedy on the lists of the first scan: batches of rounds without a host round trip in between. At
 * a stall, rows whose list ran dry are scored again against the people who are still free. Keeps
 * the rows of the first scan in `firstRows`.
 */
export async function runGpuGreedy(
  passes: MatchPasses,
  batch: SubmissionBatcher,
  tick: GpuTick,
  start?: Start,
): Promise<GpuOutcome> {
  const { shape, buffers, order } = tick;
  const { n } = shape;
  const { mates, weights } = toGpuOrder(order, start?.pairing ?? emptyPairing(n));
  batch.enter('match');
  batch.write(buffers.mates, mates);
  batch.write(buffers.weights, weights);
  let certificate = start?.certificate;
  // By the first scan: scoring some rows again reuses the counters for other rows.
  let byTop: GpuCertificate | undefined;
  let refill = firstRefill(minRefill(n));
  let rounds = 0;
  let scans = 0;
  let size = openingRounds(n);
  for (;;) {
    const sketch = certificate === undefined && tick.byWeight;
    if (sketch) encodeSketch(passes, batch, tick);
    passes.greedy.encode(batch, n, buffers, size);
    passes.finish.encode(batch, shape, buffers);
    const read = await batch.read({
      ...passes.greedy.wanted(buffers, size),
      ...passes.finish.wanted(buffers),
      ...certificateWanted(tick, certificate === undefined),
      mates: { buffer: buffers.mates, bytes: n * 4 },
      best: { buffer: buffers.best, bytes: n * 4 },
      weights: { buffer: buffers.weights, bytes: n * 4 },
      rows: { buffer: buffers.rows, bytes: n * layouts.row.size * 4 },
    });
    const played = passes.greedy.played(read);
    const finish = passes.finish.finished(read);
    rounds += played.rounds + finish.rounds;
    if (finish.done) scans += (played.left / n) ** 2;
    if (certificate === undefined) {
      // The bids of the sketch; scoring would subtract them.
      if (sketch) batch.clear(buffers.prices, n * 4);
      // Rows whose queue overflowed must be scored again before there is a certificate. The pairs
      // made so far are final.
      if (!sketch) byTop ??= certificateByTop(read.counters);
      const lost = overflownRows(read.rows);
      if (lost.length > 0) {
        passes.score.rescore(batch, tick, { rows: lost, columns: null, careful: true });
        scans += lost.length / n;
        continue;
      }
      certificate = byTop ?? readCertificate(read);
      batch.copy(buffers.rows, buffers.firstRows, n * layouts.row.size * 4);
    }
    if (played.unfinished) {
      // A long chain of rounds: make the next batch longer.
      size = Math.min(MAX_ROUNDS, 2 * size);
      continue;
    }
    const stall = inPlay(read);
    if (stall.dry.length === 0 || finish.done) {
      const found = { mates: new Uint32Array(read.mates), weights: new Float32Array(read.weights) };
      return { pairing: toPoolOrder(order, found), certificate, rounds, scans };
    }
    const live = stall.live.length;
    const chosen = chooseRefill(refill, minRefill(n), { n, dry: stall.dry, live }, byLastEntry(read.rows));
    refill = chosen.state;
    passes.score.rescore(batch, tick, rescoreOf(chosen.rows, stall.live, read.rows));
    scans += (chosen.rows.length * live) / (n * n);
  }
}

/**
 * People who may still be paired, and among them those whose list ran dry. Positions on the GPU.
 */
function inPlay(read: { mates: ArrayBuffer; best: ArrayBuffer }): { live: Int32Array; dry: Int32Array } {
  const mates = new Uint32Array(read.mates);
  const best = new Uint32Array(read.best);
  const live = Int32Array.from(mates.keys()).filter((i) => mates[i] === NONE && best[i] !== NONE);
  return { live, dry: live.filter((i) => best[i] === DRY) };
}

/** Rows with the larger last entry first. */
function byLastEntry(rows: ArrayBuffer): (a: number, b: number) => number {
  const keys = new Float32Array(rows);
  const { size, at } = layouts.row;
  const [first, second] = [at('first'), at('second')];
  return (a, b) =>
    keys[b * size + first] - keys[a * size + first] ||
    keys[b * size + second] - keys[a * size + second] ||
    a - b;
}

function rescoreOf(rows: Int32Array, columns: Int32Array, info: ArrayBuffer): Rescore {
  const words = new Uint32Array(info);
  const { size, at } = layouts.row;
  const careful = rows.some((i) => (words[i * size + at('flags')] & OVERFLOWN) !== 0);
  return { rows, columns, careful };
}

/**
 * Encodes two certificates: from the lists, and from the prices of a short, coarse bidding. The CPU
 * reference is `sketchProof`.
 */
function encodeSketch(
  { dual, auction }: MatchPasses,
  batch: SubmissionBatcher,
  { shape: { n }, buffers }: GpuTick,
): void {
  dual.encode(batch, n, buffers);
  auction.begin(batch, n, buffers, 'dual', false);
  auction.rounds(batch, n, buffers, { share: SKETCH.share, maxRounds: SKETCH.rounds, loose: true });
  dual.encodeByPrice(batch, n, buffers, false);
}

function certificateWanted({ shape: { n }, buffers }: GpuTick, wanted: boolean) {
  const bytes = wanted ? n * 4 : 0;
  return {
    y: { buffer: buffers.y, bytes },
    pricedY: { buffer: buffers.pricedY, bytes },
    status: { buffer: buffers.status, bytes: wanted ? layouts.status.size * 4 : 0 },
    counters: { buffer: buffers.counters, bytes: wanted ? n * layouts.counter.size * 4 : 0 },
  };
}

/** The better of the two certificates. All numbers are exact. */
function readCertificate(read: {
  y: ArrayBuffer;
  pricedY: ArrayBuffer;
  status: ArrayBuffer;
}): GpuCertificate {
  const { top, units } = readStatus(read.status);
  const own = new Int32Array(read.y);
  const priced = new Int32Array(read.pricedY);
  const best = sum(priced) < sum(own) ? priced : own;
  return { y: Float32Array.from(best, (v) => v / units), top, units };
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
