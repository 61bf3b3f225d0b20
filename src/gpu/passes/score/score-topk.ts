import type { SubmissionBatcher } from '../../batch/submission-batcher.ts';
import type { GpuDevice } from '../../device.ts';
import type { Bindings, Kernel } from '../../kernel.ts';
import { shaders } from '../../shaders.ts';
import type { WeighingShaders } from '../../shaders.ts';
import { layouts, OVERFLOWN } from '../../tick/layouts.ts';
import type { TickShape } from '../../tick/tick-buffers.ts';
import { MIN_RESCORED, QUEUE_FACTOR } from '../../tick/upload.ts';
import type { GpuTick } from '../../tick/upload.ts';
import { MergePass } from './merge-topk.ts';
import type { MergeVariant, ScoreBuffers } from './merge-topk.ts';
import { BLOCK, rounds, TILE, tileParts } from './score-job.ts';
import type { BindJob, Extent, ScoreJob } from './score-job.ts';

/** Work per pair beside the dot products, in multiply-adds. */
const PER_PAIR = 16;

/** How tiles are scored and queues are merged. Every variant gives the same lists. */
export interface ScoreVariant {
  /**
   * How a scan by weight reads vectors: through the caches, or in blocks through workgroup memory.
   * All other jobs read through the caches.
   */
  readonly tile: 'cached' | 'blocks';
  readonly merge: MergeVariant;
}

/** Kernels by the number of dot products of a pair. */
type Blocks = readonly [one: Kernel, two: Kernel];

/** Needs the fewest registers and no workgroup memory, so it is the one that runs anywhere. */
const PLAIN: ScoreVariant = { tile: 'cached', merge: 'rows' };

/** Rows to score again against these columns; null: against everyone. Positions on the GPU. */
export interface Rescore {
  readonly rows: ArrayLike<number>;
  readonly columns: ArrayLike<number> | null;
  readonly careful: boolean;
}

/**
 * Fused scoring and top-K. Weights are computed in registers and tested for eligibility and against
 * the floors of both rows (the last entry of a full list). Only those that reach a floor are
 * written, to a queue per row that {@link MergePass} sorts into the list between two rounds.
 *
 * In half mode the tiles of 64 x 64 pairs lie on a ring, and tile (I, I + d) belongs to I, so that
 * no pair is scored twice.
 *
 * Floor: n^2 / 2 pairs x 2 dot products x dim multiply-adds; bytes: 2 x 128 vectors per pair of
 * tiles, dim x 4 bytes each, so 8 multiply-adds per byte of L2.
 */
export class ScorePass {
  private constructor(
    readonly gpu: GpuDevice,
    private readonly cached: Kernel,
    private blocks: Blocks | undefined,
    private merge: MergePass,
    private chosen: ScoreVariant,
    private readonly modules: WeighingShaders,
  ) {}

  /** @param modules those of the policy's formula, if it has one. */
  static async create(
    gpu: GpuDevice,
    modules: WeighingShaders = shaders,
    variant = PLAIN,
  ): Promise<ScorePass> {
    const { main } = await gpu.kernels(modules.scoreTopk, ['main']);
    return new ScorePass(gpu, main, ...(await kernelsOf(gpu, variant, modules)), variant, modules);
  }

  get variant(): ScoreVariant {
    return this.chosen;
  }

  /** Computes this way from now on. */
  async choose(variant: ScoreVariant): Promise<void> {
    [this.blocks, this.merge] = await kernelsOf(this.gpu, variant, this.modules);
    this.chosen = variant;
  }

  /** The first scan: lists of everyone, against everyone. */
  scan(batch: SubmissionBatcher, { shape, buffers, byWeight }: GpuTick, careful = false): void {
    const { n, length, planes, dots, queueEntries } = shape;
    // Before a row knows K others, all of two blocks may enter its queue. A careful round brings
    // fewer columns than a block has.
    const fits = queueEntries >= n * 2 * Math.max(BLOCK, shape.capacity);
    const blocks = fits && byWeight && planes > 0 && !careful ? this.blocks?.[dots - 1] : undefined;
    const capacity = blocks === undefined ? shape.capacity : 2 * shape.capacity;
    const job = {
      rows: n,
      columns: n,
      rowsAt: 0,
      columnsAt: 0,
      half: true,
      length,
      capacity,
      listsAt: 0,
      careful,
    };
    this.run(batch, shape, buffers, job, blocks);
  }

  /**
   * New lists for some rows. Against everyone a row gets its first list again, else a longer one.
   * Runs as many jobs as the buffer of queues requires.
   */
  rescore(batch: SubmissionBatcher, { shape, buffers }: GpuTick, { rows, columns, careful }: Rescore): void {
    const { n } = shape;
    const lists =
      columns === null ? { length: shape.length, listsAt: 0, capacity: shape.capacity } : longLists(shape);
    const rowsPerJob = Math.max(1, Math.floor(shape.queueEntries / lists.capacity));
    if (columns !== null) batch.write(buffers.index, Uint32Array.from(columns), 2 * n * 4);
    for (let from = 0; from < rows.length; from += rowsPerJob) {
      const part = Uint32Array.from(rows).subarray(from, from + rowsPerJob);
      batch.write(buffers.index, part, n * 4);
      this.run(batch, shape, buffers, {
        ...lists,
        rows: part.length,
        columns: columns?.length ?? n,
        rowsAt: n,
        columnsAt: columns === null ? 0 : 2 * n,
        half: false,
        careful,
      });
    }
  }

