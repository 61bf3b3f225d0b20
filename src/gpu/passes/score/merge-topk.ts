import { pieces } from '../../batch/submission-batcher.ts';
import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import type { GpuDevice } from '../../device.ts';
import type { Kernel } from '../../kernel.ts';
import { WORKGROUP } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import type { TickBuffers } from '../../tick/tick-buffers.ts';
import type { BindJob, ScoreJob } from './score-job.ts';

/** Work of one comparison or move, in multiply-adds. */
const STEP = 8;

/** The buffers that scoring reads and writes. */
export type ScoreBuffers = Pick<
  TickBuffers,
  | 'rule'
  | 'people'
  | 'recent'
  | 'vectors'
  | 'index'
  | 'prices'
  | 'floors'
  | 'counters'
  | 'queue'
  | 'rows'
  | 'lists'
>;

/**
 * Lists of the K best: u32[2][K] per row (position of the partner, bits of the weight), best first
 * in the total order of pairs.
 *
 * Floor: about 2.5 K entries per row and round, each compared with half the list: 20 K^2
 * comparisons per row, 8 bytes each way.
 */
export class MergePass {
  private constructor(readonly kernels: Record<'begin' | 'merge', Kernel>) {}

  static async create(gpu: GpuDevice): Promise<MergePass> {
    return new MergePass(await gpu.kernels(shaders.mergeTopk, ['begin', 'merge']));
  }

  /** Empties the lists, floors and queues of the job's rows. */
  begin(batch: SubmissionBatcher, job: ScoreJob, bind: BindJob): void {
    batch.step(job.rows, { name: 'empty lists', initialRate: batch.gpu.scoringRate / 16 }, (pass) =>
      this.kernels.begin.dispatchRows(pass, bind({}), job.rows),
    );
  }

  /**
   * Sorts the queues into the lists, after a round in which each row met `met` columns.
   * @param seen columns that each row met in earlier rounds.
   */
  merge(
    batch: SubmissionBatcher,
    job: ScoreJob,
    bind: BindJob,
    { seen, met }: { seen: number; met: number },
  ): void {
    const chosen = job.extent !== undefined;
    const cost = rowCost(job, seen, met);
    const kind = {
      name: `${chosen ? 'refill merge' : 'merge'}, ${seen < job.length ? 'all' : 'few'} enter`,
      initialRate: batch.gpu.scoringRate / 16,
      upperBound: chosen,
    };
    const groups = Math.ceil(job.rows / WORKGROUP);
    const groupCost = WORKGROUP * cost;
    for (const { from, size } of pieces(groups, groupCost, batch.room(kind)))
      batch.step(size * groupCost, kind, (pass) => {
        const rows = { row_first: from * WORKGROUP, row_end: Math.min(job.rows, (from + size) * WORKGROUP) };
        this.kernels.merge.dispatch(pass, bind(rows), size);
      });
  }
}

/**
 * Expected work per row in multiply-adds, for a queue of `met` columns in random order after `seen`
 * others: a binary search per candidate, and for those that enter a move of half of the list.
 */
function rowCost({ length, capacity }: ScoreJob, seen: number, met: number): number {
  const before = Math.max(seen, length);
  const opens = seen < length;
  const queued = Math.min(opens ? met : (length * met) / seen, capacity);
  const entering = Math.min(
    queued,
    (opens ? length : 0) + length * Math.log(Math.max(1, (seen + met) / before)),
  );
  return STEP * (queued * Math.log2(length + 2) + (entering * length) / 4);
}
