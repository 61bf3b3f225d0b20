import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';

/** Work of one comparison or move, in multiply-adds. */
const STEP = 8;

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
    /** Rows of a workgroup of `merge`. */
    readonly size: number,
  ) {}

  /**
   * What a row should take, in multiply-adds, where its queue is of `met` columns after `seen` others, in random order: each candidate finds its
   * place by halving, those who enter move half of those behind.
   */
  static cost({ length, capacity }: { length: number; capacity: number }, seen: number, met: number): number {
    const before = Math.max(seen, length);
    const opens = seen < length;
    const queued = Math.min(opens ? met : (length * met) / seen, capacity);
    const entering = Math.min(
      queued,
      (opens ? length : 0) + length * Math.log(Math.max(1, (seen + met) / before)),
    );
    return STEP * (queued * Math.log2(length + 2) + (entering * length) / 4);
  }

  static async create(gpu: GpuDevice): Promise<MergePass> {
    // Rows take very different times: where a workgroup is a turn of one processor, small ones keep all of them busy to the end.
    const size = gpu.facts.isFallbackAdapter ? 4 : 64;
    const [begin, merge] = await Promise.all([
      gpu.kernel('merge-topk', 'begin'),
      gpu.kernel('merge-topk', 'merge', { SIZE: size }),
    ]);
    return new MergePass(begin, merge, size);
  }
}
