import type { MatchBackend, StageTimes, TickResult } from './backend.ts';
import type { MatchOptions, Pool, WeightRule } from '../score/types.ts';
import type { TokenBatch, Transformer } from '../model/layout/transformer.ts';
import type { TowerInput } from '../model/layout/tower.ts';
import type { Resources } from '../gpu/buffers.ts';
import { GpuClock } from '../gpu/clock.ts';
import { openDevice } from '../gpu/device.ts';
import type { AdapterFacts, DeviceOptions, GpuDevice } from '../gpu/device.ts';
import { DeviceLostError } from '../gpu/errors.ts';
import { runAuction } from './auction/auction-gpu.ts';
import type { AuctionPasses } from './auction/auction-gpu.ts';
import { runGreedy } from './greedy/greedy-gpu.ts';
import type { GreedyOutcome, Passes } from './greedy/greedy-gpu.ts';
import { AuctionPass } from '../gpu/passes/auction.ts';
import { DualPass } from '../gpu/passes/dual.ts';
import { EmbedPass } from '../gpu/passes/embed.ts';
import { ExchangePass } from '../gpu/passes/exchange.ts';
import { GreedyPass } from '../gpu/passes/greedy.ts';
import { NarrowPass } from '../gpu/passes/narrow.ts';
import { ScorePass } from '../gpu/passes/score-topk.ts';
import { TransformerPass } from '../gpu/passes/transformer.ts';
import { WeightsPass } from '../gpu/passes/weights.ts';
import { featurePool, plainRule } from '../gpu/probe.ts';
import { Readback } from '../gpu/readback.ts';
import { nothing, readTimes, readVectors, unshuffle } from './gpu-results.ts';
import { upload } from '../gpu/tables.ts';
import { measure, possible, processMemory, remembered, tune } from '../gpu/tune.ts';
import type { Memory, Trial } from '../gpu/tune.ts';

export interface GpuBackendOptions extends DeviceOptions {
  readonly gpu: GPU;
  /** Where the choice of scoring kernels is kept between runs, e.g. localStorage. Default: as long as the process lives. */
  readonly memory?: Memory | undefined;
  /**
   * Do not wait for the kernels: the device is there at once, and calls wait for {@link GpuBackend.ready}. For pages: a GPU in software that
   * compiles keeps them from being drawn, so it compiles all it will need at first, and nothing later.
   */
  readonly hurry?: boolean;
}

/** Matching on a GPU. Calls are served one after the other; when the device is lost, all pending ones reject with DeviceLostError. */
export class GpuBackend implements MatchBackend {
  readonly kind = 'gpu';
  readonly clock: GpuClock;
  /** Passes that not every policy needs are compiled when one does. */
  #embed: Promise<EmbedPass> | undefined;
  #transformer: Promise<TransformerPass> | undefined;
  #weights: Promise<WeightsPass> | undefined;
  #auction: Promise<AuctionPasses> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #disposed = false;
  /** Resolves when the kernels that most policies need are compiled; rejects where one cannot be. */
  readonly ready: Promise<void>;
  passes!: Passes;

  private constructor(
    readonly gpu: GpuDevice,
    readonly memory: Memory,
    hurry: boolean,
  ) {
    this.clock = new GpuClock(gpu.device, gpu.pool);
    this.ready = this.#compile(hurry);
    // Whoever waits hears of it; nobody else must.
    this.ready.catch(() => undefined);
  }

  static async create(options: GpuBackendOptions): Promise<GpuBackend> {
    const gpu = await openDevice(options.gpu, options);
    const backend = new GpuBackend(gpu, options.memory ?? processMemory, options.hurry === true);
    if (options.hurry === true) {
      // All that a first tick may need is compiled meanwhile.
      void backend.#embedder().catch(() => undefined);
      return backend;
    }
    try {
      await backend.ready;
      return backend;
    } catch (error) {
      gpu.dispose();
      throw error;
    }
  }

