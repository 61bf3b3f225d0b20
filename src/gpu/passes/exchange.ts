import type { GpuDevice } from '../device.ts';
import { structWords, uniformBytes } from '../kernel.ts';
import type { Kernel } from '../kernel.ts';
import { pieces } from '../sweeps.ts';
import type { Kind, Sweeps } from '../sweeps.ts';
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
    const groups = Math.ceil(n / 64);
    // Mostly the weights of what would be left behind, one for every entry of a list at worst.
    const cost = 64 * (2 + length * planes * dots);
    const proposing: Kind = { name: 'exchanges proposed', start: this.gpu.sweep / 4 };
    const making: Kind = { name: 'exchanges made', start: this.gpu.sweep / 2 };
    const [propose, ...rest] = this.kernels;
    const bindings = (first: number) => ({
      ...tables.bindings,
      moves: this.moves(tables),
      turn: this.gpu.uniforms.put(uniformBytes('exchange', 'turn', { least, first })),
    });
    for (let t = 0; t < turns; t++) {
      for (const { from, size } of pieces(groups, cost, sweeps.room(proposing)))
        sweeps.step(size * cost, (pass) => propose.dispatch(pass, bindings(64 * from), size), proposing);
      sweeps.step(
        10 * n,
        (pass) => {
          const all = bindings(0);
          for (const kernel of rest) kernel.dispatch(pass, all, groups);
        },
        making,
      );
    }
  }
}
