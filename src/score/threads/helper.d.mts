import type { Score } from '../wasm/arena.ts';

/** Words of the control block at the start of shared memory; from `joined` on one per thread. */
export const Control: {
  readonly turn: number;
  readonly next: number;
  readonly tasks: number;
  /** Changes when a thread lets go of a group of people. */
  readonly released: number;
  /** State of the work aside. */
  readonly aside: number;
  readonly joined: number;
  readonly done: number;
  /** One word for each group of people, 1 while a thread holds it; room for 256. */
  readonly locks: number;
  /** Bytes, not words. */
  readonly job: number;
  readonly asideJob: number;
  readonly end: number;
};

/** States of the work aside. */
export const Aside: {
  readonly none: number;
  readonly posted: number;
  readonly taken: number;
  readonly done: number;
};

/** What threads do together. Addresses and sizes in bytes; thread k adds k times the size. */
export interface KernelJob {
  /**
   * 0: each pair once, for both lists; 1: best partners of rows; 2: best net values of rows; 3:
   * lists are sorted.
   */
  readonly kind: 0 | 1 | 2 | 3;
  readonly setup: Parameters<Score['setup']>;
  /** Blocks of 8 people. */
  readonly used: number;
  readonly tile: number;
  readonly tileBytes: number;
  readonly dense: number;
  readonly denseBytes: number;
  readonly lists: number;
  /** Lists, and the entries that each keeps. */
  readonly count: number;
  readonly room: number;
  readonly unrounded: 0 | 1;
  /** Positions of rows; or, of kind 0, a word for each pair of groups. */
  readonly who: number;
  /** Groups of people, of so many blocks of the partition: a thread holds two while it scores. */
  readonly groups: number;
  readonly size: number;
  /** Number of the formula, and bytes of its module behind the control block; 0 without one. */
  readonly formula: number;
  readonly code: number;
}

/** What a thread is given at its start. */
export interface HelperData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Memory of the work aside, with the bytes of its module at the start. */
  readonly beside: WebAssembly.Memory;
  /** 1, 2, ...; 0 is the thread that asks. */
  readonly thread: number;
}

/** How many lists a task of kind 3 finishes. */
export const FINISHED: number;
/** Prepares an instance of the kernel for a job. */
export function enter(score: Score, memory: WebAssembly.Memory, job: KernelJob, thread: number): void;
/** Opens the formula whose module is behind the control block, unless it is open. */
export function installFormula(
  score: Score,
  memory: WebAssembly.Memory,
  job: Pick<KernelJob, 'formula' | 'code'>,
): void;
/**
 * Takes tasks of a job until there are none.
 *
 * @param patience how long to wait for groups that others hold, milliseconds, beyond four times
 *   the time that the thread has worked.
 * @returns false where that was not enough: another thread has died, and the lists are of no use.
 */
export function takeTasks(
  score: Score,
  memory: WebAssembly.Memory,
  job: Pick<KernelJob, 'kind' | 'who' | 'count' | 'groups' | 'size'>,
  patience: number,
): boolean;
/** Writes a job to shared memory. */
export function writeJob(memory: WebAssembly.Memory, job: KernelJob): void;
/** Waits until `isOver`, but only for a short time, without sleep. */
export function spin(isOver: () => boolean): void;
/** Writes what the work aside needs to shared memory: bytes of its module, and what `runAside` takes. */
export function writeAside(memory: WebAssembly.Memory, code: number, given: readonly number[]): void;
/** The life of a thread: waits for a job, joins in, and waits for the next. Never returns. */
export function serveKernel(data: HelperData): never;
