import type { WeightRule } from '../../score/types.ts';
import type { GpuClock } from '../clock.ts';
import type { GpuDevice } from '../device.ts';
import type { Kernel } from '../kernel.ts';
import { uniformBytes } from '../kernel.ts';
import { pieces, Sweeps } from '../sweeps.ts';
import type { Kind } from '../sweeps.ts';
import { TILE } from '../tables.ts';
import type { Tables } from '../tables.ts';
import { MergePass } from './merge-topk.ts';
import { HeldPass } from './score-held.ts';
import { StripPass } from './score-strip.ts';
import type { StripRows } from './score-strip.ts';
import type { ScoreVariant } from '../tune.ts';

/** People from whom on columns are held where that is quicker: in smaller pools the difference is a few milliseconds. */
export const HELD_FROM = 512;

/** Which rows meet which columns. Offsets are into the table `index`, where the host has written positions of people. */
export interface ScoreJob {
  readonly rows: number;
  readonly columns: number;
  readonly rowsAt: number;
  readonly columnsAt: number;
  /** Rows and columns are the same people: half of the square is scored and each pair offered to both ends. */
  readonly half: boolean;
  /** Entries per queue and per list. */
  readonly capacity: number;
  readonly length: number;
  /** Entry where the list of person 0 begins, or would. */
  readonly listsAt: number;
  /** Takes only as many candidates between two merges as a queue holds: slower, never overflows. */
  readonly careful?: boolean;
}

/**
 * Fused scoring and top-K: weights are made in registers, tested for eligibility and against the floors of both rows (the last entry
 * of a full list), and only those that reach a floor are written, to a queue per row that `merge-topk` sorts in between.
 *
 * Tiles of 64 x 64 pairs. Rounds grow so that about 2.5 K entries per row are expected in each (K c / m for c new candidates after m, in random
 * order), against a queue of 8 K. In half mode the tiles lie on a ring and tile (I, I + d) belongs to I, so no pair is scored twice.
 *
 * Floor: n^2 / 2 pairs x 2 dots x dim multiply-adds; bytes: 2 x 128 vectors per tile pair, dim x 4 bytes each, so 8 multiply-adds per byte of L2.
 */
export class ScorePass {
  /** Whether large pools on a device of four lanes are worth a kernel that compiles for a second or two; see {@link heat}. */
  warms = true;
  /** How {@link first} goes about it; see tune.ts. */
  variant: ScoreVariant = 'queue';
  #strip: StripPass | HeldPass | undefined;
  /** What takes the place of strips once it is compiled, for large pools on a device of four lanes. */
  #held: HeldPass | undefined;
  #heating: Promise<void> | undefined;

  #queues: Promise<void> | undefined;
  #tile: Kernel | undefined;
  #merge: MergePass | undefined;

  private constructor(readonly gpu: GpuDevice) {}

  static async create(gpu: GpuDevice, variant: ScoreVariant): Promise<ScorePass> {
    const pass = new ScorePass(gpu);
    await pass.choose(variant);
    return pass;
  }

