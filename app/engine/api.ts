import type { Table } from '../../src/base/table.ts';
import type { CollectorSummary } from '../../src/sim/collect/collector.ts';
import type { LogFormat, LogOrigin } from '../../src/experiment/log/log-file.ts';
import type { FittedWorld } from '../../src/import/world/fitted-world.ts';
import type { FamilyScorerName } from '../../src/model/serve/families.ts';
import type { Policy, Scenario, ScenarioInput, PolicyStage } from '../../src/scenario/schema.ts';
import type { Cast } from '../../src/world/cast.ts';
import type { BackendName } from '../../src/match/open-backend.ts';
import type { Stay, StripItem } from '../../src/sim/moments/measures/evening-strip.ts';
import type { PersonWhy } from '../why/explain.ts';
import type { CapturedTick } from '../exact/capture.ts';
import type { TickPairs } from '../formula/tick-pairs.ts';

/** The main market, or the one that is compared with it. */
export type Side = 'main' | 'other';

/** The functions of the engine worker, called through a WorkerClient. */
export interface EngineApi {
  /**
   * Builds device, world and market, and runs the first tick. A second call replaces the market.
   */
  start(options: StartOptions): Promise<EngineInfo>;
  /** Address of the page: the trained weights lie beside it. Call it before `start`. */
  setAssets(base: string): void;
  /**
   * Imported people. Send them before starting a scenario that names them. The last ones are kept.
   */
  setPeople(world: FittedWorld): void;
  /**
   * Weights that replace the shipped ones of `scorer` from the next tick on.
   * @throws LabError where a tick cannot score with them.
   */
  useModel(scorer: FamilyScorerName | 'towers', bytes: Uint8Array, header: unknown): void;
  play(): void;
  pause(): void;
  /** Runs exactly one tick, paused or not. */
  step(): Promise<void>;
  /**
   * Whether nobody can see the page. Then there are no ticks and no frames; the evening goes on
   * from the same tick.
   */
  rest(unseen: boolean): void;
  /** Simulated seconds per real second, at least 0.1. Infinity: as fast as possible. */
  setSpeed(speed: number): void;
  /**
   * Takes effect at the next tick, or when the scorer's weights have been fetched. Adds a marker to
   * the time line. Where the weights do not arrive, the policy stays as it was.
   */
  setPolicy(side: Side, policy: Policy): Promise<Refusal | null>;
  /** Ends the comparison; the main market goes on. */
  dropOther(): Promise<void>;
  /** The side whose tables the charts draw; `beside`: and policy B beside it. */
  showTables(side: Side, beside: boolean): void;
  /** The engine draws on this canvas, because it owns the device. */
  attachSky(side: Side, canvas: OffscreenCanvas, view: SkyView): void;
  setSkyView(side: Side, view: SkyView): void;
  detachSky(side: Side): void;
  /** The person nearest to a point of the sky, within 12 CSS pixels. */
  pick(side: Side, x: number, y: number): PersonCard | null;
  /** The phone of a person, copied; null where the evening has neither feed nor tray. */
  phone(side: Side, person: number): PhoneCopy | null;
  /**
   * Why a person was paired as they were in the last tick, and where they are drawn; null where
   * they did not wait in it.
   */
  why(side: Side, person: number): Promise<Explained | null>;
  /** A copy of what the main market's last tick had to solve, with all vectors. */
  captureTick(): Promise<CapturedTick>;
  /** Up to `count` pairs of the main market's last tick, with what a formula may read of them. */
  tickPairs(count: number): Promise<TickPairs>;
  /** Tables go to the chart worker through this port, not through the page. */
  connectCharts(port: MessagePort): void;
  /** The listener is called about 8 times a second while ticks run, and at once after a change. */
  onStatus(listener: (status: EngineStatus) => void): void;
  /** For drills and tests: destroys the GPU device. */
  loseDevice(): Promise<void>;
  /** Counts of live GPU resources. */
  resources(): { buffers: number; textures: number; bufferBytes: number; devices: number };
  /** Runs ticks as fast as possible until this one is reached. Ends early at a restart. */
  runTo(tick: number): Promise<ReachedTick>;
  /** Every table of the main market. */
  tables(): Table[];
  /**
   * The event log of one side so far, from a repetition of the evening; its digest is that of the
   * evening. `told` is called with the share that is done.
   */
  exportLog(
    side: Side,
    format: LogFormat,
    origin: LogOrigin,
    told: (share: number) => void,
  ): Promise<{ file: Blob; tick: number; digest: string }>;
  /** Digest of the event log so far, and its tick. */
  digest(): ReachedTick;
}

