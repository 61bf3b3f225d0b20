import { LabError } from '../../base/errors.ts';
import { auction } from '../auction/auction.ts';
import { listCertificate } from '../certificate.ts';
import { embeddingSource } from './embeddings.ts';
import { exactMatching } from '../exact/exact.ts';
import type { EmbeddingFile } from './formats.ts';
import { greedy } from '../greedy/greedy.ts';
import { buildLists } from '../../score/candidates/lists.ts';
import type { MatchFileHost, MatchFileOptions, RawMatching } from './match-types.ts';
import { exactAnswer, ownFileMatching, pairsOf, slowly } from './pairs.ts';
import { repairGreedy } from '../auction/repair.ts';
import type { PairSource } from '../../score/source.ts';
import { NONE, RECENT_SLOTS } from '../../score/types.ts';
import type { MatchBackend } from '../backend.ts';
import type { Pool } from '../../score/types.ts';

/** With more people than this, a GPU is worth its start. */
const GPU_FROM = 2000;

/**
 * `lab match --format embeddings`: the weight is the dot product in double precision; ties go in
 * hash order.
 */
export async function matchEmbeddings(
  data: EmbeddingFile,
  options: MatchFileOptions,
  host: MatchFileHost,
): Promise<RawMatching> {
  const source = embeddingSource(data, options.threshold, options.seed, undefined, host.team);
  const gpu = host.own === undefined ? await chooseGpu(data, options, host) : undefined;
  if (gpu !== undefined) {
    try {
      return await onGpu(data, source, options, gpu);
    } finally {
      gpu.dispose();
    }
  }
  const scale = { times: 1, whole: data.vectors.every(Number.isInteger) };
  const lists = buildLists(source, options.candidates);
  if (host.own !== undefined) {
    const mate = ownFileMatching(host.own, source, lists, data.ids, options);
    return { ...pairsOf(source, mate, listCertificate(lists).upperBound, scale), rounds: 1, scans: 1 };
  }
  switch (options.algorithm) {
    case 'greedy': {
      const { mate, rounds, scans } = greedy(source, lists);
      const { upperBound } = listCertificate(lists);
      return { ...pairsOf(source, mate, upperBound, scale), rounds, scans: 1 + scans };
    }
    case 'auction': {
      const side = data.sided ? data.side.map((s) => (s === 1 ? 1 : 0)) : undefined;
      const { mate, upperBound, rounds, scans } = auction(source, lists, {
        absolute: options.epsilon,
        side,
        // On two sides every bid raises a price by epsilon or more, so the auction ends. Only its
        // end is within n x epsilon.
        maxRounds: side === undefined ? undefined : Infinity,
      });
      return { ...pairsOf(source, mate, upperBound, scale), rounds, scans: 1 + scans };
    }
    case 'exact': {
      const progress = slowly(host.progress);
      const found = exactMatching(source, { keep: options.candidates, polish: true, progress });
      return exactAnswer(source, found, greedy(source, lists).mate, scale);
    }
  }
}

/**
 * The GPU where it was asked for, or where `auto` finds a real one worth its start; undefined for
 * the CPU.
 */
async function chooseGpu(
  data: EmbeddingFile,
  options: MatchFileOptions,
  host: MatchFileHost,
): Promise<MatchBackend | undefined> {
  const { backend, algorithm } = options;
  if (backend === 'cpu' || (backend === 'auto' && data.side.length <= GPU_FROM)) return undefined;
  if (algorithm === 'exact') {
    if (backend === 'gpu') host.progress('exact runs on the CPU');
    return undefined;
  }
  const reason = unfit(data);
  if (reason !== undefined) {
    if (backend === 'gpu') throw new LabError(`${reason}; use --backend cpu`);
    return undefined;
  }
  const opened = await host.openBackend(backend);
  if (opened.kind === 'gpu') return opened;
  opened.dispose();
  return undefined;
}

