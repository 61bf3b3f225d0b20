import type { WarmthSegment } from '../train/judge-family.ts';

/**
 * Published MSE of log duration and AUROC by segment (CUPID, arXiv 2410.18087). Only their shape
 * compares with our figures, because market, label and sizes differ. Wide&Deep was read off a bar
 * chart, +-.003.
 */
export interface PublishedRow {
  readonly model: string;
  /** Seconds by which session vectors are late. */
  readonly delay?: number;
  readonly mse: Readonly<Record<WarmthSegment, number>>;
  readonly auroc: Readonly<Record<WarmthSegment, number>>;
}

const row = (
  model: string,
  mse: readonly [number, number, number, number],
  auroc: readonly [number, number, number, number],
  delay?: number,
): PublishedRow => {
  const by = ([entire, ww, wc, cc]: readonly number[]) => ({
    entire,
    'warm-warm': ww,
    'warm-cold': wc,
    'cold-cold': cc,
  });
  return { model, ...(delay !== undefined && { delay }), mse: by(mse), auroc: by(auroc) };
};

export const published: readonly PublishedRow[] = [
  row('wide-deep', [0.447, 0.419, 0.469, 0.497], [0.823, 0.849, 0.802, 0.753]),
  row('wide-deep-s', [0.4197, 0.3996, 0.4359, 0.4539], [0.8497, 0.8655, 0.8375, 0.8136]),
  row('cupid', [0.3968, 0.3815, 0.4094, 0.4214], [0.8635, 0.8735, 0.8564, 0.8409], 0),
  row('cupid', [0.3989, 0.3834, 0.4117, 0.4239], [0.8616, 0.8719, 0.8541, 0.8389], 2),
  row('cupid', [0.399, 0.3834, 0.4118, 0.4239], [0.8616, 0.8719, 0.854, 0.8389], 4),
  row('cupid', [0.3993, 0.3837, 0.4121, 0.4242], [0.8614, 0.8717, 0.8538, 0.8386], 8),
  row('cupid', [0.4004, 0.3848, 0.4132, 0.4254], [0.8605, 0.871, 0.8528, 0.8375], 16),
];
