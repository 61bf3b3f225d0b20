import { DUAL_STEPS, shareBits, unitsFor } from '../../../score/units.ts';
import type { GpuDevice } from '../../device.ts';
import { shaders } from '../../shaders.ts';
import { layouts } from '../../tick/layouts.ts';

/** Above every price. */
const HIGH = 2 ** 30;
const { size, at } = layouts.status;

/**
 * The fields of the uniform `auction` (state.wgsl) that a dispatch sets; all but `n` have defaults.
 */
export interface AuctionNumbers {
  readonly n: number;
  /**
   * Epsilon as a share of `pair` (see `meanPair`), or of the mean of the rows' heaviest weights if
   * that is 0.
   */
  readonly share?: number;
  readonly pair?: number;
  readonly maxCount?: number;
  /** Row visits after which one workgroup stops; default: no limit. */
  readonly work?: number;
  readonly round?: number;
  readonly opening?: boolean;
  readonly loose?: boolean;
  readonly renewed?: boolean;
}

/** Puts the uniform `auction` for the dispatches of one step. */
export function auctionUniform(gpu: GpuDevice, numbers: AuctionNumbers): Required<GPUBufferBinding> {
  const { n, share = 0, pair = 0, maxCount = 0, work = 2 ** 31, round = 0 } = numbers;
  const { opening = true, loose = false, renewed = false } = numbers;
  return gpu.uniforms.put(shaders.auction, 'auction', {
    n,
    share: shareBits(share),
    pair,
    max_count: maxCount,
    work,
    round,
    opening: opening ? 1 : 0,
    loose: loose ? 1 : 0,
    renewed: renewed ? 1 : 0,
    steps: DUAL_STEPS,
  });
}

/** `status` before the weights are measured. */
export const BLANK_STATUS = new Int32Array(size);
BLANK_STATUS[at('low')] = HIGH;
/** The lowest price before the prices are set, and its offset in `status` in bytes. */
export const UNKNOWN_LOW = Int32Array.of(HIGH);
export const LOW_OFFSET = 4 * at('low');

/** `status`, read back. */
export interface Status {
  /** Heaviest weight, and units per unit of weight. */
  readonly top: number;
  readonly units: number;
  /** Rounds that one workgroup played, and bidders that still have no object. */
  readonly rounds: number;
  readonly waiting: number;
}

export function readStatus(bytes: ArrayBuffer): Status {
  const words = new Uint32Array(bytes);
  const top = new Float32Array(bytes)[at('top')];
  return { top, units: unitsFor(top), rounds: words[at('rounds')], waiting: words[at('waiting')] };
}
