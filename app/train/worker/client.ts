import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import type { EffectRow } from '../../../src/experiment/market-effect.ts';
import type { ChatLog } from '../../../src/model/train/chat-log.ts';
import type { FamilyConfig } from '../../../src/model/layout/config.ts';
import type { TwoPhaseCost } from '../../../src/model/study/cost.ts';
import type { FamilyCheckpoint } from '../../../src/model/train/family/fit-family.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import type { Study } from '../../../src/model/study/compare-models.ts';
import {
  DEVICE_LOST,
  type Candidate,
  type Contestants,
  type EffectOrder,
  type Evenings,
  type FitOrder,
  type FitResult,
  type JudgeOrder,
  type LatencyOrder,
  type LatencyResult,
  type LogFacts,
  type News,
  type Tell,
} from './orders.ts';
import { Cancelled, promised, type CancelReport, type Job, type Promised } from './job.ts';
import type { TrainApi } from './train-worker.ts';

/** The worker ended by itself. */
class WorkerDied extends Error {}

/** Longest that a worker may take to stop between two steps, milliseconds; then it is ended in the middle of one. */
const PATIENCE_MS = 120;
/** So often a training goes on after its device or its worker was lost. */
const RECOVERIES = 3;

export interface ClientOptions {
  /** Makes the worker; for tests. */
  readonly start?: () => Worker;
  /** Longest that a worker may take to stop between two steps, milliseconds; 0: none is waited for. */
  readonly patience?: number;
}

function startWorker(): Worker {
  return new Worker(new URL('./train-worker.ts', import.meta.url), { type: 'module', name: 'train' });
}

interface Open {
  readonly worker: Worker;
  readonly remote: Remote<TrainApi>;
  /** Fails the piece of work that runs in this worker. */
  fail: (error: Error) => void;
}

/**
 * The training worker. It may die, be ended, or lose its GPU at any time: the log and the last checkpoint are kept here, and the next
 * worker begins with them. One piece of work at a time.
 */
export class TrainingClient {
  readonly #start: () => Worker;
  readonly #patience: number;
  #open: Open | null = null;
  #log: ChatLog | null = null;
  #checkpoint: FamilyCheckpoint | null = null;
  #curve: readonly CurvePoint[] = [];
  #busy = false;
  /** Resolves when the work that is held stands still; null: it may go on. */
  #held: Promised | null = null;

  constructor({ start = startWorker, patience = PATIENCE_MS }: ClientOptions = {}) {
    this.#start = start;
    this.#patience = patience;
  }

  /** Whether a cancelled training can go on. */
  get checkpoint(): { readonly phase: 1 | 2; readonly step: number } | null {
    const kept = this.#checkpoint;
    return kept === null ? null : { phase: kept.phase, step: kept.at.step };
  }

  /** What a training goes on from, with the curve until there. */
  get kept(): { readonly checkpoint: FamilyCheckpoint; readonly curve: readonly CurvePoint[] } | null {
    return this.#checkpoint === null ? null : { checkpoint: this.#checkpoint, curve: this.#curve };
  }

  /** Takes a checkpoint of an earlier client, for the next training to go on from. Its evenings must be recorded first. */
  take({ checkpoint, curve }: NonNullable<TrainingClient['kept']>): void {
    this.#checkpoint = checkpoint;
    this.#curve = curve;
  }

  get hasLog(): boolean {
    return this.#log !== null;
  }