  async #compile(hurry: boolean): Promise<void> {
    const { gpu } = this;
    const [score, greedy, dual, auction, narrow] = await Promise.all([
      ScorePass.create(gpu, remembered(gpu, this.memory) ?? possible(gpu.facts)[0]),
      GreedyPass.create(gpu),
      DualPass.create(gpu),
      AuctionPass.create(gpu),
      NarrowPass.create(gpu),
    ]);
    if (hurry && gpu.facts.isFallbackAdapter) {
      score.warms = false;
      // What most policies begin with; another rule is compiled when it comes.
      await Promise.all([score.queues(), score.expect({ transform: 'exp', combination: 'harmonic' })]);
    }
    this.passes = { score, greedy, dual, auction, narrow };
  }

  /** The raw device, for whoever draws with it. Destroying it counts as a loss. */
  get device(): GPUDevice {
    return this.gpu.device;
  }

  get adapter(): string {
    return this.gpu.name;
  }

  get info(): AdapterFacts {
    return this.gpu.facts;
  }

  /** A call is at work or waits for its turn. */
  get busy(): boolean {
    return this.#calls > 0;
  }

  resources(): Resources {
    return this.gpu.registry.resources();
  }

  match(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<TickResult> {
    return this.#serial(() => this.#match(pool, rule, options));
  }

  /** See `MatchBackend`. Between two ticks, or before one: calls are served in their order. */
  sessionVectors(net: Transformer, batch: TokenBatch): Promise<Float32Array> {
    return this.#serial(async () => {
      const transformer = await (this.#transformer ??= TransformerPass.create(this.gpu));
      const { valid, value } = this.gpu.validated('sessions', () => transformer.submit(net, batch));
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
        const tables = upload(this.gpu, featurePool(input, n), plainRule, { matcher: 'greedy', seed: 0 });
        embed.submit(tables, input, this.clock);
        return tables;
      });
      const vectors = await readVectors(this.gpu, value, true);
      await valid;
      return vectors;
    });
  }

  /** All n x n weights as this device computes them (n <= 1,024), f32[n][n] in the pool's order, LOWEST where not eligible. For tests. */
  weights(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<Float32Array> {
    return this.#serial(async () => {
      const { n } = pool;
      const embed = pool.features === undefined ? undefined : await this.#embedder();
      const weights = await (this.#weights ??= WeightsPass.create(this.gpu));
      this.clock.begin();
      const { value: readback, valid } = this.gpu.validated('weights', () => {
        const tables = upload(this.gpu, pool, rule, options);
        if (pool.features !== undefined) embed?.submit(tables, pool.features, this.clock);
        const encoder = this.gpu.device.createCommandEncoder({ label: 'weights' });
        const pass = encoder.beginComputePass();
        const result = weights.encode(pass, tables, 'all');
        pass.end();
        const copy = new Readback(this.gpu, encoder, [{ name: 'w', buffer: result, bytes: n * n * 4 }]);
        this.gpu.uniforms.flush();
        this.gpu.device.queue.submit([encoder.finish()]);
        return { copy, tables };
      });
      const shuffled = new Float32Array((await readback.copy.read())('w'));
      await valid;
      const { order } = readback.tables;
      const out = new Float32Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) out[order[i] * n + order[j]] = shuffled[i * n + j];
      return out;
    });
  }

  /** Tries the scoring kernels that this adapter can run, keeps the quickest and remembers it. */
  tune(): Promise<Trial[]> {
    return this.#serial(() => tune(this.gpu, this.passes.score, this.clock, this.memory));
  }

  /** Measures the scoring pass: multiply-adds per second, and sets the size of submissions by it. */
  calibrate(): Promise<number> {
    return this.#serial(async () => {
      if (remembered(this.gpu, this.memory) === undefined)
        await tune(this.gpu, this.passes.score, this.clock, this.memory);
      return measure(this.gpu, this.passes.score, this.clock);
    });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.clock.dispose();
    this.gpu.dispose();
  }

  async #match(pool: Pool, rule: WeightRule, options: MatchOptions): Promise<TickResult> {
    const start = performance.now();
    if (pool.n === 0) return nothing(start);
    const embed = pool.features === undefined ? undefined : await this.#embedder();
    const auction = options.matcher === 'auction' ? await this.#bidding() : undefined;
    this.clock.begin();
    const marks = { upload: 0, embed: 0, score: 0 };
    const { value: tables, valid } = this.gpu.validated('match', () => {
      const uploaded = upload(this.gpu, pool, rule, options);
      marks.upload = performance.now();
      if (pool.features !== undefined) embed?.submit(uploaded, pool.features, this.clock);
      return uploaded;
    });
    // On the wall clock a stage ends when the GPU says so.
    await this.gpu.alive(this.gpu.device.queue.onSubmittedWorkDone());
    await this.passes.score.prepare(tables);
    marks.embed = performance.now();
    const scoring = this.gpu.validated('score', () => this.passes.score.first(tables, this.clock));
    await this.gpu.alive(this.gpu.device.queue.onSubmittedWorkDone());
    marks.score = performance.now();
    this.#learnRate(scoring.value, marks.score - marks.embed);
    await Promise.all([valid, scoring.valid]);
    const outcome: GreedyOutcome & { closing?: TickResult['closing'] } =
      auction !== undefined
        ? await runAuction(this.gpu, auction, tables, this.clock, options)
        : await runGreedy(this.gpu, this.passes, tables, this.clock);
    this.gpu.throwFault();
    const matched = performance.now();
    const gpuTimes = await readTimes(this.gpu, this.clock);
    const vectors = options.wantVectors === true ? await readVectors(this.gpu, tables, false) : undefined;
    // Compiled behind the first tick, for the first that needs it.
    void this.passes.score.queues().catch(() => undefined);
    const result = unshuffle(outcome, tables);
    const end = performance.now();
    const wall: StageTimes = {
      clock: 'wall',
      upload: marks.upload - start,
      embed: marks.embed - marks.upload,
      score: marks.score - marks.embed,
      match: matched - marks.score,
      readback: end - matched,
      total: end - start,
    };
    return {
      ...result,
      ...(vectors === undefined ? {} : { user: vectors.user }),
      rounds: outcome.rounds,
      scans: outcome.scans,
      ...(outcome.closing && { closing: outcome.closing }),
      times:
        gpuTimes === undefined
          ? [wall]
          : [wall, { clock: 'gpu', upload: 0, ...gpuTimes, readback: 0, total: wall.total }],
    };
  }

  /** Follows the speed that was seen, so that submissions stay short on this adapter. */
  #learnRate(work: number, ms: number): void {
    if (ms > 5) this.gpu.rate = 0.5 * this.gpu.rate + 0.5 * (work / ms);
  }

  #embedder(): Promise<EmbedPass> {
    return (this.#embed ??= EmbedPass.create(this.gpu));
  }

  #bidding(): Promise<AuctionPasses> {
    return (this.#auction ??= ExchangePass.create(this.gpu).then((exchange) => ({
      ...this.passes,
      exchange,
    })));
  }

  #serial<T>(work: () => Promise<T>): Promise<T> {
    const run = async () => {
      if (this.#disposed) throw new DeviceLostError('the backend was disposed of');
      return this.gpu.alive(this.ready.then(work));
    };
    this.#calls++;
    const result = this.#queue.then(run, run).finally(() => this.#calls--);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** Opens a device and compiles the passes that every policy needs. @throws LabError where there is no adapter or a shader does not compile. */
export function createGpuBackend(options: GpuBackendOptions): Promise<GpuBackend> {
  return GpuBackend.create(options);
}
