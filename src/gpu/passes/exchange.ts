import type { GpuDevice } from '../device.ts';
import { structWords, uniformBytes } from '../kernel.ts';
import type { Kernel } from '../kernel.ts';
import type { Sweeps } from '../sweeps.ts';
import type { Tables } from '../tables.ts';

const move = structWords('exchange', 'Move');

/**
 * 2-opt exchanges on lists by weight: changes `mates` and `weights` where two pairs, or a pair and somebody alone, gain by a listed partner.
 * Every exchange raises the total.
 *
 * Floor per turn: n x K entries of 8 bytes; 2 dim multiply-adds per exchange that could gain.
 */
export class ExchangePass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly kernels: readonly Kernel[],
  ) {}

  static async create(gpu: GpuDevice): Promise<ExchangePass> {
    const entries = ['propose', 'post', 'claim', 'judge', 'apply'];
    return new ExchangePass(gpu, await Promise.all(entries.map((entry) => gpu.kernel('exchange', entry))));
  }

  moves({ n }: Tables): GPUBuffer {
    return this.gpu.pool.storage('moves', (n + 1) * move.size * 4);
  }

  /** Encodes `turns` turns. `least`: gains not above it are taken for rounding. */
  encode(sweeps: Sweeps, tables: Tables, turns: number, least: number): void {
    const { n, length, planes, dots } = tables;
    // Mostly the weights of what would be left behind, one for every entry of a list at worst.
    const cost = n * (12 + length * planes * dots);
    for (let t = 0; t < turns; t++)
      sweeps.step(cost, (pass) => {
        const bindings = {
          ...tables.bindings,
          moves: this.moves(tables),
          turn: this.gpu.uniforms.put(uniformBytes('exchange', 'turn', { least })),
        };
        for (const kernel of this.kernels) kernel.dispatch(pass, bindings, Math.ceil(n / 64));
      });
  }
}
