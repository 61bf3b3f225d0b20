import { LabError } from '../../base/errors.ts';
import { normalQuantile } from './distributions.ts';
import { crudeOdds, mantelHaenszel, type OddsRatio } from './odds-ratio.ts';
import { meanDifference, shareDifference, wilson, Z95, type Interval } from './student.ts';

/** Sums of the outcome in one cell: one treatment in one slice. */
export interface Cell {
  readonly count: number;
  readonly sum: number;
  /** Rounding error of `sum` (Knuth's two-sum), so that differences of large numbers survive. */
  readonly rest: number;
  /** Sum of squared distances from the cell's own mean. */
  readonly squares: number;
}

export const emptyCell: Cell = { count: 0, sum: 0, rest: 0, squares: 0 };

/** The union of two cells (Chan, Golub and LeVeque, 1979). */
export function mergeCells(a: Cell, b: Cell): Cell {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const sum = a.sum + b.sum;
  const part = sum - a.sum;
  const shift = mean(b) - mean(a);
  return {
    count,
    sum,
    rest: a.rest + b.rest + (a.sum - (sum - part)) + (b.sum - part),
    squares: a.squares + b.squares + (shift * shift * a.count * b.count) / count,
  };
}

/** `times` rows of the same outcome. */
export function repeatedCell(value: number, times: number): Cell {
  return { count: times, sum: value * times, rest: 0, squares: 0 };
}

export interface Stratum {
  readonly name: string;
  readonly first: Cell;
  readonly second: Cell;
}

/** The outcome is a share (every value 0 or 1) or a mean. */
export type OutcomeKind = 'share' | 'mean';
export type Verdict = 'none' | 'partial' | 'full';

/** first - second with its 95 % interval; NaN where a side is empty or the spread is unknown. */
export interface Difference extends Interval {
  readonly value: number;
}

export interface SliceEffect extends Stratum {
  readonly difference: Difference;
  /** This slice's difference goes against the crude one; by sign alone, so it may be chance. */
  readonly reversed: boolean;
  /** Two-sided, of the slice's own interval; NaN where it has none. Not corrected. */
  readonly pValue: number;
}

/**
 * Intervals of the differences where the rows are dependent, at any confidence level: of the crude
 * and the standardised one, and of slice number k.
 */
export interface DependentIntervals {
  crude(level: number): Interval;
  standardised(level: number): Interval;
  slice(k: number, level: number): Interval;
}

export interface Comparison {
  readonly kind: OutcomeKind;
  /** Over all rows, slices ignored. */
  readonly crude: Difference & { readonly first: number; readonly second: number };
  /**
   * Directly standardised: the mean of the slices' values, weighted by the slice's share of all
   * rows (of both treatments), so that both treatments have the same mix. Only slices in which both
   * occur count; `support` is the share of rows in them. NaN where there is none.
   */
  readonly standardised: Difference & {
    readonly first: number;
    readonly second: number;
    readonly support: number;
  };
  /** Only where the outcome is a share. */
  readonly oddsRatio: { readonly crude: OddsRatio; readonly mantelHaenszel: OddsRatio } | null;
  readonly slices: readonly SliceEffect[];
  /** By the signs alone: a reversal may be chance. */
  readonly verdict: Verdict;
}

/**
 * Compares two treatments overall and slice by slice. Shares get Newcombe's interval, means get
 * Welch's, and the odds ratios theirs, all for independent rows. Where rows are dependent, the
 * intervals of the differences are those of `dependent`, and odds ratios have none. Throws LabError
 * where a treatment has no rows at all, or where a sum is not finite.
 */
export function compare(
  strata: readonly Stratum[],
  kind: OutcomeKind,
  dependent?: DependentIntervals,
): Comparison {
  for (const { name, first, second } of strata)
    for (const cell of [first, second])
      if (![cell.count, cell.sum, cell.squares].every(Number.isFinite) || cell.count < 0)
        throw new LabError('counts and sums must be finite, counts not below 0', `slice ${name}`);
  const first = strata.map((s) => s.first).reduce(mergeCells, emptyCell);
  const second = strata.map((s) => s.second).reduce(mergeCells, emptyCell);
  if (first.count === 0 || second.count === 0)
    throw new LabError('both treatments need rows; one of them has none');
  const crudeSign = signOfDifference(first, second);
  const signs = strata.map(({ first: a, second: b }) =>
    a.count > 0 && b.count > 0 ? signOfDifference(a, b) : 0,
  );
  const slices = strata.map((s, k) => {
    const at = (level: number) =>
      dependent === undefined ? interval(s.first, s.second, kind, level) : dependent.slice(k, level);
    return {
      ...s,
      difference: { value: difference(s.first, s.second), ...at(0.95) },
      reversed: signs[k] * crudeSign < 0,
      pValue: pValueOf(at),
    };
  });
  const standardised = standardise(strata, kind);
  const odds =
    kind === 'share' ? { crude: crudeOdds(first, second), mantelHaenszel: mantelHaenszel(strata) } : null;
  const withoutInterval = ({ value }: OddsRatio): OddsRatio => ({ value, low: NaN, high: NaN });
  return {
    kind,
    crude: {
      value: difference(first, second),
      ...(dependent?.crude(0.95) ?? interval(first, second, kind, 0.95)),
      ...{ first: mean(first), second: mean(second) },
    },
    standardised: { ...standardised, ...dependent?.standardised(0.95) },
    oddsRatio:
      odds === null || dependent === undefined
        ? odds
        : { crude: withoutInterval(odds.crude), mantelHaenszel: withoutInterval(odds.mantelHaenszel) },
    slices,
    verdict: verdict(crudeSign, signs),
  };
}

