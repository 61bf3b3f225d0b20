import { breathe } from '../../../src/model/train/trainer.ts';
import { STOPPED } from './orders.ts';

/** Longest time between two looks at the messages, milliseconds. */
const LOOK_MS = 16;

export class Stopped extends Error {
  override readonly name = STOPPED;
  constructor() {
    super('Stopped.');
  }
}

/** Where work that runs in steps can be held, let go, and stopped: it passes here between two steps. */
export class Gate {
  #stopped = false;
  #working = false;
  #release: (() => void) | null = null;
  #held: Promise<void> | null = null;
  /** Whoever wants to know when the work stands still. */
  #waiting: (() => void)[] = [];
  #still = false;
  #looked = performance.now();

  /** A new piece of work begins. Held before, it stops at its first pass. */
  open(): void {
    this.#stopped = false;
    this.#working = true;
  }

  /** The piece of work is over. */
  close(): void {
    this.#working = false;
    this.#tell();
  }

  /** Resolves as soon as nothing moves any more: at the next pass, or at once where there is no work. */
  hold(): Promise<void> {
    this.#held ??= new Promise((resolve) => (this.#release = resolve));
    if (!this.#working || this.#still) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  go(): void {
    this.#release?.();
    this.#held = this.#release = null;
    this.#tell();
  }

  /** The work ends at the next pass, also when it is held. */
  stop(): void {
    this.#stopped = true;
    this.go();
  }

  /** Lets messages in, waits while held. Throws {@link Stopped}. */
  async pass(): Promise<void> {
    if (performance.now() - this.#looked > LOOK_MS) {
      await breathe();
      this.#looked = performance.now();
    }
    while (this.#held !== null) {
      this.#still = true;
      this.#tell();
      await this.#held;
      this.#still = false;
    }
    if (this.#stopped) throw new Stopped();
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const heard of waiting) heard();
  }
}
