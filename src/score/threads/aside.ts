import { reserve } from '../wasm/instance.ts';
import { Aside, Control, writeAside } from './helper.mjs';

/** Work of another kind that one helper does while this thread goes on. */
export interface AsideMemory {
  /** Shared by all threads; bytes below `at`, a multiple of 16, are not free. */
  readonly memory: WebAssembly.Memory;
  readonly at: number;
  /**
   * Lets a helper call `runAside` of the module with these numbers.
   *
   * @returns waits until it has; false where none did, and memory is of no use.
   */
  begin(this: void, given: readonly number[]): () => boolean;
}

/** What the work aside needs of its team. */
interface AsideTeam {
  /** The memory that has the control block. */
  readonly memory: WebAssembly.Memory;
  readonly beside: WebAssembly.Memory;
  readonly patienceMs: number;
  /** Whether the threads are still those of this memory. */
  isOpen(this: void): boolean;
  /** A helper did not come back. */
  lose(this: void): void;
}

/**
 * Opens the memory of the work aside; undefined where a helper is still at work in it.
 *
 * @param code of a WebAssembly module with an export `runAside`, the same module at every call.
 */
export function asideOf({
  memory,
  beside,
  patienceMs,
  isOpen,
  lose,
}: AsideTeam): (code: () => Uint8Array<ArrayBuffer>) => AsideMemory | undefined {
  const control = new Int32Array(memory.buffer, 0, Control.job / 4);
  const { none, posted, taken, done } = Aside;
  let bytes = 0;
  const begin = (given: readonly number[]) => {
    const begun = performance.now();
    writeAside(memory, bytes, given);
    Atomics.store(control, Control.aside, posted);
    // Turns without a job are even.
    Atomics.add(control, Control.turn, 2);
    Atomics.notify(control, Control.turn, 1);
    return () => {
      if (Atomics.compareExchange(control, Control.aside, posted, none) === posted) return false;
      const until = performance.now() + patienceMs + 4 * (performance.now() - begun);
      while (isOpen() && Atomics.load(control, Control.aside) === taken) {
        const left = until - performance.now();
        if (left <= 0) lose();
        else Atomics.wait(control, Control.aside, taken, left);
      }
      return Atomics.compareExchange(control, Control.aside, done, none) === done;
    };
  };
  return (code) => {
    // Work that nobody waited for is not done any more.
    Atomics.compareExchange(control, Control.aside, posted, none);
    if (Atomics.load(control, Control.aside) === taken) return undefined;
    if (bytes === 0) {
      const module = code();
      bytes = module.length;
      reserve(beside, bytes);
      new Uint8Array(beside.buffer).set(module);
    }
    return { memory: beside, at: 16 * Math.ceil(bytes / 16), begin };
  };
}
