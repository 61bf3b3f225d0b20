import { hash4, Stream, uniform } from '../../../base/hash.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { injectAds } from '../../../content/stages/slots.ts';
import { composeStream, DOUBLING_THRESHOLD } from '../../../content/memory/stream.ts';
import { gentlePlaces } from './ad-places.ts';
import { Source, YOUNG_MS, type Posts } from '../world/posts.ts';

/** Cards of a slate. */
export const SLATE = 10;
/** Places of the ads in a slate of ten, from 1: the third and the seventh first. */
const AD_PLACES = [3, 7, 9, 5, 2] as const;
/** Under the fatigue rule, ads seen lately (they fade) from which on no further ad is shown. */
const TIRED_OF_ADS = 0.9;
/** Items of a known and of a new creator in a round of the stream. */
const ROUND = [2, 1] as const;
const UNLIMITED = [Infinity, Infinity];

/** A card that is about to be shown. */
export interface Card {
  /** Slot of the post; -1 for an ad. */
  readonly slot: number;
  readonly source: number;
  /**
   * Chance with which this card was drawn for this place, given the places before; NaN where
   * nothing was drawn.
   */
  readonly propensity: number;
  /** Predicted attraction; NaN for an ad, and for a post that retrieval did not find. */
  readonly score: number;
}

/** The posts of a request in the order of their rank, with their predicted attraction. */
export interface RankedPosts {
  readonly slots: readonly number[];
  readonly scores: readonly number[];
  /** Posts that a stage puts before all others; undefined where no stage does. */
  readonly isFirst?: (slot: number) => boolean;
}

/** What composing a slate needs to know. */
export interface SlateRequest {
  readonly policy: Policy;
  readonly seed: number;
  readonly person: number;
  readonly session: number;
  readonly visit: number;
  readonly nowMs: number;
  /** Bits of the last shared source, and shares by source, as the phone has them. */
  readonly lastShared: number;
  readonly counts: ArrayLike<number>;
  /** Ads seen lately, as the phone counts them. */
  readonly recentAds: number;
}

const AD: Card = { slot: -1, source: Source.branded, propensity: NaN, score: NaN };

const Draw = { random: 0x400000, explore: 0x500000, which: 0x600000, ad: 0x700000 } as const;

/** Whether a post counts as new: young, or seldom seen. */
export const sourceOf = (posts: Posts, slot: number, nowMs: number): 1 | 2 =>
  nowMs - posts.born[slot] < YOUNG_MS && posts.views[slot] < 50 ? Source.fresh : Source.known;

/** Keys of a fair random order of n candidates. */
export function randomKeys(request: Pick<SlateRequest, 'seed' | 'person' | 'session' | 'visit'>, n: number) {
  const { seed, person, session, visit } = request;
  const counter = Math.imul(Stream.content, 0x1000000) ^ (Draw.random + (visit & 0xfffff));
  return Float64Array.from({ length: n }, (_, k) =>
    hash4(seed, counter, person, session ^ Math.imul(k + 1, 0x9e3779b1)),
  );
}

/**
 * Interleaves ranked posts, explored posts and ads. @param young slots from which exploration
 * draws, but not those that the phone hides.
 */
export function composeSlate(
  request: SlateRequest,
  posts: Posts,
  { slots, scores, isFirst }: RankedPosts,
  young: ArrayLike<number>,
  isHidden: (slot: number) => boolean,
): Card[] {
  const { policy, seed, person, session, visit, nowMs, lastShared, counts } = request;
  const queues: number[][] = [[], []];
  const bySource = policy.feedComposer !== 'fixed';
  slots.forEach((slot, k) => queues[bySource ? sourceOf(posts, slot, nowMs) - 1 : 0].push(k));
  const usesPhone = policy.feedComposer === 'phone' || policy.feedComposer === 'fatigue';
  const stream = composeStream({
    lastShared: usesPhone ? lastShared >>> 1 : 0,
    counts: usesPhone ? [counts[Source.known], counts[Source.fresh]] : [0, 0],
    base: bySource ? ROUND : [1, 0],
    supply: UNLIMITED,
    threshold: DOUBLING_THRESHOLD,
    length: SLATE,
  });
  const places = adPlaces(request);
  const open =
    policy.feedExplore > 0 ? Array.from(young).filter((slot) => !isHidden(slot)) : ([] as number[]);
  const used = new Set<number>();
  const cards: Card[] = [];
  for (let place = 1; cards.length + places.length < SLATE; place++) {
    if (places.includes(place)) continue;
    const draw = (what: number) =>
      uniform(seed, Stream.content, person, session, what + ((visit & 0xffff) * 16 + place));
    const explores = open.length > 0 && draw(Draw.explore) < policy.feedExplore;
    const wanted = stream[cards.length % stream.length];
    const unused = (of: number) => queues[of].filter((k) => !used.has(slots[k]));
    let queue = unused(wanted);
    if (queue.length === 0) queue = unused(1 - wanted);
    if (queue.length === 0 && !explores) break;
    const first = isFirst === undefined ? [] : queue.filter((k) => isFirst(slots[k]));
    const slot = explores ? open[Math.floor(draw(Draw.which) * open.length)] : slots[queue[0]];
    const openAt = open.indexOf(slot);
    cards.push({
      ...{ slot, source: sourceOf(posts, slot, nowMs) },
      score: explores ? NaN : scores[queue[0]],
      propensity: propensityOf(
        policy,
        slot,
        (first.length > 0 ? first : queue).map((k) => slots[k]),
        openAt >= 0,
        open.length,
      ),
    });
    used.add(slot);
    if (openAt >= 0) open.splice(openAt, 1);
  }
  return injectAds(
    cards,
    places.map(() => AD),
    places,
    SLATE,
  );
}

/**
 * Chance that this place shows this post, given the places before: by exploration one of so many
 * choices, and else the first of `queue`, which a random ranking draws from all that are left.
 */
function propensityOf(
  { feedRanking, feedExplore }: Policy,
  slot: number,
  queue: readonly number[],
  isChoice: boolean,
  choices: number,
): number {
  const random = feedRanking === 'random';
  if (!random && choices === 0) return NaN;
  const explore = choices === 0 ? 0 : queue.length === 0 ? 1 : feedExplore;
  const explored = isChoice ? explore / choices : 0;
  const next = random ? (queue.includes(slot) ? 1 / queue.length : 0) : queue[0] === slot ? 1 : 0;
  return explored + (1 - explore) * next;
}

/** Places of the ads, from 1. */
function adPlaces({ policy, recentAds }: SlateRequest): readonly number[] {
  const ads = Math.round(policy.feedAds);
  if (policy.feedComposer !== 'fatigue') return AD_PLACES.slice(0, ads).sort((a, b) => a - b);
  return recentAds > TIRED_OF_ADS ? [] : gentlePlaces(ads);
}