  record(evenings: Evenings, tell: Tell): Job<void> {
    return this.#job(async (cancelled) => {
      this.#log = await this.#call((remote, hear) => remote.record(evenings, hear), tell, cancelled);
      this.#checkpoint = null;
    });
  }

  /** What a log holds. */
  facts(evenings: Evenings): Promise<LogFacts> {
    return this.#job((cancelled) =>
      this.#call(
        (remote) => remote.facts(evenings),
        () => undefined,
        cancelled,
      ),
    ).done;
  }

  /**
   * Trains. A lost GPU or a dead worker does not end it: it goes on from the last checkpoint, on a fresh device, then on WebAssembly, and
   * `lost` is told what happened.
   *
   * @param resume go on where the last training was cancelled.
   */
  fit(order: FitOrder, tell: Tell, lost: (what: string) => void, resume = false): Job<FitResult> {
    if (!resume) this.#forget();
    const listen: Tell = (news) => {
      if (news.kind === 'report') {
        this.#checkpoint = news.checkpoint;
        this.#curve = [...this.#curve, news.point];
      }
      return tell(news);
    };
    return this.#job(async (cancelled) => {
      for (let attempt = 0; ; attempt++) {
        const wish = attempt < 2 ? order.wish : 'wasm';
        const [from, curve] = [this.#checkpoint, this.#curve];
        try {
          const result = await this.#call(
            (remote, hear) => remote.fit({ ...order, wish }, from, curve, hear),
            listen,
            cancelled,
          );
          this.#forget();
          return result;
        } catch (error) {
          const gone = error instanceof WorkerDied || (error instanceof Error && error.name === DEVICE_LOST);
          if (!gone || attempt === RECOVERIES) throw error;
          // The library keeps its dead device: only a new worker brings a new one.
          this.#close();
          const kept = this.checkpoint;
          lost(
            `${error.message} Training goes on from ${kept === null ? 'the start' : `step ${kept.step} of phase ${kept.phase}`}${attempt === 0 ? '' : ', on WebAssembly'}.`,
          );
        }
      }
    });
  }

  judge(candidates: readonly Candidate[], order: JudgeOrder, evenings: Evenings, tell: Tell): Job<Study> {
    return this.#job((cancelled) =>
      this.#call((remote, hear) => remote.judge(candidates, order, evenings, hear), tell, cancelled),
    );
  }

  /** What two-phase training saves, on the recorded evenings. */
  cost(config: FamilyConfig, evenings: Evenings, tell: Tell): Job<TwoPhaseCost> {
    return this.#job((cancelled) =>
      this.#call((remote, hear) => remote.cost(config, evenings, hear), tell, cancelled),
    );
  }

  latency(order: LatencyOrder, tell: Tell): Job<LatencyResult> {
    return this.#job((cancelled) =>
      this.#call((remote, hear) => remote.latency(order, hear), tell, cancelled),
    );
  }

  effect(contestants: Contestants, order: EffectOrder, tell: Tell): Job<EffectRow[]> {
    return this.#job((cancelled) =>
      this.#call((remote, hear) => remote.effect(contestants, order, hear), tell, cancelled),
    );
  }

  /** Resolves when nothing moves any more, and all that moved before was told. A worker that takes over from a lost one stays held. */
  async hold(): Promise<void> {
    this.#held ??= promised();
    void this.#open?.remote.hold().then(this.#held.resolve);
    await this.#held.promise;
  }

  go(): void {
    this.#held = null;
    void this.#open?.remote.go();
  }

  /** For drills and tests. Throws where the training has no GPU. */
  async loseDevice(): Promise<void> {
    if (this.#open === null) throw new Error('Nothing is being trained.');
    await this.#open.remote.loseDevice();
  }

  dispose(): void {
    this.#open?.fail(new Cancelled());
    this.#close();
  }

  #forget(): void {
    this.#checkpoint = null;
    this.#curve = [];
  }

  #close(): void {
    this.#open?.remote[releaseProxy]();
    this.#open?.worker.terminate();
    this.#open = null;
  }

  /** The worker, with the log if there is one. */
  async #ready(): Promise<Open> {
    if (this.#open !== null) return this.#open;
    const worker = this.#start();
    const open: Open = { worker, remote: wrap<TrainApi>(worker), fail: () => undefined };
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      open.fail(new WorkerDied(`The trainer stopped: ${event.message || 'its worker could not be loaded'}.`));
    });
    worker.addEventListener('messageerror', () =>
      open.fail(new WorkerDied('The trainer sent a message that could not be read.')),
    );
    this.#open = open;
    if (this.#log !== null) {
      const given = open.remote.give(this.#log);
      await Promise.race([given, new Promise<never>((_, reject) => (open.fail = reject))]);
    }
    return open;
  }

  async #call<T>(
    run: (remote: Remote<TrainApi>, hear: (news: News) => Promise<void>) => Promise<T>,
    tell: Tell,
    cancelled: () => boolean,
  ): Promise<T> {
    const open = await this.#ready();
    if (cancelled()) throw new Cancelled();
    const hear = proxy(async (news: News): Promise<void> => {
      // What was on its way when it was cancelled is no longer of interest.
      if (!cancelled()) await tell(news);
    });
    if (this.#held === null) void open.remote.go();
    else void open.remote.hold().then(this.#held.resolve);
    return new Promise<T>((resolve, reject) => {
      open.fail = reject;
      run(open.remote, hear).then(resolve, reject);
    });
  }

  #job<T>(run: (cancelled: () => boolean) => Promise<T>): Job<T> {
    if (this.#busy)
      return { done: Promise.reject(new Error('Something else is being computed.')), cancel: never };
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
      void this.#open?.remote.stop().catch(() => undefined);
      const late =
        this.#patience > 0
          ? new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), this.#patience))
          : Promise.resolve('late' as const);
      const how = await Promise.race([ended, late]);
      if (how === 'late') {
        this.#open?.fail(new Cancelled());
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

const never = (): Promise<CancelReport> => Promise.resolve({ ms: 0, how: 'between steps' });
