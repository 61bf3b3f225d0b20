import type { Resources } from '../gpu/buffers.ts';
import { GpuClock } from '../gpu/batch/clock.ts';
import { SubmissionBatcher } from '../gpu/batch/submission-batcher.ts';
import { openDevice } from '../gpu/device.ts';
import type { AdapterFacts, DeviceOptions, GpuDevice } from '../gpu/device.ts';
import { DeviceLostError } from '../gpu/errors.ts';
import { AuctionPass } from '../gpu/passes/match/auction.ts';
import { DualPass } from '../gpu/passes/match/dual.ts';
import { EmbedPass } from '../gpu/passes/model/embed.ts';
import { ExchangePass } from '../gpu/passes/match/exchange.ts';
import { FinishPass } from '../gpu/passes/match/finish.ts';
import { GreedyPass } from '../gpu/passes/match/greedy.ts';
import { ScorePass } from '../gpu/passes/score/score-topk.ts';
import { calibrateScoring } from '../gpu/passes/score/trial.ts';
import { TransformerPass } from '../gpu/passes/model/transformer.ts';
import { featurePool, plainRule } from '../gpu/tick/probe.ts';
import { TickMemory } from '../gpu/tick/tick-buffers.ts';
import { GatherPass, readVectors, upload } from '../gpu/tick/upload.ts';
import type { TowerInput } from '../model/layout/tower.ts';
import type { TokenBatch, Transformer } from '../model/layout/transformer.ts';
import type { RetrievedRows, RetrieveOptions } from '../score/candidates/retrieve.ts';
import { loadFormulas } from '../scenario/formula/language.ts';
import { checkPool } from '../score/check-pool.ts';
import type { MatchOptions, Pool, WeightRule } from '../score/types.ts';
import { runGpuAuction } from './auction/auction-gpu.ts';
import type { AuctionOutcome } from './auction/auction-gpu.ts';
import type { MatchBackend, StageTimes, TickResult } from './backend.ts';
import type { FormulaPasses } from './formula-passes.ts';
import { emptyResult, resultOf } from './gpu-results.ts';
import { firstPace, runGpuGreedy } from './greedy/greedy-gpu.ts';
import { runGpuRetrieve } from './gpu-retrieve.ts';
import type { GpuOutcome, MatchPasses } from './greedy/greedy-gpu.ts';

export interface GpuBackendOptions extends DeviceOptions {
  readonly gpu: GPU;
}

/**
 * Matching on a GPU. Calls are served one after the other. When the device is lost, all pending
 * calls reject with DeviceLostError.
 */
export class GpuBackend implements MatchBackend {
  readonly kind = 'gpu';
  readonly clock: GpuClock;
  readonly memory: TickMemory;
  /** Passes that not every policy needs are compiled on first use. */
  #embed: Promise<EmbedPass> | undefined;
  #exchange: Promise<ExchangePass> | undefined;
  #formulas: FormulaPasses | undefined;
  #transformer: Promise<TransformerPass> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #disposed = false;

  private constructor(
    readonly gpu: GpuDevice,
    readonly passes: MatchPasses & { readonly gather: GatherPass },
  ) {
    this.clock = new GpuClock(gpu.device, gpu.registry);
    this.memory = new TickMemory(gpu.registry);
  }

  static async create(options: GpuBackendOptions): Promise<GpuBackend> {
    const gpu = await openDevice(options.gpu, options);
    try {
      const [gather, score, greedy, finish, dual, auction] = await Promise.all([
        GatherPass.create(gpu),
        ScorePass.create(gpu),
        GreedyPass.create(gpu),
        FinishPass.create(gpu),
        DualPass.create(gpu),
        AuctionPass.create(gpu),
      ]);
      return new GpuBackend(gpu, {
        gather,
        score,
        greedy,
        finish,
        dual,
        auction,
        pace: firstPace(),
      });
    } catch (error) {
      gpu.dispose();
      throw error;
    }
  }

  /** The raw device, e.g. to draw with. Destroying it counts as a loss. */
  get device(): GPUDevice {
    return this.gpu.device;
  }

  get adapter(): string {
    return this.gpu.name;
  }

  get info(): AdapterFacts {
    return this.gpu.facts;
  }

  /** A call is running or queued. */
  get busy(): boolean {
    return this.#calls > 0;
  }

  resources(): Resources {
    return this.gpu.registry.resources();
  }

  /** Commands of one call. */
  batcher(): SubmissionBatcher {
    return new SubmissionBatcher(this.gpu, this.clock);
  }

