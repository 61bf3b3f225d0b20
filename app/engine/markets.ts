import { DigestTrail } from '../../src/base/digest-trail.ts';
import { LabError } from '../../src/base/errors.ts';
import type { Table } from '../../src/base/table.ts';
import type { EffectMetricName } from '../../src/experiment/effect-metrics.ts';
import { createPairedMarkets, type PairedMarkets } from '../../src/experiment/paired-markets.ts';
import { relabelTables } from '../../src/import/world/relabel.ts';
import type { MatchBackend } from '../../src/match/backend.ts';
import type { FamilyModels } from '../../src/model/serve/families.ts';
import type { TowerModel } from '../../src/model/layout/save-towers.ts';
import type { Policy, Scenario } from '../../src/scenario/schema.ts';
import type { Pool } from '../../src/score/types.ts';
import { Collector } from '../../src/sim/collect/collector.ts';
import { createMarket } from '../../src/sim/market.ts';
import type { EveningStrips } from '../../src/sim/moments/measures/evening-strip.ts';
import type { Market, TickOrder, TickReport } from '../../src/sim/types.ts';
import type { Cast } from '../../src/world/cast.ts';
import type { World } from '../../src/world/types.ts';
import { tickPairs, type TickPairs } from '../formula/tick-pairs.ts';
import { captureTick, type CapturedTick } from '../exact/capture.ts';
import type { MarketStatus, ReachedTick, Side } from './api.ts';
import { slowMachine, slowTimes } from './drill/slow-machine.ts';

/**
 * Left out of the comparison, simulated seconds: the pool begins empty, and the first chats are
 * those of people who had no choice of partners.
 */
const WARM_UP_SECONDS = 30;

export interface MarketsOptions {
  readonly scenario: Scenario;
  /** The policy that is compared with the scenario's own on the same evening, or null. */
  readonly other: Policy | null;
  /** The people of a scenario that names imported ones. */
  readonly cast?: Cast;
  readonly backend: MatchBackend;
  readonly towers: TowerModel;
  readonly families: FamilyModels;
  /** By which the policies are compared; default 'chat'. */
  readonly metric?: EffectMetricName;
  /** Whose latency the tables show; default 'own'. */
  readonly machine?: 'own' | 'slow';
}

/** One market and what is measured of it. */
export class ObservedMarket {
  readonly market: Market;
  readonly collector: Collector;
  /** The evening of each person, where there is a feed or a tray; from the first tick on. */
  strips: EveningStrips | null = null;
  readonly #slow: boolean;
  readonly #trail = new DigestTrail();
  /** The arrays of the last tick. They are valid until the next one begins. */
  #last: readonly [TickReport, Pool, TickOrder] | null = null;

  constructor(
    { scenario, cast, backend, towers, families, machine = 'own' }: MarketsOptions,
    policy: Policy,
    side: 'a' | 'b',
    world?: World,
  ) {
    this.market = createMarket({
      ...{ scenario, policy, side, backend, towers, families },
      ...(cast && { cast }),
      ...(world && { world }),
      // The scorer may become one that knows the sessions of the evening.
      ...{ wantSessions: true, wantVectors: true },
    });
    this.#slow = machine === 'slow';
    this.collector = new Collector(
      this.market,
      this.#slow ? { adapter: slowMachine.adapter, times: slowTimes } : { adapter: backend.adapter },
    );
    this.market.observe({ ticked: (...last) => (this.#last = last) });
  }

  async tick(): Promise<void> {
    this.#last = null;
    await this.market.tick();
    if (this.strips === null && this.market.moments !== undefined) {
      this.strips = this.market.moments.openStrips();
      this.market.observe(this.strips);
    }
    this.#trail.add(this.market.tickNumber, this.market.digest);
  }

  /** The tick and the digest so far, with its beginnings at earlier ticks. */
  get reached(): ReachedTick {
    const { tickNumber: tick, digest } = this.market;
    return { tick, digest: digest.hex(), trail: this.#trail.text };
  }

  /** The last tick, until the next one begins; null before the first. */
  get last(): readonly [TickReport, Pool, TickOrder] | null {
    return this.#last;
  }

  /** A copy of what the last tick had to solve. Call it between two ticks. */
  capture(): CapturedTick {
    if (this.#last === null) throw new LabError('no tick has been finished yet; run one first');
    return captureTick(...this.#last);
  }

  /** Some pairs of the last tick, for a formula. Call it between two ticks. */
  pairs(count: number): TickPairs {
    if (this.#last === null) throw new LabError('no tick has been finished yet; run one first');
    return tickPairs(this.market, this.#last, count);
  }

  setBackend(backend: MatchBackend): void {
    this.market.setBackend(backend);
    if (!this.#slow) this.collector.setAdapter(backend.adapter);
  }

  status(): MarketStatus {
    const { policy } = this.market;
    return { ...this.collector.summary(), policy, alarms: this.collector.alarms() };
  }

  dispose(): void {
    this.collector.dispose();
  }
}

/** One market, or two that advance through the same evening in step. */
export class Markets {
  readonly main: ObservedMarket;
  #other: ObservedMarket | null;
  #paired: PairedMarkets | null;

  constructor(options: MarketsOptions) {
    this.main = new ObservedMarket(options, options.scenario.policy, 'a');
    // Its people are copied from those of the first, which has not begun.
    const { world } = this.main.market;
    this.#other = options.other === null ? null : new ObservedMarket(options, options.other, 'b', world);
    const { metric = 'chat' } = options;
    this.#paired =
      this.other === null
        ? null
        : createPairedMarkets(this.main.market, this.other.market, {
            metric,
            warmUpSeconds: WARM_UP_SECONDS,
          });
  }

  get other(): ObservedMarket | null {
    return this.#other;
  }

  /** Ends the comparison; the main market goes on. */
  dropOther(): void {
    this.#paired?.dispose();
    this.#other?.dispose();
    this.#paired = this.#other = null;
  }

  get all(): readonly ObservedMarket[] {
    return this.other === null ? [this.main] : [this.main, this.other];
  }

  /**
   * The next tick of each, side by side: the backend may have more than one thread. If the backend
   * fails for one of them, the next call advances only the market that is behind.
   */
  async tick(): Promise<void> {
    const last = Math.max(...this.all.map(({ market }) => market.tickNumber));
    const behind = this.all.filter(({ market }) => market.tickNumber < last);
    const due = behind.length > 0 ? behind : this.all;
    const results = await Promise.allSettled(due.map((market) => market.tick()));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  setBackend(backend: MatchBackend): void {
    for (const market of this.all) market.setBackend(backend);
  }

  /** Changes the metric of the comparison. */
  compareBy(metric: EffectMetricName): void {
    if (this.#paired !== null) this.#paired.metric = metric;
  }

  /** Every table of one side, and the comparison of both. */
  tables(side: Side): Table[] {
    const own = (this[side] ?? this.main).collector.tables();
    const tables = this.#paired === null ? own : [...own, this.#paired.table()];
    const { cast } = this.main.market.world;
    return cast === undefined ? tables : relabelTables(tables, cast);
  }

  dispose(): void {
    this.dropOther();
    this.main.dispose();
  }
}
