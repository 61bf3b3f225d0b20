import { contentPolicy } from '../scenario/content/feed.ts';
import type { Policy } from '../scenario/schema.ts';

/** What a metric is a mean over. */
type MetricOver = 'chats' | 'firsts' | 'views' | 'slates' | 'waits' | 'people' | 'leavers';

/** A metric that compares two policies. */
export interface EffectMetric {
  readonly name: string;
  /** Name in the table's facts and on the page. */
  readonly label: string;
  readonly of: MetricOver;
  /** Index among the outcomes of its kind. */
  readonly outcome: number;
  /** The metric is this quantile of the outcome, instead of its mean. */
  readonly quantile?: number;
  readonly unit: 's' | '1' | 'chats' | 'count' | 'money';
  /** "Under B chats are <more> / <less> ..." */
  readonly subject: string;
  readonly more: string;
  readonly less: string;
  /** Adjective of a slice with a low or high mean ("the short chats of ..."); may be empty. */
  readonly low: string;
  readonly high: string;
}

const metric = (
  name: string,
  label: string,
  [of, outcome, unit]: readonly [EffectMetric['of'], number, EffectMetric['unit']],
  [subject, more, less]: readonly [string, string, string],
  adjectives: readonly [low: string, high: string] = ['', ''],
): EffectMetric => ({
  ...{ name, label, of, outcome, unit, subject, more, less },
  ...{ low: adjectives[0], high: adjectives[1] },
});

/** What a stage of a request to the feed adds to the share of posts by tail creators. */
const tailChange = (name: string, stage: string, outcome: number): EffectMetric =>
  metric(
    name,
    `change of the share of tail creators by ${stage}`,
    ['slates', outcome, '1'],
    [`what ${stage} adds to the share of tail creators is`, 'higher', 'lower'],
  );

const quantile = (name: string, share: number, of: 'chats' | 'waits', outcome: number): EffectMetric => {
  const label = `${Math.round(100 * share)}th percentile of ${of === 'chats' ? 'chat length' : 'the wait'}`;
  return {
    ...metric(name, label, [of, outcome, 's'], [`the ${label} is`, 'higher', 'lower']),
    quantile: share,
  };
};

/**
 * chat, long, short: over chats, one per side. first-chat: over people, their first one of the
 * evening. matched, wait: over waits, those that go on
 * included. time, chats: over people seen. returns: over people who left, at the last time they
 * left.
 */
