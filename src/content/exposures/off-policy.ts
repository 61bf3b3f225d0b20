import { studentQuantile, type Interval } from '../../metrics/inference/student.ts';

/** One row per exposure; all lists have one entry per row. */
export interface LoggedRows {
  /** What followed, such as 1 for a click. */
  readonly outcome: ArrayLike<number>;
  /** Chance with which the log's policy showed the item, above 0. */
  readonly propensity: ArrayLike<number>;
  /** Chance with which the target policy would show it. */
  readonly target: ArrayLike<number>;
  /** Predicted outcome of the item, and mean of the predictions under the target policy. */
  readonly predicted: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
}

/** Bounds of the weights. */
export interface WeightBounds {
  /** Clipped IPS and Switch-DR: the largest weight that is used as it is. */
  readonly switchAt: number;
  /** Optimistic shrinkage: lambda of lambda w / (w^2 + lambda). */
  readonly shrink: number;
}

/**
 * The mean outcome under a target policy from rows of another one, by weights w = target /
 * propensity. IPS and SNIPS (Horvitz and Thompson; Swaminathan and Joachims, 2015), the direct
 * method, doubly robust (Dudik, Langford and Li, 2011), its self-normalised form, Switch-DR (Wang,
 * Agarwal and Dudik, 2017) and DR with optimistic shrinkage (Su et al., 2020), as in the Open
 * Bandit Pipeline. Standard errors take the rows as independent.
 */
export function offPolicy(rows: LoggedRows, { switchAt, shrink }: WeightBounds) {
  const { outcome, predicted, expected } = rows;
  const n = outcome.length;
  const weights = weightsOf(rows);
  const error = (k: number) => outcome[k] - predicted[k];
  const doubly = (weight: (w: number) => number) => (k: number) =>
    expected[k] + weight(weights[k]) * error(k);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const squares = weights.reduce((sum, w) => sum + w * w, 0);
  const ips = meanAndError(n, (k) => weights[k] * outcome[k]);
  const dr = meanAndError(
    n,
    doubly((w) => w),
  );
  const mean = (of: (k: number) => number) => meanAndError(n, of).mean;
  const dm = mean((k) => expected[k]);
  return {
    onPolicy: mean((k) => outcome[k]),
    ips: ips.mean,
    ipsError: ips.error,
    snips: (ips.mean * n) / total,
    clippedIps: mean((k) => Math.min(weights[k], switchAt) * outcome[k]),
    dm,
    dr: dr.mean,
    drError: dr.error,
    sndr: dm + (mean((k) => weights[k] * error(k)) * n) / total,
    switchDr: mean(doubly((w) => (w <= switchAt ? w : 0))),
    drOs: mean(doubly((w) => (shrink * w) / (w * w + shrink))),
    /** Rows that equally weighted rows would have to be, to be as noisy (Kish). */
    ess: total ** 2 / squares,
    maxWeight: weights.reduce((most, w) => Math.max(most, w), 0),
    meanWeight: total / n,
  };
}

/** Importance weights: target / propensity. */
export const weightsOf = ({ propensity, target }: LoggedRows): Float64Array =>
  Float64Array.from(propensity, (p, k) => target[k] / p);

/** Mean of a value of each row, and its standard error (sample variance). */
function meanAndError(n: number, of: (k: number) => number) {
  let mean = 0;
  let squares = 0;
  for (let k = 0; k < n; k++) {
    const value = of(k);
    const before = mean;
    mean += (value - before) / (k + 1);
    squares += (value - before) * (value - mean);
  }
  return n === 0 ? { mean: NaN, error: NaN } : { mean, error: Math.sqrt(squares / (n - 1) / n) };
}

/**
 * A table of mean outcomes by place and item, f64[places][items], shrunk to 0 where little was
 * seen: (sum of outcomes + .005) / (exposures + 1).
 */