/**
 * Why a GPU cannot take these vectors, or undefined where it can. Products in f32 must not
 * overflow.
 */
function unfit({ vectors, dim }: EmbeddingFile): string | undefined {
  if (dim > 128) return `vectors have ${dim} components; the GPU takes at most 128`;
  const large = vectors.find((v) => Math.abs(v) > 1e17);
  return large === undefined ? undefined : `a component is ${large}, which is too large for single precision`;
}

/**
 * Matching by f32 dot products on the GPU. {@link repairGreedy} then turns a greedy matching into
 * that of the f64 weights, so that GPU and CPU give the same pairs. The bound is raised by the
 * largest rounding error of f32.
 */
async function onGpu(
  data: EmbeddingFile,
  source: PairSource,
  options: MatchFileOptions,
  gpu: MatchBackend,
): Promise<RawMatching> {
  const { n } = source;
  const begun = performance.now();
  const error = rounding(data);
  const found = await gpu.match(
    poolOf(data),
    {
      transform: 'identity',
      scale: 1,
      bias: 0,
      combination: 'minimum',
      // Lowered by the error, because every pair that is eligible in f64 must be a constraint of
      // the certificate.
      threshold: options.threshold - error,
    },
    {
      matcher: options.algorithm === 'auction' ? 'auction' : 'greedy',
      seed: options.seed,
      candidates: options.candidates,
    },
  );
  const mate = found.mate.slice();
  let scans = found.scans;
  if (options.algorithm === 'greedy') scans += n === 0 ? 0 : repairGreedy(source, mate) / n;
  else
    for (let i = 0; i < n; i++)
      if (mate[i] >= 0 && source.weight(i, mate[i]) === -Infinity) mate[mate[i]] = mate[i] = -1;
  const price = found.price.reduce((sum, y) => sum + y, 0);
  const bound = (price + (n * error) / 2) * (1 + n * 2 ** -52);
  return {
    ...pairsOf(source, mate, bound, { times: 1, whole: false }),
    rounds: found.rounds,
    scans,
    ms: performance.now() - begun,
    backend: 'gpu',
    adapter: gpu.adapter,
  };
}

/**
 * Bound on the difference between an f32 dot product and the f64 one. The f32 one has dim products
 * of components rounded to f32, summed in any order, fused or not: (dim + 2) x 2^-23 x |x_i| |x_j|,
 * twice the first-order bound (Higham, Accuracy and Stability, 3.1).
 */
function rounding({ vectors, dim }: EmbeddingFile): number {
  let longest = 0;
  for (let at = 0; at < vectors.length; at += dim) {
    let sum = 0;
    for (let k = at; k < at + dim; k++) sum += vectors[k] * vectors[k];
    longest = Math.max(longest, sum);
  }
  // Components below the normal range of f32 lose at most 2^-126 each.
  return (dim + 2) * (2 ** -23 * longest + 2 ** -126 * (1 + 2 * Math.sqrt(longest)));
}

/**
 * The file as a pool. People of side A have bit 1 and avoid it, side B likewise; everyone speaks
 * one language and has met nobody.
 */
function poolOf({ vectors, dim, side }: EmbeddingFile): Pool {
  const n = side.length;
  const padded = Math.ceil(dim / 4) * 4;
  const rows = new Float32Array(n * padded);
  for (let i = 0; i < n; i++) rows.set(vectors.subarray(i * dim, (i + 1) * dim), i * padded);
  const sides = Uint32Array.from(side);
  return {
    n,
    dim: padded,
    user: rows,
    peer: rows,
    bonus: new Float32Array(n),
    waited: new Float32Array(n),
    ids: Uint32Array.from({ length: n }, (_, i) => i),
    have: sides,
    avoid: sides,
    speaks: new Uint32Array(n).fill(1),
    recent: new Uint32Array(n * RECENT_SLOTS).fill(NONE),
  };
}
