import { GaussianBelief, gradientStep } from '../../../content/life/signals.ts';
import type { Policy } from '../../../scenario/schema.ts';
import { TASTE } from '../../../world/types.ts';
import { VECTOR, type Posts } from '../world/posts.ts';

/** How fast a post's vector follows a signal; it slows down after this many views. */
const RATE = 0.5;
const SETTLED_VIEWS = 30;
/** Variance of a signal around the attraction, as the service assumes it. */
const SIGNAL_NOISE = 2.5;

/** A signal: how attractive a post was to a reader, as their reading time tells. */
interface Signal {
  readonly serial: number;
  readonly slot: number;
  /** f32[VECTOR]: the reader's vector, in units of attraction. */
  readonly user: Float32Array;
  readonly value: number;
}

/**
 * Brings signals to the learned vectors of posts: all of a batch at once, each by itself, or each
 * by itself without a lock, as gradient steps; or each by itself as evidence for a belief. Without
 * a lock, the writers of one tick all read the vector as it was before the tick, and the last one
 * wins: the others are lost.
 */
export class VectorUpdates {
  /** Signals that changed a vector, and that were lost. */
  applied = 0;
  lost = 0;
  readonly #posts: Posts;
  #waiting: Signal[] = [];
  #batchMs = 0;
  /** By slot; of the posts that got a signal. */
  readonly #beliefs = new Map<number, { readonly serial: number; readonly belief: GaussianBelief }>();
  readonly #precision: number;

  /** @param noise length of the error with which a post is understood at first. */
  constructor(posts: Posts, noise: number) {
    this.#posts = posts;
    this.#precision = TASTE / Math.max(0.01, noise) ** 2;
  }

  add(slot: number, user: Float32Array, value: number): void {
    this.#waiting.push({ serial: this.#posts.serial[slot], slot, user, value });
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
    const { slot, serial, user, value } = signal;
    // Another post may have taken the slot.
    if (this.#posts.serial[slot] !== serial) return;
    if (believes) this.#believe(signal);
    else step(this.#posts, slot, user, value);
    this.applied++;
  }

  #believe({ slot, serial, user, value }: Signal): void {
    const own = this.#posts.learned.subarray(slot * VECTOR, (slot + 1) * VECTOR);
    let known = this.#beliefs.get(slot);
    if (known?.serial !== serial)
      this.#beliefs.set(
        slot,
        (known = { serial, belief: new GaussianBelief(own, this.#precision, SIGNAL_NOISE) }),
      );
    known.belief.update(user, value);
    own.set(known.belief.mean);
  }

  #race(signals: readonly Signal[]): void {
    const last = new Map<number, Signal>();
    for (const signal of signals) {
      if (last.has(signal.slot)) this.lost++;
      last.set(signal.slot, signal);
    }
    for (const signal of last.values()) this.#apply(signal, false);
  }
}

/** A normalised gradient step of squared error towards the signal. */
function step({ learned, views }: Posts, slot: number, user: Float32Array, value: number): void {
  const size = user.reduce((sum, x) => sum + x * x, 1);
  gradientStep(learned, slot * VECTOR, user, value, RATE / (size * (1 + views[slot] / SETTLED_VIEWS)));
}
