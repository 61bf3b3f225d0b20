import { dot, rowDots, someDots } from '../../score/dots.ts';
import type { EdgeFile, EmbeddingFile } from './formats.ts';
import { Law } from '../../score/kernel-input.ts';
import { largestDot, scoreKernel } from '../../score/kernel.ts';
import type { CandidateLists } from '../../score/candidates/lists.ts';
import { dotError, nearPairs } from '../../score/candidates/near.ts';
import type { NearPairs } from '../../score/candidates/near.ts';
import type { KernelTeam } from '../../score/threads/team.ts';
import { countingIds, hashTie, once } from '../../score/source.ts';
import type { PairSource } from '../../score/source.ts';
import { descending } from './sort.ts';

/**
 * Imported vectors as a source: the weight is the dot product in f64, summed from left to right;
 * ties are in hash order of the positions.
 */
export function embeddingSource(
  data: EmbeddingFile,
  threshold: number,
  seed: number,
  ids: Uint32Array = countingIds(data.side.length),
  team?: KernelTeam,
): PairSource {
  const { dim, vectors, side } = data;
  const n = side.length;
  const kernel = once(() =>
    scoreKernel(
      {
        ...{ n, dim, law: Law.single, user: vectors, peer: vectors, ids, threshold, seed },
        largest: largestDot(vectors, vectors, n, dim),
        have: side,
        avoid: side,
      },
      team,
    ),
  );
  const cut = (i: number, j: number, w: number) =>
    i !== j && (side[i] === 0 || side[i] !== side[j]) && w > threshold ? w : -Infinity;
  const weight = (i: number, j: number) => cut(i, j, dot(vectors, i * dim, vectors, j * dim, dim));
  return {
    n,
    ids,
    dense: once(dense),
    kernel,
    row(i, from, out) {
      const fast = kernel();
      if (fast !== undefined) fast.row(i, from, out);
      else for (let j = from; j < n; j++) out[j] = weight(i, j);
    },
    admits: () => true,
    weight,
    tie: hashTie(ids, seed),
  };

  function dense(): NearPairs | undefined {
    const square = Float64Array.from({ length: n }, (_, i) => dot(vectors, i * dim, vectors, i * dim, dim));
    const longest = square.reduce((a, b) => Math.max(a, b), 0);
    // Beyond that, products in f64 are not accurate either.
    if (!(longest > 2 ** -900 && longest < 2 ** 900)) return undefined;
    const scale = 1 / Math.sqrt(longest);
    const unit = vectors.map((v) => v * scale);
    const [{ above }] = rowDots([{ x: unit, y: unit }], n, dim, true);
    if (above === undefined) return undefined;
    // No dot product exceeds the squared length of the longest vector (Cauchy and Schwarz), except
    // by rounding.
    const max = longest * (1 + dim * 2 ** -50);
    const pair = { x: vectors, y: vectors };
    return nearPairs({
      above,
      law: 'linear',
      bias: new Float64Array(n),
      max,
      error: square.map((s) => (dotError(dim) * s) / longest / 2),
      weigh(i, who, count, out) {
        someDots(pair, dim, i, who, count, out);
        for (let h = 0; h < count; h++) out[who[h]] = cut(i, who[h], out[who[h]]);
      },
    });
  }
}

/**
 * A general graph as complete lists and a source. Equal weights are in file order. Edges at or
 * below the threshold are left out.
 */
export function edgeGraph(
  data: EdgeFile,
  threshold: number,
): { source: PairSource; lists: CandidateLists; order: Uint32Array } {
  const { u, v, weight } = data;
  const n = data.ids.length;
  const order = descending(weight).filter((e) => weight[e] > threshold);
  const start = new Int32Array(n + 1);
  for (const e of order) {
    start[u[e] + 1]++;
    start[v[e] + 1]++;
  }
  for (let i = 0; i < n; i++) start[i + 1] += start[i];
  const count = new Int32Array(n);
  const col = new Int32Array(2 * order.length);
  const key = new Float64Array(2 * order.length);
  const edge = new Uint32Array(2 * order.length);
  const add = (i: number, j: number, e: number) => {
    const at = start[i] + count[i]++;
    col[at] = j;
    key[at] = weight[e];
    edge[at] = e;
  };
  // Add in the order of weights, so that the list of every row is sorted.
  for (const e of order) {
    add(u[e], v[e], e);
    add(v[e], u[e], e);
  }
  const lists: CandidateLists = { n, start, count, col, key, truncated: new Uint8Array(n) };
  const find = (i: number, j: number): number => {
    const row = count[i] <= count[j] ? i : j;
    const other = row === i ? j : i;
    for (let at = start[row]; at < start[row + 1]; at++) if (col[at] === other) return at;
    return -1;
  };
  const source: PairSource = {
    n,
    ids: countingIds(n),
    row(i, from, out) {
      out.fill(-Infinity, from, n);
      for (let at = start[i]; at < start[i + 1]; at++) if (col[at] >= from) out[col[at]] = key[at];
    },
    admits: () => true,
    weight(i, j) {
      const at = find(i, j);
      return at < 0 ? -Infinity : key[at];
    },
    tie: (i, j) => edge[find(i, j)],
  };
  return { source, lists, order };
}
