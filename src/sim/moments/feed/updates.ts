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

/** Columns of the signals that wait: how attractive posts were, as reading times tell. */
class Signals {
  count = 0;
  serial = new Uint32Array(64);
  slot = new Uint32Array(64);
  /** Row of the reader's vector. */
  user = new Uint32Array(64);
  value = new Float64Array(64);
  /** 1: the post was read to its end, so it is at least so attractive. */
  atLeast = new Uint8Array(64);
  /** f32[readers][VECTOR], in units of attraction. */
  vectors = new Float32Array(16 * VECTOR);
  readers = 0;

  clear(): void {
    this.count = this.readers = 0;
  }

  addReader(vector: Float32Array): void {
    if (this.vectors.length === this.readers * VECTOR) this.vectors = twice(this.vectors);
    this.vectors.set(vector, this.readers++ * VECTOR);
  }

  /** A signal of the reader who was added last. */
  add(serial: number, slot: number, value: number, atLeast: boolean): void {
    const k = this.count++;
    if (k === this.value.length) {
      this.serial = twice(this.serial);
      this.slot = twice(this.slot);
      this.user = twice(this.user);
      this.value = twice(this.value);
      this.atLeast = twice(this.atLeast);
    }
    this.serial[k] = serial;
    this.slot[k] = slot;
    this.user[k] = this.readers - 1;
    this.value[k] = value;
    this.atLeast[k] = atLeast ? 1 : 0;
  }
}

/** The same values, with room for as many again. */
function twice<T extends Float32Array | Float64Array | Uint32Array | Uint8Array>(from: T): T {
  const grown = new (from.constructor as new (length: number) => T)(2 * from.length);
  grown.set(from);
  return grown;
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
  readonly #waiting = new Signals();
  /** Scratch: the reader's vector of a signal. */
  readonly #user = new Float32Array(VECTOR);
  #batchMs = 0;
  /** By slot; of the posts that got a signal. */
  readonly #beliefs = new Map<number, { readonly serial: number; readonly belief: GaussianBelief }>();

  constructor(posts: Posts) {
    this.#posts = posts;
  }

  /** The signals that follow are of this reader. @param vector f32[VECTOR], copied. */
  reads(vector: Float32Array): void {
    this.#waiting.addReader(vector);
  }

  add(slot: number, value: number, atLeast: boolean): void {
    this.#waiting.add(this.#posts.serial[slot], slot, value, atLeast);
  }

  /** At the end of a tick. */
  settle(nowMs: number, mode: Policy['feedUpdates'], batchSeconds: number): void {
    if (mode === 'batch') {
      if (nowMs < this.#batchMs + 1000 * batchSeconds) return;
      this.#batchMs = nowMs;
    }
    if (mode === 'unlocked') this.#race();
    else for (let k = 0; k < this.#waiting.count; k++) this.#apply(k, mode === 'belief');
    this.#waiting.clear();
  }

  #apply(signal: number, believes: boolean): void {
    const { serial, slot } = this.#waiting;
    // Another post may have taken the slot.
    if (this.#posts.serial[slot[signal]] !== serial[signal]) return;
    this.applied++;
    this.#step(signal, believes);
  }

  #race(): void {
    const { slot, count } = this.#waiting;
    const last = new Map<number, number>();
    for (let k = 0; k < count; k++) {
      if (last.has(slot[k])) this.lost++;
      last.set(slot[k], k);
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
  #step(signal: number, believes: boolean): void {
    const { learned, views } = this.#posts;
    const waiting = this.#waiting;
    const [slot, value, user] = [waiting.slot[signal], waiting.value[signal], this.#user];
    const at = slot * VECTOR;
    const from = waiting.user[signal] * VECTOR;
    let size = 0;
    let surprise = value;
    for (let k = 0; k < VECTOR; k++) {
      user[k] = waiting.vectors[from + k];
      size += user[k] * user[k];
      surprise -= user[k] * learned[at + k];
    }
    const expected = this.#common;
    if (waiting.atLeast[signal] === 1 && surprise < expected) return;
    this.#common += (surprise - expected) / this.applied;
    if (believes) this.#believe(slot, waiting.serial[signal], user, value - expected);
    else gradientStep(learned, at, user, value - expected, 1 / (size * (NOISE_RATIO + views[slot])));
  }
}
