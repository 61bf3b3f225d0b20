import type { ChatLog } from '../../../src/model/train/chat-log.ts';
import { startWorker } from '../../worker/start-worker.ts';
import { Cancelled, WorkerClient, WorkerDied, type Calls } from '../../worker/worker-client.ts';
import type { Evenings } from '../settings.ts';
import type { CancelReport, RunningJob } from './job.ts';
import type { JobKind, Order, Result } from './jobs.ts';
import {
  DEVICE_LOST,
  type FitOrder,
  type FitResult,
  type LogFacts,
  type Tell,
  type TrainingState,
} from './protocol.ts';
import type { TrainApi } from './train-worker.ts';

/** Max time until a cancelled job stops by itself, milliseconds. Then its worker is ended. */
const PATIENCE_MS = 120;
/** Max number of lost devices or workers after which one training goes on. */
const MAX_RECOVERIES = 3;

interface ClientOptions {
  /** Makes the worker; for tests. */
  readonly start?: () => Worker;
  /** See PATIENCE_MS; 0 ends the worker at once. */
  readonly patience?: number;
}

/**
 * The training worker. It may die, be ended, or lose its GPU at any time. The client keeps the log
 * and the last checkpoint, and the next worker starts with them. It runs one job at a time.
 */
export class TrainingClient {
  readonly #start: () => Worker;
  readonly #patience: number;
  #client: WorkerClient<TrainApi> | null = null;
  #log: ChatLog | null = null;
  #state: TrainingState | null = null;
  #busy = false;
  /** Resolves when the held job stands still; null if no job is held. */
  #held: { readonly still: Promise<void>; readonly resolve: () => void } | null = null;

  constructor({ start = () => startWorker('train'), patience = PATIENCE_MS }: ClientOptions = {}) {
    this.#start = start;
    this.#patience = patience;
  }

  /** Where a cancelled training can go on; null if there is none. */
  get state(): TrainingState | null {
    return this.#state;
  }

  /** Takes the state of another client, to go on from. Record its evenings first. */
  take(state: TrainingState): void {
    this.#state = state;
  }

  get hasLog(): boolean {
    return this.#log !== null;
  }

