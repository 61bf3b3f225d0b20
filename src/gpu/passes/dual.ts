import { DUAL_STEPS, shareBits, unitsFor } from '../../match/auction/auction-state.ts';
import type { GpuDevice } from '../device.ts';
import { structWords, uniformBytes } from '../kernel.ts';
import type { Kernel } from '../kernel.ts';
import type { Kind, Sweeps } from '../sweeps.ts';
import type { Tables } from '../tables.ts';

const object = structWords('auction', 'Object');
const bidder = structWords('auction', 'Bidder');
const need = structWords('dual', 'Need');
const status = structWords('dual', 'Status');
/** Up to so many people one workgroup does all steps: dispatches would cost more. */
const SOLO = 640;
const HIGH = 2 ** 30;

const entries = [
  'measure',
  'by_top',
  'by_price',
  'ask',
  'settle_prices',
  'settle',
  'solo_by_top',
  'solo_by_price',
] as const;
type Entry = (typeof entries)[number];

/** Fields of the uniform `market` that a dispatch may set; the others are 0. */
export interface MarketNumbers {
  /** Epsilon as a share of `pair` (see `meanPair`), or of the mean of the rows' heaviest weights where that is 0. */
  readonly share?: number;
  readonly pair?: number;
  readonly most?: number;
  /** What one workgroup may do in one dispatch, as the shader counts it; no limit if not given. */
  readonly work?: number;
  readonly round?: number;
  readonly opening?: number;
  readonly loose?: boolean;
  readonly renewed?: boolean;
  /** The certificate of prices has a table of its own: `y` stays as it was. */
  readonly priced?: boolean;
}

/** Tables of prices and certificates, by the names of the shaders. */
export function marketBindings(gpu: GpuDevice, tables: Tables, numbers: MarketNumbers) {
  const { pool, uniforms } = gpu;
  const { n } = tables;
  return {
    ...tables.bindings,
    bids: tables.bindings.pairs,
    objects: pool.storage('objects', n * object.size * 4),
    bidders: pool.storage('bidders', n * bidder.size * 4),
    status: statusBuffer(gpu),
    y: pool.storage(numbers.priced === true ? 'y-priced' : 'y', n * 4),
    needs: pool.storage('needs', n * need.size * 4),
    beyond: pool.storage('beyond', n * 4),
    play: pool.storage('play', 2 * n * 4),
    market: uniforms.put(
      uniformBytes('auction', 'market', {
        n,
        share: shareBits(numbers.share ?? 0),
        pair: numbers.pair ?? 0,
        most: numbers.most ?? 0,
        work: numbers.work ?? 2 ** 31,
        round: numbers.round ?? 0,
        opening: numbers.opening ?? 1,
        loose: numbers.loose === true ? 1 : 0,
        renewed: numbers.renewed === true ? 1 : 0,
        steps: DUAL_STEPS,
      }),
    ),
  };
}

export function statusBuffer(gpu: GpuDevice): GPUBuffer {
  return gpu.pool.storage('market-status', status.size * 4);
}
export const statusWords = {
  bytes: status.size * 4,
  top: status.at('top'),
  low: status.at('low'),
  rounds: status.at('rounds'),
  waiting: status.at('waiting'),
};

function blank(): Int32Array<ArrayBuffer> {
  const words = new Int32Array(status.size);
  words[statusWords.low] = HIGH;
  return words;
}

/** Before the next submission: the lowest price is not known. */
export function forgetLowest(gpu: GpuDevice): void {
  gpu.device.queue.writeBuffer(statusBuffer(gpu), 4 * statusWords.low, new Int32Array([HIGH]));
}

/** Heaviest weight and units per unit of weight, from the status read back. */
export function readScale(words: ArrayBuffer): { top: number; units: number } {
  const top = new Float32Array(words)[statusWords.top];
  return { top, units: unitsFor(top) };
}

/**
 * Certificates in whole numbers, i32[n] in the table `y`; see `Market.certify` and `certifyPrices`, their twins.
 *
 * Floor: 2 x (12 steps + 1) passes over n K list entries of 8 bytes, each with one gathered y and one ask; one workgroup for small pools.
 */
export class DualPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly kernels: Record<Entry, Kernel>,
  ) {}

  static async create(gpu: GpuDevice): Promise<DualPass> {
    const kernels = await Promise.all(entries.map((entry) => gpu.kernel('dual', entry)));
    return new DualPass(
      gpu,
      Object.fromEntries(entries.map((entry, k) => [entry, kernels[k]])) as Record<Entry, Kernel>,
    );
  }

  /** i32[n] in units: from the lists alone, and from prices. */
  y({ n }: Tables, priced: boolean): GPUBuffer {
    return this.gpu.pool.storage(priced ? 'y-priced' : 'y', n * 4);
  }

  /** Measures the weights and makes y from the lists by weight alone. */
  encode(sweeps: Sweeps, tables: Tables): void {
    // Before this submission, as all writes: nothing else is in it yet.
    sweeps.submit();
    this.gpu.device.queue.writeBuffer(statusBuffer(this.gpu), 0, blank());
    this.#step(sweeps, tables, 'measure', 1);
    if (this.#small(sweeps, tables)) this.#solo(sweeps, tables, 'solo_by_top', {});
    else {
      this.#step(sweeps, tables, 'by_top', 1, {});
      this.#lower(sweeps, tables, {});
    }
  }

  /** Makes y from the prices as they are, in a table of its own. `renewed`: there are lists by net value among the lists. */
  encodeByPrice(sweeps: Sweeps, tables: Tables, renewed: boolean): void {
    const numbers = { renewed, priced: true };
    if (this.#small(sweeps, tables)) {
      this.#solo(sweeps, tables, 'solo_by_price', numbers);
      return;
    }
    this.#step(sweeps, tables, 'by_price', 1, numbers);
    this.#step(sweeps, tables, 'ask', 8, numbers);
    this.#step(sweeps, tables, 'settle_prices', 1, numbers);
    this.#lower(sweeps, tables, numbers);
  }

  #lower(sweeps: Sweeps, tables: Tables, numbers: MarketNumbers): void {
    for (let k = 0; k < DUAL_STEPS; k++) {
      this.#step(sweeps, tables, 'ask', 8, numbers);
      this.#step(sweeps, tables, 'settle', 1, numbers);
    }
  }

  #small(sweeps: Sweeps, { n }: Tables): boolean {
    return n <= SOLO && soloCost(n) <= sweeps.room(this.#alone);
  }

  #solo(sweeps: Sweeps, tables: Tables, entry: Entry, numbers: MarketNumbers): void {
    sweeps.step(
      soloCost(tables.n),
      (pass) => this.kernels[entry].dispatch(pass, marketBindings(this.gpu, tables, numbers), 1),
      this.#alone,
    );
  }

  #step(sweeps: Sweeps, tables: Tables, entry: Entry, cost: number, numbers: MarketNumbers = {}): void {
    sweeps.step(
      cost * tables.n,
      (pass) =>
        this.kernels[entry].dispatch(
          pass,
          marketBindings(this.gpu, tables, numbers),
          Math.ceil(tables.n / 64),
        ),
      { name: 'certificate', start: this.gpu.sweep / 4 },
    );
  }

  get #alone(): Kind {
    return { name: 'certificate alone', start: this.gpu.sweep / 8 };
  }
}

const soloCost = (n: number) => 16 * DUAL_STEPS * n;
