import { LabError } from '../../base/errors.ts';

export interface HistogramRange {
  /** Smaller values (and 0) share one bin that stands for 0; default 1e-6. */
  readonly lowest?: number;
  /** Larger values share one bin that stands for the maximum; default 1e9. */
  readonly highest?: number;
}

/** Half the relative width of a bin: the maximum relative error of a percentile. */
export const RELATIVE_ERROR = 0.01;

/** Minimum count of observations for a percentile that one of a thousand exceeds. */
export const TAIL_FROM = 1000;

/**
 * Bin i holds the values in (GROWTH^(i-1), GROWTH^i]; its middle 2 GROWTH^i / (GROWTH + 1) is
 * within 1 % of all of them.
 */
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = Math.log(GROWTH);

/** Maximum count of hidden values recorded one by one; beyond it, whole bins are filled. */
const ONE_BY_ONE = 256;

/**
 * Counts of non-negative values in logarithmic bins: percentiles within 1 % of the value at that
 * rank, for any number of values, in fixed memory (about 14 KiB at the default range). Merging two
 * histograms gives the histogram of the union. Sources: Masson, Rim and Lee, "DDSketch", VLDB 2019
 * (bins and error); Tene, HdrHistogram.
 */
export class LogHistogram {
  readonly #firstBin: number;
  /** [0]: below `lowest`; [1...]: logarithmic bins; last: above `highest`. */
  readonly #counts: Float64Array;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  constructor({ lowest = 1e-6, highest = 1e9 }: HistogramRange = {}) {
    if (!(lowest > 0 && highest > lowest && highest < Infinity))
      throw new LabError(`a histogram needs 0 < lowest < highest; they are ${lowest} and ${highest}`);
    this.#firstBin = exponent(lowest);
    this.#counts = new Float64Array(exponent(highest) - this.#firstBin + 3);
  }

  get count(): number {
    return this.#count;
  }
  /** Maximum, exact; 0 if empty. */
  get max(): number {
    return this.#max;
  }
  /** Minimum, exact; NaN if empty. */
  get min(): number {
    return this.#count === 0 ? NaN : this.#min;
  }
  /** Mean, exact up to rounding; NaN if empty. */
  get mean(): number {
    return this.#sum / this.#count;
  }

  /** Adds a value `times` times. Throws LabError on a negative or infinite value. */
  record(value: number, times = 1): void {
    if (!(value >= 0 && value < Infinity))
      throw new LabError(`a histogram takes finite values of at least 0; this one is ${value}`);
    if (!(Number.isInteger(times) && times >= 0))
      throw new LabError(`a count must be a whole number of at least 0; it is ${times}`);
    if (times === 0) return;
    this.#counts[this.#bin(value)] += times;
    this.#count += times;
    this.#sum += value * times;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /**
   * Adds a value and the values that it hid (coordinated omission): requests that were due every
   * `interval` while it was running took value - interval, value - 2 interval, ... down to
   * interval. Sources: Tene, "How NOT to measure latency"; HdrHistogram,
   * recordValueWithExpectedInterval. Throws LabError as `record` does, and on an interval that is
   * not above 0.
   */
  recordCorrected(value: number, interval: number): void {
    if (!(interval > 0 && interval < Infinity))
      throw new LabError(`the expected interval must be finite and above 0; it is ${interval}`);
    this.record(value);
    const hidden = Math.max(Math.floor(value / interval) - 1, 0);
    if (hidden <= ONE_BY_ONE) {
      for (let k = 1; k <= hidden; k++) this.record(value - k * interval);
      return;
    }
    // Count value - k interval for k = 1 ... hidden bin by bin from the top, so that a long freeze
    // costs no long loop.
    let done = 0;
    for (let bin = this.#bin(value - interval); bin >= 0 && done < hidden; bin--) {
      const within = bin === 0 ? hidden : Math.ceil((value - this.#lowerEdge(bin)) / interval) - 1;
      const upTo = Math.min(Math.max(within, done), hidden);
      this.#counts[bin] += upTo - done;
      done = upTo;
    }
    this.#count += hidden;
    this.#sum += hidden * value - (interval * hidden * (hidden + 1)) / 2;
    this.#min = Math.min(this.#min, value - hidden * interval);
  }

  /** Value at rank ceil(q count), within 1 %; q from 0 to 1. The maximum is exact. NaN if empty. */
  percentile(q: number): number {
    if (!(q >= 0 && q <= 1)) throw new LabError(`a percentile is asked as a share from 0 to 1; it is ${q}`);
    if (this.#count === 0) return NaN;
    // The product can be an ulp above a whole rank (0.07 * 100 = 7.000000000000001).
    const rank = Math.max(Math.ceil(q * this.#count * (1 - 1e-15)), 1);
    if (rank >= this.#count) return this.#max;
    let seen = 0;
    for (let bin = 0; bin < this.#counts.length; bin++) {
      seen += this.#counts[bin];
      if (seen >= rank) return this.#middle(bin);
    }
    return this.#max;
  }

  /** Adds all values of `other`. Throws LabError if the ranges differ. */
  merge(other: LogHistogram): void {
    if (other.#firstBin !== this.#firstBin || other.#counts.length !== this.#counts.length)
      throw new LabError('histograms of different ranges cannot be merged');
    other.#counts.forEach((n, bin) => (this.#counts[bin] += n));
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** Number of bins. The first one stands for 0, the last one for the maximum. */
  get bins(): number {
    return this.#counts.length;
  }
  /** Count of the values in a bin. */
  countIn(bin: number): number {
    return this.#counts[bin];
  }
  /** A value within 1 % of all values in a bin that is not empty. */
  valueOf(bin: number): number {
    return this.#middle(bin);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#count = this.#sum = this.#max = 0;
    this.#min = Infinity;
  }

  /**
   * Bars for a chart, each of `join` neighbouring bins (1: 2 % wide, 12: about 27 %), from the
   * first to the last non-empty one, gaps included. The lowest bar starts at 0 if it holds values
   * below `lowest`.
   */
  bars(join = 1): { from: number; to: number; count: number }[] {
    if (!(Number.isInteger(join) && join > 0))
      throw new LabError(`join must be a whole number above 0; it is ${join}`);
    const bars: { from: number; to: number; count: number }[] = [];
    const zeros = this.#counts[0];
    if (zeros > 0) bars.push({ from: 0, to: this.#lowerEdge(1), count: zeros });
    for (let from = 1; from < this.#counts.length; from += join) {
      const to = Math.min(from + join, this.#counts.length);
      const count = this.#counts.subarray(from, to).reduce((sum, n) => sum + n, 0);
      if (count > 0 || bars.length > 0)
        bars.push({ from: this.#lowerEdge(from), to: this.#lowerEdge(to), count });
    }
    while (bars.length > 0 && bars[bars.length - 1].count === 0) bars.pop();
    return bars;
  }

  #bin(value: number): number {
    const bin = exponent(value) - this.#firstBin + 1;
    return bin < 1 ? 0 : Math.min(bin, this.#counts.length - 1);
  }

  #lowerEdge(bin: number): number {
    return Math.exp((bin - 2 + this.#firstBin) * LOG_GROWTH);
  }

  #middle(bin: number): number {
    if (bin === this.#counts.length - 1) return this.#max;
    const middle = bin === 0 ? 0 : (this.#lowerEdge(bin + 1) * 2) / (GROWTH + 1);
    return Math.min(Math.max(middle, this.#min), this.#max);
  }
}

function exponent(value: number): number {
  return Math.ceil(Math.log(value) / LOG_GROWTH);
}

/** Durations of ticks: raw, and corrected for the ticks that late ones delayed. */
export class TickLatency {
  readonly raw = new LogHistogram();
  readonly corrected = new LogHistogram();

  /** `value` and `interval` (the time from one tick to the next) in the same unit. */
  record(value: number, interval: number): void {
    this.raw.record(value);
    this.corrected.recordCorrected(value, interval);
  }
}
