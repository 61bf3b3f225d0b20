import { exp, log } from '../../../base/math.ts';
import { Did } from '../decision.ts';
import { AD_KIND, freshnessOf, type Posts } from '../world/posts.ts';

/** Outcomes that are predicted, and what each is worth in the ranking. */
export const headNames = ['click', 'like', 'comment', 'share'] as const;
export const HEAD_VALUES = [1, 3, 15, 25] as const;
const bits = [Did.click, Did.like, Did.comment, Did.share] as const;

/** Inputs of the shared body. */
const INPUTS = 6;
/** First weights: an average post at the published rate of its head, better with attraction. */
const FIRST_BIAS = [-0.3, -2.8, -4.4, -3.9] as const;
const FIRST_SLOPE = 0.5;
/** Step of the gradient, and how it shrinks: step / sqrt(1 + seen / 1000). */
const STEP = 0.05;

const logistic = (x: number) => 1 / (1 + exp(-x));

/**
 * Chances of a click, a like, a comment and a share: one body of inputs, one logistic head per
 * outcome, learned online from the log of the evening by gradient steps (log loss). It knows
 * nothing that a service could not know.
 */
export class Heads {
  readonly #weights = new Float64Array(headNames.length * INPUTS);
  readonly #inputs = new Float64Array(INPUTS);
  #seen = 0;

  constructor() {
    headNames.forEach((_, h) => {
      this.#weights[h * INPUTS] = FIRST_BIAS[h];
      this.#weights[h * INPUTS + 1] = FIRST_SLOPE;
    });
  }

  /** Chances for a post: out[head]. @param score predicted attraction. @param tired of its kind. */
  predict(posts: Posts, slot: number, score: number, tired: number, nowMs: number, out: Float64Array): void {
    this.#fill(posts, slot, score, tired, nowMs);
    for (let h = 0; h < headNames.length; h++) out[h] = this.#chance(h);
  }

  /** One view and what followed. */
  learn(posts: Posts, slot: number, score: number, tired: number, nowMs: number, did: number): void {
    this.#fill(posts, slot, score, tired, nowMs);
    const step = STEP / Math.sqrt(1 + this.#seen++ / 1000);
    for (let h = 0; h < headNames.length; h++) {
      const error = ((did & bits[h]) > 0 ? 1 : 0) - this.#chance(h);
      for (let k = 0; k < INPUTS; k++) this.#weights[h * INPUTS + k] += step * error * this.#inputs[k];
    }
  }

  #fill(posts: Posts, slot: number, score: number, tired: number, nowMs: number): void {
    const x = this.#inputs;
    x[0] = 1;
    x[1] = score;
    // Share of clicks so far, as if there had been ten average views before.
    x[2] = log((posts.clicks[slot] + 5) / (posts.views[slot] - posts.clicks[slot] + 5));
    x[3] = freshnessOf(posts, slot, nowMs);
    x[4] = tired;
    x[5] = log(posts.seconds[slot] / 25);
  }

  #chance(head: number): number {
    let sum = 0;
    for (let k = 0; k < INPUTS; k++) sum += this.#weights[head * INPUTS + k] * this.#inputs[k];
    return logistic(sum);
  }
}

/** How often each kind was shown lately, as a phone counts it: it fades like fatigue. */
export class KindCounts {
  readonly #counts: Float32Array;
  constructor(people: number) {
    this.#counts = new Float32Array((AD_KIND + 1) * people);
  }
  of(person: number, kind: number): number {
    return this.#counts[(AD_KIND + 1) * person + kind];
  }
  add(person: number, kind: number): void {
    const from = (AD_KIND + 1) * person;
    for (let k = from; k <= from + AD_KIND; k++) this.#counts[k] *= 0.8;
    this.#counts[from + kind]++;
  }
  clear(person: number): void {
    this.#counts.fill(0, (AD_KIND + 1) * person, (AD_KIND + 1) * (person + 1));
  }
}
