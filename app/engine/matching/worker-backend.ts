import { transfer } from 'comlink';
import type { MatchBackend, StageTimes, TickResult } from '../../../src/match/backend.ts';
import type { Tower } from '../../../src/model/layout/tower.ts';
import type { TokenBatch, Transformer } from '../../../src/model/layout/transformer.ts';
import type { MatchOptions, Pool, WeightRule } from '../../../src/score/types.ts';
import { WorkerClient, type Calls } from '../../worker/worker-client.ts';
import type { MatchApi } from './match-worker.ts';
import { buffersIn, copyColumns, copyVectors, KEPT, type SentPool } from './sent-pool.ts';

/** One per market: the page compares two. */
const THREADS = 2;

/** A worker beside this one, from the same file. The fragment names it in figures of memory. */
const startBeside = (): Worker =>
  new Worker(new URL('#match', self.location.href), { type: 'module', name: 'match' });

/**
 * The CPU backend in workers, so that the calling thread answers while a tick is computed. Results
 * are those of `createCpuBackend`, bit for bit. A worker that dies rejects its calls; the next call
 * starts another. `start` makes a match worker; without it, call this in a worker of the page.
 */
export function createWorkerBackend(start = startBeside): MatchBackend {
  const threads = Array.from({ length: THREADS }, () => new MatchThread(start));
  const idlest = () => threads.reduce((best, thread) => (thread.pending < best.pending ? thread : best));
  return {
    kind: 'cpu',
    adapter: 'WebAssembly',
    match: (pool, rule, options) => idlest().match(pool, rule, options),
    sessionVectors: (net, batch) => idlest().sessionVectors(net, batch),
    dispose() {
      for (const thread of threads) thread.dispose();
    },
  };
}

class MatchThread {
  /** Calls without an answer so far. */
  pending = 0;
  #client: WorkerClient<MatchApi> | null = null;
  /** Numbers of the weights that this worker was sent. */
  #numbers = new WeakMap<Tower | Transformer, number>();
  #lastNumber = 0;

  constructor(private readonly start: () => Worker) {}

  async match(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<TickResult> {
    const begun = performance.now();
    const result = await this.#call(async (calls) => {
      const sent = await this.#send(calls, pool);
      return calls.match(transfer(sent, buffersIn(sent)), rule, options);
    });
    const total = performance.now() - begun;
    return { ...result, times: result.times.map((times) => withTransfer(times, total)) };
  }

  sessionVectors(net: Transformer, batch: TokenBatch): Promise<Float32Array> {
    return this.#call(async (calls) => {
      const number = await this.#number(net, (id) => calls.keepTransformer(id, net));
      return calls.sessionVectors(number, batch);
    });
  }

  dispose(): void {
    this.#client?.dispose();
    this.#client = null;
  }

  async #send(calls: Calls<MatchApi>, pool: Pool): Promise<SentPool> {
    const { n, features } = pool;
    const copy = { ...copyColumns(pool), ...copyVectors(pool) };
    if (features === undefined) return copy;
    const { tower, sparse, dense, session } = features;
    return {
      ...copy,
      features: {
        tower: await this.#number(tower, (id) => calls.keepTower(id, tower)),
        sparse: sparse.slice(0, n * tower.slots),
        dense: dense.slice(0, n * tower.dense),
        ...(session && { session: session.slice(0, n * (tower.head?.inputs ?? 0)) }),
      },
    };
  }

  /** The number under which the worker keeps these weights, sent now if it does not have them. */
  async #number(weights: Tower | Transformer, keep: (id: number) => Promise<void>): Promise<number> {
    const known = this.#numbers.get(weights);
    if (known !== undefined && known > this.#lastNumber - KEPT) return known;
    const id = ++this.#lastNumber;
    this.#numbers.set(weights, id);
    await keep(id);
    return id;
  }

  async #call<T>(work: (calls: Calls<MatchApi>) => Promise<T>): Promise<T> {
    this.pending++;
    try {
      return await work(this.#open().calls);
    } finally {
      this.pending--;
    }
  }

  #open(): WorkerClient<MatchApi> {
    if (this.#client !== null) return this.#client;
    this.#numbers = new WeakMap();
    this.#client = new WorkerClient<MatchApi>({
      name: 'The matching worker',
      start: this.start,
      startupTimeout: Infinity,
      onDeath: () => (this.#client = null),
    });
    return this.#client;
  }
}

/** Copying to the worker and back is part of the tick: it counts as upload. */
const withTransfer = (times: StageTimes, total: number): StageTimes => ({
  ...times,
  upload: times.upload + (total - times.total),
  total,
});
