import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import { ROWS_PER_MS } from '../../batch/throughput.ts';
import type { GpuDevice } from '../../device.ts';
import type { Kernel } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import { layouts } from '../../tick/layouts.ts';
import { MAX_LEFT } from '../../tick/tick-buffers.ts';
import type { TickBuffers, TickShape } from '../../tick/tick-buffers.ts';

/** Side of a workgroup that weighs or sorts (SIZE in finish.wgsl), and columns per invocation. */
const SIDE = 8;
const COLUMNS = 4;

export type FinishBuffers = Pick<
  TickBuffers,
  | 'rule'
  | 'people'
  | 'recent'
  | 'vectors'
  | 'greedyPlay'
  | 'tally'
  | 'mates'
  | 'weights'
  | 'outcome'
  | 'table'
  | 'places'
  | 'ranked'
>;

/**
 * Finishes greedy for the last rows whose lists ran dry, at most {@link MAX_LEFT}, on a table of
 * all their weights. Runs right after the rounds of greedy, whose tally it reads.
 */
export class FinishPass {
  private constructor(readonly kernels: Record<'weigh_left' | 'sort_left' | 'finish', Kernel>) {}

  static async create(gpu: GpuDevice, shader = shaders.finish): Promise<FinishPass> {
    return new FinishPass(await gpu.kernels(shader, ['weigh_left', 'sort_left', 'finish']));
  }

  encode(batch: SubmissionBatcher, { n, planes, dots }: TickShape, buffers: FinishBuffers): void {
    const bindings = { ...buffers, play: buffers.greedyPlay };
    batch.clear(buffers.outcome, layouts.outcome.size * 4);
    const rows = Math.min(n, MAX_LEFT);
    const [x, y] = [Math.ceil(rows / SIDE), Math.ceil(rows / SIDE / COLUMNS)];
    const weighing = { name: 'greedy weigh', initialRate: ROWS_PER_MS / 5, upperBound: true, spread: true };
    batch.step((rows ** 2 / 4) * (planes * dots + 4), weighing, (pass) =>
      this.kernels.weigh_left.dispatch(pass, bindings, x, y),
    );
    const finishing = { name: 'greedy finish', initialRate: ROWS_PER_MS / 2, upperBound: true, spread: true };
    batch.step(rows ** 3 / 5, finishing, (pass) => {
      this.kernels.sort_left.dispatch(pass, bindings, x, y);
      this.kernels.finish.dispatch(pass, bindings, 1);
    });
  }

  wanted({ outcome }: FinishBuffers) {
    return { outcome: { buffer: outcome, bytes: layouts.outcome.size * 4 } };
  }

  /** Whether the finish decided every row, and in how many rounds. */
  finished({ outcome }: { outcome: ArrayBuffer }): { done: boolean; rounds: number } {
    const words = new Uint32Array(outcome);
    const { at } = layouts.outcome;
    return { done: words[at('done')] === 1, rounds: words[at('rounds')] };
  }
}
