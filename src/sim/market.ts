import { must } from '../base/errors.ts';
import { Digest, hash4, Stream } from '../base/hash.ts';
import type { MatchBackend, StageTimes, TickResult } from '../match/backend.ts';
import type { Pool } from '../score/types.ts';
import { createScorer, type Scorer } from '../model/serve/scorers.ts';
import { Families, type FamilyModels, type SessionVectorReport } from '../model/serve/families.ts';
import type { TowerModel } from '../model/layout/save-towers.ts';
import { parsePolicy } from '../scenario/parse.ts';
import type { Policy, Scenario } from '../scenario/schema.ts';
import type { World } from '../world/types.ts';
import { createWorld, forkWorld } from '../world/world.ts';
import { EveningState } from './evening/evening.ts';
import { checkMatching, nothingToMatch } from './matching.ts';
import type { Balance, Market, MarketObserver, TickOrder, TickReport } from './types.ts';

export interface MarketOptions {
  readonly scenario: Scenario;
  /** Default: the scenario's. */
  readonly policy?: Policy;
  readonly backend: MatchBackend;
  /** The market works on a copy of it. Default: `createWorld(scenario)`. */
  readonly world?: World;
  /** Trained weights, for the scorer 'towers'. */
  readonly towers?: TowerModel;
  /** Trained weights for the scorers of the family. They can also be loaded later. */
  readonly families?: FamilyModels;
  /** Creates the scorer that replaces the policy's own, from the market's world. */
  readonly scorer?: (world: World) => Scorer;
  /** Whether every tick reports the user vectors (`TickReport.matching.user`), to draw the pool. */
  readonly wantVectors?: boolean;
}

/**
 * One market under one policy. Tick number k runs at simulated time k ticks: it pairs the people
 * who wait and starts their chats. Then time advances to the next tick: chats end, people return to
 * the pool or leave, others arrive, and patience runs out.
 *
 * A tick is a transaction: nothing changes before the backend has returned a valid matching.
 */
export function createMarket(options: MarketOptions): Market {
  return new SimulatedMarket(options);
}

class SimulatedMarket implements Market {
  readonly scenario: Scenario;
  readonly world: World;
  readonly digest = new Digest();
  #policy: Policy;
  #backend: MatchBackend;
  #score: Scorer;
  /** Whether the policy chooses the scorer (no scorer was passed in). */
  readonly #ownScorer: boolean;
  readonly #families: Families;
  readonly #evening: EveningState;
  readonly #observers: MarketObserver[] = [];
  readonly #stages: Scenario['stages'];
  /** Dual prices by person: starting prices of the next tick's auction. */
  readonly #prices: Float32Array;
  #tick = 0;
  #nowMs = 0;
  #nextStage = 0;
  #busy = false;
  readonly #wantVectors: boolean;

