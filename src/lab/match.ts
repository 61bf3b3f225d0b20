import { readFileSync } from 'node:fs';
import { LabError, must } from '../base/errors.ts';
import { checkOptions, matchFile } from '../match/file/match-file.ts';
import type { FileMatching, MatchFileOptions } from '../match/file/match-file.ts';
import type { MatchBackend } from '../match/backend.ts';
import type { Command } from './command.ts';

const usage = `lab match FILE --format costs|edges|embeddings [options]

Pairs what a file describes and says how good the pairing is: weight, bound on the optimum, gap.

  --format costs        n, then the n x n costs (OR-Library), or a first line "rows columns" and then the costs; - or inf
                        forbids a pair. Assigns as many rows as possible to columns (both from 0), at the best total
  --format edges        CSV with header u,v,weight: a general graph
  --format embeddings   CSV with header id,side,v1..vd: weight = dot product; side A/B in every line (only across) or in none
  --algorithm NAME      greedy (default), auction or exact
  --goal max|min        default max; min needs --format costs
  --threshold T         pairs whose weight is not above T are not eligible; default 0; not for costs
  --backend NAME        auto (default: a GPU, if there is a real one, for more than 2,000 embeddings), cpu or gpu;
                        costs, edges and exact run on the CPU
  --seed S              order of equal weights in embeddings; default 1
  --epsilon E           auction: smallest step of a price, in units of weight
  --candidates K        partners kept per row; default 16
  --json                one JSON object: pairs, weight, upperBound, gap, optimal (the bound proves it), rounds, scans,
                        ms, backend, adapter;
                        exact (not for costs) adds pricingRounds, and worstReducedCost: no pair is above 0`;

const names = [
  'format',
  'algorithm',
  'goal',
  'threshold',
  'backend',
  'seed',
  'epsilon',
  'candidates',
] as const;

export const command: Command = {
  name: 'match',
  summary: 'pairs a cost matrix, a graph or a set of embeddings, with a certificate',
  usage,
  async run(args) {
    const { file, options } = readArguments(args);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      throw new LabError(`cannot be read (${(error as Error).message})`, file);
    }
    const progress = (text: string) => process.stderr.write(`${text}\n`);
    const result = await matchFile(bytes, file, options, { progress, openGpu });
    return { ...result };
  },
  print(result) {
    const r = result as unknown as FileMatching;
    const lines = [
      `pairs       ${r.pairs.length}`,
      `weight      ${r.weight}`,
      `bound       ${r.upperBound} (gap ${(100 * r.gap).toPrecision(3)} %; ${r.optimal ? 'proven optimal' : 'not proven optimal'})`,
      `rounds      ${r.rounds}, ${r.scans.toFixed(2)} scans, ${r.ms.toFixed(1)} ms on ${r.backend} (${r.adapter})`,
    ];
    if (r.worstReducedCost !== undefined)
      lines.push(
        `proof       ${r.pricingRounds} pricing rounds; largest weight less duals ${r.worstReducedCost}, over all pairs`,
      );
    const shown = r.pairs.slice(0, 20).map(([a, b]) => `  ${a} - ${b}`);
    if (r.pairs.length > shown.length)
      shown.push(`  ... ${r.pairs.length - shown.length} more; --json lists all`);
    return [...lines, ...shown].join('\n');
  },
};

/** The GPU of this machine through Dawn, as a backend. */
async function openGpu(): Promise<MatchBackend> {
  const { openNodeGpu } = await import('../gpu/node.ts');
  const { createGpuBackend } = await import('../match/gpu-backend.ts');
  return createGpuBackend({ gpu: await openNodeGpu() });
}

function readArguments(args: readonly string[]): { file: string; options: MatchFileOptions } {
  const given = new Map<string, string>();
  let file: string | undefined;
  for (let a = 0; a < args.length; a++) {
    const arg = args[a];
    if (!arg.startsWith('--')) {
      must(file === undefined, `two files given, ${file} and ${arg}; expected one`);
      file = arg;
      continue;
    }
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
    must(
      (names as readonly string[]).includes(name),
      `unknown option --${name}; there are ${names.map((n) => `--${n}`).join(', ')}, --json`,
    );
    const value = equals < 0 ? args[++a] : arg.slice(equals + 1);
    must(value !== undefined && value !== '', `--${name} needs a value`);
    given.set(name, value);
  }
  must(file !== undefined, 'no file given; expected lab match FILE --format costs|edges|embeddings');
  return { file, options: checkOptions(given) };
}
