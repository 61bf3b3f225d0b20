import { dwellSignals, sharesThatPass } from '../../../content/life/dwell.ts';
import { wilson } from '../../../metrics/inference/student.ts';

/** Upper ends of the bins of length, seconds. */
const LENGTHS = [10, 20, 40, 80, 160, Infinity] as const;

/** Views by the length of the post, and what they count as under three rules. */
export class DwellWatch {
  readonly #bins = LENGTHS.map(() => ({ views: 0, lengths: 0, clicks: 0, longViews: 0, done: 0 }));

  saw(watched: number, length: number): void {
    const bin = this.#bins[LENGTHS.findIndex((end) => length < end)];
    const { click, longView, done90 } = dwellSignals(watched, length);
    bin.views++;
    bin.lengths += length;
    bin.clicks += Number(click);
    bin.longViews += Number(longView);
    bin.done += Number(done90);
  }

  /**
   * Shares of the views that pass each rule, with Wilson's interval, beside what a log-normal law of
   * watching lets one expect at the mean length. The 90 % rule favours short posts.
   */
  summary(median: number, sigma: number) {
    const shareOf = (count: number, views: number) => ({ share: count / views, ...wilson(count, views) });
    return this.#bins.flatMap(({ views, lengths, clicks, longViews, done }, bin) => {
      if (views === 0) return [];
      const meanLength = lengths / views;
      const law = sharesThatPass(meanLength, median, sigma);
      return [
        {
          ...{ below: Number.isFinite(LENGTHS[bin]) ? LENGTHS[bin] : null, views, meanLength },
          ...{ click: shareOf(clicks, views), longView: shareOf(longViews, views) },
          ...{ done90: shareOf(done, views), expectedDone90: law.share90, expectedLongView: law.share18s },
        },
      ];
    });
  }
}
