import { hash4 } from '../../src/base/hash.ts';
import { NONE, RECENT_SLOTS, type MatchBackend, type Pool } from '../../src/match/types.ts';

/** Real time that one market's tick may take on the page, milliseconds: well inside the 100 ms budget, with room for a second market and the sky. */
const GOAL_MS = 35;
const LARGEST = 4096;
const DIM = 32;

/**
 * How many may wait so that a tick takes about {@link GOAL_MS} on this backend. Ticks of random pools of growing size are timed
 * (the best of three, so that a compile or a hiccup does not count) until one is over the goal.
 */
export async function waitingThatFits(backend: MatchBackend): Promise<number> {
  let fits = 0;
  let fitsMs = 0;
  for (let n = 64; n <= LARGEST; n *= 2) {
    const pool = probe(n);
    let best = Infinity;
    for (let run = 0; run < 3; run++) {
      const started = performance.now();
      await backend.match(
        pool,
        { transform: 'exp', scale: 1e-6, bias: 3, combination: 'harmonic', threshold: -Infinity },
        { matcher: 'greedy', seed: run },
      );
      best = Math.min(best, performance.now() - started);
      if (best > 4 * GOAL_MS) break;
    }
    if (best > GOAL_MS) {
      if (fits === 0) return Math.max(32, Math.round(n * Math.sqrt(GOAL_MS / best)));
      // Between the two sizes the time grows about as a power of n.
      const power = Math.max(1, Math.log2(best / fitsMs));
      return Math.round(fits * (GOAL_MS / fitsMs) ** (1 / power));
    }
    fits = n;
    fitsMs = best;
  }
  return LARGEST;
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
