import { hash4 } from '../../src/base/hash.ts';
import { NONE, RECENT_SLOTS, type Pool } from '../../src/score/types.ts';
import { type MatchBackend } from '../../src/match/backend.ts';

/** Real time that one market's tick may take on the page, milliseconds: inside the 100 ms budget, with room for a second market and the sky. */
const GOAL_MS = 45;
const SMALLEST = 48;
const LARGEST = 4096;
const DIM = 32;
/** What a software adapter (SwiftShader on two cores) does in about that time, as measured: a probe of it would delay the first tick by a second. */
export const SOFTWARE_FITS = 140;
/** The probe itself may not keep the page from its first tick. */
const PATIENCE_MS = 600;

/**
 * How many may wait so that a tick takes about {@link GOAL_MS} on this backend. Ticks of random pools of growing size are timed
 * (the better of two, so that a hiccup does not count) until one is over the goal or the time is up.
 */
export async function waitingThatFits(backend: MatchBackend): Promise<number> {
  const started = performance.now();
  // Compiles what is not yet compiled.
  await time(backend, SMALLEST, 0);
  let fits = SMALLEST;
  let fitsMs = 0;
  for (let n = 64; n <= LARGEST; n *= 2) {
    const first = await time(backend, n, 1);
    const ms = first > GOAL_MS ? first : Math.min(first, await time(backend, n, 2));
    if (ms > GOAL_MS) {
      // Between two sizes the time grows about as a power of n, at least linearly.
      if (fitsMs === 0) return Math.max(SMALLEST, Math.round((n * GOAL_MS) / ms));
      return Math.round(fits * (GOAL_MS / fitsMs) ** (1 / Math.max(1, Math.log2(ms / fitsMs))));
    }
    fits = n;
    fitsMs = ms;
    if (performance.now() - started > PATIENCE_MS) break;
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
