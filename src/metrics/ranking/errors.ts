import { must } from '../../base/errors.ts';
import { ndcg } from './ndcg.ts';
import type { Numbers } from '../numbers.ts';

export function meanSquaredError(predicted: Numbers, real: Numbers): number {
  must(
    predicted.length === real.length,
    `predicted and real must have the same length; they have ${predicted.length} and ${real.length}`,
  );
  let sum = 0;
  for (let k = 0; k < real.length; k++) sum += (predicted[k] - real[k]) ** 2;
  return sum / real.length;
}

/** Pearson's correlation; NaN if one side does not vary. */
export function correlation(x: Numbers, y: Numbers): number {
  must(x.length === y.length, `both lists must have the same length; they have ${x.length} and ${y.length}`);
  const n = x.length;
  let mx = 0;
  let my = 0;
  for (let k = 0; k < n; k++) {
    mx += x[k] / n;
    my += y[k] / n;
  }
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let k = 0; k < n; k++) {
    xy += (x[k] - mx) * (y[k] - my);
    xx += (x[k] - mx) ** 2;
    yy += (y[k] - my) ** 2;
  }
  return xx === 0 || yy === 0 ? NaN : xy / Math.sqrt(xx * yy);
}

/** Mean of -log p(label), with probabilities clipped at `edge` from 0 and 1; `labels`: 0 or 1. */
export function logLoss(probability: Numbers, labels: Numbers, edge = 1e-7): number {
  let sum = 0;
  for (let k = 0; k < labels.length; k++) {
    const p = Math.min(1 - edge, Math.max(edge, probability[k]));
    sum -= Math.log(labels[k] === 1 ? p : 1 - p);
  }
  return sum / labels.length;
}

/**
 * Mean NDCG at `k` over groups (e.g. the matches of one person), and the `values` of the groups.
 * Groups of one row or without any relevance are left out.
 */
export function groupedNdcg(
  scores: Numbers,
  relevance: Numbers,
  group: Numbers,
  k = 10,
): { value: number; groups: number; values: number[] } {
  const members = new Map<number, number[]>();
  for (let r = 0; r < group.length; r++) {
    const list = members.get(group[r]);
    if (list) list.push(r);
    else members.set(group[r], [r]);
  }
  const values: number[] = [];
  for (const rows of members.values()) {
    if (rows.length < 2) continue;
    const value = ndcg(
      rows.map((r) => scores[r]),
      rows.map((r) => relevance[r]),
      k,
    );
    if (Number.isNaN(value)) continue;
    values.push(value);
  }
  return { value: values.reduce((a, b) => a + b, 0) / values.length, groups: values.length, values };
}
