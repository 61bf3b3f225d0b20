import { LabError } from '../base/errors.ts';
import type { EmbeddingFile } from './formats.ts';
import { NONE, RECENT_SLOTS } from './types.ts';
import type { MatchBackend, Pool, TickResult } from './types.ts';

/** Longest vector that the backends take. */
export const LONGEST = 128;

/** What a backend found for imported vectors; prices and bound hold for their dot products in double precision. */
export type EmbeddingsMatch = Pick<TickResult, 'mate' | 'rounds' | 'scans'> & { readonly upperBound: number };

/**
 * Imported vectors on a backend that computes in single precision. They are scaled by a power of two, so that no square overflows.
 * The bound is widened by the rounding of a dot product of d terms, |error| <= (d + 6) 2^-23 |x| |y| (Higham, "Accuracy and
 * Stability of Numerical Algorithms", 3.1; inputs rounded to f32 as well). Throws LabError where vectors are longer than {@link LONGEST}.
 */
export async function matchEmbeddingsOn(
  backend: MatchBackend,
  data: EmbeddingFile,
  options: {
    matcher: 'greedy' | 'auction';
    threshold: number;
    seed: number;
    candidates?: number | undefined;
  },
): Promise<EmbeddingsMatch> {
  const { dim: d, vectors, side } = data;
  const n = side.length;
  if (d > LONGEST)
    throw new LabError(`vectors have ${d} numbers; the GPU takes at most ${LONGEST}. Use --backend cpu`);
  const norms = Float64Array.from({ length: n }, (_, i) => Math.hypot(...vectors.subarray(i * d, i * d + d)));
  const largest = norms.reduce((a, b) => Math.max(a, b), 0);
  const scale = largest > 0 ? 2 ** -Math.ceil(Math.log2(largest)) : 1;
  const dim = Math.ceil(d / 4) * 4;
  const scaled = new Float32Array(n * dim);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) scaled[i * dim + k] = scale * vectors[i * d + k];
  const sides = Uint32Array.from(side);
  const pool: Pool = {
    n,
    dim,
    user: scaled,
    peer: scaled,
    bonus: new Float32Array(n),
    waited: new Float32Array(n),
    ids: Uint32Array.from({ length: n }, (_, i) => i),
    have: sides,
    avoid: sides,
    speaks: new Uint32Array(n).fill(1),
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
  const threshold = options.threshold * scale * scale;
  const result = await backend.match(
    pool,
    { transform: 'identity', scale: 1, bias: 0, combination: 'sum', threshold },
    {
      matcher: options.matcher,
      seed: options.seed,
      ...(options.candidates !== undefined && { candidates: options.candidates }),
    },
  );
  const error = (d + 6) * 2 ** -23;
  let bound = 0;
  for (let i = 0; i < n; i++) bound += result.price[i] / (scale * scale) + 0.5 * error * norms[i] * largest;
  return { mate: result.mate, rounds: result.rounds, scans: result.scans, upperBound: bound * (1 + 1e-12) };
}
