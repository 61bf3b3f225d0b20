import { must } from '../base/errors.ts';
import { f32Up } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { firstCome } from './greedy/first-come.ts';
import { greedy } from './greedy/greedy.ts';
import { buildLists, DEFAULT_CANDIDATES } from '../score/candidates/lists.ts';
import type { CandidateLists } from '../score/candidates/lists.ts';
import { poolAuction, sketchProof } from './auction/pool-auction.ts';
import { loadFormulas } from '../scenario/formula/language.ts';
import { withKey } from '../score/source.ts';
import { ownPairs, type NamedMatcher } from './own/own-matcher.ts';
import type { PairSource } from '../score/source.ts';
import { pairHash } from '../base/hash.ts';
import type { MatchBackend, StageTimes, TickResult } from './backend.ts';
import type { MatchOptions, Pool, WeightRule } from '../score/types.ts';
import type { TowerInput } from '../model/layout/tower.ts';
import { checkPool } from '../score/check-pool.ts';
import type { KernelTeam } from '../score/threads/team.ts';
import { poolSource } from '../score/weights.ts';

/** The CPU reference of the embed pass: f32[n][dim] each. */
export type Embed = (input: TowerInput, n: number) => { user: Float32Array; peer: Float32Array };

export interface CpuBackendOptions {
  /** Takes the place of every matcher. */
  readonly own?: NamedMatcher;
  /** Needed for pools that carry features (`embedTower` of the model). */
  readonly embed?: Embed;
  /** Threads that help with large pools; the result is the same. The backend disposes of them. */
  readonly team?: KernelTeam;
}

/** The CPU backend: matches in the thread that calls it. Times are of the wall clock. */
export function createCpuBackend(options: CpuBackendOptions = {}): MatchBackend {
  return {
    kind: 'cpu',
    adapter: 'WebAssembly',
    async match(pool, rule, matchOptions) {
      if (rule.formula !== undefined) await loadFormulas();
      return matchOnCpu(pool, rule, matchOptions, options);
    },
    dispose() {
      options.team?.dispose();
    },
  };
}

/** One tick on the CPU; see `MatchBackend.match`. */
export function matchOnCpu(
  pool: Pool,
  rule: WeightRule,
  options: MatchOptions,
  given: CpuBackendOptions = {},
): TickResult {
  const { embed, team } = given;
  const t0 = performance.now();
  let vectors: { user: Float32Array; peer: Float32Array } = pool;
  if (pool.features !== undefined && rule.transform !== 'hash') {
    checkPool(pool, rule);
    must(
      embed !== undefined,
      'the pool carries features, but the CPU backend was created without `embed`; pass `embed` or vectors',
    );
    vectors = embed(pool.features, pool.n);
  }
  const t1 = performance.now();
  const source = poolSource(pool, rule, options.seed, vectors, team);
  const k = options.candidates ?? DEFAULT_CANDIDATES;
  must(Number.isInteger(k) && k >= 1, `candidates must be a whole number from 1, not ${k}`);
  const lists = buildLists(source, k);
  const t2 = performance.now();
  const found = run(source, pool, options, lists, given);
  const result = {
    ...summarise(source, found),
    ...(options.wantVectors === true ? { user: vectors.user } : {}),
  };
  const t3 = performance.now();
  const times: StageTimes = {
    clock: 'wall',
    upload: 0,
    embed: t1 - t0,
    score: t2 - t1,
    match: t3 - t2,
    readback: 0,
    total: t3 - t0,
  };
  return { ...result, times: [times], ...(options.wantVectors === true && { user: vectors.user }) };
}

interface Found extends Certificate {
  mate: Int32Array;
  /** Weights of the pairs, where they are known. */
  weight?: Float64Array;
  rounds: number;
  scans: number;
  closing?: TickResult['closing'];
}

function run(
  source: PairSource,
  pool: Pool,
  options: MatchOptions,
  lists: CandidateLists,
  { team, own }: CpuBackendOptions,
): Found {
  if (own === undefined && options.matcher === 'auction') {
    const { pairing, rounds, scans, series, y, bound } = poolAuction(source, lists, options, team);
    return { ...pairing, rounds, scans: scans + 1, price: y, upperBound: bound, closing: series };
  }
  const proof = sketchProof(source, lists, team);
  const found = pairs(source, pool, options, lists, own);
  const { y, bound } = proof();
  return { ...found, price: y, upperBound: bound };
}

/** The matchers whose certificate is that of the lists. */
function pairs(
  source: PairSource,
  { ids, waited }: Pool,
  { matcher, seed }: MatchOptions,
  lists: CandidateLists,
  own: NamedMatcher | undefined,
): Omit<Found, keyof Certificate> {
  if (own !== undefined) {
    const mate = ownPairs(own, { source, lists, ids: ids.slice(), waited, seed, times: 1 });
    return { mate, rounds: 1, scans: 1 };
  }
  if (matcher === 'greedy') {
    const { mate, key, rounds, scans } = greedy(source, lists);
    return { mate, weight: key, rounds, scans: scans + 1 };
  }
  const shuffled = () => greedy(withKey(source, (i, j) => -pairHash(ids[i], ids[j], seed)));
  const { mate, rounds, scans } = matcher === 'random' ? shuffled() : firstCome(source, waited);
  return { mate, rounds, scans: scans + 1 };
}

function summarise(source: PairSource, found: Found): Omit<TickResult, 'times'> {
  const { mate, rounds, scans } = found;
  const weight = new Float32Array(source.n);
  let total = 0;
  let gains = 0;
  for (let i = 0; i < source.n; i++) {
    if (mate[i] <= i) continue;
    weight[i] = weight[mate[i]] = found.weight?.[i] ?? source.weight(i, mate[i]);
    total += weight[i];
    gains += Math.max(0, weight[i]);
  }
  const price = new Float32Array(source.n);
  for (let i = 0; i < price.length; i++) price[i] = f32Up(found.price[i]);
  const upperBound = Math.max(found.upperBound, gains);
  const gap = upperBound === 0 ? 0 : (upperBound - gains) / upperBound;
  return {
    mate,
    weight,
    price,
    total,
    upperBound,
    gap,
    rounds,
    scans,
    ...(found.closing && { closing: found.closing }),
  };
}
