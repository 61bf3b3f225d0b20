import type { Table } from '../../src/base/table.ts';
import type { MatchBackend } from '../../src/match/types.ts';
import type { TowerModel } from '../../src/model/towers.ts';
import type { Policy, Scenario } from '../../src/scenario/schema.ts';
import { createMarket } from '../../src/sim/market.ts';
import type { Market } from '../../src/sim/types.ts';
import { RecentSums } from '../../src/metrics/series.ts';
import type { World } from '../../src/world/types.ts';
import type { MarketStatus } from './api.ts';

export interface RoomsOptions {
  readonly scenario: Scenario;
  readonly other: Policy | null;
  readonly world: World;
  readonly backend: MatchBackend;
  readonly towers: TowerModel;
  readonly wantVectors: boolean;
}

export class Room {
  readonly market: Market;
  readonly #recent = new RecentSums(4);
  waiting = 0;
  #pairs = 0;
  #predicted = 0;
  #gap = 0;
  #median = 0;
  constructor(o: RoomsOptions, policy: Policy) {
    this.market = createMarket({
      scenario: o.scenario,
      policy,
      backend: o.backend,
      world: o.world,
      towers: o.towers,
      wantVectors: o.wantVectors,
    });
    this.market.observe({
      ticked: (r, pool) => {
        this.waiting = r.waiting;
        this.#pairs = r.pairs;
        this.#gap = r.matching.gap;
        this.#predicted = r.pairs ? r.matching.total / r.pairs : 0;
        this.#median = pool.n ? pool.waited.slice(0, pool.n).sort()[pool.n >> 1] : 0;
        this.#recent.add(r.time, 0, r.pairs);
      },
      chatEnded: (c) => {
        this.#recent.add(c.end, 1, c.duration);
        this.#recent.add(c.end, 2, 1);
      },
    });
  }
  recordLate(_ms: number) {}
  status(): MarketStatus {
    return {
      policy: this.market.policy,
      waiting: this.waiting,
      pairs: this.#pairs,
      meanPredicted: this.#predicted,
      meanChat: this.#recent.sum(1) / Math.max(1, this.#recent.sum(2)),
      gap: this.#gap,
      medianWait: this.#median,
      matchesPerSecond: this.#recent.sum(0) / Math.max(1, this.#recent.seconds(this.market.time)),
      alarms: [],
    };
  }
}

export class Rooms {
  readonly main: Room;
  readonly other: Room | null;
  constructor(o: RoomsOptions) {
    this.main = new Room(o, o.scenario.policy);
    this.other = o.other ? new Room(o, o.other) : null;
  }
  async tick() {
    await this.main.market.tick();
    await this.other?.market.tick();
  }
  setBackend(b: MatchBackend) {
    this.main.market.setBackend(b);
    this.other?.market.setBackend(b);
  }
  tables(): Table[] {
    return [];
  }
  dispose() {}
}
