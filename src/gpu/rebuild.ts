import { NONE } from '../score/types.ts';
import type { GpuClock } from './clock.ts';
import type { GpuDevice } from './device.ts';
import { structWords } from './kernel.ts';
import type { ScorePass } from './passes/score-topk.ts';
import { QUEUE_FACTOR } from './tables.ts';
import type { Tables } from './tables.ts';

/** `best` of a row whose list ran dry (greedy.wgsl). */
export const DRY = 0xfffffffe;
const OVERFLOWN = 2;
const row = structWords('greedy', 'Row');
const words = { size: row.size, flags: row.at('flags'), first: row.at('first'), second: row.at('second') };
/** Rows of a rebuild at least: fewer would not fill a GPU, and every rebuild costs a round trip. */
const leastBatch = (n: number) => Math.max(128, Math.ceil(n / 32));

/**
 * A scan of those left pays where they are few enough that scans shrink quickly: 1 / (1 - NARROWER^2) < 2 in all, however often. Rows that
 * all want the same few people stay many, and get longer lists instead.
 */
const NARROWER = 0.7;

/** What the host saw at a stall. */
export interface Stall {
  readonly mates: Uint32Array;
  readonly best: Uint32Array;
  readonly rows: ArrayBuffer;
}

/** Rows to score anew against these columns (null: everybody). Positions in the tables. */
export interface Rebuild {
  readonly rows: readonly number[];
  readonly columns: readonly number[] | null;
  readonly careful: boolean;
}

/**
 * Chooses which dry rows get a new list, against the columns still free. Whatever is unseen of a row is not above its last entry, so the
 * rows with the highest last entries stand in everybody's way; the others may wait, and many are paired before their turn comes.
 * With a shared direction of popularity that makes the difference between n / K scans and less than one.
 */
export class Rebuilder {
  /** Scans so far, as shares of n^2 pairs. */
  scans = 0;
  #batch: number;
  #pairedBefore = 0;

  constructor(readonly n: number) {
    this.#batch = leastBatch(n);
  }

  /** @returns undefined where no row is dry: the matching is done. */
  plan(stall: Stall): Rebuild | undefined {
    const { n } = this;
    const info = new Uint32Array(stall.rows);
    const keys = new Float32Array(stall.rows);
    const { live, dry: all } = inPlay(stall);
    let dry = all;
    if (dry.length === 0) return undefined;
    this.#adapt(n - live.length);
    const careful = dry.some((i) => (info[i * words.size + words.flags] & OVERFLOWN) !== 0);
    if (dry.length > this.#batch && dry.length * live.length > (n * n) / 16) {
      const by = dry.map((i) => ({
        i,
        a: keys[i * words.size + words.first],
        b: keys[i * words.size + words.second],
      }));
      by.sort((p, q) => q.a - p.a || q.b - p.b || p.i - q.i);
      dry = by.slice(0, this.#batch).map(({ i }) => i);
    }
    this.scans += (dry.length * live.length) / (n * n);
    return { rows: dry, columns: live, careful };
  }

  /** Larger batches while most rebuilt rows soon find a mate, smaller ones where they run dry again. */
  #adapt(paired: number): void {
    const made = paired - this.#pairedBefore;
    this.#pairedBefore = paired;
    if (this.scans === 0) return;
    if (made >= this.#batch) this.#batch *= 2;
    else if (made < this.#batch / 4) this.#batch = Math.max(leastBatch(this.n), this.#batch / 2);
  }
}

/** Those who may yet be paired, and among them those whose list ran dry. */
function inPlay({ mates, best }: Stall): { live: number[]; dry: number[] } {
  const dry: number[] = [];
  const live: number[] = [];
  for (let i = 0; i < mates.length; i++) {
    if (mates[i] !== NONE || best[i] === NONE) continue;
    live.push(i);
    if (best[i] === DRY) dry.push(i);
  }
  return { live, dry };
}

/**
 * Where a whole scan of those left among themselves is better than new lists for the dry rows: positions of those left, ascending. The scan
 * is half a square, in strips, without queues.
 */
export function leftAtStall(stall: Stall): number[] | undefined {
  const { live, dry } = inPlay(stall);
  const shrinks = live.length <= NARROWER * stall.mates.length;
  return dry.length > 0 && shrinks && dry.length >= live.length / 8 ? live : undefined;
}

/** Submits the scoring of a rebuild, in as many jobs as the table of queues asks for. */
export async function submitRebuild(
  gpu: GpuDevice,
  score: ScorePass,
  tables: Tables,
  clock: GpuClock,
  { rows, columns, careful }: Rebuild,
): Promise<void> {
  await score.queues();
  const { n } = tables;
  // Against everybody the row gets its first list back, else its longer one.
  const length = columns === null ? tables.length : tables.long;
  const listsAt = columns === null ? 0 : n * tables.length;
  const capacity = columns === null ? tables.capacity : QUEUE_FACTOR * tables.long;
  const most = Math.max(1, Math.floor(tables.queued / capacity));
  const index = tables.bindings.index as GPUBuffer;
  const { queue } = gpu.device;
  if (columns !== null) queue.writeBuffer(index, 2 * n * 4, Uint32Array.from(columns));
  for (let from = 0; from < rows.length; from += most) {
    const part = Uint32Array.from(rows.slice(from, from + most));
    queue.writeBuffer(index, n * 4, part);
    score.submit(
      tables,
      {
        rows: part.length,
        columns: columns === null ? n : columns.length,
        rowsAt: n,
        columnsAt: columns === null ? 0 : 2 * n,
        listsAt,
        half: false,
        length,
        capacity,
        careful,
      },
      clock,
    );
  }
}

/** Rows whose queue ran over in the first scan. */
export function lostRows({ n }: Tables, rows: ArrayBuffer): number[] {
  const info = new Uint32Array(rows);
  const lost: number[] = [];
  for (let i = 0; i < n; i++) if ((info[i * words.size + words.flags] & OVERFLOWN) !== 0) lost.push(i);
  return lost;
}
