import type { SubmissionBatcher } from '../batch/submission-batcher.ts';
import { ENTRY, layouts } from './layouts.ts';
import type { GpuTick } from './upload.ts';

export interface RowList {
  /** Position of a candidate and bits of its weight, alternating, best first. */
  readonly list: number[];
  readonly flags: number;
  /** Key of the last entry of a full list. */
  readonly last: number | null;
  /** Weight of the first entry. */
  readonly top: number;
}

/** The lists of every row. */
export async function readLists(batch: SubmissionBatcher, { shape, buffers }: GpuTick): Promise<RowList[]> {
  const { n, length } = shape;
  const { size, at } = layouts.row;
  const read = await batch.read({
    rows: { buffer: buffers.rows, bytes: n * size * 4 },
    lists: { buffer: buffers.lists, bytes: n * length * ENTRY * 4 },
  });
  const words = new Uint32Array(read.rows);
  const floats = new Float32Array(read.rows);
  const entries = new Uint32Array(read.lists);
  return Array.from({ length: n }, (_, i) => {
    const count = words[i * size + at('length')];
    const start = words[i * size + at('start')];
    return {
      list: Array.from(entries.subarray(ENTRY * start, ENTRY * (start + count))),
      flags: words[i * size + at('flags')],
      last: count === length ? floats[i * size + at('first')] : null,
      top: floats[i * size + at('top')],
    };
  });
}
