import { LabError } from '../../base/errors.ts';
import { LARGEST_SEED } from '../../base/seeds.ts';
import { TextDecoding } from '../../base/text/decode.ts';
import { beginsAsParquet } from '../../base/text/parquet.ts';
import { matchFile } from '../../match/file/match-file.ts';
import type { FileMatching } from '../../match/file/match-types.ts';
import { defineCommand } from '../cli/command.ts';
import { fileName, readInput } from '../cli/files.ts';
import { choice, integer, number, UsageError } from '../cli/options.ts';
import { backendNames, type BackendName } from '../../match/open-backend.ts';
import { loadMatcher, matcherOption } from '../cli/own-matcher.ts';
import { kernelTeam, threadsOption } from '../jobs/kernel-team.ts';
import { openNodeBackend } from '../open-backend.ts';

const MAX_SHOWN = 20;

/** Bytes that tell what a file holds. */
const HEAD = 1 << 12;

/** What a file holds, by its first line. */
function formatOf(bytes: Uint8Array, file: string): 'costs' | 'edges' | 'embeddings' {
  if (beginsAsParquet(bytes))
    throw new UsageError('is missing; a Parquet file holds edges or embeddings', '--format');
  const { text, fault } = new TextDecoding(true).decode(bytes.subarray(0, HEAD));
  if (fault !== undefined && text === '') throw new LabError(fault, `${file}:1:1`);
  const start = text.trimStart();
  if (/^\d/.test(start)) return 'costs';
  return /^"?id"?[,;\t|]/i.test(start) ? 'embeddings' : 'edges';
}

export const command = defineCommand({
  arguments: ['FILE'],
  about: `Prints the pairs, their weight, a bound on the optimum and the gap. FILE "-" is standard input.

  costs        n, then the n x n costs (OR-Library), or a first line "rows columns" and then the
               costs; - or inf forbids a pair. Assigns as many rows to columns as possible, at the
               best total; both are numbered from 0
  edges        CSV or Parquet with the header u,v,weight: a general graph
  embeddings   CSV or Parquet with the header id,side,v1..vd: weight = dot product; side A or B in
               every row (pairs only across sides) or in none

--matcher FILE takes the place of --algorithm.

With --json, "exact" (not for costs) adds pricingRounds and worstReducedCost (no pair is above 0).`,
  options: {
    format: choice(
      ['auto', 'costs', 'edges', 'embeddings'],
      'what FILE holds; auto goes by its first line',
      'auto',
    ),
    algorithm: choice(['greedy', 'auction', 'exact'], 'how pairs are chosen', 'greedy'),
    goal: choice(['max', 'min'], 'min needs --format costs', 'max'),
    threshold: number('T', 'only pairs of a greater weight are eligible; default 0; not for costs'),
    backend: choice(
      backendNames,
      'auto takes a real GPU, if there is one, for more than 2,000 embeddings; costs, edges and exact run on the CPU',
      'auto',
    ),
    seed: integer('S', 'order of equal weights in embeddings', { min: 0, max: LARGEST_SEED, fallback: 1 }),
    epsilon: number('E', 'auction: smallest price step, in units of weight', { above: 0 }),
    matcher: matcherOption,
    threads: threadsOption,
    candidates: integer('K', 'partners kept per row', { min: 1, max: 1024, fallback: 16 }),
  },
  async run({ arguments: [path], options, say }) {
    const { goal, threshold } = options;
    const file = fileName(path);
    const bytes = options.format === 'auto' ? await readInput(path) : undefined;
    const format = options.format === 'auto' ? formatOf(bytes!, file) : options.format;
    if (threshold !== undefined && format === 'costs')
      throw new UsageError(
        'is not for costs: an assignment pairs as many rows as possible; write - to forbid a pair',
        '--threshold',
      );
    if (goal === 'min' && format !== 'costs')
      throw new UsageError(
        `needs --format costs: in ${format} nobody has to be paired, so the smallest weight is that of no pair`,
        '--goal min',
      );
    const { threads, matcher, ...how } = options;
    if (matcher !== undefined && format === 'costs')
      throw new UsageError('is not for costs, which are an assignment of rows to columns', '--matcher');
    const own = await loadMatcher(matcher, options.backend);
    const team = kernelTeam(threads);
    const host = {
      progress: say,
      openBackend: (name: BackendName) => openNodeBackend(name, say),
      ...(team && { team }),
      ...(own && { own }),
    };
    try {
      return await matchFile(
        bytes ?? (await readInput(path)),
        file,
        { ...how, format, threshold: threshold ?? 0 },
        host,
      );
    } finally {
      team?.dispose();
    }
  },
  print(r: FileMatching) {
    const lines = [
      `pairs       ${r.pairs.length}`,
      `weight      ${r.weight}`,
      `bound       ${r.upperBound} (gap ${(100 * r.gap).toPrecision(3)} %; ${r.optimal ? 'proven optimal' : 'not proven optimal'})`,
      `rounds      ${r.rounds}, ${r.scans.toFixed(2)} scans, ${r.ms.toFixed(1)} ms on ${r.backend} (${r.adapter})`,
    ];
    if (r.worstReducedCost !== undefined)
      lines.push(
        `proof       ${r.pricingRounds} pricing rounds; largest weight minus duals over all pairs ${r.worstReducedCost}`,
      );
    const shown = r.pairs.slice(0, MAX_SHOWN).map(([a, b]) => `  ${a} - ${b}`);
    if (r.pairs.length > shown.length)
      shown.push(`  ... ${r.pairs.length - shown.length} more; --json lists all`);
    return [...lines, ...shown].join('\n');
  },
});
