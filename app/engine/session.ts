import { LabError } from '../../src/base/errors.ts';
import { DeviceLostError } from '../../src/gpu/errors.ts';
import type { GpuBackend } from '../../src/match/gpu-backend.ts';
import type { FittedWorld } from '../../src/import/world/fitted-world.ts';
import type { MatchBackend } from '../../src/match/backend.ts';
import { isFamilyScorer, type FamilyScorerName } from '../../src/model/serve/families.ts';
import { parsePolicy, parseScenario } from '../../src/scenario/parse.ts';
import { expectedWaiting, scaleScenario } from '../../src/scenario/scale.ts';
import type { Policy, Scenario } from '../../src/scenario/schema.ts';
import { createWorld } from '../../src/world/world.ts';
import type { EngineInfo, Marker, PeopleNames, StartOptions } from './api.ts';
import { SOFTWARE_FITS, waitingThatFits } from './fit.ts';
import { cpuBackend, openBackend } from './open-backend.ts';
import { Rooms } from './rooms.ts';
import type { Shelf } from './shelf.ts';
import { Skies } from './skies.ts';
import type { Which } from './skies.ts';

/** So few who wait are matched in time by any adapter. */
const FITS_ANYWHERE = 64;
/** Sizes of a market against the scenario as written. */
const steps = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20] as const;

/** Ticks that take longer than this, milliseconds, begin when the sky is on the screen: see {@link Skies}. */
const LONG_TICK_MS = 50;

/**
 * The device and the market(s) that live on it: builds them, runs ticks, and rebuilds the device when it is lost. Knows nothing of
 * real-time pacing or of who listens.
 */
