import { discounted } from './ndcg.ts';

/** How good the first k items of a list are, where items are relevant or not. */
export interface TopList {
  /** Relevant items among the first k, divided by k, and by the number of relevant items. */
  readonly precision: number;
  readonly recall: number;
  /** Sum over the hits of the precision at their rank, divided by the number of relevant items. */
  readonly averagePrecision: number;
  /** Discounted gain of the hits, divided by the largest possible one. */
  readonly ndcg: number;
}

/**
 * Measures of the first k items of a list, best first. `relevant` is not empty. The definitions
 * are those of Microsoft Recommenders (`python_evaluation.py`).
 */
export function topList<Item>(list: readonly Item[], relevant: ReadonlySet<Item>, k: number): TopList {
  const gains = list.slice(0, k).map((item) => (relevant.has(item) ? 1 : 0));
  let hits = 0;
  let precisions = 0;
  gains.forEach((gain, rank) => {
    if (gain === 1) precisions += ++hits / (rank + 1);
  });
  const best = new Float64Array(Math.min(k, relevant.size)).fill(1);
  return {
    precision: hits / k,
    recall: hits / relevant.size,
    averagePrecision: precisions / relevant.size,
    ndcg: discounted(gains) / discounted(best),
  };
}

/** Counts of a rule "positive where score >= threshold" against labels of 0 and 1. */
export function confusion(scores: ArrayLike<number>, labels: ArrayLike<number>, threshold: number) {
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let k = 0; k < labels.length; k++) {
    if (scores[k] >= threshold) {
      if (labels[k] === 1) tp++;
      else fp++;
    } else if (labels[k] === 1) fn++;
    else tn++;
  }
  return {
    ...{ tp, fp, fn, tn },
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
    fpr: fp / (fp + tn),
    f1: (2 * tp) / (2 * tp + fp + fn),
  };
}

/** Mean of (chance - label)^2 (Brier, 1950). */
export function brierScore(chances: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < labels.length; k++) sum += (chances[k] - labels[k]) ** 2;
  return sum / labels.length;
}

/**
 * Expected calibration error over bins of equal width of the chance (Guo et al., ICML 2017): mean
 * over the bins, weighted by count, of |mean chance - share of positives|.
 */
export function equalWidthError(chances: ArrayLike<number>, labels: ArrayLike<number>, bins: number): number {
  const excess = new Float64Array(bins);
  for (let k = 0; k < labels.length; k++) {
    const bin = Math.min(bins - 1, Math.floor(chances[k] * bins));
    excess[bin] += chances[k] - labels[k];
  }
  return excess.reduce((sum, e) => sum + Math.abs(e), 0) / labels.length;
}
