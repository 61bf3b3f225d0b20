import { GaussianBelief, gradientStep } from '../../../content/life/signals.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { VECTOR, type Posts } from '../world/posts.ts';

/**
 * Variance of a signal over that of the first idea of a post: a reading time of spread 0.8 tells an
 * attraction to 1.6, content tells it to 0.56. A Kalman filter moves by 1 / (ratio + views).
 */
const NOISE_RATIO = 8;
/** Variance of a signal for a belief, and the precision of a component of the first idea. */
const SIGNAL_NOISE = 2.5;
const PRECISION = NOISE_RATIO / SIGNAL_NOISE;

/** A signal: how attractive a post was to a reader, as their reading time tells. */
interface Signal {
  readonly serial: number;
  readonly slot: number;
  /** f32[VECTOR]: the reader's vector, in units of attraction. */
  readonly user: Float32Array;
  readonly value: number;
  /** The post was read to its end: it is at least so attractive. */
  readonly atLeast: boolean;
}

/**
 * Brings signals to the learned vectors of posts: all of a batch at once, each by itself, or each
 * by itself without a lock. Without a lock, the writers of one tick all read the vector as it was
 * before the tick, and the last one wins: the others are lost.
 */
export class VectorUpdates {
  /** Signals that changed a vector, and that were lost. */
  applied = 0;
  lost = 0;
  readonly #posts: Posts;
  /** Mean surprise of all signals so far: what posts have in common is no merit of one of them. */
  #common = 0;
  #waiting: Signal[] = [];
  #batchMs = 0;
  /** By slot; of the posts that got a signal. */
  readonly #beliefs = new Map<number, { readonly serial: number; readonly belief: GaussianBelief }>();

  constructor(posts: Posts) {
    this.#posts = posts;
  }

  add(slot: number, user: Float32Array, value: number, atLeast: boolean): void {
    this.#waiting.push({ serial: this.#posts.serial[slot], slot, user, value, atLeast });
  }

  /** At the end of a tick. */
  settle(nowMs: number, mode: Policy['feedUpdates'], batchSeconds: number): void {
    if (mode === 'batch') {
      if (nowMs < this.#batchMs + 1000 * batchSeconds) return;
      this.#batchMs = nowMs;
    }
    if (this.#waiting.length === 0) return;
    const signals = this.#waiting;
    this.#waiting = [];
    if (mode === 'unlocked') this.#race(signals);
    else for (const signal of signals) this.#apply(signal, mode === 'belief');
  }

  #apply(signal: Signal, believes: boolean): void {
    // Another post may have taken the slot.
    if (this.#posts.serial[signal.slot] !== signal.serial) return;
    this.applied++;
    this.#step(signal, believes);
  }

  #race(signals: readonly Signal[]): void {
    const last = new Map<number, Signal>();
    for (const signal of signals) {
      if (last.has(signal.slot)) this.lost++;
      last.set(signal.slot, signal);
    }
    for (const signal of last.values()) this.#apply(signal, false);
  }

  #believe(slot: number, serial: number, user: Float32Array, signal: number): void {
    const own = this.#posts.learned.subarray(slot * VECTOR, (slot + 1) * VECTOR);
    let known = this.#beliefs.get(slot);
    if (known?.serial !== serial)
      this.#beliefs.set(slot, (known = { serial, belief: new GaussianBelief(own, PRECISION, SIGNAL_NOISE) }));
    known.belief.update(user, signal);
    own.set(known.belief.mean);
  }

  /** A step of squared error towards the signal: of the whole belief, or along the gradient. */
  #step({ slot, serial, user, value, atLeast }: Signal, believes: boolean): void {
    const { learned, views } = this.#posts;
    const at = slot * VECTOR;
    let [size, surprise] = [0, value];
    for (let k = 0; k < VECTOR; k++) {
      size += user[k] * user[k];
      surprise -= user[k] * learned[at + k];
    }
    const expected = this.#common;
    if (atLeast && surprise < expected) return;
    this.#common += (surprise - expected) / this.applied;
    if (believes) this.#believe(slot, serial, user, value - expected);
    else gradientStep(learned, at, user, value - expected, 1 / (size * (NOISE_RATIO + views[slot])));
  }
}
