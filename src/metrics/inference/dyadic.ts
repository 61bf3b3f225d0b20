import { LabError } from '../../base/errors.ts';
import { auroc } from '../ranking/auroc.ts';
import { mustMatch, order, type Numbers } from '../numbers.ts';

/** A figure, or a difference of two over the same rows, with its 95 % interval. */
export interface DyadicInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Standard error. */
  readonly error: number;
  readonly rows: number;
}

/**
 * What every row adds to the error of an AUROC: its placement among the other class, centred, so that the area's error is the sum of
 * these over the rows (DeLong, DeLong and Clarke-Pearson, 1988). f64[rows]; zeros where a class is missing.
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
    // Share of the other class that is placed on the wrong side counts against.
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
 * Standard error of a sum over rows that each belong to two people: rows which share a person are not independent. Sum over people of
 * (sum of their rows)^2, less what rows count twice (Aronow, Samii and Assenova, "Cluster-Robust Variance Estimation for Dyadic Data",
 * 2015). `a`, `b`: the two people of a row. Never below the error of independent rows.
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

/** A score list's figure and every row's part in its error. */
export interface Influenced {
  readonly estimate: number;
  readonly influence: Float64Array;
}

export function influencedAuroc(scores: Numbers, labels: Numbers): Influenced {
  return { estimate: auroc(scores, labels), influence: aurocInfluence(scores, labels) };
}

/** Mean of `values` with every row's part in its error. */
export function influencedMean(values: Numbers): Influenced {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  return { estimate: mean, influence: Float64Array.from({ length: n }, (_, i) => (values[i] - mean) / n) };
}

/** By how much `one` is above `other` on the same rows, as a figure of its own. */
export function minus(one: Influenced, other: Influenced): Influenced {
  mustMatch(one.influence, other.influence, 'both figures');
  return {
    estimate: one.estimate - other.estimate,
    influence: one.influence.map((x, i) => x - other.influence[i]),
  };
}

/** 95 %, normal. */
const Z = 1.959964;

/** A figure whose rows have the people `a` and `b`, with its interval. */
export function dyadicInterval({ estimate, influence }: Influenced, a: Numbers, b: Numbers): DyadicInterval {
  const error = dyadicError(influence, a, b);
  return { estimate, low: estimate - Z * error, high: estimate + Z * error, error, rows: a.length };
}
