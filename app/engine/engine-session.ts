import { LabError } from '../../src/base/errors.ts';
import { isEffectMetric, type EffectMetricName } from '../../src/experiment/effect-metrics.ts';
import { DeviceLostError } from '../../src/gpu/errors.ts';
import type { FittedWorld } from '../../src/import/world/fitted-world.ts';
import type { OpenBackend } from '../../src/match/open-backend.ts';
import { noVectors } from '../../src/model/serve/scorers.ts';
import { isFamilyScorer, type FamilyScorerName } from '../../src/model/serve/families.ts';
import { loadFormulas } from '../../src/scenario/formula/language.ts';
import { parsePolicy, parseScenario } from '../../src/scenario/parse.ts';
import type { Policy, PolicyStage, Scenario } from '../../src/scenario/schema.ts';
import type { EngineApi, EngineInfo, Marker, Refusal, RunsOn, Side, StartOptions } from './api.ts';
import { exportLog } from './export-log.ts';
import { Markets, type MarketsOptions } from './markets.ts';
import { openPageBackend } from './matching/open-backend.ts';
import { createWorkerBackend } from './matching/worker-backend.ts';
import { namesOf } from './people-names.ts';
import type { ModelCache } from './model-cache.ts';
import { Skies } from './sky/skies.ts';

/** How often a tick is tried again after the device was lost. */
const MAX_RETRIES = 3;
const MAX_NOTICES = 5;
const MAX_MARKERS = 41;
/** Changes of the same knob within this many ticks share a marker: a slider sends many values. */
const SAME_CHANGE_TICKS = 4;

/**
 * The device and the markets that use it. Builds them, runs ticks, and opens a new device when it
 * is lost. It knows nothing of real time or of listeners.
 */
export class EngineSession {
  readonly skies = new Skies();
  readonly notices: string[] = [];
  markers: Marker[] = [];
  /** Changes of policy by hand since the start, as stages that repeat them. */
  changes: PolicyStage[] = [];
  markets: Markets | null = null;
  info: EngineInfo | null = null;
  /** The metric of the comparison; it outlives the markets. */
  #metric: EffectMetricName = 'chat';
  /** The last imported people. */
  people: FittedWorld | null = null;
  #opened: OpenBackend | null = null;
  /** What the markets were built from. */
  #began: MarketsOptions | null = null;
  #wish: StartOptions['backend'] = 'auto';
  #recovery: Promise<void> | null = null;
  /** Counts changes of policy, so that weights that arrive late do not undo a newer change. */
  readonly #changes = { main: 0, other: 0 };

  /**
   * `changed` is called after changes between ticks, such as a move to another backend. `createCpu`
   * makes the CPU backend; by default, call this in a worker of the page.
   */
  constructor(
    private readonly models: ModelCache,
    private readonly changed: () => void = () => undefined,
    private readonly createCpu = () => createWorkerBackend(),
  ) {}

