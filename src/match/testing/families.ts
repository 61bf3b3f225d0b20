import { uniform, Stream } from '../../base/hash.ts';
import { countingIds, hashTie } from '../../score/source.ts';
import { matrixSource } from './matrix-source.ts';
import type { PairSource } from '../../score/source.ts';
import { NONE, RECENT_SLOTS } from '../../score/types.ts';
import type { Pool } from '../../score/types.ts';

/** Families of weights that are hard for one matcher or another. */
export const families = [
  'random',
  'clustered',
  'hubs',
  'equal',
  'popularity',
  'star',
  'chain',
  'duplicates',
  'few values',
  'negative',
] as const;
export type Family = (typeof families)[number];

/** Sizes at which off-by-one errors show. */
export const sizes = [0, 1, 2, 3, 17, 64, 301] as const;

export interface FamilyOptions {
  readonly family: Family;
  readonly n: number;
  readonly seed: number;
  /** Only even with odd positions. */
  readonly twoSided: boolean;
  /** Share of pairs that are not eligible. */
  readonly excluded: number;
  /** Pairs not above it are not eligible; none is refused where absent. */
  readonly threshold?: number;
}

/** A symmetric matrix of the family, -Infinity where not eligible, as a source with hash ties. */
export function familySource(options: FamilyOptions): PairSource {
  const { family, n, seed, twoSided, excluded, threshold = -Infinity } = options;
  const u = (a: number, b: number, c = 0) => uniform(seed, Stream.world, a, b, c);
  const dots = (points: number[][]) => (i: number, j: number) =>
    points[i].reduce((sum, x, k) => sum + x * points[j][k], 0);
  const people = Array.from({ length: n }, (_, i) => i);
  const weights: Record<Family, (i: number, j: number) => number> = {
    random: (i, j) => u(i, j),
    clustered: dots(
      people.map((i) => [0, 1, 2, 3].map((k) => (i % 5 === k ? 3 : 0) + Math.round(8 * u(i, k)) / 8 - 0.5)),
    ),
    hubs: (i, j) => (i < 3 ? 5 : 0) + (j < 3 ? 5 : 0) + u(i, j),
    equal: () => 1,
    popularity: (i, j) => (1 + u(i, i, 1)) * (1 + u(j, j, 1)),
    star: (i, j) => (i === 0 ? 1 + u(0, j) : -Infinity),
    chain: (i, j) => (j === i + 1 ? j : -Infinity),
    duplicates: (i, j) => 1 + u(i >> 2, j >> 2),
    'few values': (i, j) => 1 + Math.floor(3 * u(i, j)),
    negative: (i, j) => u(i, j) - 0.5,
  };
  const weight = weights[family];
  const matrix = people.map(() => new Float64Array(n).fill(-Infinity));
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      if ((twoSided && (i + j) % 2 === 0) || u(i, j, 2) < excluded) continue;
      const w = weight(i, j);
      if (w > threshold) matrix[i][j] = matrix[j][i] = w;
    }
  return matrixSource(matrix, hashTie(countingIds(n), seed));
}

/** A random pool with integer vectors, filters, languages and recent partners. */
export function randomPool(n: number, seed: number, dim = 8): Pool {
  const u = (a: number, b: number, c: number) => uniform(seed, Stream.world, a, b, c);
  const vector = (c: number) =>
    Float32Array.from({ length: n * dim }, (_, e) =>
      Math.round(200 * u(Math.floor(e / dim), e % dim, c) - 100),
    );
  const per = (f: (i: number) => number) => Array.from({ length: n }, (_, i) => f(i));
  const ids = Uint32Array.from(per((i) => 7 * i + 3));
  const recent = new Uint32Array(n * RECENT_SLOTS).fill(NONE);
  for (let i = 0; i < n; i++)
    for (let s = 0; s < 3; s++)
      if (u(i, s, 5) < 0.7) recent[i * RECENT_SLOTS + s] = ids[Math.floor(n * u(i, s, 6))];
  return {
    n,
    dim,
    user: vector(1),
    peer: vector(2),
    bonus: Float32Array.from(per((i) => (u(i, 0, 3) < 0.3 ? 4 * u(i, 1, 3) : 0))),
    waited: Float32Array.from(per((i) => Math.floor(20 * u(i, 0, 4)) / 2)),
    ids,
    have: Uint32Array.from(per((i) => 1 << Math.floor(3 * u(i, 0, 7)))),
    avoid: Uint32Array.from(per((i) => (u(i, 1, 7) < 0.4 ? 1 << Math.floor(3 * u(i, 2, 7)) : 0))),
    speaks: Uint32Array.from(per((i) => 1 | (1 << Math.floor(4 * u(i, 3, 7))))),
    recent,
  };
}

/** Largest total weight by trying everything; n <= 12. */
export function bruteForce(source: PairSource): number {
  const { n } = source;
  const best = new Map<number, number>();
  const solve = (taken: number): number => {
    let i = 0;
    while (i < n && (taken & (1 << i)) !== 0) i++;
    if (i >= n) return 0;
    const known = best.get(taken);
    if (known !== undefined) return known;
    let top = solve(taken | (1 << i));
    for (let j = i + 1; j < n; j++) {
      if ((taken & (1 << j)) !== 0) continue;
      const w = source.weight(i, j);
      if (w > 0) top = Math.max(top, w + solve(taken | (1 << i) | (1 << j)));
    }
    best.set(taken, top);
    return top;
  };
  return solve(0);
}
