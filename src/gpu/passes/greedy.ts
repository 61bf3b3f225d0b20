import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { uniformBytes } from '../kernel.ts';
import type { Sweeps } from '../sweeps.ts';
import type { Tables } from '../tables.ts';

/** Most rounds of one submission (slots of the table `pairs`). */
export const MOST_ROUNDS = 128;

/**
 * Rounds of locally dominant pairs on the lists. Needs `mates` (NONE where free). A round without a pair is a fixed point: then every free
 * row either has nobody left, or its list ran dry (`best` = DRY), or waits for such a row.
 *
 * Floor per round: two passes over n rows, 24 + 8 bytes each; after a fixed point the rest of the batch reads one counter per row.
 */
export class GreedyPass {
  private constructor(
    readonly gpu: GpuDevice,
    readonly point: Kernel,
    readonly pair: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<GreedyPass> {
    const [point, pair] = await Promise.all([gpu.kernel('greedy', 'point'), gpu.kernel('greedy', 'pair')]);
    return new GreedyPass(gpu, point, pair);
  }

  /** Encodes `count` rounds; pairs made in round k are counted in pairs[k], which must be zero before. */
  encode(sweeps: Sweeps, tables: Tables, count: number): void {
    const { n } = tables;
    const groups = Math.ceil(n / 64);
    for (let round = 0; round < count; round++)
      sweeps.step(2 * n, (pass) => {
        const bindings = {
          ...tables.bindings,
          round: this.gpu.uniforms.put(
            uniformBytes('greedy', 'round', { n, round, opening: round === 0 ? 1 : 0 }),
          ),
        };
        this.point.dispatch(pass, bindings, groups);
        this.pair.dispatch(pass, bindings, groups);
      });
  }
}
