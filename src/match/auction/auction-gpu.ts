import type { SubmissionBatcher } from '../../gpu/batch/submission-batcher.ts';
import type { ExchangePass } from '../../gpu/passes/match/exchange.ts';
import { overflownRows } from '../../gpu/passes/score/score-topk.ts';
import { ENTRY, layouts, STALE } from '../../gpu/tick/layouts.ts';
import type { GpuTick } from '../../gpu/tick/upload.ts';
import { emptyLists } from '../../score/candidates/lists.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import { NONE } from '../../score/types.ts';
import type { MatchOptions } from '../../score/types.ts';
import { runGpuGreedy } from '../greedy/greedy-gpu.ts';
import type { GpuCertificate, GpuOutcome, MatchPasses } from '../greedy/greedy-gpu.ts';
import { placesOf, toGpuOrder, toPoolOrder } from '../tick-order.ts';
import type { Pairing } from '../tick-order.ts';
import { checkAuction, driveAuction, openingPrices, runLater } from './auction-driver.ts';
import type { AuctionHost, Found, Proof } from './auction-driver.ts';
import type { GapPoint, PlayRequest } from './auction-schedule.ts';
import { meanPair } from '../../score/units.ts';
import type { Played } from './auction-state.ts';
import { cutCycles } from './cycles.ts';
import { ENOUGH, MIN_GAIN, TURNS } from './two-opt.ts';

export interface AuctionPasses extends MatchPasses {
  readonly exchange: ExchangePass;
}

export interface AuctionOutcome extends GpuOutcome {
  readonly series: readonly GapPoint[];
}

/** The auction on the lists of the first scan. The CPU reference is `poolAuction`. */
export async function runGpuAuction(
  passes: AuctionPasses,
  batch: SubmissionBatcher,
  tick: GpuTick,
  options: MatchOptions,
): Promise<AuctionOutcome> {
  const { n } = tick.shape;
  checkAuction(n, options);
  const simple = await runGpuGreedy(passes, batch, tick);
  const proof = proofOf(simple.certificate.y);
  const pair = meanPair(proof.bound, simple.certificate.units, n);
  const host = new GpuAuction(passes, batch, tick, options, simple.certificate, pair);
  const found = await runLater(driveAuction(n, options, { simple, proof }, host));
  return { ...found, certificate: { ...simple.certificate, y: found.y } };
}

function proofOf(y: Float32Array): Proof<Float32Array> {
  let bound = 0;
  for (const v of y) bound += v;
  return { y, bound };
}

/** The state of an auction on the GPU. */
class GpuAuction implements AuctionHost<Float32Array> {
  /** Some lists are sorted by net value. */
  #renewed = false;
  /** Bidders whose list is stale, and those with a new list that have not bid since. */
  #stale: number[] = [];
  #fresh: number[] = [];
  #bidders = new ArrayBuffer(0);
  #beyond = new Int32Array(0);

  constructor(
    readonly passes: AuctionPasses,
    readonly batch: SubmissionBatcher,
    readonly tick: GpuTick,
    readonly options: MatchOptions,
    readonly certificate: GpuCertificate,
    /** Mean weight of a pair; see `meanPair`. */
    readonly pair: number,
  ) {
    this.#restoreRows();
  }

