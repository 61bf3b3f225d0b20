import { mustBeFinite, mustMatch, order, type Numbers } from '../numbers.ts';
import { DRAWS, drawSigns } from '../inference/random-signs.ts';
import { normalQuantile } from '../inference/distributions.ts';
import { meanInterval, studentQuantile, wilson, type Interval } from '../inference/student.ts';

/** One bin of a reliability diagram. */
export interface CalibrationBin extends Interval {
  /**
   * Mean prediction and mean outcome; `low` and `high`: 95 % interval of the latter, NaN where
   * there are too few rows or people for one.
   */
  readonly predicted: number;
  readonly real: number;
  readonly count: number;
  /** Whether the interval, corrected for the number of bins (Bonferroni), leaves the prediction. */
  readonly isOff: boolean;
}

/** The two people of every row; rows that share a person are dependent. */
export interface RowPeople {
  readonly a: Numbers;
  readonly b: Numbers;
}

/** Minimum effective number of people in a bin for an interval. */
const MIN_PEOPLE = 12;

/**
 * Predictions in `bins` groups of (nearly) equal count, each against what really happened. Equal
 * predictions are never torn apart, so there may be fewer bins. Empty input gives no bin. Without
 * `people`, the rows are independent. Throws LabError on values that are not finite.
 */
export function calibrationBins(
  predicted: Numbers,
  real: Numbers,
  bins = 10,
  people?: RowPeople,
): CalibrationBin[] {
  mustMatch(predicted, real, 'predicted and real');
  mustBeFinite(predicted, 'predicted');
  mustBeFinite(real, 'real');
  const sorted = order(predicted);
  const result: Sums[] = [];
  let last = -1;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && predicted[sorted[to]] === predicted[sorted[from]]) to++;
    const bin = binOf(from, to - from, sorted.length, bins);
    if (bin !== last) result.push(new Sums());
    last = bin;
    for (const row of sorted.subarray(from, to))
      result[result.length - 1].add(predicted[row], real[row], people && [people.a[row], people.b[row]]);
    from = to;
  }
  return finished(result);
}

/**
 * Mean over the bins, weighted by count, of |predicted - real|: the expected calibration error
 * (Naeini et al., 2015). NaN if empty.
 */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const count = bins.reduce((sum, b) => sum + b.count, 0);
  return bins.reduce((sum, b) => sum + b.count * Math.abs(b.predicted - b.real), 0) / count;
}

/** The bin in which the middle of a group lies. */
const binOf = (before: number, count: number, total: number, bins: number): number =>
  Math.min(Math.floor(((before + count / 2) / total) * bins), bins - 1);

/** Seed of the random signs: they only estimate errors. */
const SIGN_SEED = 0;
const signs = new Float64Array(DRAWS);

/**
 * Sums over the rows of a bin. Rows that share a person are dependent: the sum over people of
 * (sum of their residuals)^2 is kept as sums with random signs, whose size does not grow.
 */
class Sums {
  count = 0;
  predicted = 0;
  real = 0;
  squares = 0;
  isShare = true;
  /** Times the signs of both people: the sum of 1, and of the outcome; f64[DRAWS]. */
  #signed: { ones: Float64Array; real: Float64Array } | null = null;

  add(predicted: number, real: number, people?: readonly [a: number, b: number]): void {
    this.count++;
    this.isShare &&= real === 0 || real === 1;
    this.predicted += predicted;
    // Welford's update: the variance does not drown in the square of the mean.
    const mean = this.real;
    this.real += (real - mean) / this.count;
    this.squares += (real - mean) * (real - this.real);
    if (people === undefined) return;
    drawSigns(signs, SIGN_SEED, people[0]);
    drawSigns(signs, SIGN_SEED, people[1], 1);
    const signed = this.#ownSigned();
    for (let r = 0; r < DRAWS; r++) {
      signed.ones[r] += signs[r];
      signed.real[r] += signs[r] * real;
    }
  }

