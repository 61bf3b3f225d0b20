import { Stream, uniform } from '../../../base/hash.ts';
import { exp, log } from '../../../base/math.ts';
import { recalibrated, valueOf } from '../../../content/stages/value.ts';
import { Did } from '../decision.ts';

/** Outcomes that are predicted, and what each is worth in the ranking. */
export const headNames = ['click', 'like', 'comment', 'share'] as const;
const HEAD_VALUES = [1, 3, 15, 25] as const;
const bits = [Did.click, Did.like, Did.comment, Did.share] as const;

/** Inputs of the shared body. */
const INPUTS = 5;
/** First weights: an average post at the published rate of its head, better with attraction. */
const FIRST_BIAS = [-0.3, -2.8, -4.4, -3.9] as const;
const FIRST_SLOPE = 0.5;
/**
 * Share of the negatives that each head learns from: likes, comments and shares are rare. The
 * chances are put back to the true scale (He et al. 2014).
 */
const KEEP = [1, 0.25, 0.25, 0.25] as const;
/** Precision of the first weights: one over the square of how far they may be off. */
const FIRST_PRECISION = 10;

const logistic = (x: number) => 1 / (1 + exp(-x));

/**
 * Chances of a click, a like, a comment and a share: one body of inputs, one logistic head per
 * outcome, learned online from the log of the evening. Each weight has a Gaussian belief of its own
 * (Chapelle and Li, 2011), so that a head of a rare outcome moves as slowly as it learns. It knows
 * nothing that a service could not know.
 */
export class Heads {
  readonly #weights = new Float64Array(headNames.length * INPUTS);
  readonly #precision = new Float64Array(headNames.length * INPUTS).fill(FIRST_PRECISION);
  readonly #inputs = new Float64Array(INPUTS);
  readonly #chances = new Float64Array(headNames.length);
  readonly #seed: number;
  #seen = 0;

  constructor(seed: number) {
    this.#seed = seed;
    headNames.forEach((_, h) => {
      this.#weights[h * INPUTS] = FIRST_BIAS[h] - log(KEEP[h]);
      this.#weights[h * INPUTS + 1] = FIRST_SLOPE;
    });
  }

  /**
   * Chances of what follows a view: out[head]. @param score predicted attraction. @param fresh how
   * new the post is. @param tired how often its kind was shown lately. @param search chance that
   * the reader searches, rather than listens.
   */
  predict(score: number, fresh: number, tired: number, search: number, out: Float64Array): void {
    const x = this.#inputs;
    x[0] = 1;
    x[1] = score;
    // Neither counts of views nor the length: they would rank by popularity, and by what the few
    // favourites of this evening happen to last.
    x[2] = fresh;
    x[3] = tired;
    x[4] = search - 0.5;
    for (let h = 0; h < headNames.length; h++) out[h] = recalibrated(this.#chance(h), KEEP[h]);
  }

  /** What a view is worth before it happens, from the same inputs. */
  value(score: number, fresh: number, tired: number, search: number): number {
    const [w, chances] = [this.#weights, this.#chances];
    for (let h = 0, at = 0; h < headNames.length; h++, at += INPUTS) {
      const sum =
        w[at] + w[at + 1] * score + w[at + 2] * fresh + w[at + 3] * tired + w[at + 4] * (search - 0.5);
      chances[h] = recalibrated(logistic(sum), KEEP[h]);
    }
    return valueOf(chances, HEAD_VALUES);
  }

  /** The view that was predicted last, and what followed. */
  learn(did: number): void {
    const draw = uniform(this.#seed, Stream.content, this.#seen++, 4);
    for (let h = 0; h < headNames.length; h++) {
      const happened = (did & bits[h]) > 0;
      if (!happened && draw >= KEEP[h]) continue;
      const chance = this.#chance(h);
      for (let k = 0, w = h * INPUTS; k < INPUTS; k++, w++) {
        const x = this.#inputs[k];
        this.#precision[w] += x * x * chance * (1 - chance);
        this.#weights[w] += (x * ((happened ? 1 : 0) - chance)) / this.#precision[w];
      }
    }
  }

  #chance(head: number): number {
    let sum = 0;
    for (let k = 0; k < INPUTS; k++) sum += this.#weights[head * INPUTS + k] * this.#inputs[k];
    return logistic(sum);
  }
}