  match(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<TickResult> {
    return this.#serial(() => this.#match(pool, rule, options));
  }

  /** See `MatchBackend`: the scoring pass, with the first rows against everyone. */
  retrieve(pool: Pool, rule: WeightRule, options: RetrieveOptions): Promise<RetrievedRows> {
    return this.#serial(async () => {
      const { valid, value } = this.gpu.validated('retrieve', () => {
        this.clock.begin();
        return runGpuRetrieve(this.passes, this.batcher(), this.memory, pool, rule, options);
      });
      const [found] = await Promise.all([value, valid]);
      this.gpu.throwFault();
      return found;
    });
  }

  /** See `MatchBackend`. */
  sessionVectors(net: Transformer, batch: TokenBatch): Promise<Float32Array> {
    return this.#serial(async () => {
      const transformer = await (this.#transformer ??= TransformerPass.create(this.gpu));
      const { valid, value } = this.gpu.validated('sessions', () =>
        transformer.run(this.batcher(), net, batch),
      );
      const [vectors] = await Promise.all([value, valid]);
      this.gpu.throwFault();
      return vectors;
    });
  }

  /** User and peer vectors of `n` people by the embed pass: integer-valued f32[n][dim] each. */
  embedOnly(input: TowerInput, n: number): Promise<{ user: Float32Array; peer: Float32Array }> {
    return this.#serial(async () => {
      const embed = await this.#embedder();
      const { valid, value } = this.gpu.validated('embed', () => {
        this.clock.begin();
        const batch = this.batcher();
        const pool = featurePool(input, n);
        const tick = upload(this.passes.gather, batch, this.memory, pool, plainRule, {
          matcher: 'greedy',
          seed: 0,
        });
        embed.encode(batch, tick, input);
        return readVectors(batch, tick);
      });
      const [vectors] = await Promise.all([value, valid]);
      return vectors;
    });
  }

  /**
   * Chooses the fastest variant of the scoring pass and measures it, which sets the size of the
   * first submissions.
   * @returns multiply-adds per second.
   */
  calibrate(): Promise<number> {
    const { score, gather } = this.passes;
    const batcher = () => this.batcher();
    return this.#serial(() =>
      calibrateScoring(score, batcher, (batch, pool) => {
        this.clock.begin();
        return upload(gather, batch, this.memory, pool, plainRule, { matcher: 'greedy', seed: 1 });
      }),
    );
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.clock.dispose();
    this.gpu.dispose();
  }

  async #match(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<TickResult> {
    const start = performance.now();
    if (pool.n === 0) return emptyResult(start);
    const embed = pool.features === undefined ? undefined : await this.#embedder();
    const own = rule.formula === undefined ? undefined : await this.#formulaPasses(rule);
    const passes = { ...this.passes, ...own };
    const exchange = options.matcher === 'auction' ? (own?.exchange ?? (await this.#exchanger())) : undefined;
    this.clock.begin();
    const batch = this.batcher();
    let uploaded = 0;
    // Everything that is known before the first readback is encoded here, in two submissions where
    // they are short enough.
    const { value, valid } = this.gpu.validated('tick', () => {
      const tick = upload(this.passes.gather, batch, this.memory, pool, rule, options);
      uploaded = performance.now();
      if (pool.features !== undefined) embed?.encode(batch, tick, pool.features);
      passes.score.scan(batch, tick);
      // The device scores while the host encodes the rest.
      if (!this.info.software && batch.submitted === 0) batch.submit();
      const outcome: Promise<GpuOutcome & Partial<AuctionOutcome>> =
        exchange !== undefined
          ? runGpuAuction({ ...passes, exchange }, batch, tick, options)
          : runGpuGreedy(passes, batch, tick);
      return { tick, outcome };
    });
    const { tick } = value;
    const [outcome] = await Promise.all([value.outcome, valid]).catch((error: unknown) => {
      // Numbers of the device that make no sense have their cause in the pool.
      checkPool(pool, rule);
      throw error;
    });
    this.gpu.throwFault();
    const found = performance.now();
    const vectors = options.wantVectors === true ? await readVectors(batch, tick) : undefined;
    const result = resultOf(outcome, tick.order);
    const end = performance.now();
    const wall: StageTimes = {
      clock: 'wall',
      upload: uploaded - start,
      embed: 0,
      score: 0,
      match: 0,
      readback: end - found,
      total: end - start,
    };
    const gpuTimes = this.clock.times;
    return {
      ...result,
      ...(vectors && { user: vectors.user }),
      ...(outcome.series && { closing: outcome.series }),
      times:
        gpuTimes === undefined
          ? [wall]
          : [wall, { clock: 'gpu', upload: 0, ...gpuTimes, readback: 0, total: wall.total }],
    };
  }

  #embedder(): Promise<EmbedPass> {
    return (this.#embed ??= EmbedPass.create(this.gpu));
  }

  /** The passes that weigh pairs by the formula of a rule; their code is loaded with the first. */
  async #formulaPasses(rule: WeightRule) {
    await loadFormulas();
    const { FormulaPasses: Passes } = await import('./formula-passes.ts');
    this.#formulas ??= new Passes(this.gpu);
    return this.#formulas.of(rule, this.passes.score.variant);
  }

  #exchanger(): Promise<ExchangePass> {
    return (this.#exchange ??= ExchangePass.create(this.gpu));
  }

  #serial<T>(work: () => Promise<T>): Promise<T> {
    const run = async () => {
      if (this.#disposed) throw new DeviceLostError('the backend was disposed of');
      return this.gpu.alive(work());
    };
    this.#calls++;
    const result = this.#queue.then(run, run).finally(() => this.#calls--);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/**
 * Opens a device and compiles the passes that every policy needs.
 * @throws LabError where there is no adapter or a shader does not compile.
 */
export function createGpuBackend(options: GpuBackendOptions): Promise<GpuBackend> {
  return GpuBackend.create(options);
}
