import type { GpuClock } from '../clock.ts';
import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { uniformBytes } from '../kernel.ts';
import { Sweeps } from '../sweeps.ts';
import { lay } from '../tables.ts';
import type { Tables } from '../tables.ts';

/** Buffers of the tables of those left. */
const FAMILY = 'left-';

/** Where the vectors of narrowed tables came from. */
interface Origin {
  readonly tables: Tables;
  /** Positions there. */
  readonly at: readonly number[];
}

/**
 * Tables of those of other tables who are left, in the same order; the others stay as they are. Narrowed tables may be narrowed in turn, and
 * are then gone.
 *
 * Floor: 2 planes of 16 bytes read and written per person and four components.
 */
export class NarrowPass {
  readonly #origins = new WeakMap<Tables, Origin>();

  private constructor(
    readonly gpu: GpuDevice,
    readonly gather: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<NarrowPass> {
    return new NarrowPass(gpu, await gpu.kernel('narrow', 'main'));
  }

  /** @param left positions in `tables`, ascending. Submits; the new tables' vectors are whole for whatever is submitted after. */
  submit(tables: Tables, left: readonly number[], clock: GpuClock): Tables {
    const { gpu } = this;
    const origin = this.#origins.get(tables) ?? { tables, at: undefined };
    const at = left.map((k) => origin.at?.[k] ?? k);
    const order = Uint32Array.from(left, (k) => tables.order[k]);
    const few = lay(gpu, { ...tables, order }, FAMILY);
    this.#origins.set(few, { tables: origin.tables, at });
    if (few.planes === 0) return few;
    const { n, planes, stride, dots, bindings } = few;
    gpu.device.queue.writeBuffer(bindings.index as GPUBuffer, n * 4, Uint32Array.from(at));
    const all = origin.tables.bindings.vectors;
    const sweeps = new Sweeps(gpu, clock, 'score');
    sweeps.step(dots * planes * n, (pass) => {
      const narrowing = gpu.uniforms.put(
        uniformBytes('narrow', 'narrowing', { n, stride, from_stride: origin.tables.stride, at: n }),
      );
      this.gather.dispatch(pass, { ...bindings, all, narrowing }, Math.ceil(n / 64), dots * planes);
    });
    sweeps.submit();
    return few;
  }
}
