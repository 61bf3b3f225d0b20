import { openSharedArena } from '../wasm/arena.ts';
import type { Arena } from '../wasm/arena.ts';
import { wasmMemory } from '../wasm/instance.ts';
import { asideOf } from './aside.ts';
import { Control, spin, takeTasks, writeJob } from './helper.mjs';
import type { HelperData, KernelJob } from './helper.mjs';

/**
 * From this many people on, the kernel uses threads: below, a tick takes a few milliseconds and
 * most of it is not scoring.
 */
export const THREADS_FROM = 2000;
/** The control block has words for so many. */
const MAX_HELPERS = 63;
/** After so many deaths, helpers are not replaced. */
const MAX_DEATHS = 8;
/**
 * How long to wait for helpers after all tasks have been taken, milliseconds, beyond four times the
 * time so far. A helper that is only slow costs the threads of this tick, never a result.
 */
const PATIENCE_MS = 1000;

/** Starts a thread that calls `serveKernel(data)`. `ended` is called when it ends by itself. */
export type StartHelper = (data: HelperData, ended: () => void) => { stop(): void };

/** A memory that threads share. */
export interface SharedArena extends Arena {
  /** How many threads may write to it, the caller's included. */
  readonly threads: number;
  /**
   * Does a job together with the helpers that are awake.
   *
   * @returns how many of them took part, or undefined where one did not come back: the memory must
   *   then not be used any more.
   */
  run(job: KernelJob, tasks: number): number | undefined;
  /** Memory for other work; undefined where a helper is still at work in it. See `asideOf`. */
  readonly aside: ReturnType<typeof asideOf>;
}

/** With fewer pairs, to wake helpers and to wait for them takes longer than they save. */
const LEAST_PAIRS = 2 ** 15;

/** Whether a job reads few rows of few people. A task has 4 rows. */
const isSmall = ({ kind, used }: KernelJob, tasks: number): boolean =>
  (kind === 1 || kind === 2) && 4 * tasks * 8 * used < LEAST_PAIRS;

/**
 * Threads that help the scoring kernel of the thread that owns them. Every task is done by one
 * thread, and its result does not depend on which: any number of helpers gives the same lists.
 */
export class KernelTeam {
  #arena: SharedArena | null | undefined;
  #helpers: ({ stop(): void } | undefined)[] = [];
  #deaths = 0;

  /**
   * @param helpers threads besides the caller's.
   * @param from people from which on they help.
   * @param patienceMs how long a job waits for them at its end.
   */
  constructor(
    readonly helpers: number,
    readonly start: StartHelper,
    readonly from = THREADS_FROM,
    readonly patienceMs = PATIENCE_MS,
  ) {}

  /** The shared memory; undefined for few people, and where memory cannot be shared. */
  open(n: number): SharedArena | undefined {
    if (this.helpers < 1 || n < this.from || this.#deaths > MAX_DEATHS) return undefined;
    this.#arena ??= this.#begin();
    return this.#arena ?? undefined;
  }

  /** Ends all helpers. The next job starts others. */
  dispose(): void {
    for (const helper of this.#helpers) helper?.stop();
    this.#helpers = [];
    this.#arena = undefined;
  }

  #begin(): SharedArena | null {
    const arena = openSharedArena();
    if (arena === null) return null;
    const { memory, score, module } = arena;
    const beside = wasmMemory(true);
    const control = new Int32Array(memory.buffer, 0, Control.job / 4);
    const count = Math.min(this.helpers, MAX_HELPERS);
    for (let thread = 1; thread <= count; thread++) this.#hire({ module, memory, beside, thread }, control);
    const run = (job: KernelJob, tasks: number): number | undefined => {
      const begun = performance.now();
      writeJob(memory, job);
      Atomics.store(control, Control.tasks, tasks);
      Atomics.store(control, Control.next, 0);
      if (isSmall(job, tasks)) {
        takeTasks(score, memory, job, this.patienceMs);
        return 0;
      }
      const turn = Atomics.add(control, Control.turn, 1) + 1;
      Atomics.notify(control, Control.turn);
      let isLost = !takeTasks(score, memory, job, this.patienceMs);
      Atomics.store(control, Control.turn, turn + 1);
      const until = performance.now() + this.patienceMs + 4 * (performance.now() - begun);
      let joined = 0;
      for (let thread = 1; thread <= count && !isLost; thread++) {
        if (Atomics.load(control, Control.joined + thread) !== turn) continue;
        joined++;
        spin(() => Atomics.load(control, Control.done + thread) === turn);
        for (;;) {
          const done = Atomics.load(control, Control.done + thread);
          if (done === turn) break;
          const left = until - performance.now();
          isLost = left <= 0;
          if (isLost) break;
          Atomics.wait(control, Control.done + thread, done, left);
        }
      }
      if (!isLost) return joined;
      lose();
      return undefined;
    };
    const lose = () => {
      this.#deaths++;
      this.dispose();
    };
    const isOpen = () => this.#arena === shared;
    const aside = asideOf({ memory, beside, patienceMs: this.patienceMs, isOpen, lose });
    const shared = { ...arena, threads: count + 1, run, aside };
    return shared;
  }

  #hire(data: HelperData, control: Int32Array): void {
    const { thread } = data;
    const helper = this.start(data, () => {
      if (this.#helpers[thread] !== helper) return;
      this.#helpers[thread] = undefined;
      this.#deaths++;
      if (this.#deaths > MAX_DEATHS) return;
      // Between two jobs: a job waits for the helpers that joined it.
      Atomics.store(control, Control.joined + thread, 0);
      Atomics.store(control, Control.done + thread, 0);
      this.#hire(data, control);
    });
    this.#helpers[thread] = helper;
  }
}
