import type { GpuDevice } from '../device.ts';
import { uniformBytes } from '../kernel.ts';
import type { Bindings, Kernel } from '../kernel.ts';
import type { Kind, Sweeps } from '../sweeps.ts';
import { TILE } from '../tables.ts';
import type { Tables } from '../tables.ts';

/** Weights in a strip where the pool is small, and tiles in it at least: memory stays O(n). */
const STRIP_ENTRIES = 2 ** 22;
const STRIP_TILES = 4;

/** Which part of a strip a dispatch is for: tiles of columns `count` from `first` on, rows from block `block` on. */
export interface StripPart {
  readonly first: number;
  readonly count: number;
  readonly block: number;
}

/** Dispatches a kernel over a part of a strip, as a step of the sweeps: its cost, workgroups along x and y, and kind of work. */
export type StripStep = (
  kernel: Kernel,
  cost: number,
  part: StripPart,
  x: number,
  y?: number,
  kind?: Kind,
) => void;

/** Steps over the strips of these tables with these buffers bound. */
export function stripSteps(sweeps: Sweeps, { n, dots, length }: Tables, bindings: Bindings): StripStep {
  const { uniforms } = sweeps.gpu;
  const tiles = Math.ceil(n / TILE);
  return (kernel, cost, { first, count, block }, x, y = 1, kind) =>
    sweeps.step(
      cost,
      (pass) => {
        const strip = uniformBytes('score-strip', 'strip', {
          deep: count,
          first,
          tiles,
          slots: tiles * TILE,
          dots,
          row_block: block,
          opening: first === 0 ? 1 : 0,
          length,
        });
        kernel.dispatch(pass, { ...bindings, strip: uniforms.put(strip) }, x, y);
      },
      kind,
    );
}

/** Tiles of columns in a strip over `slots` rows that memory is there for. */
export function stripDepth(gpu: GpuDevice, slots: number): number {
  const most = Math.floor(gpu.device.limits.maxStorageBufferBindingSize / 4 / slots / TILE);
  return Math.min(most, Math.max(STRIP_TILES, Math.floor(STRIP_ENTRIES / slots / TILE)));
}
