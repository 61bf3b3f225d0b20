import { gradientStep } from '../../../content/life/signals.ts';
import { VECTOR, type Posts } from '../world/posts.ts';

/** How fast a post's vector follows a signal; it slows down after this many views. */
const RATE = 0.5;
const SETTLED_VIEWS = 30;

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
 * by itself without a lock. Without a lock, the writers of one tick all read the vector as it was
 * before the tick, and the last one wins: the others are lost.
 */
export class VectorUpdates {
  /** Signals that changed a vector, and that were lost. */
  applied = 0;
  lost = 0;
  readonly #posts: Posts;
  #waiting: Signal[] = [];
  #batchMs = 0;

  constructor(posts: Posts) {
    this.#posts = posts;
  }

  add(slot: number, user: Float32Array, value: number): void {
    this.#waiting.push({ serial: this.#posts.serial[slot], slot, user, value });
  }

  /** At the end of a tick. */
  settle(nowMs: number, mode: 'batch' | 'signal' | 'unlocked', batchSeconds: number): void {
    if (mode === 'batch') {
      if (nowMs < this.#batchMs + 1000 * batchSeconds) return;
      this.#batchMs = nowMs;
    }
    if (this.#waiting.length === 0) return;
    const signals = this.#waiting;
    this.#waiting = [];
    if (mode === 'unlocked') this.#race(signals);
    else for (const signal of signals) this.#apply(signal);
  }

  #apply({ slot, serial, user, value }: Signal): void {
    // Another post may have taken the slot.
    if (this.#posts.serial[slot] !== serial) return;
    step(this.#posts, slot, user, value);
    this.applied++;
  }

  #race(signals: readonly Signal[]): void {
    const last = new Map<number, Signal>();
    for (const signal of signals) {
      if (last.has(signal.slot)) this.lost++;
      last.set(signal.slot, signal);
    }
    for (const signal of last.values()) this.#apply(signal);
  }
}

/** A normalised gradient step of squared error towards the signal. */
function step({ learned, views }: Posts, slot: number, user: Float32Array, value: number): void {
  const size = user.reduce((sum, x) => sum + x * x, 1);
  gradientStep(learned, slot * VECTOR, user, value, RATE / (size * (1 + views[slot] / SETTLED_VIEWS)));
}
