import { breathe } from '../../src/model/learn/trainer.ts';
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
  #release: (() => void) | null = null;
  #held: Promise<void> | null = null;
  #looked = performance.now();

  /** A new piece of work begins. */
  open(): void {
    this.#stopped = false;
    this.go();
  }

  hold(): void {
    this.#held ??= new Promise((resolve) => (this.#release = resolve));
  }

  go(): void {
    this.#release?.();
    this.#held = this.#release = null;
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
    while (this.#held !== null) await this.#held;
    if (this.#stopped) throw new Stopped();
  }
}
