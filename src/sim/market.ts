import { must } from '../base/errors.ts';
import { Digest, hash4, Stream } from '../base/hash.ts';
import type { MatchBackend, StageTimes, TickResult } from '../match/backend.ts';
import type { Pool } from '../score/types.ts';
import { createScorer, type Scorer } from '../model/serve/scorers.ts';
import { Families, type FamilyModels, type SessionVectorReport } from '../model/serve/families.ts';
import type { TowerModel } from '../model/layout/save-towers.ts';
import { loadFormulas } from '../scenario/formula/language.ts';
import { parsePolicy } from '../scenario/parse.ts';
import { atItsSize } from '../scenario/scale.ts';
import type { Policy, Scenario, PolicyStage } from '../scenario/schema.ts';
import type { Cast } from '../world/cast.ts';
import type { World } from '../world/types.ts';
import { createWorld, forkWorld } from '../world/world.ts';
import { checkSplit, type Arms } from './arms.ts';
import { EveningState } from './evening/evening.ts';
import { TermMemory } from './evening/term-memory.ts';
import { followSessions } from './follow-sessions.ts';
import { checkMatching, nothingToMatch } from './matching.ts';
import { createTickScorer, type TickScorer } from './mixed-pool.ts';
import type { ContentMoments } from './moments/moments.ts';
import { openMoments } from './moments/open-moments.ts';
import type { Balance, KnownTerms, Market, MarketObserver, TickOrder, TickReport } from './types.ts';

export interface MarketOptions {
  readonly scenario: Scenario;
  /** Default: the scenario's. */
  readonly policy?: Policy;
  /** Whose stages of the scenario take effect here; default 'a'. With `arms`, those of both. */
  readonly side?: 'a' | 'b';
  readonly backend: MatchBackend;
  /** The market works on a copy of it. Default: a world of its own, made from the scenario. */
  readonly world?: World;
  /** The people of a scenario that names imported ones, where no `world` is given. */
  readonly cast?: Cast;
  /** Trained weights, for the scorer 'towers'. */
  readonly towers?: TowerModel;
  /** Trained weights for the scorers of the family. They can also be loaded later. */
  readonly families?: FamilyModels;
  /** Creates the scorer that replaces the policy's own, from the market's world. */
  readonly scorer?: (world: World) => Scorer;
  /**
   * A second policy, arm B, by time or by person; arm A is `policy`. A function gets the market's
   * own world, whose slots are reborn as other people during the evening.
   */
  readonly arms?: Arms | ((world: World) => Arms);
  /** Keeps sessions from the beginning, for a scorer that may need them later. */
  readonly wantSessions?: boolean;
  /** Whether every tick reports the user vectors (`TickReport.matching.user`), to draw the pool. */
  readonly wantVectors?: boolean;
}

