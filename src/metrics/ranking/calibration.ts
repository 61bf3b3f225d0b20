import { mustBeFinite, mustMatch, order, type Numbers } from '../numbers.ts';
import { meanInterval, wilson, type Interval } from '../inference/student.ts';

/** One bin of a reliability diagram. */
export interface CalibrationBin extends Interval {
  /**
   * Mean prediction and mean outcome; `low` and `high`: 95 % interval of the latter, Wilson's for
   * outcomes 0 and 1, else Student's.
   */
  readonly predicted: number;
  readonly real: number;
  readonly count: number;
}

/**
 * Predictions in `bins` groups of (nearly) equal count, each against what really happened. Equal
 * predictions are never torn apart, so there may be fewer bins. Empty input gives no bin. Throws
 * LabError on values that are not finite.
 */
export function calibrationBins(predicted: Numbers, real: Numbers, bins = 10): CalibrationBin[] {
  mustMatch(predicted, real, 'predicted and real');
  mustBeFinite(predicted, 'predicted');
  mustBeFinite(real, 'real');
  const sorted = order(predicted);
  const groups: Sums[] = [];
  for (let from = 0; from < sorted.length;) {
    const sums = new Sums();
    let to = from;
    while (to < sorted.length && predicted[sorted[to]] === predicted[sorted[from]])
      sums.add(predicted[sorted[to]], real[sorted[to++]]);
    groups.push(sums);
    from = to;
  }
  return mergeToBins(groups, bins);
}

/**
 * Mean over the bins, weighted by count, of |predicted - real|: the expected calibration error
 * (Naeini et al., 2015). NaN if empty.
 */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const count = bins.reduce((sum, b) => sum + b.count, 0);
  return bins.reduce((sum, b) => sum + b.count * Math.abs(b.predicted - b.real), 0) / count;
}

class Sums {
  count = 0;
  predicted = 0;
  real = 0;
  squares = 0;
  isShare = true;
  add(predicted: number, real: number): void {
    this.count++;
    this.isShare &&= real === 0 || real === 1;
    this.predicted += predicted;
    // Welford's update: the variance does not drown in the square of the mean.
    const mean = this.real;
    this.real += (real - mean) / this.count;
    this.squares += (real - mean) * (real - this.real);
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
  }
}

function mergeToBins(groups: Iterable<Sums>, bins: number): CalibrationBin[] {
  const all = [...groups];
  const total = all.reduce((sum, g) => sum + g.count, 0);
  const result: Sums[] = [];
  let before = 0;
  let last = -1;
  for (const group of all) {
    // A group belongs to the bin in which its middle lies.
    const bin = Math.min(Math.floor(((before + group.count / 2) / total) * bins), bins - 1);
    if (bin !== last) result.push(new Sums());
    result[result.length - 1].merge(group);
    last = bin;
    before += group.count;
  }
  return result.map((s) => ({
    predicted: s.predicted / s.count,
    real: s.real,
    count: s.count,
    ...(s.isShare
      ? wilson(Math.round(s.real * s.count), s.count)
      : meanInterval({ count: s.count, mean: s.real, variance: s.squares / (s.count - 1) })),
  }));
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

  add(predicted: number, real: number): void {
    if (!Number.isFinite(predicted) || !Number.isFinite(real)) {
      this.refused++;
      return;
    }
    const size = Math.min(Math.max(Math.abs(predicted), 1e-6), 1e12);
    const key = Math.sign(predicted) * (1 + Math.round((Math.log(size) - Math.log(1e-6)) * 50));
    let cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, (cell = new Sums()));
    cell.add(predicted, real);
  }

  bins(bins = 10): CalibrationBin[] {
    const keys = [...this.#cells.keys()].sort((a, b) => a - b);
    return mergeToBins(
      keys.map((k) => this.#cells.get(k)!),
      bins,
    );
  }

  clear(): void {
    this.#cells.clear();
    this.refused = 0;
  }
}
