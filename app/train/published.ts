import { segments, type Segment } from './segments.ts';

/**
 * What was published of the service (CUPID, arXiv 2410.18087): squared error of log duration and AUROC of "longer than a threshold", by
 * segment. Plain Wide&Deep was read off a bar chart, about +-.003. Their people are not ours: shape is compared with shape.
 */
export type Pair = readonly [mse: number, auroc: number];
export type PublishedRow = Readonly<Record<Segment, Pair>>;

const row = (...pairs: readonly Pair[]): PublishedRow =>
  Object.fromEntries(segments.map((segment, k) => [segment, pairs[k]])) as Record<Segment, Pair>;

export const publishedModels = {
  'wide-deep': row([0.447, 0.823], [0.419, 0.849], [0.469, 0.802], [0.497, 0.753]),
  'wide-deep-s': row([0.4197, 0.8497], [0.3996, 0.8655], [0.4359, 0.8375], [0.4539, 0.8136]),
  cupid: row([0.3968, 0.8635], [0.3815, 0.8735], [0.4094, 0.8564], [0.4214, 0.8409]),
} as const;

/** CUPID, by delay of e_session in seconds. */
export const publishedDelays: readonly { readonly delay: number; readonly row: PublishedRow }[] = [
  { delay: 0, row: publishedModels.cupid },
  { delay: 2, row: row([0.3989, 0.8616], [0.3834, 0.8719], [0.4117, 0.8541], [0.4239, 0.8389]) },
  { delay: 4, row: row([0.399, 0.8616], [0.3834, 0.8719], [0.4118, 0.854], [0.4239, 0.8389]) },
  { delay: 8, row: row([0.3993, 0.8614], [0.3837, 0.8717], [0.4121, 0.8538], [0.4242, 0.8386]) },
  { delay: 16, row: row([0.4004, 0.8605], [0.3848, 0.871], [0.4132, 0.8528], [0.4254, 0.8375]) },
];

/** Milliseconds, p90 and p99. Percentiles do not add or subtract. */
export const publishedLatency = {
  feature: [9, 17],
  session: [236, 290],
  synchronous: [236, 290],
  asynchronous: [48, 70],
} as const;

/** A switchback test of CUPID against Wide&Deep: change in percent. */
export const publishedOnline = {
  all: { duration: 6.8, long: 12.6, short: -2.4 },
  warm: { duration: 6.8, long: 12.9, short: -2.3 },
  cold: { duration: 5.9, long: 9.7, short: -4.1 },
} as const;
