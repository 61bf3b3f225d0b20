import { published, type PublishedRow } from '../../../src/model/study/published.ts';
import type { Member } from '../worker/orders.ts';

/** The published row of a member, at a delay of its session vectors in seconds where it has some. */
export function publishedRow(model: Member, delay = 0): PublishedRow {
  const row = published.find((r) => r.model === model && (r.delay ?? 0) === delay);
  if (row === undefined) throw new Error(`Nothing was published of ${model} at ${delay} s.`);
  return row;
}

/** Delays with published figures, seconds. */
export const publishedDelays = published.flatMap((r) => (r.delay === undefined ? [] : [r.delay]));