  /** Simulates evenings. All later jobs work on their log. */
  record(evenings: Evenings, tell: Tell): RunningJob<void> {
    return this.#job(async (cancelled) => {
      this.#log = await this.#call('record', evenings, tell, cancelled);
      this.#state = null;
    });
  }

  facts(evenings: Evenings): Promise<LogFacts> {
    return this.#job(async () => (await this.#ready()).facts(evenings)).done;
  }

  /** Runs a job that has no state. */
  run<K extends 'judge' | 'cost' | 'latency' | 'effect'>(
    kind: K,
    order: Order<K>,
    tell: Tell,
  ): RunningJob<Result<K>> {
    return this.#job((cancelled) => this.#call(kind, order, tell, cancelled));
  }

  /**
   * Trains. After a lost GPU or a dead worker it goes on from the last checkpoint: first on a fresh
   * device, then on WebAssembly.
   *
   * @param lost is told what was lost.
   * @param resume goes on where the last training was cancelled.
   */
  fit(order: FitOrder, tell: Tell, lost: (what: string) => void, resume = false): RunningJob<FitResult> {
    if (!resume) this.#state = null;
    let curve = this.#state?.curve ?? [];
    const listen: Tell = (news) => {
      if (news.kind === 'report') {
        curve = [...curve, news.point];
        this.#state = news.checkpoint && { checkpoint: news.checkpoint, curve };
      }
      return tell(news);
    };
    return this.#job(async (cancelled) => {
      for (let attempt = 0; ; attempt++) {
        const wish = attempt < 2 ? order.wish : 'wasm';
        curve = this.#state?.curve ?? [];
        try {
          const job = { order: { ...order, wish }, from: this.#state };
          const result = await this.#call('fit', job, listen, cancelled);
          this.#state = null;
          return result;
        } catch (error) {
          const gone = error instanceof WorkerDied || (error instanceof Error && error.name === DEVICE_LOST);
          if (!gone || attempt === MAX_RECOVERIES) throw error;
          // The library keeps its dead device. Only a new worker brings a new one.
          this.#close();
          const at = this.#state?.checkpoint;
          const where = at === undefined ? 'the start' : `step ${at.at.step} of phase ${at.phase}`;
          lost(`${error.message} Training goes on from ${where}${attempt === 0 ? '' : ', on WebAssembly'}.`);
        }
      }
    });
  }

  /** Resolves when the job stands still and its news was told. A replaced worker is held too. */
  async hold(): Promise<void> {
    if (this.#held === null) {
      let resolve = (): void => undefined;
      this.#held = { still: new Promise((done) => (resolve = done)), resolve: () => resolve() };
    }
    this.#applyHold();
    await this.#held.still;
  }

  go(): void {
    this.#held = null;
    this.#applyHold();
  }

  /** Destroys the trainer's GPU device, as a driver may do. For the console and for tests. */
  async loseDevice(): Promise<void> {
    if (this.#client === null) throw new Error('Nothing is being trained.');
    await this.#client.calls.loseDevice();
  }

  dispose(): void {
    this.#close();
  }

  #close(): void {
    this.#client?.dispose(new Cancelled());
    this.#client = null;
  }

  #applyHold(): void {
    const held = this.#held;
    const answer = held === null ? this.#client?.calls.go() : this.#client?.calls.hold();
    // A worker that ended does not answer. The next one is held by #call.
    answer?.then(held?.resolve, () => undefined);
  }

  /** The worker's functions. A new worker gets the log. */
  async #ready(): Promise<Calls<TrainApi>> {
    if (this.#client === null) {
      this.#client = new WorkerClient<TrainApi>({
        name: 'The trainer',
        start: this.#start,
        startupTimeout: Infinity,
        onDeath: () => (this.#client = null),
      });
      if (this.#log !== null) await this.#client.calls.give(this.#log);
    }
    if (this.#client === null) throw new WorkerDied('The trainer stopped while it started.');
    return this.#client.calls;
  }

  async #call<K extends JobKind>(
    kind: K,
    order: Order<K>,
    tell: Tell,
    cancelled: () => boolean,
  ): Promise<Result<K>> {
    const calls = await this.#ready();
    if (cancelled()) throw new Cancelled();
    this.#applyHold();
    // News that was on its way during a cancel is dropped.
    const result = calls.run(kind, order, (news) => (cancelled() ? undefined : tell(news)));
    return result as Promise<Result<K>>;
  }

  #job<T>(run: (cancelled: () => boolean) => Promise<T>): RunningJob<T> {
    const nothing: CancelReport = { ms: 0, how: 'between steps' };
    if (this.#busy)
      return {
        done: Promise.reject(new Error('Another job is running. Wait for it or cancel it.')),
        cancel: () => Promise.resolve(nothing),
      };
    this.#busy = true;
    let over = false;
    let reject: (error: Error) => void = () => undefined;
    const work = run(() => over);
    const ended = work.then(
      () => 'ended' as const,
      () => 'ended' as const,
    );
    const done = new Promise<T>((resolve, fail) => {
      reject = fail;
      work.then(resolve, fail);
    }).finally(() => (over = true));
    void ended.then(() => (this.#busy = false));
    const cancel = async (): Promise<CancelReport> => {
      const began = performance.now();
      over = true;
      this.#held = null;
      reject(new Cancelled());
      this.#client?.calls.stop().catch(() => undefined);
      const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), this.#patience));
      const how = this.#patience > 0 ? await Promise.race([ended, late]) : 'late';
      if (how === 'late') {
        this.#close();
        await ended;
      }
      return {
        ms: performance.now() - began,
        how: how === 'late' ? 'in the middle of a step' : 'between steps',
      };
    };
    return { done, cancel };
  }
}
