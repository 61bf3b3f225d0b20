import { matchCosts } from './match-costs.ts';
import { matchEmbeddings } from './match-embeddings.ts';
import { matchEdges } from './match-edges.ts';
import { parseEdges, parseEmbeddings } from './formats.ts';
import type { Id } from './formats.ts';
import { parseCosts } from './read-costs.ts';
import type { FileMatching, MatchFileHost, MatchFileOptions, RawMatching } from './match-types.ts';

/**
 * Parses and matches a file.
 *
 * @throws LabError for everything that the person can fix, with file:line:column.
 */
export async function matchFile(
  bytes: Uint8Array,
  file: string,
  options: MatchFileOptions,
  host: MatchFileHost,
): Promise<FileMatching> {
  const { format } = options;
  if (options.backend === 'gpu' && format !== 'embeddings')
    host.progress(`--backend gpu is for embeddings; the CPU matches ${format}`);
  let raw: RawMatching;
  let ids: readonly Id[] | undefined;
  let start: number;
  if (format === 'costs') {
    const data = parseCosts(bytes, file);
    start = performance.now();
    raw = matchCosts(data, options);
  } else if (format === 'edges') {
    const data = await parseEdges(bytes, file);
    ids = data.ids;
    start = performance.now();
    raw = matchEdges(data, options, host);
  } else {
    const data = await parseEmbeddings(bytes, file);
    ids = data.ids;
    start = performance.now();
    raw = await matchEmbeddings(data, options, host);
  }
  const ms = raw.ms ?? performance.now() - start;
  const { weight, upperBound } = raw;
  const gap = upperBound === weight ? 0 : Math.abs(upperBound - weight) / Math.abs(upperBound || weight);
  return {
    pairs: ids === undefined ? raw.pairs : raw.pairs.map(([a, b]) => [ids[a], ids[b]] as const),
    weight,
    upperBound,
    gap,
    optimal: upperBound === weight,
    rounds: raw.rounds,
    scans: raw.scans,
    ...(raw.worstReducedCost !== undefined && {
      pricingRounds: raw.pricingRounds,
      worstReducedCost: raw.worstReducedCost,
    }),
    ms,
    backend: raw.backend ?? 'cpu',
    adapter: raw.adapter ?? (format === 'embeddings' ? 'WebAssembly' : 'JavaScript'),
  };
}