  /**
   * Longer lists for the rows that the device chose, against those that it wrote to `index`. Their
   * numbers are in `extent`.
   *
   * @param most rows and columns, and `expected` ones: what is planned for a submission.
   */
  refill(batch: SubmissionBatcher, { shape, buffers }: GpuTick, most: Extent, expected: Extent): void {
    const { n } = shape;
    this.run(batch, shape, buffers, {
      ...longLists(shape),
      ...most,
      rowsAt: n,
      columnsAt: 2 * n,
      half: false,
      careful: false,
      extent: buffers.extent,
      expected,
    });
  }

  /** One job, in as many steps as it takes to keep submissions short. */
  run(
    batch: SubmissionBatcher,
    shape: TickShape,
    buffers: ScoreBuffers,
    job: ScoreJob,
    blocks?: Kernel,
  ): void {
    const { gpu } = batch;
    const kernel = blocks ?? this.cached;
    const side = blocks === undefined ? TILE : BLOCK;
    const tiles = Math.ceil(job.columns / side);
    const rowTiles = Math.ceil(job.rows / side);
    if (rowTiles === 0 || tiles === 0) return;
    batch.enter('score');
    const tileCost = side * side * (4 * shape.planes * shape.dots + PER_PAIR);
    const chosen = job.extent !== undefined;
    const bindings: Record<string, Bindings[string]> = { ...buffers };
    const bind: BindJob = ({ first = 0, row_tile = 0, row_first = 0, row_end = job.rows }) => {
      // Slots last until the submission.
      bindings.job = gpu.uniforms.put(shaders.scoreTopk, 'job', {
        rows_at: job.rowsAt,
        columns_at: job.columnsAt,
        first,
        half: job.half ? 1 : 0,
        tiles,
        row_tile,
        row_first,
        row_end,
        capacity: job.capacity,
        length: job.length,
        lists_at: job.listsAt,
      });
      bindings.extent =
        job.extent ?? gpu.uniforms.put(shaders.scoreTopk, 'extent', { rows: job.rows, columns: job.columns });
      return bindings;
    };
    this.merge.begin(batch, job, bind);
    for (const { first, count, seen } of rounds(job, tiles, side)) {
      // Nearly all candidates enter lists that are not full yet.
      const kind = {
        name: `${chosen ? 'refill' : 'score'}${blocks === undefined ? '' : ' blocks'}, ${seen < job.length ? 'all' : 'few'} enter`,
        initialRate: gpu.scoringRate,
        upperBound: chosen,
      };
      const budget = Math.max(1, Math.floor(batch.room(kind) / tileCost));
      // Each row meets so many columns, and as many on the other side in half mode.
      const met = Math.min(count * (job.half ? 2 : 1) * side, job.columns);
      const likely = expectedPart(job, first * side, met);
      for (const part of tileParts(first, count, rowTiles, budget)) {
        const cost = part.count * part.rowTiles * tileCost;
        batch.step(
          cost,
          kind,
          (pass) => {
            const bindings = bind({ first: part.first, row_tile: part.rowTile });
            kernel.dispatch(pass, bindings, part.rowTiles, part.count);
          },
          (cost * likely.rows * likely.met) / (job.rows * met),
        );
      }
      this.merge.merge(batch, job, bind, { seen, met, likely });
    }
  }
}

async function kernelsOf(
  gpu: GpuDevice,
  { tile, merge }: ScoreVariant,
  { scoreBlocks }: WeighingShaders,
): Promise<[Blocks | undefined, MergePass]> {
  const compile = async (SIDES: number) => (await gpu.kernels(scoreBlocks, ['main'], { SIDES })).main;
  return Promise.all([
    tile === 'blocks' ? Promise.all([compile(1), compile(2)]) : undefined,
    MergePass.create(gpu, merge),
  ]);
}

/** Where the longer lists are, and their sizes. */
function longLists({ n, length, longLength }: TickShape) {
  return { length: longLength, listsAt: n * length, capacity: QUEUE_FACTOR * longLength };
}

/** Rows and columns that are expected in a round that begins at column `from`. */
function expectedPart(
  { expected, rows }: ScoreJob,
  from: number,
  met: number,
): { rows: number; met: number } {
  if (expected === undefined) return { rows, met };
  return { rows: expected.rows, met: Math.max(0, Math.min(met, expected.columns - from)) };
}

/** Rows that one refill takes at most: their queues fit where those of a scan do. */
export function refillRoom({ n, capacity, longLength }: TickShape): number {
  return Math.max(Math.min(n, MIN_RESCORED), Math.floor((n * capacity) / (QUEUE_FACTOR * longLength)));
}

/**
 * Rows whose queue overflowed in the last scan, from the buffer `rows`: their lists mean nothing.
 */
export function overflownRows(rows: ArrayBuffer): number[] {
  const { size, at } = layouts.row;
  const flags = at('flags');
  const words = new Uint32Array(rows);
  const lost: number[] = [];
  for (let i = 0; i < words.length / size; i++) if ((words[i * size + flags] & OVERFLOWN) !== 0) lost.push(i);
  return lost;
}
