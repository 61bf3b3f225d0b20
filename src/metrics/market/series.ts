import { must } from '../../base/errors.ts';

export interface SeriesOptions {
  /** Most points kept; even. */
  readonly maxPoints: number;
  /** Width of a point to begin with, seconds. */
  readonly width: number;
  /** Keep the last so many seconds only; without it everything is kept and the points grow wider. */
  readonly windowSeconds?: number;
}

interface Point {
  /** Start of the point over the width of a point. */
  readonly slot: number;
  /** Numerator and denominator of each column. */
  readonly sums: Float64Array;
}

/**
 * Ratios over time in bounded memory. A point holds, per column, the sum of numerators over the sum of denominators of all that was
 * added within its width, so points can be joined without error: when the series is full, every two become one and the width doubles.
 */
export class RatioSeries {
  readonly #columns: number;
  readonly #maxPoints: number;
  readonly #window: number | undefined;
  #width: number;
  #points: Point[] = [];

  constructor(columns: number, { maxPoints, width, windowSeconds }: SeriesOptions) {
    must(maxPoints >= 2 && maxPoints % 2 === 0, `maxPoints must be even and at least 2; it is ${maxPoints}`);
    must(width > 0, `the width of a point must be above 0 s; it is ${width}`);
    this.#columns = columns;
    this.#maxPoints = maxPoints;
    this.#window = windowSeconds;
    this.#width = windowSeconds === undefined ? width : Math.max(width, windowSeconds / maxPoints);
  }

  /** Seconds that a point covers now. */
  get width(): number {
    return this.#width;
  }

  /** Adds to a column at simulated time `time` (never before the last point). Throws LabError on a figure that is not finite. */
  add(time: number, column: number, numerator: number, denominator = 1): void {
    must(
      Number.isFinite(time) && Number.isFinite(numerator) && Number.isFinite(denominator),
      `a series takes finite figures; these are ${numerator} / ${denominator} at ${time} s`,
    );
    const sums = this.#open(time);
    sums[2 * column] += numerator;
    sums[2 * column + 1] += denominator;
  }

  /** f64[points] start of each point, seconds, and f64[points] per column; NaN where nothing was added. All fresh. */
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
    if (this.#points.length === this.#maxPoints && this.#window === undefined) {
      this.#halve();
      last = this.#points.at(-1);
      slot = Math.floor(time / this.#width);
      if (last !== undefined && slot <= last.slot) return last.sums;
    }
    const sums = new Float64Array(2 * this.#columns);
    this.#points.push({ slot, sums });
    if (this.#window !== undefined) {
      const oldest = slot - Math.ceil(this.#window / this.#width);
      while (this.#points[0].slot <= oldest || this.#points.length > this.#maxPoints) this.#points.shift();
    }
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

/** Sums over about the last minute (or another span) of simulated time: `slots` parts, the oldest of which is dropped as time goes by. */
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

  /** Drops what is too old at `time`. Time never runs back. */
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
