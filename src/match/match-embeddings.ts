import { auction } from './auction.ts';
import { listCertificate } from './dual.ts';
import { embeddingSource } from './embeddings.ts';
import { exactMatching } from './exact.ts';
import type { EmbeddingFile } from './formats.ts';
import { greedy } from './greedy.ts';
import { buildLists } from './lists.ts';
import type { MatchFileHost, MatchFileOptions, RawMatching } from './match-file.ts';
import { pairsOf, slowly } from './pairs.ts';

/** `lab match --format embeddings`: weight = dot product in double precision; ties in hash order. */
export async function matchEmbeddings(
  data: EmbeddingFile,
  options: MatchFileOptions,
  host: MatchFileHost,
): Promise<RawMatching> {
  await Promise.resolve();
  const source = embeddingSource(data, options.threshold, options.seed);
  const integers = data.vectors.every(Number.isInteger);
  if (options.backend === 'gpu') await host.openGpu();
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
