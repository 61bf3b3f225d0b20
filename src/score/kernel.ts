import type { KernelInput, ScoreKernel } from './kernel-input.ts';
import { HelperLost, kernelIn } from './kernel-memory.ts';
import type { KernelTeam } from './threads/team.ts';
import { openArena } from './wasm/arena.ts';

/**
 * Opens the kernel; undefined where WebAssembly cannot run or memory does not suffice.
 *
 * @param team threads that help. Where one of them is lost in the middle, the kernel starts again
 *   in memory of this thread alone.
 */
export function scoreKernel(input: KernelInput, team?: KernelTeam): ScoreKernel | undefined {
  const shared = team?.open(input.n);
  if (shared === undefined) return kernelIn(input, openArena());
  let kernel = kernelIn(input, shared);
  if (kernel === undefined) return undefined;
  const retry = <T>(work: (kernel: ScoreKernel) => T): T => {
    try {
      return work(kernel!);
    } catch (error) {
      if (!(error instanceof HelperLost)) throw error;
      kernel = kernelIn(input, openArena());
      return work(kernel!);
    }
  };
  return {
    lists: (room, found) => retry((now) => now.lists(room, found)),
    best: (rows, live, room, take) => retry((now) => now.best(rows, live, room, take)),
    bestNet: (rows, price, room, unrounded, take) =>
      retry((now) => now.bestNet(rows, price, room, unrounded, take)),
    row: (i, from, out) => kernel!.row(i, from, out),
  };
}
