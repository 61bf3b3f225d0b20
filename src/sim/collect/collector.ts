import type { Table } from '../../base/table.ts';
import type { Pool } from '../../score/types.ts';
import type { StageTimes } from '../../match/backend.ts';
import { AlarmWatch, OVERDUE_SECONDS, type MarketAlarm } from '../../metrics/market/alarms.ts';
import { CalibrationStream } from '../../metrics/ranking/calibration.ts';
import { ExposureCounts } from '../../metrics/market/exposure.ts';
import { TickLatency } from '../../metrics/market/histogram.ts';
import { RatioSeries, RecentSums } from '../../metrics/market/series.ts';
import { ARM_BITS } from '../../model/serve/scorers.ts';
import { countries } from '../../scenario/countries.ts';
import type { Policy } from '../../scenario/schema.ts';
import {
  predictionUnit,
  QualityColumn,
  stageHistograms,
  stageNames,
  WaitingColumn,
  type Collected,
  type PoolCopy,
} from './collected.ts';
import { instrumentTables } from './collector-tables.ts';
import { contentTables } from '../moments/tables.ts';
import { NewcomerBook, segmentMask } from './segments.ts';
import { WaitBook } from './wait-book.ts';
import type { ChatStart, Market, MarketObserver, TickOrder, TickReport } from '../types.ts';

const ANY_ARM = ARM_BITS[0] | ARM_BITS[1];

export interface CollectorOptions {
  /** Maximum count of points of a series, an even number; default 600. */
  readonly maxPoints?: number;
  /** Name of the adapter that computes the ticks, for the latency tables. */
  readonly adapter?: string;
  /** What a tick took, for the latency tables; default: what was measured. */
  readonly times?: (report: TickReport) => readonly StageTimes[];
}

/** Key figures of the market; NaN where nothing has happened yet. */
export interface CollectorSummary {
  readonly waiting: number;
  readonly pairs: number;
  /** Mean predicted weight of the last tick's pairs without bonuses, in the scorer's unit. */
  readonly meanPredicted: number;
  /** Mean of the final lengths of the chats that began in the last minute, seconds. */
  readonly meanChat: number;
  readonly gap: number;
  /**
   * Median of the waits that ended in the last minute or go on, seconds (Kaplan and Meier). If most
   * of them have not ended, the median is over this: the longest wait.
   */
  readonly medianWait: number;
  readonly medianWaitIsOver: boolean;
  /** Over the last ten simulated seconds. */
  readonly matchesPerSecond: number;
}

/** Columns of the sums of the last minute. */
const Minute = { chats: 0, seconds: 1 } as const;

/**
 * Observes a market from now on and keeps the data of the instruments. Its memory does not grow
 * with time: histograms, sums, series whose points are joined when full, and a few words per
 * person.
 */
