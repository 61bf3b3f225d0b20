import type { WarmthSegment } from '../../../src/model/train/judge-family.ts';
import { published, type PublishedRow } from '../../../src/model/study/published.ts';

/** The segments, all chats first. judge-family.ts has them too, but loads the trainer. */
export const segments = Object.keys(published[0].mse) as WarmthSegment[];

/** The published row of a model, at a delay of its session vectors in seconds. */
export function publishedRow(model: string, delay = 0): PublishedRow {
  const row = published.find((r) => r.model === model && (r.delay ?? 0) === delay);
  if (row === undefined) throw new Error(`Nothing was published of ${model} at a delay of ${delay} s.`);
  return row;
}

/** Delays with published figures, seconds. */
export const publishedDelays = published.flatMap((r) => (r.delay === undefined ? [] : [r.delay]));
