import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { uniformBytes } from '../kernel.ts';
import type { Sweeps } from '../sweeps.ts';
import type { Tables } from '../tables.ts';

/** Steps of the damped iteration; even, so that the result lands where it is expected. */
const STEPS = 24;

/**
 * Certificate: y f32[n] >= 0, units of weight, y_i + y_j >= w_ij on every eligible pair, left in the table `y`. Only from lists by weight.
 *
 * Floor: 26 dispatches over n K list entries of 8 bytes, each with one gathered y.
 */
export class DualPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly start: Kernel,
    readonly fromPrices: Kernel,
    readonly relax: Kernel,
    readonly finish: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<DualPass> {
    const [start, fromPrices, relax, finish] = await Promise.all(
      ['start', 'from_prices', 'relax', 'finish'].map((entry) => gpu.kernel('dual', entry)),
    );
    return new DualPass(gpu, start, fromPrices, relax, finish);
  }

  /**
   * @param prices f32[n] to start from, e.g. an auction's; else half of each row's heaviest pair.
   * @returns the buffer that holds y when the steps have run.
   */
  encode(sweeps: Sweeps, tables: Tables, prices?: GPUBuffer): GPUBuffer {
    const { gpu } = this;
    const { n } = tables;
    const y = gpu.pool.storage('y', n * 4);
    const z = gpu.pool.storage('y-next', n * 4);
    // A row of a list is some four times the work of a row without.
    const step = (kernel: Kernel, from: GPUBuffer, to: GPUBuffer) =>
      sweeps.step(4 * n, (pass) =>
        kernel.dispatch(
          pass,
          {
            ...tables.bindings,
            size: gpu.uniforms.put(uniformBytes('dual', 'size', { n, length: tables.length })),
            old: from,
            next: to,
          },
          Math.ceil(n / 64),
        ),
      );
    if (prices === undefined) step(this.start, y, z);
    else step(this.fromPrices, prices, z);
    for (let k = 0; k < STEPS; k++) step(this.relax, k % 2 === 0 ? z : y, k % 2 === 0 ? y : z);
    step(this.finish, z, y);
    return y;
  }
}
