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
/** Entries of a queue that a workgroup merges at a time (merge-groups.wgsl). */
const PART = 128;
/** Reading, testing and moving an entry, in comparisons. */
const ENTRY_COST = 16;

/**
 * Who merges the queue of a row: an invocation, or where fewer rows than {@link MANY_ROWS} would
 * leave a GPU idle, a workgroup. The lists are the same.
 */
export type MergeVariant = 'rows' | 'groups';
/** Measured on an NVIDIA H100: at 10,000 rows groups take half the time, at 40,000 thrice. */
const MANY_ROWS = 20_000;
/** Invocations of a workgroup that merges lists of up to 32 entries, and longer ones. */
const LANES = { short: 64, long: 256 };

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
 * Floor: about 2.5 K entries per row and round, 8 bytes each way. An invocation compares each with
 * half the list: 20 K^2 comparisons per row. A workgroup searches the list for each that enters,
 * and compares those of a part of the queue with each other: about 2 K^2 comparisons per row and
 * round, at once.
 */
export class MergePass {
  private constructor(
    readonly empty: Kernel,
    readonly rows: Kernel,
    /** For lists of up to 32 entries, and for longer ones. */
    readonly groups: { readonly short: Kernel; readonly long: Kernel } | undefined,
  ) {}

  static async create(gpu: GpuDevice, variant: MergeVariant): Promise<MergePass> {
    const grouped = async (lanes: number) =>
      (await gpu.kernels(shaders.mergeGroups, ['merge'], { LANES: lanes })).merge;
    const [{ begin, merge }, groups] = await Promise.all([
      gpu.kernels(shaders.mergeTopk, ['begin', 'merge']),
      variant === 'groups' ? Promise.all([grouped(LANES.short), grouped(LANES.long)]) : undefined,
    ]);
    return new MergePass(begin, merge, groups && { short: groups[0], long: groups[1] });
  }

  /** Empties the lists, floors and queues of the job's rows. */
  begin(batch: SubmissionBatcher, job: ScoreJob, bind: BindJob): void {
    batch.step(job.rows, { name: 'empty lists', initialRate: batch.gpu.scoringRate / 16 }, (pass) =>
      this.empty.dispatchRows(pass, bind({}), job.rows),
    );
  }

  /**
   * Sorts the queues into the lists, after a round in which each row met `met` columns.
   * @param seen columns that each row met in earlier rounds.
   * @param likely rows that have a queue, and columns that they met: what is planned for a
   *   submission.
   */
  merge(
    batch: SubmissionBatcher,
    job: ScoreJob,
    bind: BindJob,
    { seen, met, likely }: { seen: number; met: number; likely: { rows: number; met: number } },
  ): void {
    const chosen = job.extent !== undefined;
    const groups = job.rows < MANY_ROWS && this.groups !== undefined;
    const grouped = job.length > 32 ? this.groups?.long : this.groups?.short;
    const kernel = (groups ? grouped : undefined) ?? this.rows;
    const kind = {
      name: `${chosen ? 'refill merge' : 'merge'}${groups ? ' by groups' : ''}, ${seen < job.length ? 'all' : 'few'} enter`,
      initialRate: batch.gpu.scoringRate / 16,
      upperBound: chosen,
    };
    // Rows that a workgroup takes.
    const taken = groups ? 1 : WORKGROUP;
    const costOf = groups ? groupCost : rowCost;
    const cost = taken * costOf(job, seen, met);
    const expected = likely.met === 0 ? 0 : taken * costOf(job, seen, likely.met) * (likely.rows / job.rows);
    for (const { from, size } of pieces(Math.ceil(job.rows / taken), cost, batch.room(kind)))
      batch.step(
        size * cost,
        kind,
        (pass) => {
          const rows = { row_first: from * taken, row_end: Math.min(job.rows, (from + size) * taken) };
          kernel.dispatch(pass, bind(rows), size);
        },
        size * expected,
      );
  }
}

/**
 * Expected work per row in multiply-adds, for a queue of `met` columns in random order after `seen`
 * others: a binary search per candidate, and for those that enter a move of half of the list.
 */
function rowCost({ length, capacity }: ScoreJob, seen: number, met: number): number {
  const before = Math.max(seen, length);
  const opens = seen < length;
  const queued = queuedOf({ length, capacity }, seen, met);
  const entering = Math.min(
    queued,
    (opens ? length : 0) + length * Math.log(Math.max(1, (seen + met) / before)),
  );
  return STEP * (queued * Math.log2(length + 2) + (entering * length) / 4);
}

/**
 * The same for a workgroup: of each part of the queue those that enter are compared with each
 * other, and an entry of the list or the queue costs as much as some comparisons.
 */
function groupCost(job: ScoreJob, seen: number, met: number): number {
  const { length } = job;
  const queued = queuedOf(job, seen, met);
  // A queue of later rounds holds what goes before the end of a full list.
  const before = seen < length ? 0 : length;
  let cost = ENTRY_COST * length;
  for (let done = 0; done < queued; done += PART) {
    const part = Math.min(PART, queued - done);
    const entering = part * Math.min(1, length / Math.max(1, before + done));
    cost += entering ** 2 + ENTRY_COST * (length + part);
  }
  return cost;
}

/** Expected candidates per row. */
function queuedOf({ length, capacity }: Pick<ScoreJob, 'length' | 'capacity'>, seen: number, met: number) {
  return Math.min(seen < length ? met : (length * met) / seen, capacity);
}
