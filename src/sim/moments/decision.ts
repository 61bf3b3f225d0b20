import type { Scenario } from '../../scenario/schema.ts';

/**
 * A decision of the platform: one card of a slate, or one place of a stream of stickers. The object
 * is reused between calls: copy what you keep.
 */
export interface Decision {
  /** Simulated seconds since opening. */
  time: number;
  person: number;
  moment: 'feed' | 'tray';
  /** Number of the request of this person in the evening's order, over all people. */
  request: number;
  /** Place in the slate or stream, from 1. */
  place: number;
  /** Number of the post; -1 for an ad and for a sticker. */
  item: number;
  /** 0 branded, 1 known, 2 new. */
  source: number;
  /** Creator of the post, or -1. */
  creator: number;
  /**
   * Chance with which this item was drawn for this place, given the places before; NaN where
   * nothing was drawn. A deterministic ranking has none.
   */
  propensity: number;
  /** Predicted attraction and chance of a click; NaN where there is no prediction. */
  score: number;
  click: number;
  /** What followed: simulated seconds, and bits of `Did`. */
  seconds: number;
  did: number;
}

export const noDecision = (): Decision => ({
  ...{ time: 0, person: 0, moment: 'feed', request: 0, place: 0, item: -1, source: 0, creator: -1 },
  ...{ propensity: NaN, score: NaN, click: NaN, seconds: 0, did: 0 },
});

/** Bits of what a person did with a card or a sticker. */
export const Did = {
  click: 1,
  like: 2,
  comment: 4,
  share: 8,
  gift: 16,
  skip: 32,
  away: 64,
  stop: 128,
} as const;

/** Their names, in the order of the bits. */
export const doneBy = (did: number): string[] =>
  Object.entries(Did).flatMap(([name, bit]) => ((did & bit) > 0 ? [name] : []));

/** Names of `Source`. */
export const sourceNames = ['branded', 'known', 'new'] as const;

/** Share of a gift that the platform keeps. */
export const COMMISSION = 0.3;

/** What the platform earns by a card or a sticker. */
export function revenueOf(
  { moment, item, source, did }: Readonly<Decision>,
  { feed, tray }: Scenario,
): number {
  if (moment === 'tray') return source === 0 && (did & Did.share) > 0 ? tray.brandedPrice : 0;
  if (item < 0) return feed.adPrice;
  return (did & Did.gift) > 0 ? COMMISSION * feed.giftPrice : 0;
}