export class Collector {
  readonly #market: Market;
  readonly #times: NonNullable<CollectorOptions['times']>;
  readonly #stop: () => void;
  readonly #waiting: RatioSeries;
  #closing: Collected['closing'] = [];
  readonly #quality: RatioSeries;
  readonly #stages = { wall: stageHistograms(), gpu: stageHistograms() };
  #tick = new TickLatency();
  readonly #waits = new WaitBook();
  readonly #calibration = new CalibrationStream();
  /** That of the last tick: with two arms, it is not always the market's. */
  #policy: Policy;
  #scored = '';
  readonly #exposure = new ExposureCounts();
  readonly #matches: Uint32Array;
  readonly #newcomers: NewcomerBook;
  readonly #minute = new RecentSums(2);
  readonly #tenSeconds = new RecentSums(1, 10, 5);
  readonly #watch = new AlarmWatch();
  #gaveUp = 0;
  #adapter: string;
  #pool: PoolCopy | null = null;
  #last: Pick<CollectorSummary, 'waiting' | 'pairs' | 'meanPredicted' | 'gap'> = {
    waiting: 0,
    pairs: 0,
    meanPredicted: NaN,
    gap: NaN,
  };

  constructor(market: Market, { maxPoints = 600, adapter = '', times }: CollectorOptions = {}) {
    this.#market = market;
    this.#times = times ?? ((report) => report.times);
    this.#adapter = adapter;
    this.#policy = market.policy;
    const series = { maxPoints, width: market.policy.tickMs / 1000 };
    this.#waiting = new RatioSeries(1 + countries.length, series);
    this.#quality = new RatioSeries(4, series);
    this.#matches = new Uint32Array(market.world.people.count);
    this.#newcomers = new NewcomerBook(market.world.people);
    const observer: MarketObserver = {
      arrived: (person, _time, newcomer) => this.#arrived(person, newcomer),
      ticked: (report, pool, order) => this.#ticked(report, pool, order),
      chatBegan: (chat) => this.#chatBegan(chat),
      left: (person, time, reason, waited) => {
        if (reason === 'waiting') this.#left(person, time, waited);
      },
    };
    this.#stop = market.observe(observer);
  }

  /** Stops observing. Collected data stays readable. */
  dispose(): void {
    this.#stop();
  }

  /** Names the adapter that computes from now on. A change discards the old one's latencies. */
  setAdapter(adapter: string): void {
    if (adapter === this.#adapter) return;
    this.#adapter = adapter;
    this.#tick = new TickLatency();
    for (const clock of Object.values(this.#stages)) for (const stage of Object.values(clock)) stage.clear();
  }

  /** `waiting` of the summary, which needs no computation. */
  get waiting(): number {
    return this.#last.waiting;
  }

  alarms(): MarketAlarm[] {
    return this.#watch.alarms(this.#policy.threshold);
  }

  summary(): CollectorSummary {
    const { time } = this.#market;
    this.#minute.roll(time);
    this.#tenSeconds.roll(time);
    const median = this.#waits.recentMedian(time, this.#pool);
    return {
      ...this.#last,
      meanChat: this.#minute.sum(Minute.seconds) / this.#minute.sum(Minute.chats),
      medianWait: median.seconds,
      medianWaitIsOver: median.isOver,
      matchesPerSecond: this.#tenSeconds.sum(0) / this.#tenSeconds.seconds(time),
    };
  }

  /** All instrument tables except 'slices'. The arrays are new, so they may be transferred. */
  tables(): Table[] {
    const { moments } = this.#market;
    const tables = instrumentTables({
      waiting: this.#waiting,
      quality: this.#quality,
      stages: this.#stages,
      tick: this.#tick,
      tickMs: this.#policy.tickMs,
      adapter: this.#adapter,
      waits: this.#waits,
      calibration: this.#calibration,
      predictionUnit: predictionUnit(this.#policy),
      exposure: this.#exposure,
      closing: this.#closing,
      pool: this.#pool,
    });
    return moments === undefined ? tables : [...tables, ...contentTables(moments, this.#policy)];
  }

  #arrived(person: number, newcomer: boolean): void {
    if (!this.#newcomers.arrived(person, newcomer)) return;
    this.#matches[person] = 0;
    this.#exposure.enter();
  }

  #ticked(report: TickReport, pool: Pool, { policy }: TickOrder): void {
    const { time, matching, pairs, waiting } = report;
    this.#policy = policy;
    this.#noteScorer();
    const { country } = this.#market.world.people;
    const byCountry = new Float64Array(countries.length);
    let predicted = 0;
    let oldest = 0;
    let overdue = 0;
    for (let i = 0; i < pool.n; i++) {
      const id = pool.ids[i];
      byCountry[country[id]]++;
      oldest = Math.max(oldest, pool.waited[i]);
      if (pool.waited[i] > OVERDUE_SECONDS) overdue++;
      if (matching.mate[i] === -1) continue;
      predicted += matching.weight[i] / 2 - pool.bonus[i];
      this.#waits.end(time, country[id], pool.waited[i], 'matched');
      this.#matched(id);
    }
    this.#waiting.add(time, WaitingColumn.all, waiting);
    byCountry.forEach((n, c) => this.#waiting.add(time, WaitingColumn.country + c, n));
    if (waiting > 0) this.#quality.add(time, QualityColumn.matched, 2 * pairs, waiting);
    if (pairs > 0) this.#quality.add(time, QualityColumn.gap, matching.gap);
    this.#tenSeconds.add(time, 0, pairs);
    this.#last = { waiting, pairs, meanPredicted: predicted / pairs, gap: matching.gap };
    if (matching.closing !== undefined) this.#closing = matching.closing;
    this.#keepPool(pool, matching);
    const realMs = this.#measure(this.#times(report));
    const { tickMs } = this.#policy;
    this.#watch.tick({ time, waiting, oldest, overdue, pairs, gaveUp: this.#gaveUp, realMs, tickMs });
    this.#gaveUp = 0;
  }

  /** Records the real time of each stage. Returns that of the tick, ms; NaN if none. */
  #measure(times: readonly StageTimes[]): number {
    for (const t of times) for (const stage of stageNames) this.#stages[t.clock][stage].record(t[stage]);
    const whole = times.find((t) => t.clock === 'wall') ?? times[0];
    if (whole === undefined) return NaN;
    this.#tick.record(whole.total, this.#policy.tickMs);
    return whole.total;
  }

  #matched(id: number): void {
    // People who were online before the collector started enter with their first match.
    if (!this.#newcomers.isKnown(id)) this.#arrived(id, this.#newcomers.isNewcomer(id));
    this.#exposure.matched(this.#matches[id]++);
  }

  #keepPool(pool: Pool, { price, mate }: TickReport['matching']): void {
    const { n } = pool;
    if (this.#pool === null || this.#pool.have.length < n) {
      const room = Math.ceil(1.5 * n) + 64;
      const words = () => new Uint32Array(room);
      this.#pool = {
        n,
        have: words(),
        avoid: words(),
        speaks: words(),
        member: words(),
        price: new Float32Array(room),
        waited: new Float32Array(room),
      };
    }
    const copy = this.#pool;
    copy.n = n;
    copy.speaks.set(pool.speaks.subarray(0, n));
    copy.price.set(price.subarray(0, n));
    const { people } = this.#market.world;
    for (let i = 0; i < n; i++) {
      const id = pool.ids[i];
      // Arms of an experiment are no attributes that a filter could refuse.
      copy.have[i] = pool.have[i] & ~ANY_ARM;
      copy.avoid[i] = pool.avoid[i] & ~ANY_ARM;
      copy.waited[i] = mate[i] === -1 ? pool.waited[i] : -1;
      copy.member[i] = segmentMask(people, id, this.#newcomers.isNewcomer(id));
    }
  }

  /** Counts chats when they begin, at their final length: finished chats lack the long ones. */
  #chatBegan({ start, a, b, duration, predicted }: Readonly<ChatStart>): void {
    this.#minute.add(start, Minute.chats, 1);
    this.#minute.add(start, Minute.seconds, duration);
    this.#quality.add(start, QualityColumn.real, duration);
    this.#calibration.add(predicted, duration, a, b);
    if (predictionUnit(this.#policy) === 's') this.#quality.add(start, QualityColumn.predicted, predicted);
  }

  /** Restarts the calibration when the scorer or its combination has changed. */
  #noteScorer(): void {
    const { scorer, combination, formula } = this.#policy;
    const now = `${scorer} ${combination} ${formula}`;
    if (now === this.#scored) return;
    this.#scored = now;
    this.#calibration.clear();
  }

  #left(person: number, time: number, waited: number): void {
    this.#gaveUp++;
    this.#waits.end(time, this.#market.world.people.country[person], waited, 'left');
  }
}