  /** Builds a new market. The device stays open if the same backend is asked for. */
  async start({ scenario: input, other, backend: wish, machine }: StartOptions): Promise<EngineInfo> {
    await this.#recovery;
    // Formulas are checked only where their language is loaded.
    if (/"formula":"[^"]/.test(JSON.stringify([input, other]))) await loadFormulas();
    const scenario = parseScenario(input);
    const own = scenario.cast !== '' && this.people?.cast.key === scenario.cast ? this.people : null;
    const [towers, families, opened] = await Promise.all([
      this.models.towers(),
      this.models.families(scorersOf(scenario, other)),
      this.#opened === null || wish !== this.#wish ? this.#open(wish) : this.#opened,
    ]);
    this.markets?.dispose();
    const options: MarketsOptions = {
      scenario,
      other: other === null ? null : parsePolicy(other),
      backend: opened.backend,
      // Imported people have a scorer of their own: the shipped one was trained on other people.
      towers:
        own === null ? towers : (await import('../../src/import/fit/learned.ts')).learnedTowers(own.learned),
      families,
      metric: this.#metric,
      ...(own && { cast: own.cast }),
      ...(machine && { machine }),
    };
    this.markets = new Markets(options);
    this.#began = options;
    this.changes = [];
    this.markers = [{ tick: 0, text: `seed ${scenario.seed}` }];
    this.skies.watch(this.markets);
    this.info = { ...runsOn(opened), scenario, people: own === null ? null : namesOf(own) };
    return this.info;
  }

  /** Compares the two policies by another metric. An unknown name changes nothing. */
  measure(metric: string): void {
    if (!isEffectMetric(metric)) return;
    this.#metric = metric;
    this.markets?.compareBy(metric);
  }

  /** Trained weights of the user, for every market from now on. */
  useModel(scorer: FamilyScorerName | 'towers', bytes: Uint8Array, header: unknown): void {
    const markets = this.markets?.all ?? [];
    if (scorer === 'towers') {
      const model = this.models.putTowers(bytes, header);
      // Imported people keep the scorer that was learned from them.
      if ((this.info?.people ?? null) === null) for (const { market } of markets) market.loadTowers(model);
      return;
    }
    const model = this.models.put(scorer, bytes, header);
    for (const { market } of markets) market.loadFamilies({ [scorer]: model });
  }

  /** The event log of one side, up to the tick that is reached now (EngineApi). */
  readonly exportLog: EngineApi['exportLog'] = async (side, format, origin, told) => {
    const { markets } = this;
    const began = this.#began;
    const market = markets?.[side]?.market;
    const opened = this.#opened;
    if (began === null || market === undefined || opened === null)
      throw new LabError('the market has not started yet');
    const scenario = { ...began.scenario, stages: [...began.scenario.stages, ...this.changes] };
    const families = await this.models.families(scorersOf(scenario, began.other));
    const evening = { ...began, scenario, families, backend: opened.backend };
    return exportLog(evening, side, market.tickNumber, { format, origin, told });
  };

  /** Ends the comparison. */
  dropOther(): void {
    this.markets?.dropOther();
    this.changes = this.changes.filter(({ side }) => side !== 'b');
    this.skies.watch(this.markets);
  }

  /**
   * Takes effect at the next tick, or once the weights of its scorer have been fetched.
   * `betweenTicks` runs the change when no tick is running.
   */
  async setPolicy(
    side: Side,
    policy: Policy,
    betweenTicks = (change: () => void) => Promise.resolve(change()),
  ): Promise<Refusal | null> {
    const market = this.markets?.[side]?.market;
    if (market === undefined) return null;
    if (policy.formula !== '') await loadFormulas();
    const change = ++this.#changes[side];
    let next: Policy;
    try {
      next = parsePolicy(policy);
      const hasVectors = market.world.cast?.vectors !== undefined;
      if (next.scorer === 'vectors' && !hasVectors) throw noVectors();
      if (isFamilyScorer(next.scorer)) market.loadFamilies(await this.models.families([next.scorer]));
    } catch (error) {
      // A newer change has another scorer.
      if (change !== this.#changes[side]) return null;
      const { scorer: runs } = market.policy;
      const why = error instanceof Error ? error.message : String(error);
      return { runs, why: `${why}; the market goes on with ${runs}` };
    }
    await betweenTicks(() => {
      if (change !== this.#changes[side] || market !== this.markets?.[side]?.market) return;
      const before = market.policy;
      const keys = (Object.keys(next) as (keyof Policy)[]).filter((key) => next[key] !== before[key]);
      if (keys.length === 0) return;
      const changed = Object.fromEntries(keys.map((key) => [key, next[key]]));
      market.setPolicy(changed);
      this.#record({ atSeconds: market.time, side: side === 'main' ? 'a' : 'b', policy: changed });
      const text = keys.map((key) => `${key} ${next[key]}`).join(', ');
      this.#mark(market.tickNumber, `${side === 'main' ? '' : 'B: '}${text}`);
    });
    return null;
  }

  /**
   * One tick of every market. If the device is lost, it is opened again and the same tick is
   * retried.
   */
  async tick(): Promise<void> {
    const { markets } = this;
    if (markets === null) throw new LabError('the market has not started yet');
    for (let retries = 0; ; retries++) {
      try {
        await markets.tick();
        return;
      } catch (error) {
        if (!(error instanceof DeviceLostError) || retries === MAX_RETRIES) throw error;
        await this.#recover(error.reason);
      }
    }
  }

  loseDevice(): void {
    const gpu = this.#opened?.gpu ?? null;
    if (gpu === null) throw new LabError('there is no GPU device to lose: the market runs on the CPU');
    gpu.device.destroy();
  }

  resources(): { buffers: number; textures: number; bufferBytes: number; devices: number } {
    const gpu = this.#opened?.gpu ?? null;
    const own = gpu?.resources() ?? { buffers: 0, bufferBytes: 0 };
    const skies = this.skies.resources();
    return {
      buffers: own.buffers + skies.buffers,
      textures: 0,
      bufferBytes: own.bufferBytes + skies.bufferBytes,
      devices: gpu === null ? 0 : 1,
    };
  }

  async #open(wish: StartOptions['backend']): Promise<OpenBackend> {
    this.#close();
    this.#wish = wish;
    return this.#use(await this.#openWatched(wish));
  }

  #openWatched(wish: StartOptions['backend']): Promise<OpenBackend> {
    return openPageBackend(wish, (reason) => void this.#recover(reason), this.createCpu);
  }

  /** Computes and draws with this backend from the next tick on. */
  async #use(opened: OpenBackend): Promise<OpenBackend> {
    const { backend, gpu } = opened;
    this.#opened = opened;
    if (this.info !== null) this.info = { ...this.info, ...runsOn(opened) };
    this.markets?.setBackend(backend);
    await this.skies.open(gpu?.device ?? null);
    this.changed();
    return opened;
  }

  #close(): void {
    this.skies.lost();
    this.#opened?.backend.dispose();
    this.#opened = null;
  }

  /** All callers that notice the loss share one recovery. */
  #recover(reason: string): Promise<void> {
    this.#recovery ??= this.#reopen(reason).finally(() => {
      this.#recovery = null;
    });
    return this.#recovery;
  }

  async #reopen(reason: string): Promise<void> {
    this.#close();
    const tick = this.markets?.main.market.tickNumber ?? 0;
    let opened: OpenBackend;
    try {
      opened = await this.#openWatched('gpu');
      this.#notify(`The GPU was lost (${reason}) and opened again; the market goes on from tick ${tick}.`);
    } catch {
      opened = {
        backend: this.createCpu(),
        gpu: null,
        note: 'Computes on the CPU: the GPU was lost and did not come back.',
      };
      this.#notify(
        `The GPU was lost (${reason}) and did not come back; the market goes on from tick ${tick} on the CPU.`,
      );
    }
    await this.#use(opened);
  }

  #notify(text: string): void {
    this.notices.unshift(text);
    this.notices.length = Math.min(this.notices.length, MAX_NOTICES);
  }

  /** Changes of one side before the same tick are one. */
  #record(change: PolicyStage): void {
    const last = this.changes.at(-1);
    if (last !== undefined && last.atSeconds === change.atSeconds && last.side === change.side)
      this.changes = [
        ...this.changes.slice(0, -1),
        { ...last, policy: { ...last.policy, ...change.policy } },
      ];
    else this.changes = [...this.changes, change];
  }

  #mark(tick: number, text: string): void {
    const last = this.markers.at(-1);
    const [knob] = text.split(' ');
    if (last !== undefined && tick - last.tick <= SAME_CHANGE_TICKS && last.text.split(' ')[0] === knob)
      this.markers = [...this.markers.slice(0, -1), { tick: last.tick, text }];
    else this.markers = [...this.markers, { tick, text }].slice(-MAX_MARKERS);
  }
}

const runsOn = ({ backend, note }: OpenBackend): RunsOn => ({
  backend: backend.kind,
  adapter: backend.adapter,
  note,
});

const scorersOf = ({ policy, stages }: Scenario, other: Policy | null) =>
  [policy, other, ...stages.map((s) => s.policy)].map((p) => p?.scorer);
