import { hash4 } from '../../../src/base/hash.ts';
import { NONE, RECENT_SLOTS, type Pool } from '../../../src/score/types.ts';
import type { MatchBackend } from '../../../src/match/backend.ts';

/**
 * Real time for one market's tick, milliseconds: within 100 ms with a second market and the sky.
 */
const GOAL_MS = 45;
const MIN_PEOPLE = 48;
const MAX_PEOPLE = 4096;
const DIM = 32;
/** Max duration of the measurement, milliseconds: the first tick waits for it. */
const MAX_MS = 600;

/**
 * How many people may wait so that a tick takes about {@link GOAL_MS} on this backend. Times ticks
 * of random pools of growing size, each twice to ignore a hiccup, until one is over the goal or the
 * time is up.
 */
export async function waitingThatFits(backend: MatchBackend): Promise<number> {
  const started = performance.now();
  // The first tick also starts workers and compiles kernels.
  await time(backend, MIN_PEOPLE, 0);
  let fits = MIN_PEOPLE;
  let fitsMs = 0;
  for (let n = 64; n <= MAX_PEOPLE; n *= 2) {
    const first = await time(backend, n, 1);
    const ms = first > GOAL_MS ? first : Math.min(first, await time(backend, n, 2));
    if (ms > GOAL_MS) {
      // Between two sizes the time is about a power of n, at least linear.
      if (fitsMs === 0) return Math.max(MIN_PEOPLE, Math.round((n * GOAL_MS) / ms));
      return Math.round(fits * (GOAL_MS / fitsMs) ** (1 / Math.max(1, Math.log2(ms / fitsMs))));
    }
    fits = n;
    fitsMs = ms;
    if (performance.now() - started > MAX_MS) break;
  }
  return fits;
}

async function time(backend: MatchBackend, n: number, seed: number): Promise<number> {
  const pool = probe(n);
  const started = performance.now();
  await backend.match(
    pool,
    { transform: 'exp', scale: 1e-6, bias: 3, combination: 'harmonic', threshold: -Infinity },
    { matcher: 'greedy', seed },
  );
  return performance.now() - started;
}

function probe(n: number): Pool {
  const vector = (salt: number) =>
    Float32Array.from({ length: n * DIM }, (_, k) => (hash4(1, salt, k, 0) >>> 22) - 512);
  return {
    n,
    dim: DIM,
    user: vector(1),
    peer: vector(2),
    bonus: new Float32Array(n),
    waited: new Float32Array(n),
    ids: Uint32Array.from({ length: n }, (_, i) => i),
    have: new Uint32Array(n),
    avoid: new Uint32Array(n),
    speaks: new Uint32Array(n).fill(1),
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
}