/** A moment of a run. */
export interface ReachedTick {
  readonly tick: number;
  readonly digest: string;
  /** Beginnings of the digest at earlier ticks (DigestTrail). */
  readonly trail: string;
}

/** A scorer without weights, and the scorer that goes on in its place. */
export interface Refusal {
  readonly runs: Policy['scorer'];
  readonly why: string;
}

export interface StartOptions {
  readonly scenario: ScenarioInput;
  /** A second policy in the same evening, or null. */
  readonly other: Policy | null;
  readonly backend: BackendName;
  /** Whose latency the tables show; 'slow': that of drill/slow-machine.ts. Default 'own'. */
  readonly machine?: 'own' | 'slow';
}

/** Where ticks are computed. It changes when a lost GPU does not come back. */
export interface RunsOn {
  readonly backend: 'cpu' | 'gpu';
  readonly adapter: string;
  /** One sentence that explains the choice; '' for a real GPU. */
  readonly note: string;
}

export interface EngineInfo extends RunsOn {
  /** The scenario as it runs, with all defaults filled in. */
  readonly scenario: Scenario;
  /** Names of imported people and their groups; null or absent for simulated people. */
  readonly people?: PeopleNames | null;
}

export interface PeopleNames extends Pick<Cast, 'name' | 'count' | 'groupLabel' | 'sideLabel' | 'ageTold'> {
  readonly groups: readonly string[];
  readonly sides: readonly string[];
  /** Whether the user's own vectors came with them. */
  readonly hasVectors: boolean;
}

/** How the sky is shown. Sizes in CSS pixels. */
export interface SkyView {
  readonly width: number;
  readonly height: number;
  readonly devicePixelRatio: number;
  readonly dark: boolean;
  readonly reducedMotion: boolean;
  readonly colourBy: 'country' | 'gender' | 'age' | 'newcomer' | 'waited';
}

/** What a phone remembers: a copy. The hashes follow from the sizes and the seed. */
export interface PhoneCopy {
  readonly person: number;
  /** Simulated seconds since opening. */
  readonly time: number;
  readonly seed: number;
  /** Bit s: the last share was of source s. */
  readonly shortTerm: number;
  /** Counters of the count-min sketch, row by row. */
  readonly counts: Uint16Array;
  readonly width: number;
  readonly depth: number;
  /** Bits of the filter of seen posts, from the lowest of each byte. */
  readonly seen: Uint8Array;
  readonly bits: number;
  readonly hashes: number;
  /** SimHash of the last slate. */
  readonly signature: Uint32Array;
  /** Chances of the intents as the phone guesses them, in the order of `intentNames`; the truth. */
  readonly intent: readonly number[];
  readonly trueIntent: number;
  /** The last stays and items of their evening. */
  readonly stays: readonly Stay[];
  readonly items: readonly StripItem[];
}

export interface PersonCard {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /**
   * Plain lines such as ["Woman, 18-24, Japan", "speaks ja, en", "waited 1.5 s", "12 chats so
   * far"].
   */
  readonly lines: readonly string[];
}

export interface Explained {
  readonly why: PersonWhy;
  readonly place: { readonly x: number; readonly y: number } | null;
}

export interface Alarm {
  readonly kind: 'oldest-wait' | 'departures' | 'pool-growth' | 'late-ticks';
  /** The cause, the numbers, and what would help. */
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
  /** Real milliseconds that a tick of all markets takes, the median of the last; NaN at first. */
  readonly tickMs: number;
  /** Ticks that ended after the next one was due. */
  readonly lateTicks: number;
  /** Newest first; each is shown until the user dismisses it. */
  readonly notices: readonly string[];
  readonly markers: readonly Marker[];
  /** Changes of policy by hand since the start, as stages that repeat them. */
  readonly changes: readonly PolicyStage[];
  /** People waiting, one value every `everyTicks` ticks, oldest first, at most 600 values. */
  readonly timeline: {
    readonly everyTicks: number;
    readonly waiting: Float32Array;
    /** The same of the compared market, or null. */
    readonly other: Float32Array | null;
  };
}

export interface MarketStatus extends CollectorSummary {
  readonly policy: Policy;
  readonly alarms: readonly Alarm[];
}

/** What the engine sends to the chart worker. Buffers are transferred. */
export interface ChartFeed {
  readonly kind: 'tables';
  readonly tick: number;
  readonly tables: readonly Table[];
  /** They are policy B's, for the instruments that stand beside A's. */
  readonly beside?: boolean;
}

/** What the chart worker asks of the engine: an effect metric for the table 'slices', by name. */
export interface ChartWish {
  readonly kind: 'metric';
  readonly metric: string;
}