/** Smallest p-value that is told apart from 0. */
const LEAST_P = 1e-12;

/**
 * Two-sided p-value that belongs to a family of intervals: the largest error rate at which the
 * interval still contains 0. NaN where there is no interval.
 */
function pValueOf(intervalAt: (level: number) => Interval): number {
  const excludes = (p: number) => {
    const { low, high } = intervalAt(1 - p);
    return low > 0 || high < 0;
  };
  if (Number.isNaN(intervalAt(0.95).low)) return NaN;
  if (excludes(LEAST_P)) return LEAST_P;
  let [low, high] = [Math.log(LEAST_P), 0];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (excludes(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

/**
 * 'full' where every slice with a difference goes against the crude difference, 'partial' where
 * some do, else 'none' (also where the crude difference is 0). The arguments are differences or
 * their signs.
 */
export function verdict(crude: number, slices: readonly number[]): Verdict {
  const different = slices.filter((d) => d !== 0 && !Number.isNaN(d));
  const against = different.filter((d) => d * Math.sign(crude) < 0).length;
  if (against === 0) return 'none';
  return against === different.length ? 'full' : 'partial';
}

/** Mean outcome of a cell, NaN where it is empty. */
export function mean(cell: Cell): number {
  return (cell.sum + cell.rest) / cell.count;
}

/** Unbiased variance in a cell, NaN below two rows; p (1 - p) n / (n - 1) for a share. */
export function variance(cell: Cell): number {
  return cell.squares / (cell.count - 1);
}

function moments(cell: Cell) {
  return { count: cell.count, mean: mean(cell), variance: variance(cell) };
}

function difference(a: Cell, b: Cell): number {
  if (a.count === 0 || b.count === 0) return NaN;
  return signOfDifference(a, b) === 0 ? 0 : mean(a) - mean(b);
}

function interval(a: Cell, b: Cell, kind: OutcomeKind, level: number): Interval {
  if (a.count === 0 || b.count === 0) return { low: NaN, high: NaN };
  if (kind === 'mean') return meanDifference(moments(a), moments(b), level);
  const z = level === 0.95 ? Z95 : normalQuantile((1 + level) / 2);
  return shareDifference(a.sum, a.count, b.sum, b.count, z);
}

/**
 * Sign of mean(a) - mean(b); 0 where the difference is within the rounding error of two means of
 * such values: with compensated sums, a few units in the last place of their root mean square.
 */
function signOfDifference(a: Cell, b: Cell): number {
  const size = (cell: Cell) => Math.sqrt(mean(cell) ** 2 + cell.squares / cell.count);
  const gap = mean(a) - mean(b);
  return Math.abs(gap) <= 2 * Number.EPSILON * (size(a) + size(b)) ? 0 : Math.sign(gap);
}

function standardise(strata: readonly Stratum[], kind: OutcomeKind): Comparison['standardised'] {
  const { values, intervals, support } = standardisedValues(
    strata.map((s) => [s.first, s.second]),
    kind,
  );
  const [first, second] = values;
  const [a, b] = intervals;
  const value = first - second;
  return {
    value,
    low: value - Math.hypot(first - a.low, b.high - second),
    high: value + Math.hypot(a.high - first, second - b.low),
    first,
    second,
    support,
  };
}

/**
 * Directly standardised value of every treatment with its 95 % interval. `strata[s][t]` is the cell
 * of treatment t in slice s. Only slices in which every treatment occurs count, weighted by their
 * share of rows; `support` is the share of all rows in them. The weights are taken as known
 * (Rothman, Greenland and Lash, Modern Epidemiology, chapter 15). The distances from the slices'
 * values to the ends of their intervals are combined as independent errors (MOVER: Zou and Donner,
 * 2008), from Wilson's intervals for shares, so that a share of 0 or 1 has an interval with a
 * width, and from normal ones for means.
 */
export function standardisedValues(
  strata: readonly (readonly Cell[])[],
  kind: OutcomeKind,
): { values: number[]; intervals: Interval[]; support: number } {
  const size = (cells: readonly Cell[]) => cells.reduce((sum, c) => sum + c.count, 0);
  const sizeOf = (list: typeof strata) => list.reduce((sum, cells) => sum + size(cells), 0);
  const usable = strata.filter((cells) => cells.every((c) => c.count > 0));
  const supported = sizeOf(usable);
  const treatments = Array.from(strata[0] ?? [], (_, t) => t);
  const over = (t: number, term: (cell: Cell, weight: number) => number) =>
    usable.length === 0
      ? NaN
      : usable.reduce((sum, cells) => sum + term(cells[t], size(cells) / supported), 0);
  const ends = (c: Cell): Interval => {
    if (kind === 'share') return wilson(c.sum, c.count);
    const half = Z95 * Math.sqrt(variance(c) / c.count);
    return { low: mean(c) - half, high: mean(c) + half };
  };
  const values = treatments.map((t) => over(t, (c, weight) => weight * mean(c)));
  const reach = (t: number, end: 'low' | 'high') =>
    Math.sqrt(over(t, (c, weight) => (weight * (ends(c)[end] - mean(c))) ** 2));
  return {
    values,
    intervals: treatments.map((t) => ({
      low: values[t] - reach(t, 'low'),
      high: values[t] + reach(t, 'high'),
    })),
    support: supported / sizeOf(strata),
  };
}
