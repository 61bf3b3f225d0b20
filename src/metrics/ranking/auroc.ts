import { LabError } from '../../base/errors.ts';
import { mustBeFinite, mustMatch, order, type Numbers } from '../numbers.ts';

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, equal scores
 * counting half (Mann and Whitney, 1947; Hanley and McNeil, 1982). `labels` are 0 or 1. NaN where
 * one of the classes is missing: the area is then undefined. Throws LabError on scores that are not
 * finite, other labels, or unequal lengths.
 */
export function auroc(scores: Numbers, labels: Numbers): number {
  mustMatch(scores, labels, 'scores and labels');
  mustBeFinite(scores, 'scores');
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1)
      throw new LabError(`labels must be 0 or 1; label ${i} is ${labels[i]}`, `labels[${i}]`);
    positives += labels[i];
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return NaN;
  const sorted = order(scores);
  // Twice the number of (positive, negative) pairs in the right order: whole numbers, so that no
  // rounding enters.
  let twice = 0;
  let below = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    let up = 0;
    while (to < sorted.length && scores[sorted[to]] === scores[sorted[from]]) up += labels[sorted[to++]];
    const down = to - from - up;
    twice += up * (2 * below + down);
    below += down;
    from = to;
  }
  return twice / (2 * positives * negatives);
}

/**
 * The same area for resamples of the rows (positions, repeated where drawn twice): scores are
 * sorted once, so that each resample takes a pass and no sort. Throws as {@link auroc} does.
 */
export function resampledAuroc(scores: Numbers, labels: Numbers): (rows: ArrayLike<number>) => number {
  auroc(scores, labels);
  const sorted = order(scores);
  const drawn = new Uint32Array(labels.length);
  return (rows) => {
    drawn.fill(0);
    for (let k = 0; k < rows.length; k++) drawn[rows[k]]++;
    let positives = 0;
    let below = 0;
    let twice = 0;
    for (let from = 0; from < sorted.length;) {
      let to = from;
      let up = 0;
      let down = 0;
      while (to < sorted.length && scores[sorted[to]] === scores[sorted[from]]) {
        const row = sorted[to++];
        if (labels[row] === 1) up += drawn[row];
        else down += drawn[row];
      }
      twice += up * (2 * below + down);
      below += down;
      positives += up;
      from = to;
    }
    return positives === 0 || below === 0 ? NaN : twice / (2 * positives * below);
  };
}
