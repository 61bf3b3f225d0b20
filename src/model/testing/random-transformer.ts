import { normal, Stream, uniform } from '../../base/hash.ts';
import type { TokenBatch, Transformer } from '../layout/transformer.ts';

/** A random transformer, for tests: every tensor away from its usual start. */
export function randomTransformer(
  { size, heads, layers, history }: { size: number; heads: number; layers: number; history: number },
  seed: number,
): Transformer {
  let tensor = 0;
  const random = (count: number, spread: number, middle = 0): Float32Array => {
    const id = tensor++;
    return Float32Array.from(
      { length: count },
      (_, k) => middle + spread * normal(seed, Stream.training, id, k),
    );
  };
  const square = (spread = 1): Float32Array => random(size * size, spread / Math.sqrt(size));
  return {
    size,
    heads,
    history,
    outcomes: 8,
    tokenSelf: square(),
    tokenPartner: square(),
    tokenOutcome: random(8 * size, 0.35),
    tokenGate: random(8 * size, 0.1),
    place: random((history + 1) * size, 0.1),
    layers: Array.from({ length: layers }, () => ({
      g: random(size, 0.1, 1),
      gb: random(size, 0.1),
      q: square(),
      k: square(),
      v: square(),
      o: square(),
      h: random(size, 0.1, 1),
      hb: random(size, 0.1),
      m: random(2 * size * size, 1 / Math.sqrt(size)),
      mb: random(2 * size, 0.1),
      n: random(2 * size * size, 1 / Math.sqrt(2 * size)),
      nb: random(size, 0.1),
    })),
    out: square(),
  };
}

/** Random histories of the given numbers of past matches. */
export function randomTokens(net: Transformer, matches: readonly number[], seed: number): TokenBatch {
  const first = new Uint32Array(matches.length + 1);
  matches.forEach((m, i) => (first[i + 1] = first[i] + m + 1));
  const tokens = first[matches.length];
  const vectors = Float32Array.from({ length: tokens * net.size }, (_, k) =>
    normal(seed, Stream.training, 1, k),
  );
  const outcomes = Float32Array.from({ length: tokens * net.outcomes }, (_, k) =>
    k % net.outcomes === 0
      ? normal(seed, Stream.training, 2, k)
      : Number(uniform(seed, Stream.training, 3, k) < 0.3),
  );
  for (const at of first) outcomes.fill(0, at * net.outcomes, (at + 1) * net.outcomes);
  return { count: matches.length, first, vectors, outcomes };
}
