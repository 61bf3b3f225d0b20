import { expose } from 'comlink';
import { LabError } from '../../../src/base/errors.ts';
import { matchOnCpu } from '../../../src/match/cpu-backend.ts';
import type { TickResult } from '../../../src/match/backend.ts';
import type { Tower } from '../../../src/model/layout/tower.ts';
import type { TokenBatch, Transformer } from '../../../src/model/layout/transformer.ts';
import { embedTower } from '../../../src/model/serve/tower.ts';
import { sessionVectors } from '../../../src/model/serve/transformer.ts';
import { loadFormulas } from '../../../src/scenario/formula/language.ts';
import type { MatchOptions, Pool, WeightRule } from '../../../src/score/types.ts';
import { KernelTeam } from '../../../src/score/threads/team.ts';
import { KEPT, type SentPool } from './sent-pool.ts';

/** Threads of one market's tick. */
const MAX_THREADS = 8;
const towers = new Map<number, Tower>();
const transformers = new Map<number, Transformer>();

/** Memory is shared only where the page is cross-origin isolated: its server sends two headers. */
const team = new KernelTeam(
  crossOriginIsolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency) - 1 : 0,
  (data, ended) => {
    const worker = new Worker(new URL('./kernel-worker.ts', import.meta.url), {
      type: 'module',
      name: 'kernel',
    });
    worker.addEventListener('error', ended, { once: true });
    worker.postMessage(data);
    return { stop: () => worker.terminate() };
  },
);

/**
 * The CPU backend in a thread of its own. Weights have numbers that count up from 1; the last
 * {@link KEPT} stay.
 */
const api = {
  keepTower(id: number, tower: Tower): void {
    towers.set(id, tower);
    forget(id - KEPT);
  },
  keepTransformer(id: number, net: Transformer): void {
    transformers.set(id, net);
    forget(id - KEPT);
  },
  async match(
    { features, ...columns }: SentPool,
    rule: WeightRule,
    options: MatchOptions,
  ): Promise<TickResult> {
    if (rule.formula !== undefined) await loadFormulas();
    const pool: Pool =
      features === undefined
        ? columns
        : { ...columns, features: { ...features, tower: kept(towers, features.tower) } };
    return matchOnCpu(pool, rule, options, { embed: embedTower, team });
  },
  sessionVectors: (net: number, batch: TokenBatch): Float32Array =>
    sessionVectors(kept(transformers, net), batch),
};

export type MatchApi = typeof api;

function forget(id: number): void {
  towers.delete(id);
  transformers.delete(id);
}

function kept<T>(store: ReadonlyMap<number, T>, id: number): T {
  const found = store.get(id);
  if (found === undefined) throw new LabError(`no weights number ${id} were sent to this worker`);
  return found;
}

expose(api);