  /**
   * Compiles what {@link submit} needs; once. Where strips make the first scan, that is for rows scored anew only, and the kernels are large: the
   * first tick does not wait for them.
   */
  queues(): Promise<void> {
    this.#queues ??= (async () => {
      [this.#tile, this.#merge] = await Promise.all([
        this.gpu.kernel('score-topk', 'main'),
        MergePass.create(this.gpu),
      ]);
    })();
    return this.#queues;
  }

  /** Changes the way of {@link first}; then {@link prepare} again. */
  async choose(variant: ScoreVariant): Promise<void> {
    const [way, rows, high] = variant.split(' ');
    this.#strip =
      way === 'queue'
        ? undefined
        : way === 'held'
          ? await HeldPass.create(this.gpu)
          : await StripPass.create(this.gpu, rows as StripRows, Number(high) as 1 | 8);
    this.variant = variant;
  }

  /** Does {@link first} score these tables in strips? */
  strips(tables: Tables): boolean {
    return this.#strip !== undefined && StripPass.suits(tables);
  }

  /** Compiles what {@link first} needs for these tables. */
  async prepare(tables: Tables): Promise<void> {
    if (this.#strip === undefined || !StripPass.suits(tables)) return this.queues();
    await this.#strip.prepare(tables);
    if (this.#warms(tables) && this.#held?.ready(tables) !== true) void this.heat(tables);
  }

  /** Compiles strips for this rule before there are tables. */
  async expect(rule: Pick<WeightRule, 'transform' | 'combination'>): Promise<void> {
    if (this.#strip instanceof StripPass) await this.#strip.prepare({ rule });
  }

  /**
   * Compiles the quicker way to the same lists for large pools on a device of four lanes, which takes a second or two; meanwhile ticks are made
   * in strips. Resolves when {@link first} will use it.
   */
  heat(tables: Tables): Promise<void> {
    this.#heating ??= (async () => {
      const held = this.#held ?? (await HeldPass.create(this.gpu));
      await held.prepare(tables);
      this.#held = held;
    })()
      // Strips do as well; a lost device speaks for itself.
      .catch(() => undefined)
      .finally(() => (this.#heating = undefined));
    return this.#heating;
  }

  #warms(tables: Tables): boolean {
    return (
      this.warms &&
      this.#strip instanceof StripPass &&
      this.gpu.facts.lanes === 4 &&
      tables.n >= HELD_FROM &&
      HeldPass.suits(tables)
    );
  }

  /** The first scan: everybody with everybody. @returns the work submitted, in multiply-adds. */
  first(tables: Tables, clock: GpuClock): number {
    const { n, length, capacity } = tables;
    if (this.#strip !== undefined && StripPass.suits(tables)) {
      const held = this.#warms(tables) && this.#held?.ready(tables) === true ? this.#held : undefined;
      return (held ?? this.#strip).submit(tables, clock);
    }
    return this.submit(
      tables,
      { rows: n, columns: n, rowsAt: 0, columnsAt: 0, half: true, length, capacity, listsAt: 0 },
      clock,
    );
  }

  /** After {@link queues}. Submits the whole job, in as many submissions as it takes to keep each short. @returns the work, in multiply-adds. */
  submit(tables: Tables, job: ScoreJob, clock: GpuClock): number {
    const gpu = this.gpu;
    const tile = this.#tile;
    const merge = this.#merge;
    if (tile === undefined || merge === undefined) throw new Error('queues() was not awaited');
    const tiles = Math.ceil(job.columns / TILE);
    const rowTiles = Math.ceil(job.rows / TILE);
    if (rowTiles === 0 || tiles === 0) return 0;
    // Of a GPU something is known by its first scan, which may have been made in a quicker way; a GPU in software is slow at what is not plain
    // arithmetic, however quick that was.
    const quicker = this.variant === 'queue' ? 1 : 8;
    const start = Math.min(gpu.rate / quicker, gpu.facts.isFallbackAdapter ? 2.5 * gpu.sweep : Infinity);
    const tileCost = TILE * TILE * (4 * tables.planes * tables.dots + 16);
    const uniform = ({ first, rowTile = 0, from = 0, to = job.rows }: Piece) =>
      uniformBytes('score-topk', 'job', {
        rows: job.rows,
        columns: job.columns,
        rows_at: job.rowsAt,
        columns_at: job.columnsAt,
        first,
        half: job.half ? 1 : 0,
        tiles,
        row_tile: rowTile,
        row_first: from,
        row_end: to,
        capacity: job.capacity,
        length: job.length,
        lists_at: job.listsAt,
      });

    const sweeps = new Sweeps(gpu, clock, 'score', gpu.rate);
    const run = (kernel: Kernel, cost: number, kind: Kind | undefined, piece: Piece, x: number, y = 1) =>
      sweeps.step(
        cost,
        (pass) => kernel.dispatch(pass, { ...tables.bindings, job: gpu.uniforms.put(uniform(piece)) }, x, y),
        kind,
      );
    run(merge.begin, job.rows, undefined, { first: 0 }, Math.ceil(job.rows / 64));
    for (const { first, count, seen } of rounds(job, tiles)) {
      // Nearly all enter lists that are not full yet.
      const opens = seen < job.length;
      const scoring: Kind = {
        name: opens ? 'score all enter' : 'score few enter',
        start,
      };
      for (const part of parts(
        first,
        count,
        rowTiles,
        Math.max(1, Math.floor(sweeps.room(scoring) / tileCost)),
      ))
        run(tile, part.count * part.rowTiles * tileCost, scoring, part, part.rowTiles, part.count);
      const met = Math.min(count * (job.half ? 2 : 1) * TILE, job.columns);
      const rowCost = MergePass.cost(job, seen, met);
      const merging: Kind = { name: opens ? 'merge all' : 'merge few', start: start / 2 };
      for (const { from, size } of pieces(job.rows, rowCost, sweeps.room(merging)))
        run(
          merge.merge,
          size * rowCost,
          merging,
          { first, from, to: from + size },
          Math.ceil(size / merge.size),
        );
    }
    sweeps.submit();
    return sweeps.total;
  }
}

/** Part of a job: tiles of columns from `first`, tiles of rows from `rowTile` or rows `from` up to `to`. */
interface Piece {
  readonly first: number;
  readonly rowTile?: number;
  readonly from?: number;
  readonly to?: number;
}

/**
 * Between two merges: `count` tiles of columns (or distances between tiles) from `first`, after each row has met `seen` columns.
 */
export function* rounds(
  job: ScoreJob,
  tiles: number,
): Generator<{ first: number; count: number; seen: number }> {
  const end = job.half ? Math.floor(tiles / 2) + 1 : tiles;
  // A distance brings a row two tiles of new candidates, except distance 0.
  const step = job.half ? 2 * TILE : TILE;
  let seen = 0;
  for (let first = 0; first < end;) {
    const growth = job.careful === true ? 0 : (2.5 * seen * (job.capacity / job.length)) / 8;
    const room = Math.max(job.capacity, growth);
    const count = job.half && first === 0 ? 1 : Math.max(1, Math.min(end - first, Math.floor(room / step)));
    yield { first, count, seen };
    seen += job.half && first === 0 ? TILE - 1 : count * step;
    first += count;
  }
}

/** Cuts a rectangle of tiles into pieces of at most `budget` tiles. */
export function* parts(
  first: number,
  count: number,
  rowTiles: number,
  budget: number,
): Generator<{ first: number; count: number; rowTile: number; rowTiles: number }> {
  const wide = Math.min(rowTiles, budget, 65_535);
  const high = Math.max(1, Math.min(count, Math.floor(budget / wide), 65_535));
  for (let c = 0; c < count; c += high)
    for (let r = 0; r < rowTiles; r += wide)
      yield {
        first: first + c,
        count: Math.min(high, count - c),
        rowTile: r,
        rowTiles: Math.min(wide, rowTiles - r),
      };
}