  constructor({ scenario, policy, backend, world, towers, families, scorer, wantVectors }: MarketOptions) {
    this.#wantVectors = wantVectors ?? false;
    this.scenario = scenario;
    this.#policy = parsePolicy(policy ?? scenario.policy);
    this.#backend = backend;
    must(
      world === undefined ||
        world.cast !== undefined ||
        world.people.count === Math.round(scenario.population.people),
      `the world has ${world?.people.count} people, the scenario ${scenario.population.people}; create the world from this scenario`,
    );
    this.world = world === undefined ? createWorld(scenario) : forkWorld(world);
    this.#families = new Families(this.world.people, families);
    this.#ownScorer = scorer === undefined;
    this.#score =
      scorer === undefined ? createScorer(this.world, towers, this.#families) : scorer(this.world);
    this.#evening = new EveningState(this.world, this.digest, this.#observers);
    this.#stages = scenario.stages.toSorted((a, b) => a.atSeconds - b.atSeconds);
    this.#prices = new Float32Array(this.world.people.count);
    this.observe(followSessions(this.#families));
  }

  get policy(): Policy {
    return this.#policy;
  }
  get tickNumber(): number {
    return this.#tick;
  }
  get time(): number {
    return this.#nowMs / 1000;
  }

  setPolicy(policy: Policy): void {
    this.#policy = parsePolicy(policy);
  }

  setBackend(backend: MatchBackend): void {
    this.#backend = backend;
  }

  loadFamilies(models: FamilyModels): void {
    this.#families.load(models);
  }

  loadTowers(towers: TowerModel): void {
    if (this.#ownScorer) this.#score = createScorer(this.world, towers, this.#families);
  }

  balances(): Balance[] {
    return this.#evening.book.all();
  }

  observe(observer: MarketObserver): () => void {
    this.#observers.push(observer);
    return () => {
      const at = this.#observers.indexOf(observer);
      if (at >= 0) this.#observers.splice(at, 1);
    };
  }

  async tick(): Promise<TickReport> {
    must(!this.#busy, 'a tick is still running; await it before the next one');
    this.#busy = true;
    try {
      this.#applyStages();
      const policy = this.#policy;
      const { waiting } = this.#evening;
      const sessions = await this.#families.prepare(policy, waiting, this.time, this.#backend);
      const { pool, rule } = this.#score(policy, waiting);
      const order = { policy, rule, seed: hash4(this.scenario.seed, Stream.policy, this.#tick, 0) };
      const result = waiting.n < 2 ? nothingToMatch(waiting.n) : await this.#match(pool, order);
      checkMatching(pool, result);
      return this.#commit(pool, order, result, sessions);
    } finally {
      this.#busy = false;
    }
  }

  #match(pool: Pool, { policy, rule, seed }: TickOrder): Promise<TickResult> {
    const prices = policy.matcher === 'auction' ? pool.ids : undefined;
    return this.#backend.match(pool, rule, {
      matcher: policy.matcher,
      seed,
      wantVectors: this.#wantVectors,
      ...(prices && {
        prices: Float32Array.from(prices, (id) => this.#prices[id]),
        gap: policy.auctionGap,
        maxRounds: Math.max(1, Math.round(policy.auctionRounds)),
      }),
    });
  }

  #commit(
    pool: Pool,
    order: TickOrder,
    result: TickResult,
    sessions: SessionVectorReport | undefined,
  ): TickReport {
    const evening = this.#evening;
    const { mate, weight, price } = result;
    const report: TickReport = {
      tick: this.#tick,
      time: this.time,
      waiting: pool.n,
      pairs: mate.reduce((pairs, j, i) => pairs + (j > i ? 1 : 0), 0),
      matching: result,
      times:
        sessions === undefined ? result.times : result.times.map((t) => withSessions(t, sessions.inTickMs)),
      balance: evening.book.overall(),
      ...(sessions && { sessions }),
    };
    for (const o of this.#observers) o.ticked?.(report, pool, order);

    for (let i = 0; i < pool.n; i++) {
      this.#prices[pool.ids[i]] = price[i];
      const j = mate[i];
      if (j > i) {
        const predicted = weight[i] - (pool.bonus[i] + pool.bonus[j]);
        evening.beginChat(pool.ids[i], pool.ids[j], this.#nowMs, predicted);
      }
    }
    evening.waiting.removeMatched(mate);
    this.#tick++;
    this.#nowMs += order.policy.tickMs;
    evening.advance(this.#nowMs);
    this.#families.dispatch(this.#policy, this.#backend);
    return report;
  }

  #applyStages(): void {
    while (this.#nextStage < this.#stages.length && this.#stages[this.#nextStage].atSeconds <= this.time)
      this.setPolicy({ ...this.#policy, ...this.#stages[this.#nextStage++].policy });
  }
}

/** Passes the market's events to the histories and the embedding memory. */
function followSessions(families: Families): MarketObserver {
  const { histories } = families;
  return {
    arrived: (person) => families.arrived(person),
    chatBegan({ a, b }) {
      if (families.wanted) histories.met(a, b);
    },
    chatEnded(chat) {
      if (!families.wanted) return;
      histories.ended(chat);
      families.finished(chat.a);
      families.finished(chat.b);
    },
  };
}

/** Counts the session vectors of the tick as part of embedding, on the wall clock. */
const withSessions = (t: StageTimes, ms: number): StageTimes =>
  t.clock === 'wall' ? { ...t, embed: t.embed + ms, total: t.total + ms } : t;
