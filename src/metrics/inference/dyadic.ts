import { LabError } from '../../base/errors.ts';
import { auroc } from '../ranking/auroc.ts';
import { mustMatch, order, type Numbers } from '../numbers.ts';
import { Z95, type Interval } from './student.ts';

/** A figure, or a difference of two over the same rows, with its 95 % interval. */
export interface DyadicInterval extends Interval {
  readonly estimate: number;
  /** Standard error. */
  readonly error: number;
  readonly rows: number;
}

/**
 * Influence of every row on an AUROC: its centred placement among the other class, so that the
 * error of the area is the sum over the rows (DeLong, DeLong and Clarke-Pearson, 1988). f64[rows];
 * zeros if a class is missing.
 */
export function aurocInfluence(scores: Numbers, labels: Numbers): Float64Array {
  mustMatch(scores, labels, 'scores and labels');
  const n = labels.length;
  const influence = new Float64Array(n);
  let positives = 0;
  for (let i = 0; i < n; i++) positives += labels[i];
  const negatives = n - positives;
  if (positives === 0 || negatives === 0) return influence;
  const sorted = order(scores);
  let below = 0;
  let upBelow = 0;
  for (let from = 0; from < n;) {
    let to = from;
    let up = 0;
    while (to < n && scores[sorted[to]] === scores[sorted[from]]) up += labels[sorted[to++]];
    const down = to - from - up;
    // The share of the other class that is on the right side; ties count half.
    for (let k = from; k < to; k++)
      influence[sorted[k]] =
        labels[sorted[k]] === 1
          ? (below + down / 2) / negatives
          : (positives - upBelow - up + up / 2) / positives;
    below += down;
    upBelow += up;
    from = to;
  }
  let area = 0;
  for (let i = 0; i < n; i++) if (labels[i] === 1) area += influence[i] / positives;
  for (let i = 0; i < n; i++)
    influence[i] = (influence[i] - area) / (labels[i] === 1 ? positives : negatives);
  return influence;
}

/**
 * Standard error of a sum over rows that each belong to two people, `a` and `b`; rows that share a
 * person are dependent. The variance is the sum over people of (sum of their rows)^2, minus the
 * rows counted twice (Aronow, Samii and Assenova, "Cluster-Robust Variance Estimation for Dyadic
 * Data", 2015), and at least that of independent rows.
 */
export function dyadicError(influence: Numbers, a: Numbers, b: Numbers): number {
  mustMatch(influence, a, 'rows and people');
  mustMatch(influence, b, 'rows and people');
  const ofPerson = new Map<number, number>();
  let independent = 0;
  for (let i = 0; i < influence.length; i++) {
    if (a[i] === b[i]) throw new LabError(`row ${i} pairs person ${a[i]} with themselves`);
    independent += influence[i] ** 2;
    for (const p of [a[i], b[i]]) ofPerson.set(p, (ofPerson.get(p) ?? 0) + influence[i]);
  }
  let clustered = -independent;
  for (const sum of ofPerson.values()) clustered += sum * sum;
  return Math.sqrt(Math.max(independent, clustered));
}

/** A figure and the influence of every row on its error. */
export interface Influenced {
  readonly estimate: number;
  readonly influence: Float64Array;
}

export function influencedAuroc(scores: Numbers, labels: Numbers): Influenced {
  return { estimate: auroc(scores, labels), influence: aurocInfluence(scores, labels) };
}

/** Mean of `values` with the influence of every row. */
export function influencedMean(values: Numbers): Influenced {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  return { estimate: mean, influence: Float64Array.from({ length: n }, (_, i) => (values[i] - mean) / n) };
}

/** The difference `one` - `other` on the same rows. */
export function minus(one: Influenced, other: Influenced): Influenced {
  mustMatch(one.influence, other.influence, 'both figures');
  return {
    estimate: one.estimate - other.estimate,
    influence: one.influence.map((x, i) => x - other.influence[i]),
  };
}

/** 95 % interval (normal) of a figure whose rows belong to the people `a` and `b`. */
export function dyadicInterval({ estimate, influence }: Influenced, a: Numbers, b: Numbers): DyadicInterval {
  const error = dyadicError(influence, a, b);
  return { estimate, low: estimate - Z95 * error, high: estimate + Z95 * error, error, rows: a.length };
}