  async play({ share, maxRounds, begin }: PlayRequest): Promise<Played> {
    const { batch, pair } = this;
    const { auction } = this.passes;
    const { shape, buffers, order } = this.tick;
    const { n } = shape;
    if (this.#fresh.length > 0) auction.refresh(batch, n, buffers, this.#fresh);
    this.#fresh = [];
    if (begin === 'given') {
      const known = openingPrices(n, this.options.prices);
      batch.write(
        buffers.prices,
        Float32Array.from(order, (i) => known[i]),
      );
    }
    if (begin !== undefined) auction.begin(batch, n, buffers, begin, this.#renewed);
    let rounds = 0;
    let active = 0;
    do {
      const wide = auction.rounds(batch, n, buffers, { share, pair, maxRounds: maxRounds - rounds });
      const read = await batch.read(auction.wanted(n, buffers, wide));
      const played = auction.played(read);
      rounds += played.rounds;
      active = played.active;
      this.#bidders = read.bidders;
      this.#beyond = new Int32Array(read.beyond);
      // A submission may stop at its own work limit.
    } while (active > 0 && rounds < maxRounds);
    const { size, at } = layouts.bidder;
    const words = new Uint32Array(this.#bidders);
    this.#stale = [...Array(n).keys()].filter((i) => words[i * size + at('state')] === STALE);
    return { rounds, active, stale: this.#stale.length };
  }

  async refresh(max: number): Promise<number> {
    const { batch, tick } = this;
    const { n } = tick.shape;
    const beyond = this.#beyond;
    this.#fresh = this.#stale.sort((a, b) => beyond[b] - beyond[a] || a - b).slice(0, max);
    // Scoring subtracts the buffer `prices` from the keys of candidates, so these lists are sorted
    // by net value. A row whose queue overflowed misses candidates and gives no bound, so it is
    // scored again.
    const columns = [...Array(n).keys()];
    for (let rows = this.#fresh, careful = false; rows.length > 0; careful = true) {
      this.passes.score.rescore(batch, tick, { rows, columns, careful });
      const read = await batch.read({
        rows: { buffer: tick.buffers.rows, bytes: n * layouts.row.size * 4 },
      });
      rows = overflownRows(read.rows);
    }
    this.#renewed = true;
    return this.#fresh.length / n;
  }

  async certify(): Promise<Proof<Float32Array>> {
    const { n } = this.tick.shape;
    const { buffers } = this.tick;
    this.passes.dual.encodeByPrice(this.batch, n, buffers, this.#renewed);
    const read = await this.batch.read({ y: { buffer: buffers.pricedY, bytes: n * 4 } });
    return proofOf(Float32Array.from(new Int32Array(read.y), (v) => v / this.certificate.units));
  }

  /** Cut in the pool's order, so that the cut is the same on every device. */
  pairs(): Pairing {
    const { order } = this.tick;
    const { size, at } = layouts.bidder;
    const words = new Uint32Array(this.#bidders);
    const floats = new Float32Array(this.#bidders);
    const place = placesOf(order);
    const next = Int32Array.from(place, (k) => {
      const object = words[k * size + at('object')];
      return object === NONE ? -1 : order[object];
    });
    // The bidder's weight of the pair (i, next[i]); `cutCycles` asks for no other pairs.
    const weight = (i: number) => floats[place[i] * size + at('weight')];
    const mate = cutCycles(next, weight);
    return {
      mate,
      weight: Float64Array.from(mate, (m, i) => (m < 0 ? 0 : weight(next[i] === m ? i : m))),
    };
  }

  complete(pairing: Pairing): Promise<Found> {
    const { batch, tick, certificate } = this;
    this.#restoreRows();
    batch.clear(tick.buffers.prices, tick.shape.n * 4);
    return runGpuGreedy(this.passes, batch, tick, { pairing, certificate });
  }

  async exchange(pairing: Pairing): Promise<Pairing> {
    const { batch } = this;
    const { exchange } = this.passes;
    const { shape, buffers, order } = this.tick;
    const { n } = shape;
    const start = toGpuOrder(order, pairing);
    batch.write(buffers.mates, start.mates);
    batch.write(buffers.weights, start.weights);
    // Greedy may have given rows other lists.
    this.#restoreRows();
    for (;;) {
      exchange.encode(batch, shape, buffers, TURNS, this.certificate.top * MIN_GAIN);
      const read = await batch.read({
        ...exchange.wanted(shape, buffers),
        mates: { buffer: buffers.mates, bytes: n * 4 },
        weights: { buffer: buffers.weights, bytes: n * 4 },
      });
      // Most of the gain is in the first turns. The rest is not worth a round trip each.
      if (exchange.made(read) <= n * ENOUGH)
        return toPoolOrder(order, {
          mates: new Uint32Array(read.mates),
          weights: new Float32Array(read.weights),
        });
    }
  }

  async lists(): Promise<CandidateLists> {
    const { shape, buffers, order } = this.tick;
    const { n, length } = shape;
    const { size, at } = layouts.row;
    const read = await this.batch.read({
      rows: { buffer: buffers.firstRows, bytes: n * size * 4 },
      lists: { buffer: buffers.lists, bytes: n * length * ENTRY * 4 },
    });
    const rows = new Uint32Array(read.rows);
    const partners = new Uint32Array(read.lists);
    const weights = new Float32Array(read.lists);
    const lists = emptyLists(n, length);
    order.forEach((i, k) => {
      lists.count[i] = rows[k * size + at('length')];
      const from = rows[k * size + at('start')];
      for (let e = 0; e < lists.count[i]; e++) {
        lists.col[i * length + e] = order[partners[(from + e) * ENTRY]];
        lists.key[i * length + e] = weights[(from + e) * ENTRY + 1];
      }
    });
    return lists;
  }

  /** Back to the lists of the first scan. */
  #restoreRows(): void {
    const { buffers, shape } = this.tick;
    this.batch.copy(buffers.firstRows, buffers.rows, shape.n * layouts.row.size * 4);
  }
}