export function placeItemModel(
  place: ArrayLike<number>,
  item: ArrayLike<number>,
  outcome: ArrayLike<number>,
  [places, items]: readonly [places: number, items: number],
): Float64Array {
  const sums = new Float64Array(places * items).fill(0.005);
  const shown = new Float64Array(places * items).fill(1);
  for (let k = 0; k < outcome.length; k++) {
    const cell = place[k] * items + item[k];
    sums[cell] += outcome[k];
    shown[cell]++;
  }
  return sums.map((sum, cell) => sum / shown[cell]);
}

/** Share of each item at each place, f64[places][items]; a place that was never shown has zeros. */
export function placeItemShares(
  place: ArrayLike<number>,
  item: ArrayLike<number>,
  [places, items]: readonly [places: number, items: number],
): Float64Array {
  const shares = new Float64Array(places * items);
  const shown = new Float64Array(places);
  for (let k = 0; k < place.length; k++) {
    shares[place[k] * items + item[k]]++;
    shown[place[k]]++;
  }
  return shares.map((count, cell) => (count === 0 ? 0 : count / shown[Math.floor(cell / items)]));
}

/**
 * The rows of a log under a target policy that draws an item by its place alone, with the direct
 * model of {@link placeItemModel} from the same log. @param target f64[places][items]: chances.
 */
export function rowsUnder(
  log: {
    readonly place: ArrayLike<number>;
    readonly item: ArrayLike<number>;
    readonly outcome: ArrayLike<number>;
    readonly propensity: ArrayLike<number>;
  },
  size: readonly [places: number, items: number],
  target: ArrayLike<number>,
): LoggedRows {
  const [places, items] = size;
  const model = placeItemModel(log.place, log.item, log.outcome, size);
  const byPlace = new Float64Array(places);
  for (let cell = 0; cell < model.length; cell++)
    byPlace[Math.floor(cell / items)] += target[cell] * model[cell];
  const cellOf = (k: number) => log.place[k] * items + log.item[k];
  const column = (of: (k: number) => number) => Float64Array.from(log.outcome, (_, k) => of(k));
  return {
    outcome: log.outcome,
    propensity: log.propensity,
    target: column((k) => target[cellOf(k)]),
    predicted: column((k) => model[cellOf(k)]),
    expected: column((k) => byPlace[log.place[k]]),
  };
}

/** Least effective number of units, and of rows with an outcome, for an interval. */
const MIN_UNITS = 8;
const MIN_OUTCOMES = 20;

/**
 * Student's interval of SNIPS, clustered by `unit` (such as a person; without it rows are
 * independent), from the influence of each row on the ratio. NaN where too few units or outcomes
 * carry the weight: a normal interval of a rare outcome would not cover.
 */
export function snipsInterval(rows: LoggedRows, unit?: ArrayLike<number>): Interval {
  const { outcome } = rows;
  const weights = weightsOf(rows);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const gains = weights.map((w, k) => w * outcome[k]);
  const estimate = gains.reduce((sum, g) => sum + g, 0) / total;
  const influence = new Map<number, number>();
  const sizes = new Map<number, number>();
  weights.forEach((w, k) => {
    const of = unit === undefined ? k : unit[k];
    influence.set(of, (influence.get(of) ?? 0) + (w * (outcome[k] - estimate)) / total);
    sizes.set(of, (sizes.get(of) ?? 0) + w);
  });
  const units = effectiveNumber([...sizes.values()]);
  const outcomes = effectiveNumber(gains);
  if (!(units >= MIN_UNITS) || !(outcomes >= MIN_OUTCOMES)) return { low: NaN, high: NaN };
  let squares = 0;
  for (const part of influence.values()) squares += part * part;
  // Where outcomes are rare, they and not the units are what is known to be independent.
  const known = Math.min(units, outcomes);
  const error = Math.sqrt((known / (known - 1)) * squares);
  const half = studentQuantile(known - 1) * error;
  return { low: estimate - half, high: estimate + half };
}

/** (sum)^2 / (sum of squares): how many equal parts would be as uneven (Kish). */
export function effectiveNumber(parts: ArrayLike<number>): number {
  let [sum, squares] = [0, 0];
  for (let k = 0; k < parts.length; k++) {
    sum += parts[k];
    squares += parts[k] ** 2;
  }
  return sum ** 2 / squares;
}
