import { breathe } from '../../../src/model/train/trainer.ts';

/** Max time between two looks at the incoming messages, milliseconds. */
const LOOK_MS = 16;

export class Stopped extends Error {
  override readonly name = 'TrainingStopped';
  constructor() {
    super('The training was stopped.');
  }
}

/** Holds, resumes and stops a job that runs in steps. The job passes the gate between two steps. */
export class JobGate {
  #stopped = false;
  #working = false;
  #release: (() => void) | null = null;
  #held: Promise<void> | null = null;
  /** Callers of hold() that wait for the job to stand still. */
  #waiting: (() => void)[] = [];
  #still = false;
  #looked = performance.now();

  /** A job begins. If the gate is held, the job stops at its first pass. */
  open(): void {
    this.#stopped = false;
    this.#working = true;
  }

  /** The job has ended. */
  close(): void {
    this.#working = false;
    this.#notify();
  }

  /** Resolves when the job stands still: at its next pass, or at once without a job. */
  hold(): Promise<void> {
    this.#held ??= new Promise((resolve) => (this.#release = resolve));
    if (!this.#working || this.#still) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  go(): void {
    this.#release?.();
    this.#held = this.#release = null;
    this.#notify();
  }

  /** Ends the job at its next pass, also if it is held. */
  stop(): void {
    this.#stopped = true;
    this.go();
  }

  /** Lets messages in, and waits while the gate is held. Throws {@link Stopped}. */
  async pass(): Promise<void> {
    if (performance.now() - this.#looked > LOOK_MS) {
      await breathe();
      this.#looked = performance.now();
    }
    while (this.#held !== null) {
      this.#still = true;
      this.#notify();
      await this.#held;
      this.#still = false;
    }
    if (this.#stopped) throw new Stopped();
  }

  #notify(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
