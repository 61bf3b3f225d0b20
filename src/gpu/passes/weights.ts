import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { uniformBytes } from '../kernel.ts';
import type { Tables } from '../tables.ts';

/**
 * Weights as the device computes them: of all pairs (`all`, f32[n][n], n <= 1,024: a yardstick for tests), or of everybody and the mate in
 * `mates` (`mated`, f32[n]). LOWEST where not eligible.
 *
 * Floor: 2 dim multiply-adds and 16 dim bytes per pair.
 */
export class WeightsPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly main: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<WeightsPass> {
    return new WeightsPass(gpu, await gpu.kernel('weights', 'main'));
  }

  encode(pass: GPUComputePassEncoder, tables: Tables, mode: 'all' | 'mated'): GPUBuffer {
    const { n } = tables;
    const result = this.gpu.pool.storage(`weights-${mode}`, (mode === 'all' ? n * n : n) * 4);
    const task = this.gpu.uniforms.put(uniformBytes('weights', 'task', { mode: mode === 'all' ? 0 : 1 }));
    this.main.dispatch(pass, { ...tables.bindings, task, result }, Math.ceil(n / 64), mode === 'all' ? n : 1);
    return result;
  }
}
