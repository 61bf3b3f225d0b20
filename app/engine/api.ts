import type { Table } from '../../src/base/table.ts';
import type { FittedWorld } from '../../src/import/world/fitted-world.ts';
import type { FamilyScorerName } from '../../src/model/serve/families.ts';
import type { Policy, Scenario, ScenarioInput } from '../../src/scenario/schema.ts';
import type { CapturedTick } from '../exact/capture.ts';

/** What the page may ask of the engine worker (through comlink). Every call either returns soon or reports progress. */
export interface EngineApi {
  /** Builds device, world and market; resolves when the first tick can run. Calling it again starts anew. */
  start(options: StartOptions): Promise<EngineInfo>;
  /** Address of the page: the trained weights lie beside it. Call it before `start`. */
  setAssets(base: string): void;
  /** Imported people, to be here before a scenario that names them starts. The last ones are kept. */
  setPeople(world: FittedWorld): void;
  /** Weights that score from the next tick on wherever a policy says `scorer`, in place of the shipped ones. Throws where they cannot. */
  useModel(scorer: FamilyScorerName | 'towers', bytes: Uint8Array, header: unknown): void;
  play(): void;
  pause(): void;
  /** Runs exactly one tick, paused or not. */
  step(): Promise<void>;
  /** Simulated seconds per real second, 0.1 to 100; Infinity: as fast as it goes. */
  setSpeed(speed: number): void;
  /**
   * Takes effect at the next tick (with a scorer whose weights must be fetched first, when they are here) and puts a marker on the time line.
   * `which`: the main market or the compared one.
   */
  setPolicy(which: 'main' | 'other', policy: Policy): void | Promise<void>;
  /** Lets a second policy live through the same evening (restarts both at tick 0), or ends the comparison with null. */
  compare(other: Policy | null): Promise<void>;
  /** The canvas is drawn by the engine worker, which owns the device. `which`: left/only or right half of the split sky. */
  attachSky(which: 'main' | 'other', canvas: OffscreenCanvas, view: SkyView): void;
  setSkyView(which: 'main' | 'other', view: SkyView): void;
  detachSky(which: 'main' | 'other'): void;
  /** The person nearest to a point of the sky (CSS pixels), within 12 px. */
  pick(which: 'main' | 'other', x: number, y: number): PersonCard | null;
  /** A copy of what the main market's last tick had to solve, with everybody's vectors. */
  captureTick(): Promise<CapturedTick>;
  /** Tables go to the chart worker over this port, not through the page. */
  connectCharts(port: MessagePort): void;
  /** `status` is called about 8 times a second while running, and at once after a change. */
  onStatus(listener: (status: EngineStatus) => void): void;
  /** For drills and tests: destroys the GPU device as a driver would. */
  loseDevice(): Promise<void>;
  /** Live counts of what owners must clean up. */
  resources(): { buffers: number; textures: number; bufferBytes: number; devices: number };
  /** Digest of the event log so far, and its tick. */
  digest(): { tick: number; digest: string };
}

export interface StartOptions {
  readonly scenario: ScenarioInput;
  /** A second policy in the same evening, or null. */
  readonly other: Policy | null;
  readonly backend: 'auto' | 'cpu' | 'gpu';
  /** 'fit' scales people, online and arrivals so that a tick stays in its budget on this adapter; 'exact' takes the scenario as is. */
  readonly size: 'fit' | 'exact';
}

/** Where ticks are computed; a lost device may change it in mid-run. */
export interface RunsOn {
  readonly backend: 'cpu' | 'gpu';
  readonly adapter: string;
  /** Software adapter, or why there is no GPU; '' where all is as it should be. */
  readonly note: string;
  /** There is a GPU device, which may draw even while its kernels for the market are being compiled. */
  readonly device: boolean;
}

export interface EngineInfo extends RunsOn {
  /** By how much the scenario's population was scaled to fit this adapter (1: as is). */
  readonly scale: number;
  /** The scenario as it runs (defaults filled in, scaled). */
  readonly scenario: Scenario;
  /** How imported people are called; null or absent: they are made up. */
  readonly people?: PeopleNames | null;
}

export interface PeopleNames {
  readonly name: string;
  readonly count: number;
  readonly groupLabel: string;
  readonly groups: readonly string[];
  readonly sideLabel: string;
  readonly sides: readonly string[];
  readonly ageTold: boolean;
}

/** How the sky is seen. Sizes in CSS pixels. */
export interface SkyView {
  readonly width: number;
  readonly height: number;
  readonly devicePixelRatio: number;
  readonly dark: boolean;
  readonly reducedMotion: boolean;
  readonly colourBy: 'country' | 'gender' | 'age' | 'newcomer' | 'waited';
}

export interface PersonCard {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /** Plain lines such as ["Woman, 18-24, Japan", "speaks ja, en", "waited 1.5 s", "12 chats so far"]. */
  readonly lines: readonly string[];
}

export interface Alarm {
  readonly kind: 'oldest-wait' | 'departures' | 'pool-growth' | 'late-ticks';
  /** Why, with the numbers, and what would help. */
  readonly text: string;
}

export interface Marker {
  readonly tick: number;
  readonly text: string;
}

export interface EngineStatus {
  readonly running: boolean;
  readonly runsOn: RunsOn;
  readonly speed: number;
  /** Simulated seconds per real second over the last two seconds. */
  readonly achievedSpeed: number;
  readonly tick: number;
  /** Simulated seconds since opening. */
  readonly time: number;
  /** e.g. "Saturday 21:42:07.5". */
  readonly clock: string;
  readonly main: MarketStatus;
  readonly other: MarketStatus | null;
  /** How many people, and pairs of one tick, the sky draws at most; of more, a sample. null: nothing draws yet. */
  readonly drawn: { readonly points: number; readonly arcs: number } | null;
  /** Ticks that took longer than the tick length allows at speed 1, and ticks so far. */
  readonly lateTicks: number;
  /** Newest first; shown until dismissed. E.g. "The GPU was lost; the market went on from tick 123." */
  readonly notices: readonly string[];
  readonly markers: readonly Marker[];
  /** Waiting people per tick for the time line, oldest first, at most 600 points (the last ten minutes at tick 500 ms: every second one). */
  readonly timeline: {
    readonly firstTick: number;
    readonly everyTicks: number;
    readonly waiting: Float32Array;
  };
}

export interface MarketStatus {
  readonly policy: Policy;
  readonly waiting: number;
  readonly pairs: number;
  /** Mean predicted weight of this tick's pairs, and mean length (as it will turn out) of the chats that began in the last minute, seconds. */
  readonly meanPredicted: number;
  readonly meanChat: number;
  readonly gap: number;
  readonly medianWait: number;
  readonly matchesPerSecond: number;
  readonly alarms: readonly Alarm[];
}

/** Messages on the port from the engine to the chart worker. Buffers are transferred. */
export type ChartFeed = { readonly kind: 'tables'; readonly tick: number; readonly tables: readonly Table[] };
