import type { GpuDevice } from '../device.ts';
import { structWords, uniformBytes } from '../kernel.ts';
import type { Kernel } from '../kernel.ts';
import type { Sweeps } from '../sweeps.ts';
import type { Tables } from '../tables.ts';

/** Most rounds of one submission (slots of the table `pairs`, which counts the bids here). */
export const MOST_BIDDING = 64;
const bidder = structWords('auction', 'Bidder');
const object = structWords('auction', 'Object');
export const bidderWords = {
  size: bidder.size,
  object: bidder.at('object'),
  state: bidder.at('state'),
  weight: bidder.at('weight'),
};
/** A bidder whose list may no longer hold his best object (auction.wgsl). */
export const STALE = 2;

type Entry = 'begin' | 'bid' | 'claim' | 'settle' | 'refresh';

/** What one auction is played with. */
export interface Market {
  /** Units per unit of weight (a power of two) and the least step of a price, in units. */
  readonly units: number;
  readonly epsilon: number;
}

/**
 * Jacobi rounds of the epsilon-auction on the lists. Table `prices`: prices to start from, then as they are, f32[n] in units of weight.
 * `bidders` holds whom everybody holds.
 *
 * Floor per round: n x K entries of 8 bytes and one gathered price each for those who bid, one word for everybody else, three dispatches.
 */
export class AuctionPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly kernels: Record<Entry, Kernel>,
  ) {}

  static async create(gpu: GpuDevice): Promise<AuctionPass> {
    const [begin, bid, claim, settle, refresh] = await Promise.all(
      ['begin', 'bid', 'claim', 'settle', 'refresh'].map((entry) => gpu.kernel('auction', entry)),
    );
    return new AuctionPass(gpu, { begin, bid, claim, settle, refresh });
  }

  begin(sweeps: Sweeps, tables: Tables, market: Market): void {
    this.#step(sweeps, tables, market, ['begin']);
  }

  /** Lets rows with a new list bid again. */
  refresh(sweeps: Sweeps, tables: Tables, market: Market): void {
    this.#step(sweeps, tables, market, ['refresh']);
  }

  /** Encodes `count` rounds; the bids of round k are counted in pairs[k], which must be zero before. */
  rounds(sweeps: Sweeps, tables: Tables, market: Market, count: number): void {
    for (let round = 0; round < count; round++)
      this.#step(sweeps, tables, market, ['bid', 'claim', 'settle'], round);
  }

  #step(sweeps: Sweeps, tables: Tables, market: Market, kernels: readonly Entry[], round = 0): void {
    sweeps.step(kernels.length * tables.n, (pass) => {
      const bindings = this.#bindings(tables, market, round);
      for (const name of kernels) this.kernels[name].dispatch(pass, bindings, Math.ceil(tables.n / 64));
    });
  }

  bidders({ n }: Tables): GPUBuffer {
    return this.gpu.pool.storage('bidders', n * bidder.size * 4);
  }

  #bindings(tables: Tables, { units, epsilon }: Market, round: number) {
    return {
      ...tables.bindings,
      bids: tables.bindings.pairs,
      bidders: this.bidders(tables),
      objects: this.gpu.pool.storage('objects', tables.n * object.size * 4),
      market: this.gpu.uniforms.put(
        uniformBytes('auction', 'market', {
          n: tables.n,
          epsilon,
          units,
          round,
          opening: round === 0 ? 1 : 0,
        }),
      ),
    };
  }
}
