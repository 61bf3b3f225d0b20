import { auction } from './auction.ts';
import { listCertificate } from './dual.ts';
import { matchEmbeddingsOn } from './embeddings-gpu.ts';
import { embeddingSource } from './embeddings.ts';
import { exactMatching } from './exact.ts';
import type { EmbeddingFile } from './formats.ts';
import { greedy } from './greedy.ts';
import { buildLists } from './lists.ts';
import type { MatchFileHost, MatchFileOptions, RawMatching } from './match-file.ts';
import { pairsOf, slowly } from './pairs.ts';
import { settleGreedy } from './settle.ts';
import type { PairSource } from './source.ts';

/** `lab match --format embeddings`: weight = dot product in double precision; ties in hash order. */
export async function matchEmbeddings(
  data: EmbeddingFile,
  options: MatchFileOptions,
  host: MatchFileHost,
): Promise<RawMatching> {
  await Promise.resolve();
  const source = embeddingSource(data, options.threshold, options.seed);
  const integers = data.vectors.every(Number.isInteger);
  const { algorithm } = options;
  if (options.backend === 'gpu' && algorithm !== 'exact')
    return onGpu(data, { ...options, algorithm }, host, source, integers);
  if (options.backend === 'gpu') host.progress('exact matching runs on the CPU');
  const lists = buildLists(source, options.candidates);
  if (options.algorithm === 'exact') {
    const found = exactMatching(source, { lists, progress: slowly(host.progress) });
    return {
      ...pairsOf(source, found.mate, found.upperBound, integers),
      rounds: found.searches,
      scans: 1 + found.scans,
    };
  }
  if (options.algorithm === 'greedy') {
    const found = greedy(source, lists);
    return {
      ...pairsOf(source, found.mate, listCertificate(lists).upperBound, integers),
      rounds: found.rounds,
      scans: 1 + found.scans,
    };
  }
  const side = data.sided ? data.side.map((s) => (s === 1 ? 1 : 0)) : undefined;
  const found = auction(source, lists, {
    absolute: options.epsilon,
    side,
    // Two-sided, every bid raises a price by epsilon or more, so it ends; and only the end is within n x epsilon.
    maxRounds: side === undefined ? undefined : Infinity,
  });
  return {
    ...pairsOf(source, found.mate, found.upperBound, integers),
    rounds: found.rounds,
    scans: 1 + found.scans,
  };
}

/** The GPU finds the pairs in single precision; then near ties are decided in double, so that they are those of the CPU. */
async function onGpu(
  data: EmbeddingFile,
  options: MatchFileOptions & { readonly algorithm: 'greedy' | 'auction' },
  host: MatchFileHost,
  source: PairSource,
  integers: boolean,
): Promise<RawMatching> {
  const backend = await host.openGpu();
  try {
    const { algorithm: matcher, threshold, seed, candidates } = options;
    const found = await matchEmbeddingsOn(backend, data, { matcher, threshold, seed, candidates });
    const settled =
      matcher === 'greedy' ? settleGreedy(source, found.mate) : dropIneligible(source, found.mate);
    if (settled > 0) host.progress(`${settled} near ties decided in double precision`);
    return {
      ...pairsOf(source, found.mate, found.upperBound, integers),
      rounds: found.rounds,
      scans: found.scans,
      backend: 'gpu',
      adapter: backend.adapter,
    };
  } finally {
    backend.dispose();
  }
}

/** Dissolves pairs that only single precision held above the threshold; returns how many. */
function dropIneligible(source: PairSource, mate: Int32Array): number {
  let dropped = 0;
  mate.forEach((j, i) => {
    if (j <= i || source.weight(i, j) !== -Infinity) return;
    mate[i] = mate[j] = -1;
    dropped++;
  });
  return dropped;
}
