import { DUAL_STEPS } from '../../../score/units.ts';
import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import { ROWS_PER_MS } from '../../batch/throughput.ts';
import type { GpuDevice } from '../../device.ts';
import type { Bindings, Kernel } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import type { TickBuffers } from '../../tick/tick-buffers.ts';
import { auctionUniform, BLANK_STATUS } from './auction-state.ts';

/** Up to this many people one workgroup does all steps: dispatches would cost more. */
const MAX_SOLO = 640;
const stepping = { name: 'certificate', initialRate: ROWS_PER_MS / 4, spread: true };
const alone = { name: 'certificate alone', initialRate: ROWS_PER_MS / 8 };

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

export type DualBuffers = Pick<
  TickBuffers,
  'rows' | 'lists' | 'objects' | 'beyond' | 'status' | 'needs' | 'y' | 'pricedY'
>;

/**
 * Certificates in whole units, i32[n]. The CPU reference is `AuctionState.certify` and
 * `certifyPrices`.
 *
 * Floor: 2 x (12 steps + 1) passes over n K list entries of 8 bytes, each with one gathered y and
 * one demand. One workgroup in small pools.
 */
export class DualPass {
  private constructor(readonly kernels: Record<Entry, Kernel>) {}

  static async create(gpu: GpuDevice): Promise<DualPass> {
    return new DualPass(await gpu.kernels(shaders.dual, entries));
  }

  /** Measures the weights, which sets the units, and computes `y` from lists sorted by weight. */
  encode(batch: SubmissionBatcher, n: number, buffers: DualBuffers): void {
    batch.enter('match');
    batch.write(buffers.status, BLANK_STATUS);
    const run = this.#runner(batch, n, buffers, buffers.y, false);
    run('measure', 1);
    if (isSmall(batch, n)) run('solo_by_top');
    else {
      run('by_top', 1);
      lower(run);
    }
  }

  /** Computes `pricedY` from the prices. `renewed`: some lists are sorted by net value. */
  encodeByPrice(batch: SubmissionBatcher, n: number, buffers: DualBuffers, renewed: boolean): void {
    batch.enter('match');
    const run = this.#runner(batch, n, buffers, buffers.pricedY, renewed);
    if (isSmall(batch, n)) {
      run('solo_by_price');
      return;
    }
    run('by_price', 1);
    run('ask', 8);
    run('settle_prices', 1);
    lower(run);
  }

  /** Encodes one entry point: `cost` row visits per row; without it, all of it in one workgroup. */
  #runner(batch: SubmissionBatcher, n: number, buffers: DualBuffers, y: GPUBuffer, renewed: boolean): Run {
    const bindings: Record<string, Bindings[string]> = { ...buffers, y };
    const bind = () => {
      bindings.auction = auctionUniform(batch.gpu, { n, renewed });
      return bindings;
    };
    return (entry, cost) => {
      const kernel = this.kernels[entry];
      if (cost === undefined) batch.step(soloCost(n), alone, (pass) => kernel.dispatch(pass, bind(), 1));
      else batch.step(cost * n, stepping, (pass) => kernel.dispatchRows(pass, bind(), n));
    };
  }
}

type Run = (entry: Entry, cost?: number) => void;

function lower(run: Run): void {
  for (let k = 0; k < DUAL_STEPS; k++) {
    run('ask', 8);
    run('settle', 1);
  }
}

const soloCost = (n: number) => 16 * DUAL_STEPS * n;

function isSmall(batch: SubmissionBatcher, n: number): boolean {
  return n <= MAX_SOLO && soloCost(n) <= batch.room(alone);
}