export class Session {
  readonly skies = new Skies(() => this.#inSoftware && this.#gpu?.busy === true);
  readonly notices: string[] = [];
  markers: Marker[] = [];
  rooms: Rooms | null = null;
  info: EngineInfo | null = null;
  #backend: MatchBackend | null = null;
  #gpu: GpuBackend | null = null;
  #wish: StartOptions['backend'] = 'auto';
  #fits = 0;
  #note = '';
  /** Settles when the kernels of a software adapter are compiled, or will not be. */
  #warm: Promise<void> = Promise.resolve();
  #recovery: Promise<void> | null = null;
  /** What the last tick of this market took, milliseconds; a first one may take long. */
  #tickMs = Infinity;
  #scenario: Scenario | null = null;
  /** The last imported people. */
  people: FittedWorld | null = null;

  /** Counts changes of policy: one whose weights arrive late is dropped when another came meanwhile. */
  readonly #changes = { main: 0, other: 0 };

  /** `changed`: told of what happens between ticks, such as a move to another backend. */
  constructor(
    private readonly shelf: Shelf,
    private readonly changed: () => void = () => undefined,
  ) {}

  /** Builds everything anew. The device is kept when the wish for a backend is the same. */
  async start({ scenario: input, other, backend: wish, size }: StartOptions): Promise<EngineInfo> {
    const asked = parseScenario(input);
    const own = asked.cast !== '' && this.people?.cast.key === asked.cast ? this.people : null;
    const policies = [asked.policy, other, ...asked.stages.map((s) => s.policy)];
    const [towers, families] = await Promise.all([
      this.shelf.towers(),
      this.shelf.families(policies.map((p) => p?.scorer)),
      this.#backend === null || wish !== this.#wish ? this.#open(wish) : null,
    ]);
    // CPU and GPU round exponentials otherwise, and bids hang on the last bit: a run of an auction on the GPU is one from its first tick on.
    if (policies.some((p) => p?.matcher === 'auction')) await this.#warm;
    const backend = this.#backend as MatchBackend;
    if (this.#fits === 0) this.#fits = this.#inSoftware ? SOFTWARE_FITS : await waitingThatFits(backend);
    const scale = size === 'exact' ? 1 : this.#scaleFor(asked);
    const scenario = scale === 1 ? asked : scaleScenario(asked, scale);
    this.rooms?.dispose();
    this.rooms = new Rooms({
      scenario,
      other: other === null ? null : parsePolicy(other),
      world: createWorld(scenario, own?.cast),
      backend,
      // Imported people have a scorer of their own; the shipped one knows others.
      towers:
        own === null ? towers : (await import('../../src/import/fit/learned.ts')).learnedTowers(own.learned),
      families,
    });
    this.#scenario = scenario;
    this.#tickMs = Infinity;
    this.markers = [{ tick: 0, text: `seed ${scenario.seed}` }];
    this.skies.watch(this.rooms);
    this.info = { ...(this.info as EngineInfo), scale, scenario, people: own === null ? null : namesOf(own) };
    return this.info;
  }

  /** Weights of a person's own, in every market from now on. */
  useModel(scorer: FamilyScorerName | 'towers', bytes: Uint8Array, header: unknown): void {
    if (scorer === 'towers') {
      const model = this.shelf.putTowers(bytes, header);
      // Imported people keep the scorer that was learned from them.
      if ((this.info?.people ?? null) === null)
        for (const room of [this.rooms?.main, this.rooms?.other]) room?.market.loadTowers(model);
      return;
    }
    const model = this.shelf.put(scorer, bytes, header);
    for (const room of [this.rooms?.main, this.rooms?.other]) room?.market.loadFamilies({ [scorer]: model });
  }

  /** Both policies from tick 0 on, or one market alone. */
  async compare(other: Policy | null): Promise<void> {
    if (this.#scenario === null) throw new LabError('the market has not started yet');
    await this.start({
      scenario: { ...this.#scenario, policy: this.rooms?.main.market.policy ?? this.#scenario.policy },
      other,
      backend: this.#wish,
      size: 'exact',
    });
  }

  /** Takes effect at the next tick; a scorer whose weights are not here yet, as soon as they are. */
  async setPolicy(which: Which, policy: Policy): Promise<void> {
    const room = which === 'main' ? this.rooms?.main : this.rooms?.other;
    if (room === undefined || room === null) return;
    const next = parsePolicy(policy);
    const change = ++this.#changes[which];
    if (isFamilyScorer(next.scorer)) {
      try {
        room.market.loadFamilies(await this.shelf.families([next.scorer]));
      } catch (error) {
        this.notices.unshift(
          `${error instanceof Error ? error.message : String(error)}; the market goes on with ${room.market.policy.scorer}.`,
        );
        return;
      }
      if (change !== this.#changes[which]) return;
    }
    const before = room.market.policy;
    room.market.setPolicy(next);
    const changes = (Object.keys(next) as (keyof Policy)[])
      .filter((key) => next[key] !== before[key])
      .map((key) => `${key} ${next[key]}`);
    if (changes.length === 0) return;
    const text = which === 'main' ? changes.join(', ') : `B: ${changes.join(', ')}`;
    const tick = room.market.tickNumber;
    const last = this.markers.at(-1);
    // A slider on its way sends many values: they are one change.
    if (last !== undefined && tick - last.tick <= 4 && last.text.split(' ')[0] === text.split(' ')[0])
      this.markers = [...this.markers.slice(0, -1), { tick: last.tick, text }];
    else this.markers = [...this.markers.slice(-40), { tick, text }];
  }

  /** One tick of every market; when the device is lost meanwhile, it is rebuilt and the same tick is tried again. */
  async tick(): Promise<void> {
    if (this.rooms === null) throw new LabError('the market has not started yet');
    const { rooms } = this;
    if (this.#inSoftware) await this.skies.hold(this.#tickMs > LONG_TICK_MS);
    const begun = performance.now();
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          await rooms.tick();
          return;
        } catch (error) {
          if (!(error instanceof DeviceLostError) || attempt === 3) throw error;
          await this.#recover(error.reason);
        }
      }
    } finally {
      const now = performance.now();
      this.#tickMs = now - begun;
      this.skies.release(now);
    }
  }

  loseDevice(): void {
    if (this.#gpu === null) throw new LabError('there is no GPU device to lose: the market runs on the CPU');
    this.#gpu.device.destroy();
  }

  resources(): { buffers: number; textures: number; bufferBytes: number; devices: number } {
    const own = this.#gpu?.resources() ?? { buffers: 0, bufferBytes: 0 };
    const total = {
      buffers: own.buffers,
      textures: 0,
      bufferBytes: own.bufferBytes,
      devices: this.#gpu ? 1 : 0,
    };
    const skies = this.skies.resources();
    total.buffers += skies.buffers;
    total.bufferBytes += skies.bufferBytes;
    return total;
  }

  #scaleFor(asked: Scenario): number {
    const waiting = expectedWaiting(asked);
    const ratio = (0.9 * this.#fits) / waiting;
    // How thick the market is decides what a threshold does, so one that is about a threshold is never made larger; and a small one
    // fits anywhere.
    // Imported people are as many as they are.
    const most = asked.policy.threshold > 0 || asked.stages.length > 0 || asked.cast !== '' ? 1 : Infinity;
    const least = waiting <= FITS_ANYWHERE ? 1 : 0;
    // In wide steps, so that the same machine gives the same market in spite of noise in the probe.
    const step = steps.findLast((s) => s <= ratio) ?? steps[0];
    return Math.max(least, Math.min(most, step));
  }

  async #open(wish: StartOptions['backend']): Promise<void> {
    this.#close();
    this.#fits = 0;
    this.#wish = wish;
    await this.#use(await openBackend(wish, (reason) => void this.#recover(reason)));
  }

  async #use({ backend, gpu, note }: Awaited<ReturnType<typeof openBackend>>): Promise<void> {
    // A software adapter learns its speed from its ticks: the measurement would take longer than the first of them.
    if (gpu !== null && !gpu.info.software) await gpu.calibrate();
    this.#gpu = gpu;
    this.#note = note;
    this.#runOn(backend);
    // Measured: even a software adapter draws the sky with less work than Canvas 2D does.
    this.skies.open(this.#gpu?.device ?? null);
  }

  /** From the next tick on. */
  #runOn(backend: MatchBackend): void {
    if (this.#backend !== this.#gpu && this.#backend !== backend) this.#backend?.dispose();
    this.#backend = backend;
    this.info = {
      scale: 1,
      scenario: this.#scenario ?? parseScenario({}),
      people: null,
      ...this.info,
      backend: backend.kind,
      adapter: backend.adapter,
      note: this.#note,
      device: this.#gpu !== null,
    };
    this.rooms?.setBackend(backend);
    this.changed();
  }

  #close(): void {
    this.skies.lost();
    if (this.#backend !== this.#gpu) this.#backend?.dispose();
    this.#gpu?.dispose();
    this.#backend = null;
    this.#gpu = null;
  }

  get #inSoftware(): boolean {
    return this.#gpu?.info.software === true;
  }

  /** One recovery at a time; whoever else notices the loss waits for the same one. */
  #recover(reason: string): Promise<void> {
    this.#recovery ??= this.#rebuild(reason).finally(() => {
      this.#recovery = null;
    });
    return this.#recovery;
  }

  async #rebuild(reason: string): Promise<void> {
    this.#close();
    const tick = this.rooms?.main.market.tickNumber ?? 0;
    let opened: Awaited<ReturnType<typeof openBackend>>;
    try {
      opened = await openBackend('gpu', (again) => void this.#recover(again));
      this.notices.unshift(
        `The GPU was lost (${reason}) and opened again; the market goes on from tick ${tick}.`,
      );
    } catch {
      opened = {
        backend: cpuBackend(),
        gpu: null,
        note: 'The GPU was lost and did not come back: runs on the CPU.',
      };
      this.notices.unshift(
        `The GPU was lost (${reason}) and did not come back; the market goes on from tick ${tick} on the CPU.`,
      );
    }
    await this.#use(opened);
    this.notices.length = Math.min(this.notices.length, 5);
    this.changed();
  }
}

function namesOf({ cast }: FittedWorld): PeopleNames {
  const { name, count, groupLabel, groupNames, sideLabel, sideNames, ageTold } = cast;
  return { name, count, groupLabel, groups: groupNames, sideLabel, sides: sideNames, ageTold };
}
