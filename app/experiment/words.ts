import type { DesignName, OutcomeName } from '../../src/experiment/run/names.ts';

/** Designs and metrics in plain words. */

interface Words {
  readonly name: string;
  /** One line for a newcomer. */
  readonly text: string;
}

export const designWords: Readonly<Record<DesignName, Words>> = {
  paired: {
    name: 'Truth',
    text: 'Everybody under A, and once more everybody under B, with the same random draws. No real market can do this.',
  },
  users: {
    name: 'By person',
    text: 'A coin per person. Treated people take partners from the others.',
  },
  cuped: {
    name: 'By person, CUPED',
    text: 'The same coins. What a person did before is subtracted: less noise, the same bias.',
  },
  pairs: {
    name: 'By pair',
    text: 'The same coins. Chats in which both are treated, against chats in which nobody is.',
  },
  'shadow-price': {
    name: 'By person, priced',
    text: 'The same coins. A match counts less what its two people are worth to the others in that tick.',
  },
  clusters: {
    name: 'By cluster',
    text: 'A coin per group, such as a country. Groups still meet, and there are few coins.',
  },
  regions: {
    name: 'By cluster and window',
    text: 'A coin per group and window of time. More coins; groups still meet.',
  },
  'budget-split': {
    name: 'Two pools',
    text: 'A coin per person, and the two arms may not meet. Nobody takes from the other arm, but both pools are thinner.',
  },
  switchback: {
    name: 'Switchback',
    text: 'A coin per window of time, for everybody. What one window leaves behind reaches the next.',
  },
  'switchback-ht': {
    name: 'Switchback, weighted',
    text: 'The same windows. Only windows whose predecessor had the same policy count (Horvitz and Thompson).',
  },
  'switchback-corrected': {
    name: 'Switchback, corrected',
    text: 'The same windows. The burn-in estimates the bias, which is subtracted (Hu and Wager).',
  },
  ticks: {
    name: 'By tick',
    text: 'A coin per tick, for everybody. Almost everything reaches into the next ticks.',
  },
  'difference-in-q': {
    name: 'By tick, with what follows',
    text: 'The same coins. What a tick changes in the ticks after it counts too (differences in Q).',
  },
};

interface MetricWords extends Words {
  /** Unit on the page: shares are shown in percentage points. */
  readonly unit: 's' | 'pp' | 'chats' | 'shares' | 'times' | 'money';
  /** Whether more of it is better for people. */
  readonly moreIsBetter: boolean;
  /** In a sentence: "changes ...". */
  readonly phrase: string;
}

const tailWords = (stage: string, begin: string): MetricWords => ({
  name: `Tail, ${stage === 'composing the slate' ? 'composing' : stage}`,
  moreIsBetter: true,
  phrase: `what ${stage} adds to the share of tail creators`,
  text: `${begin}: the share of posts by tail creators after it, minus that before it.`,
  unit: 'pp',
});

export const metricWords: Readonly<Record<OutcomeName, MetricWords>> = {
  matched: {
    name: 'Matched',
    moreIsBetter: true,
    phrase: 'the share of waits that end in a match',
    text: 'Share of waits that end in a match.',
    unit: 'pp',
  },
  wait: {
    name: 'Wait',
    moreIsBetter: false,
    phrase: 'the mean wait',
    text: 'Mean wait for a match.',
    unit: 's',
  },
  chat: {
    name: 'Chat length',
    moreIsBetter: true,
    phrase: 'the mean length of a chat',
    text: 'Mean length of a chat.',
    unit: 's',
  },
  'first-chat': {
    name: 'First chat',
    moreIsBetter: true,
    phrase: 'the mean length of the first chat of an evening',
    text: 'Mean length of the first chat of everyone this evening: nothing that they saw before has touched it.',
    unit: 's',
  },
  long: {
    name: 'Long chats',
    moreIsBetter: true,
    phrase: 'the share of long chats',
    text: 'Share of chats that are long.',
    unit: 'pp',
  },
  short: {
    name: 'Short chats',
    moreIsBetter: false,
    phrase: 'the share of short chats',
    text: 'Share of chats that end at once.',
    unit: 'pp',
  },
  time: {
    name: 'Time in chats',
    moreIsBetter: true,
    phrase: 'the time in chats per person',
    text: 'Seconds in chats per person.',
    unit: 's',
  },
  chats: {
    name: 'Chats',
    moreIsBetter: true,
    phrase: 'the number of chats per person',
    text: 'Chats per person.',
    unit: 'chats',
  },
  returns: {
    name: 'Return',
    moreIsBetter: true,
    phrase: 'the share of people who return the next day',
    text: 'Share of the people who left who return the next day.',
    unit: 'pp',
  },
  shares: {
    name: 'Stickers',
    moreIsBetter: true,
    phrase: 'the number of stickers shared per chat',
    text: 'Stickers shared per chat.',
    unit: 'shares',
  },
  reading: {
    name: 'Reading',
    moreIsBetter: true,
    phrase: 'the time in the feed per person',
    text: 'Seconds in the feed per person.',
    unit: 's',
  },
  young: {
    name: 'Young posts',
    moreIsBetter: true,
    phrase: 'the reading time of a post younger than 30 minutes',
    text: 'Seconds for which a post younger than 30 minutes is read.',
    unit: 's',
  },
  tail: {
    name: 'Tail in slates',
    moreIsBetter: true,
    phrase: 'the share of tail creators in a slate',
    text: 'Share of the posts of a slate that are by creators outside the most popular tenth.',
    unit: 'pp',
  },
  'tail-retrieval': tailWords('retrieval', 'Retrieval'),
  'tail-ranking': tailWords('ranking', 'Ranking'),
  'tail-reranking': tailWords('re-ranking', 'Re-ranking'),
  'tail-slate': tailWords('composing the slate', 'Composing the slate'),
  reentries: {
    name: 'Re-entries',
    moreIsBetter: true,
    phrase: 'the returns from the feed to the queue per person',
    text: 'Returns from the feed to the queue per person.',
    unit: 'times',
  },
  revenue: {
    name: 'Revenue',
    moreIsBetter: true,
    phrase: 'the revenue from cards and stickers per person',
    text: 'Money from ads, gifts and branded stickers per person.',
    unit: 'money',
  },
  'chat-p10': {
    name: 'Chat, p10',
    moreIsBetter: true,
    phrase: 'the length that a tenth of chats fall short of',
    text: 'A tenth of the chats are shorter.',
    unit: 's',
  },
  'chat-p50': {
    name: 'Chat, median',
    moreIsBetter: true,
    phrase: 'the median length of a chat',
    text: 'Half of the chats are shorter.',
    unit: 's',
  },
  'chat-p90': {
    name: 'Chat, p90',
    moreIsBetter: true,
    phrase: 'the length that a tenth of chats exceed',
    text: 'A tenth of the chats are longer.',
    unit: 's',
  },
  'wait-p90': {
    name: 'Wait, p90',
    moreIsBetter: false,
    phrase: 'the wait that a tenth of waits exceed',
    text: 'A tenth of the waits are longer.',
    unit: 's',
  },
};

/** The factor from the unit of a report to that of the page. */
export const factorOf = (metric: OutcomeName): number => (metricWords[metric].unit === 'pp' ? 100 : 1);
