import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { structWords } from '../kernel.ts';
import { pieces } from '../sweeps.ts';
import type { Kind, Sweeps } from '../sweeps.ts';
import type { Tables } from '../tables.ts';
import { forgetLowest, marketBindings } from './dual.ts';
import type { MarketNumbers } from './dual.ts';

/** Most rounds of one submission (slots of the table `pairs`, which counts the bidders here). */
export const MOST_BIDDING = 64;
/** Up to so many people one workgroup plays all rounds; in a larger pool, those that all dispatches of a batch leave. */
const SOLO = 2048;
const bidder = structWords('auction', 'Bidder');
export const bidderWords = {
  size: bidder.size,
  object: bidder.at('object'),
  state: bidder.at('state'),
  weight: bidder.at('weight'),
};
/** A bidder whose list may no longer hold his best object (auction.wgsl). */
export const STALE = 2;

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

/** Where prices start: at the certificate in `y`, at those in the table `prices` (0 where there is none), or where they are. */
export type Opening = 'price_by_dual' | 'price_given' | 'price_kept';

/**
 * Jacobi rounds of the epsilon-auction on the lists; see `Market`, its twin. Table `prices`: as they are, f32[n] in units of weight, exact.
 * `bidders` holds whom everybody holds.
 *
 * Floor per round: n x K entries of 8 bytes and one gathered price each for those who bid. While few bid, one workgroup plays on without
 * a dispatch in between.
 */
export class AuctionPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly kernels: Record<Entry, Kernel>,
  ) {}

  static async create(gpu: GpuDevice): Promise<AuctionPass> {
    const kernels = await Promise.all(entries.map((entry) => gpu.kernel('auction', entry)));
    return new AuctionPass(
      gpu,
      Object.fromEntries(entries.map((entry, k) => [entry, kernels[k]])) as Record<Entry, Kernel>,
    );
  }

  /** Everybody looks for an object anew. In a submission of its own, except from the certificate that the same one has made. */
  begin(sweeps: Sweeps, tables: Tables, opening: Opening, renewed: boolean): void {
    if (opening !== 'price_by_dual') {
      sweeps.submit();
      forgetLowest(this.gpu);
    }
    this.#step(sweeps, tables, [opening], {});
    this.#step(sweeps, tables, ['begin'], { renewed });
  }

  /** Lets rows with a new list bid again: these. In a submission of its own. */
  refresh(sweeps: Sweeps, tables: Tables, rows: readonly number[]): void {
    sweeps.submit();
    const play = this.gpu.pool.storage('play', 2 * tables.n * 4);
    this.gpu.device.queue.writeBuffer(play, 0, Uint32Array.from(rows));
    this.#step(sweeps, tables, ['refresh'], { most: rows.length });
  }

  /**
   * Encodes at most `most` rounds. @returns how many of them are dispatches, whose bidders are counted in `pairs`, zero before; the status
   * tells of the others.
   */
  rounds(
    sweeps: Sweeps,
    tables: Tables,
    numbers: { share: number; pair?: number; most: number; loose?: boolean },
  ): number {
    const { n } = tables;
    const { share, pair = 0, loose = false } = numbers;
    const wide = n <= SOLO ? 0 : Math.min(numbers.most, MOST_BIDDING);
    if (wide > 0) {
      sweeps.submit();
      this.gpu.device.queue.writeBuffer(tables.bindings.pairs as GPUBuffer, 0, new Uint32Array(wide));
    }
    for (let round = 0; round < wide; round++)
      this.#step(sweeps, tables, ['bid', 'claim', 'settle'], {
        share,
        pair,
        loose,
        round,
        opening: round === 0 ? 1 : 0,
      });
    const most = numbers.most - wide;
    const kind: Kind = { name: 'bidding alone', start: this.gpu.sweep / 4, atMost: true };
    // As the shader counts its work.
    const roundCost = 8 * n + 1024;
    const work = Math.floor(sweeps.room(kind));
    // Loose rounds are all made, so many at a time; others go on in another batch where their limit ended them.
    const batches = loose ? [...pieces(most, roundCost, work)].map(({ size }) => size) : [most];
    for (const size of batches) {
      const asked = { share, pair, loose, most: size, ...(loose ? {} : { work }) };
      sweeps.step(
        Math.min(work, size * roundCost),
        (pass) => this.kernels.solo.dispatch(pass, marketBindings(this.gpu, tables, asked), 1),
        kind,
      );
    }
    return wide;
  }

  bidders({ n }: Tables): GPUBuffer {
    return this.gpu.pool.storage('bidders', n * bidder.size * 4);
  }

  /** i32[n], in units: no partner outside the list is worth more, net of price. */
  beyond({ n }: Tables): GPUBuffer {
    return this.gpu.pool.storage('beyond', n * 4);
  }

  #step(sweeps: Sweeps, tables: Tables, kernels: readonly Entry[], numbers: MarketNumbers): void {
    const cost = 6 * kernels.length * tables.n;
    sweeps.step(
      cost,
      (pass) => {
        const bindings = marketBindings(this.gpu, tables, numbers);
        for (const name of kernels) this.kernels[name].dispatch(pass, bindings, Math.ceil(tables.n / 64));
      },
      { name: 'bidding', start: this.gpu.sweep / 2 },
    );
  }
}
