import { ALPHA, intervalOf, type Evidence } from '../../../metrics/inference/evidence.ts';
import { intentNames } from '../world/card.ts';

/** Counts of a reader: posts skipped, those of them after which they left; the same of reads. */
const Count = { skipped: 0, leftAfterSkip: 1, read: 2, leftAfterRead: 3 } as const;
const COUNTS = 4;
/** A share of which fewer posts are counted on one of its sides has no interval. */
const LEAST = 10;

export interface ShareLeft {
  /** Posts, and those after which the reader left the feed. */
  readonly posts: number;
  readonly left: number;
  /** 95 % at any look; NaN where too little is known. */
  readonly low: number;
  readonly high: number;
}

/** Does a skip predict leaving, under one intent? */
export interface Leaving {
  readonly intent: (typeof intentNames)[number];
  readonly people: number;
  readonly afterSkip: ShareLeft;
  readonly afterRead: ShareLeft;
  /** Share that leaves after a skip, minus that after a read; the interval is for both intents. */
  readonly difference: { readonly effect: number; readonly low: number; readonly high: number };
  /** Sign of the difference where it is beyond chance, else 0. */
  readonly sign: -1 | 0 | 1;
}

/**
 * How often readers leave the feed after a post that they skip, and after one that they read, by
 * true intent. Posts of one reader depend on each other: variances are clustered by person, from
 * sums of products of each reader's counts (the delta method for a ratio of sums).
 */
export class LeavingBook {
  /** u16[intents][people][counts]. */
  readonly #own: Uint16Array;
  /** f64[intents][counts] and f64[intents][counts][counts], over the readers. */
  readonly #sums = new Float64Array(intentNames.length * COUNTS);
  readonly #products = new Float64Array(intentNames.length * COUNTS * COUNTS);
  readonly #readers = new Float64Array(intentNames.length);
  readonly #people: number;

  constructor(people: number) {
    this.#people = people;
    this.#own = new Uint16Array(intentNames.length * people * COUNTS);
  }

  /** A post was seen. */
  saw(intent: number, person: number, skipped: boolean, left: boolean): void {
    const at = (intent * this.#people + person) * COUNTS;
    const own = this.#own;
    if (own[at + Count.skipped] === 0 && own[at + Count.read] === 0) this.#readers[intent]++;
    this.#count(intent, at, skipped ? Count.skipped : Count.read);
    if (left) this.#count(intent, at, skipped ? Count.leftAfterSkip : Count.leftAfterRead);
  }

  /** @param at where the counts of the reader begin. */
  #count(intent: number, at: number, column: number): void {
    const own = this.#own;
    this.#sums[intent * COUNTS + column]++;
    const product = intent * COUNTS * COUNTS;
    for (let k = 0; k < COUNTS; k++) {
      if (k === column) this.#products[product + k * COUNTS + k] += 2 * own[at + k] + 1;
      else {
        this.#products[product + column * COUNTS + k] += own[at + k];
        this.#products[product + k * COUNTS + column] += own[at + k];
      }
    }
    own[at + column]++;
  }

  summary(): Leaving[] {
    return intentNames.map((intent, i) => {
      const people = this.#readers[i];
      const [afterSkip, afterRead] = [Count.skipped, Count.read].map((column) => this.#share(i, column));
      const { effect, low, high } = this.#difference(i);
      const sign = low > 0 ? 1 : high < 0 ? -1 : 0;
      return { intent, people, afterSkip, afterRead, difference: { effect, low, high }, sign };
    });
  }

  #share(intent: number, column: number): ShareLeft {
    const [posts, left] = [this.#sum(intent, column), this.#sum(intent, column + 1)];
    const weights = new Float64Array(COUNTS);
    weights[column] = -left / posts ** 2;
    weights[column + 1] = 1 / posts;
    const { low, high } = this.#interval(intent, left / posts, weights, ALPHA);
    return { posts, left, low: Math.max(0, low), high: Math.min(1, high) };
  }

  #difference(intent: number) {
    const weights = new Float64Array(COUNTS);
    let effect = 0;
    for (const [column, side] of [
      [Count.skipped, 1],
      [Count.read, -1],
    ] as const) {
      const [posts, left] = [this.#sum(intent, column), this.#sum(intent, column + 1)];
      weights[column] = (-side * left) / posts ** 2;
      weights[column + 1] = side / posts;
      effect += (side * left) / posts;
    }
    // One sentence speaks of all intents: Bonferroni.
    return { effect, ...this.#interval(intent, effect, weights, ALPHA / intentNames.length) };
  }

  #interval(intent: number, effect: number, weights: Float64Array, alpha: number) {
    const people = this.#readers[intent];
    let variance = 0;
    let isKnown = true;
    for (let a = 0; a < COUNTS; a++) {
      for (let b = 0; b < COUNTS; b++)
        variance += weights[a] * weights[b] * this.#products[(intent * COUNTS + a) * COUNTS + b];
      if (weights[a] === 0 || a % 2 === 0) continue;
      const left = this.#sum(intent, a);
      isKnown &&= Math.min(left, this.#sum(intent, a - 1) - left) >= LEAST;
    }
    const error = isKnown ? Math.sqrt((variance * people) / (people - 1)) : NaN;
    const evidence: Evidence = { effect, error, freedom: people - 1, people };
    return intervalOf(evidence, 'always', alpha);
  }

  #sum(intent: number, column: number): number {
    return this.#sums[intent * COUNTS + column];
  }
}

const whose = { listen: 'who listen', search: 'who search' } as const;

/** What the counts say in words. It claims nothing that chance alone would bring. */
export function leavingText(leaving: readonly Leaving[]): string {
  const sure = leaving.filter(({ sign }) => sign !== 0);
  const says = ({ intent, sign }: Leaving) =>
    `${sign > 0 ? 'leaving' : 'staying'} among those ${whose[intent]}`;
  if (sure.length === 0)
    return leaving.every(({ difference }) => Number.isFinite(difference.low))
      ? 'Whether a skip predicts leaving the feed cannot be told from chance.'
      : 'Too few posts were seen to tell whether a skip predicts leaving the feed.';
  const open = leaving.filter(({ sign }) => sign === 0);
  if (open.length > 0)
    return `A skip predicts ${says(sure[0])}. Of those ${whose[open[0].intent]}, this is not known yet.`;
  const opposite = sure.some(({ sign }) => sign !== sure[0].sign);
  return `${opposite ? 'The same skip' : 'A skip'} predicts ${sure.map(says).join(', and ')}.`;
}
