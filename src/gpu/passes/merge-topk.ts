import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';

/**
 * The lists of the K best: `begin` empties lists, floors and queues of a job's rows; `merge` sorts what the scoring pass queued into
 * them. Lists: vec2u[K] per row (position of the candidate, bits of its weight), best first in the total order of pairs.
 *
 * Floor: about 2.5 K entries per row and round, each compared with half the list: 20 K^2 comparisons per row, 8 bytes each way.
 */
export class MergePass {
  private constructor(
    readonly begin: Kernel,
    readonly merge: Kernel,
  ) {}

  static async create(gpu: GpuDevice): Promise<MergePass> {
    const [begin, merge] = await Promise.all([
      gpu.kernel('merge-topk', 'begin'),
      gpu.kernel('merge-topk', 'merge'),
    ]);
    return new MergePass(begin, merge);
  }
}
