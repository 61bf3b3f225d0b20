import { ALPHA } from '../../../metrics/inference/evidence.ts';
import { sumsByChance } from '../../../metrics/inference/subset-sums.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { decileOf, DECILES, type Creators, type Posts } from '../world/posts.ts';
import { feedStages, type FeedStage } from '../feed/tally.ts';

/** Where posts by tail creators are counted: live posts, after each stage, what was seen. */
export const shelves = ['live', ...feedStages, 'seen'] as const;
export type Shelf = (typeof shelves)[number];

/** Requests at the first look; every look has twice as many as the one before. */
const FIRST_LOOK = 100;
const LOOKS = 10;

/**
 * Of one request: the share of the slate's posts that are by tail creators, and what each stage
 * adds to that share.
 */
export interface TailGains {
  readonly tail: number;
  readonly retrieval: number;
  readonly ranking: number;
  readonly reranking: number;
  readonly slate: number;
}

/** What a stage did to the share of posts by tail creators. */
export interface TailChange {
  readonly stage: FeedStage;
  /** Share after the stage minus the share before it. */
  readonly change: number;
  /** Changes up to this size come about by chance. */
  readonly chance: number;
  /** Sign of a change that is larger than that, else 0. */
  readonly sign: -1 | 0 | 1;
}

/** Changes as they were judged at one moment. */
export interface TailVerdict {
  readonly requests: number;
  readonly changes: readonly TailChange[];
}

/**
 * Counts the posts on each shelf by creator, and judges what each stage does to the tail: the
 * creators outside the most popular tenth.
 *
 * Followers are drawn apart from everything else of a person, and only a stage that is told to be
 * narrow looks at them. Under any other stage, each set of as many creators was as likely to be the
 * popular one, whatever was read: what the popular ones gain by the stage is the sum over a random
 * subset of what all creators gain. A change that such sums exceed too seldom is beyond chance.
 */
export class TailBook {
  readonly #posts: Pick<Posts, 'creator'>;
  readonly #creators: Creators;
  /** How many creators are popular: their ranks come first. */
  readonly #popular: number;
  /** f64[creators] per shelf, by rank: posts. */
  readonly #shelf: Readonly<Record<Shelf, Float64Array>>;
  #judged: TailVerdict | undefined;
  #looks = 0;
  /** Shares of tail creators in the last request: of the live posts, then after each stage. */
  readonly #last = new Float64Array(1 + feedStages.length);

  constructor(posts: Pick<Posts, 'creator'>, creators: Creators) {
    this.#posts = posts;
    this.#creators = creators;
    this.#popular = Math.ceil(creators.ids.length / DECILES);
    const empty = () => new Float64Array(creators.ids.length);
    this.#shelf = Object.fromEntries(shelves.map((s) => [s, empty()])) as Record<Shelf, Float64Array>;
  }

  /** Adds so many requests for which each creator has so many live posts, by rank. */
  live(counts: Float64Array, requests: number): void {
    const all = this.#shelf.live;
    for (let rank = 0; rank < all.length; rank++) all[rank] += requests * counts[rank];
    this.#last[0] = this.#shareOf(counts);
  }

