import { LogHistogram } from '../../metrics/market/histogram.ts';
import type { PairedMeans } from '../paired-sums.ts';
import type { Evidence } from '../../metrics/inference/evidence.ts';
import type { MarketIndex } from './signed-sums.ts';
import type { SliceGrid } from './slice-grid.ts';

/** Seconds: durations below and above share a bin. */
const range = { lowest: 0.02, highest: 1e5 };

/** How many errors of the share apart the steepness is read: about where an interval ends. */
const REACH = 2.5;

/** Distributions of one outcome per slice in two markets, in bins of 2 %. */
export class QuantileSums {
  readonly #grid: SliceGrid;
  readonly #histograms: readonly (readonly LogHistogram[])[];

  constructor(grid: SliceGrid) {
    this.#grid = grid;
    const perSlice = () => Array.from({ length: grid.slices }, () => new LogHistogram(range));
    this.#histograms = [perSlice(), perSlice()];
  }

  add(market: MarketIndex, levels: ArrayLike<number>, seconds: number): void {
    const of = this.#histograms[market];
    of[0].record(seconds);
    this.#grid.firstSlice.forEach((first, d) => of[first + levels[d]].record(seconds));
  }

  /** Adds all of `other`, of the same grid. */
  merge(other: QuantileSums): void {
    this.#histograms.forEach((of, m) => of.forEach((h, s) => h.merge(other.#histograms[m][s])));
  }

  /** Quantiles; NaN without observations. n: sides of chats, or waits. */
  means(slice: number, share: number): PairedMeans {
    const [a, b] = this.#histograms.map((of) => of[slice]);
    return {
      ...{ nA: a.count, nB: b.count },
      ...{ meanA: a.percentile(share), meanB: b.percentile(share) },
    };
  }

  /**
   * The effect on a quantile and its error. Woodruff's method (1952): the quantiles at the share
   * plus and minus a multiple of the error of the share tell how steep the distribution is; few
   * observations, for which these are not within the distribution, have no error. The error of the
   * share is that of independent observations times the design effect, which the caller knows from
   * a share or mean of the same observations.
   */
  evidence(slice: number, share: number, like: Evidence, designEffect: number): Evidence {
    const { nA, nB, meanA, meanB } = this.means(slice, share);
    let variance = 0;
    let between = 0;
    [nA, nB].forEach((n, m) => {
      const error = Math.sqrt((designEffect * share * (1 - share)) / n);
      const [low, high] = [share - REACH * error, share + REACH * error];
      const h = this.#histograms[m][slice];
      const within = low > 0 && high < 1;
      variance += within ? ((h.percentile(high) - h.percentile(low)) / (2 * REACH)) ** 2 : NaN;
      between += n * (high - low);
    });
    // The steepness is known from the k observations in between: its square has a variance of
    // 4 / k, which is that of k / 2 degrees of freedom.
    const freedom = 1 / (1 / like.freedom + 2 / between);
    const equal = designEffect === 0;
    return {
      ...like,
      effect: meanB - meanA,
      error: Math.sqrt(variance),
      freedom: equal ? like.freedom : freedom,
    };
  }
}
