import type { Bindings } from '../../kernel.ts';

/** People per side of a tile: 8 rows or columns for each of 8 invocations (score-topk.wgsl). */
export const TILE = 64;
/** The same in score-blocks.wgsl: 8 for each of 16 invocations. */
export const BLOCK = 128;

/** Numbers of rows and columns. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
}

/** Which rows meet which columns. Offsets are into the buffer `index`, which holds positions. */
export interface ScoreJob extends Extent {
  readonly rowsAt: number;
  readonly columnsAt: number;
  /** Rows and columns are the same people. Each pair is scored once and offered to both ends. */
  readonly half: boolean;
  /** Entries per queue and per list. */
  readonly capacity: number;
  readonly length: number;
  /** The list of person i begins at entry listsAt + i * length. */
  readonly listsAt: number;
  /**
   * Scores only as many columns between two merges as a queue holds: slower, but cannot overflow.
   */
  readonly careful: boolean;
  /**
   * Where the device keeps the numbers of rows and columns, if it decides them; `rows` and
   * `columns` are then upper bounds.
   */
  readonly extent?: GPUBuffer;
  /** What it will probably decide. */
  readonly expected?: Extent;
}

/**
 * Bindings of one dispatch, until the next call. The fields of the uniform `job` that are not given
 * are 0, `row_end` all rows.
 */
export type BindJob = (
  part: Partial<Record<'first' | 'row_tile' | 'row_first' | 'row_end', number>>,
) => Bindings;

/**
 * Rounds of a job: `count` tiles of columns from `first` (in half mode distances between tiles),
 * after each row has met `seen` columns.
 *
 * Rounds grow so that about 2.5 K candidates per row are expected in each: of c new columns in
 * random order after m, K c / m enter. A queue holds 8 K.
 *
 * @param tiles tiles of all columns, of `side` columns each.
 */
export function* rounds(
  job: Pick<ScoreJob, 'half' | 'careful' | 'capacity' | 'length'>,
  tiles: number,
  side = TILE,
): Generator<{ first: number; count: number; seen: number }> {
  const end = job.half ? Math.floor(tiles / 2) + 1 : tiles;
  // A distance above 0 brings each row two tiles of new columns.
  const step = job.half ? 2 * side : side;
  let seen = 0;
  for (let first = 0; first < end;) {
    // The queues of blocks are longer only to take two blocks at once: people of a last block that
    // is nearly empty know almost nobody after the first round.
    const capacity = (job.capacity * TILE) / side;
    const growth = job.careful ? 0 : (2.5 * seen * (capacity / job.length)) / 8;
    const room = Math.max(job.capacity, growth);
    const count = job.half && first === 0 ? 1 : Math.max(1, Math.min(end - first, Math.floor(room / step)));
    yield { first, count, seen };
    seen += job.half && first === 0 ? side - 1 : count * step;
    first += count;
  }
}

/** Cuts a rectangle of tiles into tileParts of at most `budget` tiles. */
export function* tileParts(
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
