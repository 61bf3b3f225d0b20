import { LabError, must } from '../../base/errors.ts';
import { matchCosts } from './match-costs.ts';
import { matchEmbeddings } from './match-embeddings.ts';
import { matchEdges } from './match-edges.ts';
import { parseEdges, parseEmbeddings } from './formats.ts';
import type { Id } from './formats.ts';
import { parseCosts } from './read-costs.ts';
import { parseNumber, shown } from './text.ts';
import type { MatchBackend } from '../backend.ts';

/** Options of `lab match`. */
export interface MatchFileOptions {
  readonly format: 'costs' | 'edges' | 'embeddings';
  readonly algorithm: 'greedy' | 'auction' | 'exact';
  readonly goal: 'min' | 'max';
  readonly threshold: number;
  readonly backend: 'auto' | 'cpu' | 'gpu';
  readonly seed: number;
  /** Smallest step of a price in units of weight; the algorithm chooses where absent. */
  readonly epsilon?: number | undefined;
  readonly candidates: number;
}

/** Result of `lab match`. */
export interface FileMatching {
  /** Row and column for costs, ids otherwise. */
  readonly pairs: readonly (readonly [Id, Id])[];
  readonly weight: number;
  /** Bound on the optimum: at least the optimum, or with goal `min` at most. */
  readonly upperBound: number;
  /** |bound - weight| / |bound|, 0 where both are 0. */
  readonly gap: number;
  /** Whether the bound proves that the weight is the optimum. */
  readonly optimal: boolean;
  readonly rounds: number;
  readonly scans: number;
  /** Exact, edges and embeddings: sparse graphs that were solved until no pair outside violated the duals. */
  readonly pricingRounds?: number;
  /** Exact, edges and embeddings: largest weight less duals over all pairs at the end; at most 0. */
  readonly worstReducedCost?: number;
  /** Milliseconds of matching, without reading the file. */
  readonly ms: number;
  readonly backend: 'cpu' | 'gpu';
  readonly adapter: string;
}

/** Result of the matcher of a format, with positions instead of ids. */
export interface RawMatching {
  readonly pairs: readonly (readonly [number, number])[];
  readonly weight: number;
  readonly upperBound: number;
  readonly rounds: number;
  readonly scans: number;
  readonly pricingRounds?: number;
  readonly worstReducedCost?: number;
  /** Milliseconds, where opening a device does not count. */
  readonly ms?: number;
  readonly backend?: 'gpu';
  readonly adapter?: string;
}

export interface MatchFileHost {
  readonly progress: (text: string) => void;
  /** Opens the GPU. @throws LabError that says why there is none. */
  readonly openGpu: () => Promise<MatchBackend>;
}

/** Parses and matches a file. @throws LabError for everything that the person can fix, with file:line:column. */
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
    const data = parseEdges(bytes, file);
    ids = data.ids;
    start = performance.now();
    raw = matchEdges(data, options, host);
  } else {
    const data = parseEmbeddings(bytes, file);
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
    adapter: raw.adapter ?? 'JavaScript',
  };
}

/** Checks options as written on the command line, by name without dashes. @throws LabError. */
export function checkOptions(given: ReadonlyMap<string, string>): MatchFileOptions {
  const choice = <T extends string>(name: string, values: readonly T[], fallback?: T): T => {
    const text = given.get(name);
    if (text === undefined && fallback !== undefined) return fallback;
    const found = values.find((v) => v === text);
    if (found === undefined)
      throw new LabError(
        `--${name} ${text === undefined ? 'is missing' : `is ${shown(text)}`}; expected ${values.join(', ')}`,
      );
    return found;
  };
  const number = (name: string, expected: string, test: (v: number) => boolean): number | undefined => {
    const text = given.get(name);
    if (text === undefined) return undefined;
    const value = parseNumber(text);
    must(!Number.isNaN(value) && test(value), `--${name} is ${shown(text)}; expected ${expected}`);
    return value;
  };
  const format = choice('format', ['costs', 'edges', 'embeddings']);
  const goal = choice('goal', ['max', 'min'], 'max');
  const threshold = number('threshold', 'a finite number', () => true);
  must(
    threshold === undefined || format !== 'costs',
    '--threshold is not for costs: an assignment pairs as many rows as possible; write - for a pair that is forbidden',
  );
  must(
    goal === 'max' || format === 'costs',
    `--goal min needs --format costs: in ${format} nobody has to be paired, so the smallest weight is that of no pairs`,
  );
  return {
    format,
    goal,
    algorithm: choice('algorithm', ['greedy', 'auction', 'exact'], 'greedy'),
    backend: choice('backend', ['auto', 'cpu', 'gpu'], 'auto'),
    threshold: threshold ?? 0,
    seed:
      number(
        'seed',
        'a whole number from 0 to 4294967295',
        (v) => Number.isInteger(v) && v >= 0 && v < 2 ** 32,
      ) ?? 1,
    epsilon: number('epsilon', 'a number above 0', (v) => v > 0),
    candidates:
      number(
        'candidates',
        'a whole number from 1 to 1024',
        (v) => Number.isInteger(v) && v >= 1 && v <= 1024,
      ) ?? 16,
  };
}
