import { LogHistogram } from '../../../metrics/market/histogram.ts';
import { Did } from '../decision.ts';

/** Stages of a request, in their order. */
export const feedStages = ['retrieve', 'rank', 'rerank', 'compose'] as const;
export type FeedStage = (typeof feedStages)[number];

/** Real milliseconds of a stage: from a microsecond to ten seconds. */
const range = { lowest: 1e-3, highest: 1e4 };

/** Sums of what the feed and the tray did so far. Its size does not grow with time. */
export class ContentTally {
  /** Requests of the feed, cards that were seen, of which ads; readings that ended. */
  requests = 0;
  cards = 0;
  ads = 0;
  readings = 0;
  /** Readings that ended with a return to the queue, and with a departure from the service. */
  reentries = 0;
  aways = 0;
  /** Simulated seconds in the feed; on posts younger than thirty minutes, and their views. */
  readSeconds = 0;
  youngSeconds = 0;
  youngViews = 0;
  clicks = 0;
  /** Lists of candidates that were checked, and the sum of their shares of the exact best posts. */
  audits = 0;
  recall = 0;
  gifts = 0;
  /**
   * Of one reader in sixteen: posts still to be made that were looked up in the filter of seen
   * posts, those that it hid, and as many as its size lets one expect. Lookups in one filter depend
   * on each other: the variance is the sum over the filters of the squared surplus.
   */
  newLookedUp = 0;
  wronglyHidden = 0;
  expectedHidden = 0;
  hiddenVariance = 0;
  /** Chats, looks at the tray, shares, and seconds that the shares added. */
  chats = 0;
  looks = 0;
  shares = 0;
  sharesBySource: [number, number, number] = [0, 0, 0];
  addedSeconds = 0;
  /** Income of the platform by what was paid for, and income of the creators. */
  money = { ads: 0, filters: 0, branded: 0, commission: 0, creators: 0 };
  /** By head of the ranking: views with a prediction, the sum of chances, and how often it came. */
  readonly heads = (['click', 'like', 'comment', 'share'] as const).map((name) => ({
    name,
    views: 0,
    predicted: 0,
    happened: 0,
  }));
  /** Sum over the slates of how evenly they are spread over popularity: 1 is evenly. */
  spread = 0;
  /** Views of posts that count as a click, as a long view and as done, by KuaiRand's rules. */
  rules = { click: 0, longView: 0, done90: 0 };
  /** Posts that passed and that failed each gate. */
  readonly passed = new Uint32Array(8);
  readonly failed = new Uint32Array(8);
  /** Real time of a request by stage, and of a whole one. */
  readonly times = Object.fromEntries(
    [...feedStages, 'request'].map((s) => [s, new LogHistogram(range)]),
  ) as Record<FeedStage | 'request', LogHistogram>;

  /** A view with predicted chances, and what followed. */
  predicted(chances: ArrayLike<number>, did: number): void {
    for (let h = 0; h < this.heads.length; h++) {
      const head = this.heads[h];
      head.views++;
      head.predicted += chances[h];
      if ((did & Did[head.name]) > 0) head.happened++;
    }
  }
}
