import { published, type PublishedRow } from '../../src/model/family/published.ts';
import type { Member } from './orders.ts';

/** The published row of a member, at a delay of its session vectors in seconds where it has some. */
export function publishedRow(model: Member, delay = 0): PublishedRow {
  const row = published.find((r) => r.model === model && (r.delay ?? 0) === delay);
  if (row === undefined) throw new Error(`Nothing was published of ${model} at ${delay} s.`);
  return row;
}

/** Delays with published figures, seconds. */
export const publishedDelays = published.flatMap((r) => (r.delay === undefined ? [] : [r.delay]));

/** Milliseconds, p90 and p99. Percentiles do not add or subtract. */
export const publishedLatency = {
  feature: [9, 17],
  session: [236, 290],
  synchronous: [236, 290],
  asynchronous: [48, 70],
} as const;

/** A switchback test of CUPID against Wide&Deep: change in percent of mean duration, long-match share, short-match share. */
export const publishedOnline = {
  all: [6.8, 12.6, -2.4],
  warm: [6.8, 12.9, -2.3],
  cold: [5.9, 9.7, -4.1],
} as const;