/**
 * One market under one policy, or under two (`arms`). Tick number k runs at simulated time k ticks:
 * it pairs the people who wait and starts their chats. Then time advances to the next tick: chats
 * end, people return to the pool or leave, others arrive, and patience runs out.
 *
 * A tick is a transaction: nothing changes before the backend has returned a valid matching.
 *
 * @throws LabError where the policies of two arms by person cannot share a tick (`checkSplit`).
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
  readonly #arms: Arms | undefined;
  /** Policy of arm B; without arms that of the market. */
  #policyB: Policy;
  #score: TickScorer;
  /** Whether the policy chooses the scorer (no scorer was passed in). */
  readonly #ownScorer: boolean;
  readonly #families: Families;
  readonly #evening: EveningState;
  readonly #terms: TermMemory;
  readonly #observers: MarketObserver[] = [];
  readonly #stages: readonly PolicyStage[];
  /** Dual prices by person: starting prices of the next tick's auction. */
  readonly #prices: Float32Array;
  #tick = 0;
  #nowMs = 0;
  #nextStage = 0;
  #busy = false;
  readonly #wantVectors: boolean;
  #moments: ContentMoments | undefined;

  constructor(options: MarketOptions) {
    const { scenario, backend, world, cast, towers, families, scorer, arms } = options;
    this.#wantVectors = options.wantVectors ?? false;
    this.scenario = scenario;
    this.#backend = backend;
    const { people: expected } = atItsSize(scenario).population;
    must(
      world === undefined || world.cast !== undefined || world.people.count === Math.round(expected),
      `the world has ${world?.people.count} people, the scenario ${expected}; create the world from this scenario`,
    );
    this.world = world === undefined ? createWorld(scenario, cast) : forkWorld(world);
    this.#families = new Families(this.world.people, families);
    this.#arms = typeof arms === 'function' ? arms(this.world) : arms;
    this.#policy = parsePolicy(options.policy ?? scenario.policy);
    this.#policyB = this.#arms === undefined ? this.#policy : parsePolicy(this.#arms.b);
    this.#checkArms(this.#policy, this.#policyB);
    this.#ownScorer = scorer === undefined;
    this.#score =
      scorer === undefined
        ? this.#scorerOf(towers)
        : createTickScorer(() => scorer(this.world), this.#arms, false);
    this.#evening = new EveningState(this.world, this.digest, this.#observers);
    const { side: own = 'a', wantSessions = false } = options;
    this.#stages = scenario.stages
      .filter(({ side }) => side === 'both' || side === own || this.#arms !== undefined)
      .toSorted((a, b) => a.atSeconds - b.atSeconds);
    this.#prices = new Float32Array(this.world.people.count);
    this.observe(followSessions(this.#families, wantSessions));
    this.#terms = new TermMemory(this.world.people.count);
    this.observe(this.#terms);
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

  setPolicy(change: Partial<Policy>): void {
    // In a repetition, this change is a stage after those that are due.
    this.#applyStages();
    const next = parsePolicy({ ...this.#policy, ...change });
    this.#checkArms(next, this.#policyB);
    this.#policy = next;
  }

  setBackend(backend: MatchBackend): void {
    this.#backend = backend;
  }

  loadFamilies(models: FamilyModels): void {
    this.#families.load(models);
  }

  loadTowers(towers: TowerModel): void {
    if (this.#ownScorer) this.#score = this.#scorerOf(towers);
  }

  #scorerOf(towers: TowerModel | undefined): TickScorer {
    return createTickScorer(() => createScorer(this.world, towers, this.#families), this.#arms, true);
  }

  #checkArms(a: Policy, b: Policy): void {
    if (this.#arms?.by === 'person') checkSplit(a, b);
  }

  get moments(): ContentMoments | undefined {
    return this.#moments;
  }

  termsOf(people: Pick<Pool, 'n' | 'ids' | 'waited'>): KnownTerms {
    return this.#terms.read(this.#policy, this.world.people, people, this.#families);
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
      if (this.#tick === 0) await this.#openMoments();
      this.#applyStages();
      const arms = this.#arms;
      const policy = arms?.by === 'time' && arms.armAt(this.time) === 1 ? this.#policyB : this.#policy;
      const { waiting } = this.#evening;
      const served = arms?.by === 'person' ? this.#sessionPolicy(policy) : policy;
      const sessions = await this.#families.prepare(served, waiting, this.time, this.#backend);
      if (policy.formula !== '' || this.#policyB.formula !== '') await loadFormulas();
      this.#terms.advance(this.time);
      const { pool, rule } = this.#score(policy, this.#policyB, this.#terms.beside(waiting), this.time);
      const order = { policy, rule, seed: hash4(this.scenario.seed, Stream.policy, this.#tick, 0) };
      const slates = await this.#moments?.prepare(this.#nowMs, this.#backend);
      const result = waiting.n < 2 ? nothingToMatch(waiting.n) : await this.#match(pool, order);
      checkMatching(pool, result);
      if (slates !== undefined) this.#moments!.feed.serve(slates, this.#nowMs, this.#evening.readUntil);
      return this.#commit(pool, order, result, sessions);
    } finally {
      this.#busy = false;
    }
  }

  async #openMoments(): Promise<void> {
    if (this.#moments !== undefined) return;
    this.#moments = await openMoments(this.world, this.#observers, {
      digest: this.digest,
      policy: this.#policy,
      policyOf: (person, time) => this.#policyOf(person, time),
    });
    if (this.#moments !== undefined) this.#evening.join(this.#moments);
  }

  #policyOf(person: number, time: number): Policy {
    const arms = this.#arms;
    if (arms === undefined) return this.#policy;
    const arm = arms.by === 'person' ? arms.armOf(person, time) : arms.armAt(time);
    return arm === 1 ? this.#policyB : this.#policy;
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
    const [evening, { mate, weight, price }] = [this.#evening, result];
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
    this.#moments?.feed.settle(this.#nowMs, order.policy);
    this.#families.dispatch(this.#sessionPolicy(order.policy), this.#backend);
    return report;
  }

  /**
   * The policy under which session vectors are computed. One arm that needs them is enough: then
   * they are ready whenever its turn comes.
   */
  #sessionPolicy(policy: Policy): Policy {
    const both = this.#arms === undefined ? [this.#policy] : [policy, this.#policyB, this.#policy];
    return both.find(({ scorer }) => scorer === 'cupid') ?? policy;
  }

  #applyStages(): void {
    while (this.#nextStage < this.#stages.length && this.#stages[this.#nextStage].atSeconds <= this.time) {
      const { policy: change, side } = this.#stages[this.#nextStage];
      const changed = (p: Policy) => parsePolicy({ ...p, ...change });
      const a = side === 'b' && this.#arms !== undefined ? this.#policy : changed(this.#policy);
      const b = side === 'a' ? this.#policyB : changed(this.#policyB);
      this.#checkArms(a, b);
      this.#policy = a;
      this.#policyB = b;
      this.#nextStage++;
    }
  }
}

/** Counts the session vectors of the tick as part of embedding, on the wall clock. */
const withSessions = (t: StageTimes, ms: number): StageTimes =>
  t.clock === 'wall' ? { ...t, embed: t.embed + ms, total: t.total + ms } : t;
