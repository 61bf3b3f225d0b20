import { pieces } from '../../batch/submission-batcher.ts';
import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import { ROWS_PER_MS } from '../../batch/throughput.ts';
import type { GpuDevice } from '../../device.ts';
import type { Bindings, Kernel } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import { layouts } from '../../tick/layouts.ts';
import { MAX_ROUNDS } from '../../tick/tick-buffers.ts';
import type { TickBuffers } from '../../tick/tick-buffers.ts';
import { auctionUniform, LOW_OFFSET, readStatus, UNKNOWN_LOW } from './auction-state.ts';
import type { AuctionNumbers } from './auction-state.ts';

/**
 * Up to this many people one workgroup plays all rounds; in larger pools, those left by the
 * dispatches.
 */
export const MAX_SOLO = 2048;
/** Row visits that a round of one workgroup costs at least (constants.wgsl). */
const ROUND_COST = 4096;
const bidding = { name: 'bidding', initialRate: ROWS_PER_MS / 2, spread: true };
const biddingAlone = { name: 'bidding alone', initialRate: ROWS_PER_MS / 4, upperBound: true };

const entries = [
  'price_by_dual',
  'price_given',
  'price_kept',
  'begin',
  'bid',
  'claim',
  'settle',
  'solo',
  'refresh',
] as const;
type Entry = (typeof entries)[number];

/**
 * Where prices start: at the certificate in `y`, at `prices` (units of weight), or where they are.
 */
export type Opening = 'dual' | 'given' | 'kept';

export type AuctionBuffers = Pick<
  TickBuffers,
  | 'rows'
  | 'lists'
  | 'objects'
  | 'status'
  | 'bidders'
  | 'roundBids'
  | 'prices'
  | 'beyond'
  | 'auctionPlay'
  | 'y'
>;

export interface BiddingOptions {
  /** Epsilon; see {@link AuctionNumbers}. */
  readonly share: number;
  readonly pair?: number;
  readonly maxRounds: number;
  /** Bid on stale lists, too. */
  readonly loose?: boolean;
  /** Rounds that are dispatches at most, in pools that need any; others are played alone. */
  readonly wide?: number;
  /** Expected bidders of a round that is played alone at most; default: everyone. */
  readonly bidders?: number;
}

/**
 * Jacobi rounds of the epsilon-auction on the lists. The CPU reference is `AuctionState`. `prices`
 * are kept in units of weight, exactly; `bidders` says which object each person holds.
 *
 * Floor per round: n x K entries of 8 bytes and one gathered price each for the people who bid.
 * While few bid, one workgroup plays on without dispatches in between.
 */
export class AuctionPass {
  private constructor(readonly kernels: Record<Entry, Kernel>) {}

  static async create(gpu: GpuDevice): Promise<AuctionPass> {
    return new AuctionPass(await gpu.kernels(shaders.auction, entries));
  }

  /** Takes every object away and sets the prices. `renewed`: some lists are sorted by net value. */
  begin(
    batch: SubmissionBatcher,
    n: number,
    buffers: AuctionBuffers,
    opening: Opening,
    renewed: boolean,
  ): void {
    batch.enter('match');
    // After the certificate the lowest price is still unknown.
    if (opening !== 'dual') batch.write(buffers.status, UNKNOWN_LOW, LOW_OFFSET);
    const price: Entry = opening === 'dual' ? 'price_by_dual' : `price_${opening}`;
    const bindings = this.#bindings(buffers);
    this.#step(batch, bindings, [price], { n });
    this.#step(batch, bindings, ['begin'], { n, renewed });
  }

  /** Lets these rows, which have new lists, bid again. */
  refresh(batch: SubmissionBatcher, n: number, buffers: AuctionBuffers, rows: readonly number[]): void {
    batch.enter('match');
    batch.write(buffers.auctionPlay, Uint32Array.from(rows));
    this.#step(batch, this.#bindings(buffers), ['refresh'], { n, maxCount: rows.length });
  }

  /**
   * Encodes at most `maxRounds` rounds. Read {@link wanted} afterwards.
   * @returns how many of them are dispatches, whose bidders are counted in `roundBids`.
   */
  rounds(batch: SubmissionBatcher, n: number, buffers: AuctionBuffers, options: BiddingOptions): number {
    const { share, pair = 0, maxRounds, loose = false, bidders = n } = options;
    const wide = n <= MAX_SOLO ? 0 : Math.min(maxRounds, options.wide ?? MAX_ROUNDS / 2);
    const bindings = this.#bindings(buffers);
    batch.clear(buffers.roundBids, wide * 4);
    for (let round = 0; round < wide; round++)
      this.#step(batch, bindings, ['bid', 'claim', 'settle'], {
        n,
        share,
        pair,
        loose,
        round,
        opening: round === 0,
      });
    const rest = maxRounds - wide;
    // As the shader counts its work.
    const roundCost = 8 * Math.min(n, bidders) + ROUND_COST;
    const work = Math.floor(batch.room(biddingAlone));
    // Loose bidding makes all its rounds, so it is cut into steps. Other bidding may stop at its
    // work limit, and the caller goes on.
    const sizes = loose ? [...pieces(rest, roundCost, work)].map(({ size }) => size) : [rest];
    for (const size of sizes) {
      const numbers = { n, share, pair, loose, maxCount: size, ...(loose ? {} : { work }) };
      batch.step(Math.min(work, size * roundCost), biddingAlone, (pass) => {
        bindings.auction = auctionUniform(batch.gpu, numbers);
        this.kernels.solo.dispatch(pass, bindings, 1);
      });
    }
    return wide;
  }

  wanted(n: number, buffers: AuctionBuffers, wide: number) {
    return {
      roundBids: { buffer: buffers.roundBids, bytes: wide * 4 },
      status: { buffer: buffers.status, bytes: layouts.status.size * 4 },
      bidders: { buffer: buffers.bidders, bytes: n * layouts.bidder.size * 4 },
      beyond: { buffer: buffers.beyond, bytes: n * 4 },
    };
  }

  /** Rounds played, and bidders without an object that can still bid. */
  played(read: { roundBids: ArrayBuffer; status: ArrayBuffer }): { rounds: number; active: number } {
    const status = readStatus(read.status);
    const wide = new Uint32Array(read.roundBids).filter((bidders) => bidders > 0).length;
    return { rounds: status.rounds + wide, active: status.waiting };
  }

  /** Bindings of the buffers; a dispatch sets `auction`. */
  #bindings(buffers: AuctionBuffers): Record<string, Bindings[string]> {
    return { ...buffers, bids: buffers.roundBids, play: buffers.auctionPlay };
  }

  #step(
    batch: SubmissionBatcher,
    bindings: Record<string, Bindings[string]>,
    kernels: readonly Entry[],
    numbers: AuctionNumbers,
  ): void {
    batch.step(6 * kernels.length * numbers.n, bidding, (pass) => {
      bindings.auction = auctionUniform(batch.gpu, numbers);
      for (const name of kernels) this.kernels[name].dispatchRows(pass, bindings, numbers.n);
    });
  }
}
