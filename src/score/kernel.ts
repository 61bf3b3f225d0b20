import type { KernelInput, ScoreKernel, Vectors } from './kernel-input.ts';
import { HelperLost, kernelIn } from './kernel-memory.ts';
import type { KernelTeam } from './threads/team.ts';
import { openArena } from './wasm/arena.ts';
import { reserve } from './wasm/instance.ts';

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

/** Bytes of vectors that are read at a time, so that they stay in the cache. */
const READ_BYTES = 2 ** 15;

/**
 * Bound on |user_i . peer_j| and all its partial sums (Cauchy-Schwarz, on the components before and
 * from `cut` on by themselves); Infinity where a component is not a whole number of 16 bits, or
 * WebAssembly cannot run.
 */
export function largestDot(user: Vectors, peer: Vectors, n: number, dim: number, cut = dim): number {
  if (n === 0 || dim === 0) return 0;
  const theirs = squaresOf(peer, n, dim, cut);
  if (theirs === undefined) return Infinity;
  let [head, tail] = [0, 0];
  for (let e = 0; e < theirs.length; e += 2) {
    head = Math.max(head, theirs[e]);
    tail = Math.max(tail, theirs[e + 1]);
  }
  if (user === peer && cut === dim) return head;
  const own = squaresOf(user, n, dim, cut);
  if (own === undefined) return Infinity;
  let most = 0;
  for (let e = 0; e < own.length; e += 2)
    most = Math.max(most, Math.sqrt(own[e] * head) + Math.sqrt(own[e + 1] * tail));
  return most;
}

/**
 * Squared lengths of both parts of each vector, f64[n][2]; undefined where a component is not a
 * whole number of 16 bits, or WebAssembly cannot run.
 */
function squaresOf(vectors: Vectors, n: number, dim: number, cut: number): Float64Array | undefined {
  const arena = openArena();
  if (arena === null) return undefined;
  // Whatever is in memory is lost.
  arena.owner = undefined;
  const { memory, kernels } = arena;
  const width = vectors.BYTES_PER_ELEMENT;
  const squares = width === 4 ? kernels.squaresF32 : kernels.squaresF64;
  const many = Math.ceil(READ_BYTES / (dim * width));
  const out = 8 * Math.ceil((many * dim * width) / 8);
  reserve(memory, out + 16 * many);
  const rows = new (width === 4 ? Float32Array : Float64Array)(memory.buffer, 0, many * dim);
  const found = new Float64Array(memory.buffer, out, 2 * many);
  const all = new Float64Array(2 * n);
  for (let i = 0; i < n; i += many) {
    const count = Math.min(many, n - i);
    rows.set(vectors.subarray(i * dim, (i + count) * dim));
    if (!squares(0, count, dim, cut, out)) return undefined;
    all.set(found.subarray(0, 2 * count), 2 * i);
  }
  return all;
}
