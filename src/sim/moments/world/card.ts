import { exp, tanh } from '../../../base/math.ts';
import { normal, Stream, uniform } from '../../../base/hash.ts';
import { TASTE, type World } from '../../../world/types.ts';
import { Did } from '../decision.ts';
import { AD_KIND, freshnessOf, type Posts } from './posts.ts';
import type { Readers } from './readers.ts';

/** Weight of a reader's liking of the source of a post. */
const SOURCE_PULL = 0.2;
/** Spread of reading times, natural log. */
const READ_SPREAD = 0.8;
/** Attraction of an ad before fatigue: less than that of an average post. */
const AD_PULL = -0.8;
/** A card that is left earlier is skipped, seconds. */
export const SKIP_SECONDS = 2;
/** Scale on which mood judges a card, and maximum attraction in a chance. */
const MOOD_WIDTH = 1.5;

/** What may follow a view: chances at attraction 0, and slopes over attraction, log odds. */
const reactions = [
  { name: 'like', base: 0.06, slope: 1 },
  { name: 'comment', base: 0.012, slope: 0.8 },
  { name: 'share', base: 0.02, slope: 1 },
  { name: 'gift', base: 0.002, slope: 1.2 },
] as const;

/**
 * The two intents of an evening. A person who listens wants to be entertained: a skip is a
 * disappointment. A person who searches looks through many cards, and stops when one is found.
 */
export const intentNames = ['listen', 'search'] as const;
/** Factor on the chances to stop and to leave, by intent: after a skip, and after a read. */
const ENDS = { listen: { skip: 2, read: 0.6 }, search: { skip: 0.5, read: 1.8 } } as const;

/** Effect of attraction on reading time, natural log: who searches is choosy. */
const CHOOSY = { listen: 0.4, search: 0.6 } as const;

/** Factor on the chances to stop and to leave after a card, under an intent. */
export const endFactor = (intent: number, skipped: boolean): number =>
  ENDS[intentNames[intent]][skipped ? 'skip' : 'read'];

/** The intent of the evening follows its hidden wish. */
export const intentOf = (wish: number): 0 | 1 => (wish & 1) as 0 | 1;

/** A card as a reader lived it. */
export interface CardOutcome {
  /** Truth: attraction of the card at that moment. */
  attraction: number;
  /** Reading time, simulated seconds. */
  seconds: number;
  /** Bits of `Did`. */
  did: number;
}

/** Counter of a draw: the chat of the session before the reading, the card in it, and the kind. */
const at = (chat: number, card: number, what: number) =>
  (chat & 0xfff) * 1024 + (card & 31) * 32 + what + 0x1000;
const What = { read: 0, stop: 1, away: 2, like: 3, comment: 4, share: 5, gift: 6 } as const;

/** Truth: what a post is worth to a reader now, without novelty and fatigue. */
function fitOf({ people }: World, readers: Readers, posts: Posts, person: number, slot: number): number {
  let product = 0;
  for (let k = 0, i = person * TASTE, j = slot * TASTE; k < TASTE; k++)
    product += people.taste[i + k] * posts.appeal[j + k];
  return posts.quality[slot] + readers.pullOf(person) * Math.sqrt(TASTE) * product;
}

/** Truth: the whole attraction of a post to a reader. */
export function attractionOf(
  world: World,
  readers: Readers,
  posts: Posts,
  person: number,
  slot: number,
  source: number,
  nowMs: number,
): number {
  const novel = readers.isNovel(person, posts.creator[slot]) ? 1 : 0;
  return (
    fitOf(world, readers, posts, person, slot) +
    SOURCE_PULL * readers.liking[3 * person + source] +
    world.scenario.feed.freshness * freshnessOf(posts, slot, nowMs) +
    readers.curiosity[person] * novel -
    readers.fatigueOf(person, posts.kind[slot])
  );
}

/**
 * Where a draw is counted: the person, a word of their session, the number of the chat before the
 * reading, and the card in it.
 */
export interface CardMoment {
  readonly person: number;
  readonly session: number;
  readonly chat: number;
  readonly card: number;
  /** Simulated time of the request, ms. */
  readonly nowMs: number;
}

/**
 * A reader sees a card: a post in a slot, or an ad (-1). Changes mood, fatigue, curiosity and
 * memory of the reader. @param dwell seconds from which a view counts as a click.
 */
export function seeCard(
  world: World,
  readers: Readers,
  posts: Posts,
  slot: number,
  source: number,
  dwell: number,
  { person, session, chat, card, nowMs }: CardMoment,
  out: CardOutcome,
): CardOutcome {
  const { people, scenario } = world;
  const { seed, feed } = scenario;
  const isAd = slot < 0;
  const kind = isAd ? AD_KIND : posts.kind[slot];
  const word = at(chat, card, 0);
  const tired = readers.fatigueOf(person, AD_KIND);
  const attraction = isAd
    ? AD_PULL - tired
    : attractionOf(world, readers, posts, person, slot, source, nowMs);
  const z = normal(seed, Stream.content, person, session, word + What.read);
  const intent = intentNames[intentOf(people.wish[person])];
  const wanted = feed.readSeconds * exp(CHOOSY[intent] * attraction + READ_SPREAD * z);
  const seconds = Math.min(wanted, isAd ? 30 : posts.seconds[slot]);
  let did = seconds < SKIP_SECONDS ? Did.skip : 0;
  if (!isAd) {
    if (seconds >= Math.min(dwell, posts.seconds[slot])) did |= Did.click;
    for (const { name, base, slope } of reactions)
      if (
        uniform(seed, Stream.content, person, session, word + What[name]) <
        1 / (1 + (1 / base - 1) * exp(-slope * attraction))
      )
        did |= Did[name];
    const good = attraction > 1 && readers.isNovel(person, posts.creator[slot]);
    if (good) readers.curiosity[person] += feed.curiosityStep * (1 - readers.curiosity[person]);
    readers.remember(person, posts.creator[slot]);
  }
  const ends = endFactor(intentOf(people.wish[person]), (did & Did.skip) > 0);
  const leaves = feed.away * ends + (isAd ? feed.adAway * (1 + 4 * tired) : 0);
  if (uniform(seed, Stream.content, person, session, word + What.away) < leaves) did |= Did.away;
  else if (uniform(seed, Stream.content, person, session, word + What.stop) < feed.stop * ends)
    did |= Did.stop;
  const joy = isAd ? -feed.adMood * (1 + 2 * tired) : feed.cardMood * tanh(attraction / MOOD_WIDTH);
  people.mood[person] = Math.max(-1, Math.min(1, people.mood[person] + joy));
  readers.tire(person, kind);
  out.attraction = attraction;
  out.seconds = seconds;
  out.did = did;
  return out;
}
