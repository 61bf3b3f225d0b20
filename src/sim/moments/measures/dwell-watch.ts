import { dwellSignals, sharesThatPass } from '../../../content/life/dwell.ts';

/** Upper ends of the bins of length, seconds. */
const LENGTHS = [10, 20, 40, 80, 160, Infinity] as const;
/** Posts of this length are hardly ever watched to their end: they show the law of watching. */
const LONG_POST = 80;

/** Views by the length of the post, and what they count as under three rules. */
export class DwellWatch {
  readonly #bins = LENGTHS.map(() => ({ views: 0, lengths: 0, clicks: 0, longViews: 0, done: 0 }));
  /** Of the natural log of the seconds that long posts were watched: count, mean, squares. */
  #long = { count: 0, mean: 0, squares: 0 };

  saw(watched: number, length: number): void {
    const bin = this.#bins[LENGTHS.findIndex((end) => length < end)];
    const { click, longView, done90 } = dwellSignals(watched, length);
    bin.views++;
    bin.lengths += length;
    bin.clicks += Number(click);
    bin.longViews += Number(longView);
    bin.done += Number(done90);
    if (length < LONG_POST || watched <= 0) return;
    const long = this.#long;
    const off = Math.log(watched) - long.mean;
    long.mean += off / ++long.count;
    long.squares += off * (Math.log(watched) - long.mean);
  }

  /**
   * Shares of the views that pass each rule, beside what the law of watching of long posts lets one
   * expect at the mean length of the bin: the same interest passes a 90 % rule far more often on a
   * short post. There are no intervals: views share people and posts.
   */
  summary() {
    const { count, mean, squares } = this.#long;
    const sigma = Math.sqrt(squares / (count - 1));
    return this.#bins.flatMap(({ views, lengths, clicks, longViews, done }, bin) => {
      if (views === 0) return [];
      const meanLength = lengths / views;
      const law = sigma > 0 ? sharesThatPass(meanLength, Math.exp(mean), sigma) : null;
      return [
        {
          ...{ below: Number.isFinite(LENGTHS[bin]) ? LENGTHS[bin] : null, views, meanLength },
          ...{ click: clicks / views, longView: longViews / views, done90: done / views },
          ...{ expectedLongView: law?.share18s ?? null, expectedDone90: law?.share90 ?? null },
        },
      ];
    });
  }
}
