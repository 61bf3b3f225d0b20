import type { Scenario } from '../../scenario/schema.ts';

/** How arms are assigned in a market, and what is estimated: a row of the report each. */
export const designNames = [
  // The truth: everybody under A, everybody under B, same draws.
  'paired',
  // By person: difference in means between arms.
  'users',
  // The market of 'users', adjusted by the mean of the person before the warm-up ends.
  'cuped',
  // The market of 'users': chats with both sides treated against none treated (dyadic).
  'pairs',
  // The market of 'users': values less dual prices of the tick.
  'shadow-price',
  // By cluster (an attribute of people).
  'clusters',
  // Cluster x window.
  'regions',
  // By person; people of different arms may not meet.
  'budget-split',
  // By window: difference of window means after the burn-in.
  'switchback',
  // The market of 'switchback': Horvitz-Thompson, one lag of carry-over.
  'switchback-ht',
  // The market of 'switchback': bias-corrected by the burn-in (Hu and Wager).
  'switchback-corrected',
  // A coin per tick: difference in means.
  'ticks',
  // The market of 'ticks': differences in Q, truncated.
  'difference-in-q',
] as const;
export type DesignName = (typeof designNames)[number];
/** Both policies share one market. */
export type MixedDesign = Exclude<DesignName, 'paired'>;

/**
 * chat: mean length, s. first-chat: the same of a person's first chat of the evening, which
 * nothing that they saw before has touched. long, short: shares of chats. matched: share of waits
 * that end in a match. wait: mean wait, s. time: seconds in chats per person. chats: chats per
 * person. returns: share of people who left who return the next day. chat-p10, chat-p50,
 * chat-p90, wait-p90: quantiles, s. shares: stickers shared per chat. reading: seconds in the
 * feed per person. young: seconds of a view of a post younger than thirty minutes. reentries:
 * returns from the feed to the queue per person. revenue: money from cards and stickers per
 * person. tail: share of the posts of a slate that are by creators outside the most popular tenth;
 * tail-retrieval, tail-ranking, tail-reranking, tail-slate: what each stage of a request to the
 * feed adds to that share, from the live posts on; the four add up to the way from there to `tail`.
 */
export const outcomeNames = [
  'chat',
  'first-chat',
  'long',
  'short',
  'matched',
  'wait',
  'time',
  'chats',
  'returns',
  'chat-p10',
  'chat-p50',
  'chat-p90',
  'wait-p90',
  'shares',
  'reading',
  'young',
  'tail',
  'tail-retrieval',
  'tail-ranking',
  'tail-reranking',
  'tail-slate',
  'reentries',
  'revenue',
] as const;
export type OutcomeName = (typeof outcomeNames)[number];

const ofTray: readonly OutcomeName[] = ['shares'];
const ofFeed: readonly OutcomeName[] = [
  ...(['reading', 'young', 'reentries', 'revenue', 'tail'] as const),
  ...(['tail-retrieval', 'tail-ranking', 'tail-reranking', 'tail-slate'] as const),
];

/** The metrics that a scenario has something to measure by. */
export const outcomesOf = ({ feed, tray }: Pick<Scenario, 'feed' | 'tray'>): readonly OutcomeName[] =>
  outcomeNames.filter(
    (name) => !(tray.on === 'off' && ofTray.includes(name)) && !(feed.on === 'off' && ofFeed.includes(name)),
  );
