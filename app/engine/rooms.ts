import { LabError } from '../../src/base/errors.ts';
import type { Table } from '../../src/base/table.ts';
import { createPairedMarkets, type PairedMarkets } from '../../src/experiment/paired-markets.ts';
import { relabelTables } from '../../src/import/world/relabel.ts';
import type { MatchBackend } from '../../src/match/backend.ts';
import type { Pool } from '../../src/score/types.ts';
import type { FamilyModels } from '../../src/model/serve/families.ts';
import type { TowerModel } from '../../src/model/layout/save-towers.ts';
import type { Policy, Scenario } from '../../src/scenario/schema.ts';
import { createCollector, type Collector } from '../../src/sim/collect/collector.ts';
import { createMarket } from '../../src/sim/market.ts';
import type { Market, TickOrder, TickReport } from '../../src/sim/types.ts';
import type { World } from '../../src/world/types.ts';
import { captureTick, type CapturedTick } from '../exact/capture.ts';
import type { MarketStatus } from './api.ts';

export interface RoomsOptions {
  readonly scenario: Scenario;
  /** The policy that lives through the same evening beside the scenario's own, or null. */
  readonly other: Policy | null;
  readonly world: World;
  readonly backend: MatchBackend;
  readonly towers: TowerModel;
  readonly families: FamilyModels;
}

/** One market with what is measured of it. */
export class Room {
  readonly market: Market;
  readonly collector: Collector;
  /** The last tick's own arrays, which hold until the next one begins. */
  #last: readonly [TickReport, Pool, TickOrder] | null = null;

  constructor({ scenario, world, backend, towers, families }: RoomsOptions, policy: Policy) {
    this.market = createMarket({ scenario, policy, backend, world, towers, families, wantVectors: true });
    this.collector = createCollector(this.market, { adapter: backend.adapter });
    this.market.observe({ ticked: (...last) => (this.#last = last) });
  }

  async tick(): Promise<void> {
    this.#last = null;
    await this.market.tick();
  }

  /** A copy of what the last tick had to solve. Call it between two ticks. */
  capture(): CapturedTick {
    if (this.#last === null) throw new LabError('no tick has been finished yet; run one first');
    return captureTick(...this.#last);
  }

  setBackend(backend: MatchBackend): void {
    this.market.setBackend(backend);
    this.collector.setAdapter(backend.adapter);
  }

  status(): MarketStatus {
    const { waiting, pairs, meanPredicted, meanChat, gap, medianWait, matchesPerSecond } =
      this.collector.summary();
    const { policy } = this.market;
    const alarms = this.collector.alarms();
    return { policy, waiting, pairs, meanPredicted, meanChat, gap, medianWait, matchesPerSecond, alarms };
  }

  dispose(): void {
    this.collector.dispose();
  }
}

/** The one market, or the two that live through the same evening in step. */
export class Rooms {
  readonly main: Room;
  readonly other: Room | null;
  readonly #twin: PairedMarkets | null;

  constructor(options: RoomsOptions) {
    this.main = new Room(options, options.scenario.policy);
    this.other = options.other === null ? null : new Room(options, options.other);
    this.#twin = this.other === null ? null : createPairedMarkets(this.main.market, this.other.market);
  }

  /** The next tick of each. When the backend fails between the two, the repeated call goes on with the one that is behind. */
  async tick(): Promise<void> {
    const { main, other } = this;
    if (other === null || main.market.tickNumber <= other.market.tickNumber) await main.tick();
    if (other !== null && other.market.tickNumber < main.market.tickNumber) await other.tick();
  }

  setBackend(backend: MatchBackend): void {
    this.main.setBackend(backend);
    this.other?.setBackend(backend);
  }

  tables(): Table[] {
    const own = this.main.collector.tables();
    const tables = this.#twin === null ? own : [...own, this.#twin.table()];
    const { cast } = this.main.market.world;
    return cast === undefined ? tables : relabelTables(tables, cast);
  }

  dispose(): void {
    this.#twin?.dispose();
    this.main.dispose();
    this.other?.dispose();
  }
}
