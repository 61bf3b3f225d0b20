import { must } from '../../base/errors.ts';

export interface SeriesOptions {
  /** Maximum count of points; an even number. */
  readonly maxPoints: number;
  /** Initial width of a point, seconds. */
  readonly width: number;
}

interface Point {
  /** Start of the point over the width of a point. */
  readonly slot: number;
  /** Numerator and denominator of each column. */
  readonly sums: Float64Array;
}

/**
 * Ratios over time in bounded memory. A point holds, per column, the sums of numerators and
 * denominators of its time span, so points can be joined without error: when the series is full,
 * pairs of points are joined and the width doubles.
 */
export class RatioSeries {
  readonly #columns: number;
  readonly #maxPoints: number;
  #width: number;
  #points: Point[] = [];

  constructor(columns: number, { maxPoints, width }: SeriesOptions) {
    must(maxPoints >= 2 && maxPoints % 2 === 0, `maxPoints must be even and at least 2; it is ${maxPoints}`);
    must(width > 0, `the width of a point must be above 0 s; it is ${width}`);
    this.#columns = columns;
    this.#maxPoints = maxPoints;
    this.#width = width;
  }

  /** Current width of a point, seconds. */
  get width(): number {
    return this.#width;
  }

  /** Adds to a column at `time`, which never decreases. Throws LabError on infinite figures. */
  add(time: number, column: number, numerator: number, denominator = 1): void {
    must(
      Number.isFinite(time) && Number.isFinite(numerator) && Number.isFinite(denominator),
      () => `a series takes finite figures; these are ${numerator} / ${denominator} at ${time} s`,
    );
    const sums = this.#open(time);
    sums[2 * column] += numerator;
    sums[2 * column + 1] += denominator;
  }

  /** Start of each point, seconds, and f64[points] per column; NaN without data. New arrays. */
  read(): { time: Float64Array; columns: Float64Array[] } {
    return {
      time: Float64Array.from(this.#points, (p) => p.slot * this.#width),
      columns: Array.from({ length: this.#columns }, (_, c) =>
        Float64Array.from(this.#points, (p) => p.sums[2 * c] / p.sums[2 * c + 1]),
      ),
    };
  }

  #open(time: number): Float64Array {
    let last = this.#points.at(-1);
    let slot = Math.floor(time / this.#width);
    if (last !== undefined && slot <= last.slot) return last.sums;
    if (this.#points.length === this.#maxPoints) {
      this.#halve();
      last = this.#points.at(-1);
      slot = Math.floor(time / this.#width);
      if (last !== undefined && slot <= last.slot) return last.sums;
    }
    const sums = new Float64Array(2 * this.#columns);
    this.#points.push({ slot, sums });
    return sums;
  }

  #halve(): void {
    while (this.#points.length === this.#maxPoints) {
      this.#width *= 2;
      const joined: Point[] = [];
      for (const { slot, sums } of this.#points) {
        const half = Math.floor(slot / 2);
        const last = joined.at(-1);
        if (last?.slot === half) sums.forEach((v, i) => (last.sums[i] += v));
        else joined.push({ slot: half, sums });
      }
      this.#points = joined;
    }
  }
}

/** Sums over the last minute (or another span) of simulated time; `slots` parts expire in turn. */
export class RecentSums {
  readonly #span: number;
  readonly #slots: number;
  readonly #columns: number;
  readonly #sums: Float64Array;
  #slot = 0;

  constructor(columns: number, seconds = 60, slots = 12) {
    this.#columns = columns;
    this.#slots = slots;
    this.#span = seconds / slots;
    this.#sums = new Float64Array(columns * slots);
  }

  add(time: number, column: number, value: number): void {
    this.roll(time);
    this.#sums[(this.#slot % this.#slots) * this.#columns + column] += value;
  }

  /** Drops the parts that have expired at `time`, which never decreases. */
  roll(time: number): void {
    const slot = Math.floor(time / this.#span);
    const from = Math.max(this.#slot + 1, slot - this.#slots + 1);
    for (let s = from; s <= slot; s++) {
      const at = (s % this.#slots) * this.#columns;
      this.#sums.fill(0, at, at + this.#columns);
    }
    this.#slot = Math.max(this.#slot, slot);
  }

  sum(column: number): number {
    let sum = 0;
    for (let s = 0; s < this.#slots; s++) sum += this.#sums[s * this.#columns + column];
    return sum;
  }

  /** Seconds that the sums cover at `time`. */
  seconds(time: number): number {
    return Math.min(time, time - (this.#slot - this.#slots + 1) * this.#span);
  }
}