  merge(other: Sums): void {
    const count = this.count + other.count;
    if (count === 0) return;
    const shift = other.real - this.real;
    this.squares += other.squares + (shift * shift * this.count * other.count) / count;
    this.real += (shift * other.count) / count;
    this.predicted += other.predicted;
    this.count = count;
    this.isShare &&= other.isShare;
    if (other.#signed === null) return;
    const signed = this.#ownSigned();
    for (let r = 0; r < DRAWS; r++) {
      signed.ones[r] += other.#signed.ones[r];
      signed.real[r] += other.#signed.real[r];
    }
  }

  /**
   * Interval of the mean outcome. Independent rows: Wilson's for outcomes 0 and 1, else Student's.
   * Rows of two people: dyadic, the sum over people less the rows that it counts twice (Aronow,
   * Samii and Assenova, 2015), with the corrections of `errorByUnit`; for outcomes 0 and 1 Wilson's
   * with the count divided by the design effect.
   */
  interval(level: number): Interval {
    const { count, real, squares } = this;
    const independent = squares / (count - 1) / count;
    if (this.#signed === null) {
      if (this.isShare) return wilson(Math.round(real * count), count, normalQuantile((1 + level) / 2));
      return meanInterval({ count, mean: real, variance: squares / (count - 1) }, level);
    }
    const { ones, real: signedReal } = this.#signed;
    const mean = (of: (r: number) => number) => ones.reduce((sum, _, r) => sum + of(r), 0) / DRAWS;
    const people = (2 * count) ** 2 / mean((r) => ones[r] ** 2);
    if (!(people >= MIN_PEOPLE) || count < 2) return { low: NaN, high: NaN };
    const both = mean((r) => ((signedReal[r] - real * ones[r]) / count) ** 2);
    const dyadic = (people / (people - 3)) * (both - squares / count ** 2);
    const variance = Math.max(dyadic, independent);
    const t = studentQuantile(Math.min(people - 1, DRAWS), level);
    if (this.isShare) {
      // Without a spread the people are all that is known to be independent.
      const effective = independent > 0 ? (count * independent) / variance : Math.min(count, people / 2);
      return wilson(real * effective, effective, t);
    }
    const half = t * Math.sqrt(variance);
    return half > 0 ? { low: real - half, high: real + half } : { low: NaN, high: NaN };
  }

  #ownSigned() {
    return (this.#signed ??= { ones: new Float64Array(DRAWS), real: new Float64Array(DRAWS) });
  }
}

function finished(bins: readonly Sums[]): CalibrationBin[] {
  return bins.map((sums) => {
    const predicted = sums.predicted / sums.count;
    const { low, high } = sums.interval(1 - 0.05 / bins.length);
    return {
      ...{ predicted, real: sums.real, count: sums.count },
      ...sums.interval(0.95),
      isOff: low > predicted || high < predicted,
    };
  });
}

/**
 * The same from a stream without end, in bounded memory: predictions are sorted into logarithmic
 * cells of about 2 % (both signs), and the cells are merged into bins when asked. Values that are
 * not finite are refused by the histogram's rule: they are counted in `refused` and never reach a
 * sum.
 */
export class CalibrationStream {
  readonly #cells = new Map<number, Sums>();
  refused = 0;

  /** `a` and `b`: the people of the row; chats of the same person are dependent. */
  add(predicted: number, real: number, a: number, b: number): void {
    if (!Number.isFinite(predicted) || !Number.isFinite(real)) {
      this.refused++;
      return;
    }
    const size = Math.min(Math.max(Math.abs(predicted), 1e-6), 1e12);
    const key = Math.sign(predicted) * (1 + Math.round((Math.log(size) - Math.log(1e-6)) * 50));
    let cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, (cell = new Sums()));
    cell.add(predicted, real, [a, b]);
  }

  bins(bins = 10): CalibrationBin[] {
    const keys = [...this.#cells.keys()].sort((a, b) => a - b);
    const cells = keys.map((k) => this.#cells.get(k)!);
    const total = cells.reduce((sum, cell) => sum + cell.count, 0);
    const result: Sums[] = [];
    let before = 0;
    let last = -1;
    for (const cell of cells) {
      const bin = binOf(before, cell.count, total, bins);
      if (bin !== last) result.push(new Sums());
      result[result.length - 1].merge(cell);
      last = bin;
      before += cell.count;
    }
    return finished(result);
  }

  clear(): void {
    this.#cells.clear();
    this.refused = 0;
  }
}