export const effectMetrics = {
  chat: metric(
    'chat',
    'mean chat length',
    ['chats', 0, 's'],
    ['chats are', 'longer', 'shorter'],
    ['short ', 'long '],
  ),
  'first-chat': metric(
    'first-chat',
    'mean length of a first chat',
    ['firsts', 1, 's'],
    ['first chats of the evening are', 'longer', 'shorter'],
    ['short ', 'long '],
  ),
  long: metric(
    'long',
    'share of long chats',
    ['chats', 1, '1'],
    ['long chats are', 'more frequent', 'rarer'],
  ),
  short: metric(
    'short',
    'share of chats swiped away',
    ['chats', 2, '1'],
    ['swipes are', 'more frequent', 'rarer'],
  ),
  matched: metric(
    'matched',
    'share of waits that end in a match',
    ['waits', 0, '1'],
    ['waits end in a match', 'more often', 'less often'],
  ),
  wait: metric(
    'wait',
    'mean wait',
    ['waits', 1, 's'],
    ['waits are', 'longer', 'shorter'],
    ['short ', 'long '],
  ),
  time: metric(
    'time',
    'time in chats per person',
    ['people', 1, 's'],
    ['the time in chats per person is', 'longer', 'shorter'],
  ),
  chats: metric(
    'chats',
    'chats per person',
    ['people', 2, 'chats'],
    ['people have', 'more chats', 'fewer chats'],
  ),
  returns: metric(
    'returns',
    'share who return the next day',
    ['leavers', 1, '1'],
    ['people who left return the next day', 'more often', 'less often'],
  ),
  shares: metric(
    'shares',
    'stickers shared per chat',
    ['chats', 3, 'count'],
    ['stickers are shared', 'more often', 'less often'],
  ),
  reading: metric(
    'reading',
    'time in the feed per person',
    ['people', 3, 's'],
    ['the time in the feed per person is', 'longer', 'shorter'],
  ),
  young: metric(
    'young',
    'reading time of a post younger than 30 minutes',
    ['views', 1, 's'],
    ['posts younger than 30 minutes are read', 'longer', 'less long'],
  ),
  tail: metric(
    'tail',
    'share of tail creators in a slate',
    ['slates', 1, '1'],
    ['posts by tail creators are', 'more frequent in slates', 'rarer in slates'],
  ),
  'tail-retrieval': tailChange('tail-retrieval', 'retrieval', 2),
  'tail-ranking': tailChange('tail-ranking', 'ranking', 3),
  'tail-reranking': tailChange('tail-reranking', 're-ranking', 4),
  'tail-slate': tailChange('tail-slate', 'composing the slate', 5),
  reentries: metric(
    'reentries',
    'returns from the feed to the queue per person',
    ['people', 4, 'count'],
    ['readers return to the queue', 'more often', 'less often'],
  ),
  revenue: metric(
    'revenue',
    'revenue from cards and stickers per person',
    ['people', 5, 'money'],
    ['the revenue per person is', 'higher', 'lower'],
  ),
  'chat-p10': quantile('chat-p10', 0.1, 'chats', 0),
  'chat-p50': quantile('chat-p50', 0.5, 'chats', 0),
  'chat-p90': quantile('chat-p90', 0.9, 'chats', 0),
  'wait-p90': quantile('wait-p90', 0.9, 'waits', 1),
} as const satisfies Record<string, EffectMetric>;
export type EffectMetricName = keyof typeof effectMetrics;

export const isEffectMetric = (name: string): name is EffectMetricName => Object.hasOwn(effectMetrics, name);

type ContentKnob = keyof typeof contentPolicy;

const knobs: Readonly<Record<Exclude<keyof Policy, ContentKnob>, (p: Policy) => string>> = {
  scorer: (p) => p.scorer,
  matcher: (p) => p.matcher,
  combination: (p) => p.combination,
  formula: ({ formula }) =>
    formula === '' ? 'no formula' : `formula ${formula.length > 30 ? `${formula.slice(0, 30)}...` : formula}`,
  threshold: (p) => `threshold ${p.threshold}`,
  waitingBonus: (p) => `waiting bonus ${p.waitingBonus}`,
  bonus: (p) => `bonus ${p.bonus}`,
  auctionGap: (p) => `auction gap ${Number((100 * p.auctionGap).toPrecision(4))} %`,
  auctionRounds: (p) => `auction rounds ${p.auctionRounds}`,
  tickMs: (p) => `ticks of ${p.tickMs} ms`,
  sessionDelay: (p) => `session delay ${p.sessionDelay} s`,
  sessionSync: (p) => (p.sessionSync === 'on' ? 'sessions in the tick' : 'sessions outside the tick'),
};

/** "feedAds" is "feed ads 3". */
const contentName = (key: ContentKnob) => (p: Policy) =>
  `${key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${p[key]}`;

const names: Readonly<Record<string, (p: Policy) => string>> = {
  ...knobs,
  ...Object.fromEntries((Object.keys(contentPolicy) as ContentKnob[]).map((key) => [key, contentName(key)])),
};

/** Names of two policies by the knobs that differ; "A (rules)" and "B (rules)" if none do. */
export function policyNames(a: Policy, b: Policy): [string, string] {
  const differ = Object.keys(names).filter((k) => a[k as keyof Policy] !== b[k as keyof Policy]);
  if (differ.length === 0) return [`A (${a.scorer})`, `B (${b.scorer})`];
  const name = (p: Policy) => differ.map((k) => names[k](p)).join(', ');
  return [name(a), name(b)];
}
