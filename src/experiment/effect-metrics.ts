import type { Policy } from '../scenario/schema.ts';

/** A metric that compares two policies. */
export interface EffectMetric {
  readonly name: string;
  /** Name in the table's facts and on the page. */
  readonly label: string;
  readonly of: 'chats' | 'waits';
  /** Index among the outcomes of its kind. */
  readonly outcome: number;
  readonly unit: 's' | '1';
  /** "Under B chats are <more> / <less> ..." */
  readonly subject: string;
  readonly more: string;
  readonly less: string;
  /** Adjective of a slice with a low or high mean ("the short chats of ..."); may be empty. */
  readonly low: string;
  readonly high: string;
}

export const effectMetrics = {
  chat: {
    name: 'chat',
    label: 'mean chat length',
    of: 'chats',
    outcome: 0,
    unit: 's',
    subject: 'chats are',
    more: 'longer',
    less: 'shorter',
    low: 'short ',
    high: 'long ',
  },
  long: {
    name: 'long',
    label: 'share of long chats',
    of: 'chats',
    outcome: 1,
    unit: '1',
    subject: 'long chats are',
    more: 'more frequent',
    less: 'rarer',
    low: '',
    high: '',
  },
  short: {
    name: 'short',
    label: 'share of chats swiped away',
    of: 'chats',
    outcome: 2,
    unit: '1',
    subject: 'swipes are',
    more: 'more frequent',
    less: 'rarer',
    low: '',
    high: '',
  },
  matched: {
    name: 'matched',
    label: 'share of waits that end in a match',
    of: 'waits',
    outcome: 0,
    unit: '1',
    subject: 'waits end in a match',
    more: 'more often',
    less: 'less often',
    low: '',
    high: '',
  },
  wait: {
    name: 'wait',
    label: 'mean wait',
    of: 'waits',
    outcome: 1,
    unit: 's',
    subject: 'waits are',
    more: 'longer',
    less: 'shorter',
    low: 'short ',
    high: 'long ',
  },
} as const satisfies Record<string, EffectMetric>;
export type EffectMetricName = keyof typeof effectMetrics;

const knobs: Readonly<Record<keyof Policy, (p: Policy) => string>> = {
  scorer: (p) => p.scorer,
  matcher: (p) => p.matcher,
  combination: (p) => p.combination,
  threshold: (p) => `threshold ${p.threshold}`,
  waitingBonus: (p) => `waiting bonus ${p.waitingBonus}`,
  bonus: (p) => `bonus ${p.bonus}`,
  auctionGap: (p) => `auction gap ${Number((100 * p.auctionGap).toPrecision(4))} %`,
  auctionRounds: (p) => `auction rounds ${p.auctionRounds}`,
  tickMs: (p) => `ticks of ${p.tickMs} ms`,
  sessionDelay: (p) => `session delay ${p.sessionDelay} s`,
  sessionSync: (p) => (p.sessionSync === 'on' ? 'sessions in the tick' : 'sessions outside the tick'),
};

/** Names of two policies by the knobs that differ; "A (rules)" and "B (rules)" if none do. */
export function policyNames(a: Policy, b: Policy): [string, string] {
  const differ = (Object.keys(knobs) as (keyof Policy)[]).filter((k) => a[k] !== b[k]);
  if (differ.length === 0) return [`A (${a.scorer})`, `B (${b.scorer})`];
  const name = (p: Policy) => differ.map((k) => knobs[k](p)).join(', ');
  return [name(a), name(b)];
}