  /** A stage of a request passes on the posts in the first `count` of these slots. */
  pass(stage: FeedStage, slots: Uint32Array, count: number): void {
    const { rank } = this.#creators;
    const shelf = this.#shelf[stage];
    let popular = 0;
    for (let k = 0; k < count; k++) {
      const own = rank[this.#posts.creator[slots[k]]];
      shelf[own]++;
      if (own < this.#popular) popular++;
    }
    this.#last[1 + feedStages.indexOf(stage)] = 1 - popular / count;
  }

  saw(creator: number): void {
    this.#shelf.seen[this.#creators.rank[creator]]++;
  }

  /** Of the last request, whose cards are being read; null where a stage passed on no post. */
  gains(): TailGains | null {
    const [live, found, ranked, reranked, tail] = this.#last;
    const gains = { tail, retrieval: found - live, ranking: ranked - found };
    const all = { ...gains, reranking: reranked - ranked, slate: tail - reranked };
    return Object.values(all).every(Number.isFinite) ? all : null;
  }

  /** Posts by the tenth of their creators, the most popular first: f64[10]. */
  byTenth(shelf: Shelf): Float64Array {
    const tenths = new Float64Array(DECILES);
    this.#shelf[shelf].forEach((posts, rank) => {
      tenths[decileOf(this.#creators, this.#creators.ids[rank])] += posts;
    });
    return tenths;
  }

  /** Share of the posts on a shelf that are by tail creators; NaN without posts. */
  share(shelf: Shelf): number {
    return this.#shareOf(this.#shelf[shelf]);
  }

  /**
   * What each stage did until now. If none is told to be narrow and this is the only look, one of
   * the changes is beyond chance with probability `alpha` at most.
   */
  changes(alpha = ALPHA): TailChange[] {
    const gains = feedStages.map((stage, k) => {
      const [before, after] = [this.#shelf[shelves[k]], this.#shelf[stage]];
      const [all, kept] = [sumOf(before), sumOf(after)];
      return before.map((posts, rank) => after[rank] / kept - posts / all);
    });
    const bounds = sumsByChance(gains, this.#popular, alpha);
    return feedStages.map((stage, k) => {
      const change = -sumOf(gains[k].subarray(0, this.#popular));
      const sign = change > bounds[k] ? 1 : change < -bounds[k] ? -1 : 0;
      return { stage, change, chance: bounds[k], sign };
    });
  }

  /**
   * Judges the stages at 100 requests and at the next nine doublings, each time with a tenth of the
   * 5 %: all looks together claim something by chance in at most 5 % of evenings.
   */
  look(requests: number): void {
    if (this.#looks === LOOKS || requests < FIRST_LOOK * 2 ** this.#looks) return;
    while (requests >= FIRST_LOOK * 2 ** this.#looks) this.#looks++;
    this.#looks = Math.min(this.#looks, LOOKS);
    this.#judged = { requests, changes: this.changes(ALPHA / LOOKS) };
  }

  /** What the last look found; undefined before the first. */
  get judged(): TailVerdict | undefined {
    return this.#judged;
  }

  #shareOf(posts: Float64Array): number {
    return 1 - sumOf(posts.subarray(0, this.#popular)) / sumOf(posts);
  }
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const names: Readonly<Record<FeedStage, string>> = {
  retrieve: 'retrieval',
  rank: 'ranking',
  rerank: 're-ranking',
  compose: 'the slate',
};

/**
 * What a look found, in words. It claims nothing that chance alone would bring. A stage that is not
 * told to be narrow falls where another one is: the feed knows best what it has shown.
 */
export function tailText(judged: TailVerdict | undefined, policy: Policy): string {
  if (judged === undefined) return `The stages are judged from ${FIRST_LOOK} requests on.`;
  const { requests, changes } = judged;
  const when = `judged at ${requests.toLocaleString('en')} requests`;
  const losing = changes.filter(({ sign }) => sign < 0).map(({ stage }) => stage);
  if (losing.length === 0) return `No stage loses tail creators beyond chance (${when}).`;
  const list = losing.map((stage) => names[stage]).join(' and ');
  const text = `${list[0].toUpperCase()}${list.slice(1)} ${losing.length > 1 ? 'lose' : 'loses'} tail creators beyond chance (${when}).`;
  if (policy.feedRetrieval === 'narrow' && losing.includes('retrieve'))
    return `${text} No ranking or re-ranking can bring back what retrieval left out.`;
  const told = policy.feedFavour;
  return told !== 'none' && losing.some((stage) => stage !== told)
    ? `${text} Only ${names[told]} is told to favour the popular; the feed also learns from what it shows.`
    : text;
}
