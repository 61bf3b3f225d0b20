import { orNull } from '../../base/or-null.ts';
import { leavingText, type ShareLeft } from './feed/leaving.ts';
import { shelves } from './measures/tail-book.ts';
import { feedStages } from './feed/tally.ts';
import { sourceNames } from './decision.ts';
import type { ContentMoments } from './moments.ts';

const perOne = (sum: number, count: number): number | null => (count === 0 ? null : sum / count);

/**
 * What feed and tray did so far, as JSON: for people, creators and the platform. Times of the feed
 * are simulated seconds, those of the stages real milliseconds. null: nothing was counted.
 */
export function contentReport({ tally: t, feed, phones }: ContentMoments) {
  const { posts, creators } = feed.maker;
  const seen = creators.views.reduce((sum, views) => sum + views, 0);
  const platform = t.money.ads + t.money.filters + t.money.branded + t.money.commission;
  const leaving = feed.leaving.summary();
  const shareLeft = ({ left, posts: all, low, high }: ShareLeft) => ({
    ...{ posts: all, share: perOne(left, all), low: orNull(low), high: orNull(high) },
  });
  const stages = [...feedStages, 'request' as const].map((stage) => {
    const [p50, p99] = [0.5, 0.99].map((q) =>
      t.times[stage].count === 0 ? null : t.times[stage].percentile(q),
    );
    return { stage, p50_ms: p50, p99_ms: p99 };
  });
  return {
    requests: t.requests,
    readings_ended: t.readings,
    reentries: t.reentries,
    left_from_feed: t.aways,
    cards_per_reading: perOne(t.cards, t.requests),
    seconds_per_reading: perOne(t.readSeconds, t.requests),
    seconds_per_card: perOne(t.readSeconds, t.cards),
    seconds_per_young_post: perOne(t.youngSeconds, t.youngViews),
    posts: { live: posts.count, made: feed.maker.made, views: t.cards - t.ads, ...t.rules },
    tail_share: Object.fromEntries(shelves.map((shelf) => [shelf, feed.tail.share(shelf)])),
    tail_changes: feed.tail.changes().map(({ stage, change, chance, sign }) => ({
      ...{ stage, change: orNull(change), by_chance_up_to: orNull(chance), sign },
    })),
    exposure: Object.fromEntries(shelves.map((shelf) => [shelf, [...feed.tail.byTenth(shelf)]])),
    spread_over_popularity: perOne(t.spread, t.requests),
    recall_of_exact_best: perOne(t.recall, t.audits),
    ads: t.ads,
    shares_per_chat: perOne(t.shares, t.chats),
    shares_by_source: Object.fromEntries(sourceNames.map((name, s) => [name, t.sharesBySource[s]])),
    seconds_added_per_chat: perOne(t.addedSeconds, t.chats),
    people: { seconds_reading: t.readSeconds, gifts: t.gifts },
    creators: {
      count: creators.ids.length,
      seen: creators.views.reduce((sum, views) => sum + (views > 0 ? 1 : 0), 0),
      views_of_first_tenth: perOne(
        creators.views.subarray(0, Math.ceil(creators.ids.length / 10)).reduce((a, b) => a + b, 0),
        seen,
      ),
      money: t.money.creators,
    },
    platform: { money: platform, ...t.money },
    updates: { applied: feed.updates.applied, lost: feed.updates.lost },
    gates: { passed: [...t.passed], failed: [...t.failed] },
    filter: {
      bytes: phones.bytes,
      new_looked_up: t.newLookedUp,
      wrongly_hidden: t.wronglyHidden,
      expected_hidden: t.expectedHidden,
      hidden_error: Math.sqrt(t.hiddenVariance),
    },
    intents: leaving.map(({ intent, people, afterSkip, afterRead, difference, sign }) => ({
      ...{ intent, people, left_after_skip: shareLeft(afterSkip), left_after_read: shareLeft(afterRead) },
      difference: orNull(difference.effect),
      ...{ low: orNull(difference.low), high: orNull(difference.high), sign },
    })),
    intents_in_words: leavingText(leaving),
    stages,
  };
}

export type ContentReport = ReturnType<typeof contentReport>;
