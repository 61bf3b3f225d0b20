import { hash4, normal, Stream } from '../base/hash.ts';
import type { MatchBackend } from '../match/backend.ts';
import type { TowerInput } from '../model/layout/tower.ts';
import { NONE, RECENT_SLOTS } from '../score/types.ts';
import { createScorer } from '../model/serve/scorers.ts';
import { Families } from '../model/serve/families.ts';
import { randomModel } from '../model/layout/random-model.ts';
import { embedTower } from '../model/serve/tower.ts';
import { scenario as complete } from '../scenario/parse.ts';
import type { Policy } from '../scenario/schema.ts';
import { createWorld } from '../world/world.ts';

export const latencyParts = ['feature', 'session', 'background', 'synchronous', 'asynchronous'] as const;
/**
 * - feature: inputs, e_feature and projections of everyone who waits, without the rest of the tick.
 * - session: tokens and transformer over the histories of everyone who waits.
 * - background: the same for people who finished a match since the last tick, outside the tick.
 * - synchronous: a whole tick that computes everyone's session.
 * - asynchronous: a whole tick that reads sessions from the embedding memory.
 */
export type LatencyPart = (typeof latencyParts)[number];

/** Percentiles of one part, milliseconds of the clock in use. */
export interface PartLatency {
  readonly part: LatencyPart;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
}

export interface LatencyRow {
  /** Matches in each person's history. */
  readonly history: number;
  readonly parts: readonly PartLatency[];
  /** 1 - asynchronous / synchronous. */
  readonly saved: { readonly p50: number; readonly p90: number; readonly p99: number };
}

/** Published (CUPID, arXiv 2410.18087), milliseconds; saved in percent. */
export const publishedLatency = {
  feature: { p90: 9, p99: 17 },
  session: { p90: 236, p99: 290 },
  synchronous: { p90: 236, p99: 290 },
  asynchronous: { p90: 48, p99: 70 },
  savedP90: 79.7,
  savedP99: 75.9,
} as const;

export interface LatencyOptions {
  readonly backend: MatchBackend;
  /** Count of people who wait in every tick. */
  readonly people: number;
  /** Ticks of each kind per length, after a warm-up. They alternate: other load affects both. */
  readonly ticks: number;
  /** Lengths of history, even numbers. */
  readonly lengths: readonly number[];
  readonly size: number;
  readonly heads: number;
  readonly layers: number;
  /** Clock, milliseconds; default: wall clock. CPU time is better on a busy machine. */
  readonly now?: () => number;
  readonly say?: (text: string) => void;
  /**
   * Called after every round of ticks with the share done. A returned promise is awaited; an error
   * ends the measurement.
   */
  readonly ticked?: (share: number) => Promise<void> | void;
}

/** Share of the waiting people who finished a match since the last tick. */
const FINISHED = 0.5;

/** Measures ticks under CUPID on a backend. The weights are random: time ignores them. */
export async function measureTickLatency(options: LatencyOptions): Promise<LatencyRow[]> {
  const rows: LatencyRow[] = [];
  const { lengths, ticks } = options;
  for (const [k, history] of lengths.entries()) {
    options.say?.(`histories of ${history}`);
    const rounds = async (done: number): Promise<void> =>
      options.ticked?.((k + done / (ticks + 1)) / lengths.length);
    rows.push(await measureLength(history, options, rounds));
  }
  return rows;
}

async function measureLength(
  history: number,
  options: LatencyOptions,
  rounds: (done: number) => Promise<void>,
): Promise<LatencyRow> {
  const { backend, people: n, ticks, size, heads, layers, now = () => performance.now() } = options;
  const scenario = complete({
    population: { people: Math.max(100, n), genderFilter: 0, countryFilter: 0 },
    policy: { scorer: 'cupid', matcher: 'greedy', sessionDelay: 0 },
  });
  const world = createWorld(scenario);
  const model = randomModel({ history, size, heads, layers, projection: 16, embed: 8, hidden: [48] }, 1);
  const families = new Families(world.people, { cupid: model });
  addMatches(families, n, history);
  const score = createScorer(world, undefined, families);
  const waiting = {
    n,
    ids: Uint32Array.from({ length: n }, (_, i) => i),
    waited: new Float32Array(n),
    recent: new Uint32Array(world.people.count * RECENT_SLOTS).fill(NONE),
  };
  const samples: Record<LatencyPart, number[]> = {
    feature: [],
    session: [],
    background: [],
    synchronous: [],
    asynchronous: [],
  };
  const tick = async (policy: Policy, k: number, kind: 'synchronous' | 'asynchronous'): Promise<void> => {
    const began = now();
    await families.prepare(policy, waiting, k, backend);
    const prepared = now();
    const { pool, rule } = score(policy, waiting);
    await backend.match(pool, rule, { matcher: policy.matcher, seed: k });
    const ended = now();
    if (kind === 'synchronous') samples.session.push(prepared - began);
    samples[kind].push(ended - began);
  };
  const feature = async (policy: Policy): Promise<void> => {
    const began = now();
    const { pool } = score(policy, waiting);
    await embedOn(backend, pool.features as TowerInput, n);
    samples.feature.push(now() - began);
  };
  const apart = scenario.policy;
  const together: Policy = { ...apart, sessionSync: 'on' };
  for (let round = 0; round <= ticks; round++) {
    for (let k = 0; k < FINISHED * n; k++) families.finished(hash4(1, Stream.policy, round, k) % n);
    const began = now();
    families.dispatch(apart, backend);
    await families.settled();
    samples.background.push(now() - began);
    await tick(apart, round, 'asynchronous');
    await tick(together, round, 'synchronous');
    await feature(apart);
    await rounds(round + 1);
  }
  // The first round was the warm-up.
  for (const part of latencyParts) samples[part].shift();
  const parts = latencyParts.map((part) => percentiles(part, samples[part]));
  const of = (part: LatencyPart): PartLatency => parts[latencyParts.indexOf(part)];
  const saved = (p: 'p50' | 'p90' | 'p99'): number => 1 - of('asynchronous')[p] / of('synchronous')[p];
  return { history, parts, saved: { p50: saved('p50'), p90: saved('p90'), p99: saved('p99') } };
}

/** Runs the embed pass alone, on the GPU if the backend has one. */
function embedOn(backend: MatchBackend, input: TowerInput, n: number): unknown {
  const gpu = backend as { embedOnly?: (input: TowerInput, n: number) => Promise<unknown> };
  return gpu.embedOnly === undefined ? embedTower(input, n) : gpu.embedOnly(input, n);
}

/** Gives each of `n` people this many matches with the others. */
function addMatches(families: Families, n: number, matches: number): void {
  const { histories } = families;
  for (let k = 0; k < matches / 2; k++)
    for (let i = 0; i < n; i++) {
      const j = (i + 1 + (k % (n - 1))) % n;
      const outcome = hash4(1, Stream.policy, i, k) & 63;
      const duration = Math.exp(2.5 + normal(1, Stream.behaviour, i, k));
      histories.met(i, j);
      histories.ended({ a: i, b: j, end: 0, duration, leaver: 0, outcome });
    }
}

/** Percentiles by nearest rank. */
function percentiles(part: LatencyPart, samples: readonly number[]): PartLatency {
  const sorted = Float64Array.from(samples).sort();
  const at = (p: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
  return { part, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999) };
}
