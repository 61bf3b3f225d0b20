import type { ContentMoments } from '../moments/moments.ts';

interface Seen {
  readonly moments: ContentMoments | undefined;
}
interface ContentCase {
  readonly low: number | string;
  readonly high: number | string;
  readonly rises?: (seen: Seen) => number;
  readonly sameEvening?: boolean;
  readonly given?: Record<string, number | string>;
}

/** Small and busy enough that every knob of the feed and the tray has something to move. */
const feed = { 'feed.on': 'on', 'feed.open': 0.9, 'feed.posts': 200, 'feed.creators': 0.3 };
const tray = { 'tray.on': 'on', 'tray.shareChance': 0.2, 'tray.everySeconds': 2 };
const tally = ({ moments }: Seen) => moments!.tally;
const knob = (
  low: number | string,
  high: number | string,
  rises?: (seen: Seen) => number,
  given: Record<string, number | string> = feed,
): ContentCase => ({ low, high, given, ...(rises && { rises }) });

/** The cases of the knobs of feed and tray: two values, and what is larger at the second. */
export const contentCases: Record<string, ContentCase> = {
  'feed.on': knob('off', 'on', undefined, {}),
  'feed.open': knob(0.1, 1, (s) => tally(s).requests),
  'feed.creators': knob(0.05, 0.6, ({ moments }) => moments!.feed.maker.creators.ids.length),
  'feed.posts': knob(50, 800, ({ moments }) => moments!.feed.maker.posts.count),
  'feed.postsPerHour': knob(0, 60, ({ moments }) => moments!.feed.maker.made),
  'feed.fameReward': knob(0, 3, undefined, { ...feed, 'feed.postsPerHour': 60 }),
  'feed.fameMood': knob(0, 1),
  'feed.quality': knob(0, 3),
  'feed.tastePull': knob(0, 3),
  'feed.freshness': knob(0, 3),
  'feed.noise': knob(0, 3),
  'feed.curiosity': knob(0, 1),
  'feed.curiosityStep': knob(0, 1),
  'feed.readSeconds': knob(0.5, 20, (s) => tally(s).readSeconds / tally(s).cards),
  'feed.stop': knob(0.9, 0, (s) => tally(s).cards / tally(s).requests),
  'feed.away': knob(0, 0.5, (s) => tally(s).aways / tally(s).readings),
  'feed.adAway': knob(0, 1, (s) => tally(s).aways / tally(s).readings),
  'feed.tire': knob(0, 3),
  'feed.recovery': knob(0, 1),
  'feed.cardMood': knob(0, 1),
  'feed.adMood': knob(0, 1),
  'feed.adPrice': { ...knob(0, 1, (s) => tally(s).money.ads), sameEvening: true },
  'feed.giftPrice': { ...knob(0, 100, (s) => tally(s).money.creators), sameEvening: true },
  'feed.filterPrice': { ...knob(0, 10, (s) => tally(s).money.filters), sameEvening: true },
  'tray.on': knob('off', 'on', undefined, { 'tray.shareChance': 0.5, 'tray.everySeconds': 1 }),
  'tray.everySeconds': knob(20, 1, (s) => tally(s).looks, tray),
  'tray.shareChance': knob(0.01, 0.9, (s) => tally(s).shares, tray),
  'tray.sourceSpread': knob(0, 3, undefined, tray),
  'tray.craving': knob(0, 3, (s) => tally(s).shares, tray),
  'tray.lengthen': knob(0, 10, (s) => tally(s).addedSeconds, tray),
  'tray.brandedPrice': { ...knob(0, 10, (s) => tally(s).money.branded, tray), sameEvening: true },
  'policy.feedRetrieval': knob('narrow', 'wide', ({ moments }) => moments!.feed.tail.share('retrieve')),
  'policy.feedFavour': knob('compose', 'none', ({ moments }) => moments!.feed.tail.share('compose')),
  'policy.feedCandidates': knob(10, 100, ({ moments }) =>
    moments!.feed.tail.byTenth('retrieve').reduce((sum, n) => sum + n, 0),
  ),
  'policy.feedRanking': knob('newest', 'oracle'),
  'policy.feedDiversity': knob(0, 1),
  'policy.feedExplore': knob(0, 1),
  'policy.feedComposer': knob('fixed', 'phone'),
  'policy.feedAds': knob(0, 5, (s) => tally(s).ads),
  'policy.feedUpdates': knob('batch', 'signal', ({ moments }) => moments!.feed.updates.applied),
  'policy.feedBatchSeconds': knob(600, 1, ({ moments }) => moments!.feed.updates.applied, {
    ...feed,
    'policy.feedUpdates': 'batch',
  }),
  'policy.feedGates': knob('off', 'on', ({ moments }) => moments!.tally.failed[0], {
    ...feed,
    ...{ 'feed.posts': 50, 'policy.feedGateShare': 0.9 },
  }),
  'policy.feedGateShare': knob(0.01, 1, ({ moments }) => moments!.tally.failed[0], {
    ...feed,
    'policy.feedGates': 'on',
    'feed.posts': 50,
  }),
  'policy.feedDwell': knob(20, 1, (s) => tally(s).clicks),
  'policy.feedSeenBytes': knob(600, 8, (s) => tally(s).wronglyHidden, {
    ...feed,
    ...{ 'feed.readSeconds': 0.5, 'feed.stop': 0, 'feed.away': 0, 'policy.feedAds': 0 },
  }),
  'policy.trayComposer': knob('fixed', 'phone', undefined, tray),
};
