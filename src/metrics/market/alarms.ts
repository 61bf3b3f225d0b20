import { quantileType7 } from '../inference/bootstrap.ts';
import { RecentSums } from './series.ts';

export interface MarketAlarm {
  readonly kind: 'oldest-wait' | 'departures' | 'pool-growth' | 'late-ticks';
  /** Why, with the numbers, and what would help. */
  readonly text: string;
}

/** Figures of one tick that alarms depend on. */
export interface TickSigns {
  /** Simulated seconds. */
  readonly time: number;
  readonly waiting: number;
  /** Longest wait, seconds, and count of people who have waited longer than OVERDUE_SECONDS. */
  readonly oldest: number;
  readonly overdue: number;
  /** Pairs of this tick, and people who gave up waiting since the last one. */
  readonly pairs: number;
  readonly gaveUp: number;
  /** Real time of the tick (NaN if it was not measured) and its budget, ms. */
  readonly realMs: number;
  readonly tickMs: number;
}

/** A wait that is long in any market: forty ticks of half a second. */
export const OVERDUE_SECONDS = 20;

/** The normal level is learned in the first minute, after the seconds in which the market fills. */
const NORMAL_FROM = 5;
const NORMAL_TO = 60;
/** Minimum count of ticks to know the normal level. */
const NORMAL_TICKS = 10;

const Recent = { matched: 0, left: 1, ticks: 2, late: 3 } as const;

/**
 * Watches a market for signs of an outage: people wait longer and longer, give up, the pool grows,
 * ticks are late. The thresholds are our own. A sign counts if it is bad in itself, or if it is
 * above a minimum and also far from the normal level of this market in its first minute.
 */
export class AlarmWatch {
  readonly #minute = new RecentSums(4, 60, 12);
  readonly #pool = new RecentSums(2, 10, 5);
  /** Of the first minute, tick by tick: people who wait, share of them overdue. */
  readonly #waiting: number[] = [];
  readonly #overdue: number[] = [];
  #normalMatched = 0;
  #normalLeft = 0;
  #slowest = 0;
  #last: TickSigns | undefined;

  tick(signs: TickSigns): void {
    const { time, waiting, overdue, pairs, gaveUp, realMs, tickMs } = signs;
    this.#last = signs;
    this.#minute.add(time, Recent.matched, 2 * pairs);
    this.#minute.add(time, Recent.left, gaveUp);
    this.#pool.add(time, 0, waiting);
    this.#pool.add(time, 1, 1);
    if (Number.isFinite(realMs)) {
      const late = realMs > tickMs;
      this.#minute.add(time, Recent.ticks, 1);
      this.#minute.add(time, Recent.late, late ? 1 : 0);
      if (this.#minute.sum(Recent.late) === 0) this.#slowest = 0;
      if (late) this.#slowest = Math.max(this.#slowest, realMs);
    }
    if (time < NORMAL_FROM || time >= NORMAL_TO) return;
    this.#waiting.push(waiting);
    this.#overdue.push(waiting === 0 ? 0 : overdue / waiting);
    this.#normalMatched += 2 * pairs;
    this.#normalLeft += gaveUp;
  }

  /** Current alarms. `threshold`: the policy's quality threshold (0: off), a likely cause. */
  alarms(threshold: number): MarketAlarm[] {
    if (this.#last === undefined) return [];
    const advice =
      threshold > 0
        ? `The quality threshold is ${number(threshold)}: lower it.`
        : 'Look for filters that exclude each other, or let more people in.';
    return [
      this.#oldestWait(this.#last, advice),
      this.#departures(advice),
      this.#poolGrowth(this.#last, advice),
      this.#lateTicks(this.#last),
    ].filter((a) => a !== null);
  }

  #oldestWait({ oldest, overdue, waiting }: TickSigns, advice: string): MarketAlarm | null {
    const share = waiting === 0 ? 0 : overdue / waiting;
    if (overdue < 3 || !unusual(share, 0.25, 0.05, 2 * this.#median(this.#overdue))) return null;
    return {
      kind: 'oldest-wait',
      text: `The longest wait is ${number(oldest)} s; ${percent(share)} of the ${number(waiting)} who wait have waited over ${OVERDUE_SECONDS} s. ${advice}`,
    };
  }

  #departures(advice: string): MarketAlarm | null {
    const left = this.#minute.sum(Recent.left);
    const ended = left + this.#minute.sum(Recent.matched);
    const normalEnded = this.#normalLeft + this.#normalMatched;
    const normal = normalEnded === 0 ? 0 : this.#normalLeft / normalEnded;
    if (left < 10 || !unusual(left / ended, 0.25, 0.05, 3 * normal)) return null;
    return {
      kind: 'departures',
      text: `${number(left)} people gave up waiting in the last minute, ${percent(left / ended)} of all waits that ended. ${advice}`,
    };
  }

  /** The mean of ten seconds decides; the text names the people of the last tick. */
  #poolGrowth({ waiting }: TickSigns, advice: string): MarketAlarm | null {
    if (this.#waiting.length < NORMAL_TICKS) return null;
    const normal = this.#median(this.#waiting);
    const lately = this.#pool.sum(0) / this.#pool.sum(1);
    if (!(lately > 2.5 * normal && lately > normal + 30)) return null;
    const times =
      normal < 1 ? '' : `, ${number(waiting / normal)} times as many as usual (${number(normal)})`;
    return {
      kind: 'pool-growth',
      text: `${number(waiting)} people wait${times}, so every tick takes longer. ${advice}`,
    };
  }

  #lateTicks({ tickMs }: TickSigns): MarketAlarm | null {
    const late = this.#minute.sum(Recent.late);
    if (late < 3) return null;
    const ticks = this.#minute.sum(Recent.ticks);
    return {
      kind: 'late-ticks',
      text: `${number(late)} of the last ${number(ticks)} ticks took longer than the ${number(tickMs)} ms between two ticks, the slowest ${number(this.#slowest)} ms. Fewer people or a longer tick would help.`,
    };
  }

  #median(values: readonly number[]): number {
    return values.length < NORMAL_TICKS
      ? 0
      : quantileType7(
          values.toSorted((a, b) => a - b),
          0.5,
        );
  }
}

/** Whether a share is bad in itself, or above both a minimum and a level far from normal. */
function unusual(share: number, bad: number, floor: number, farFromNormal: number): boolean {
  return share >= bad || (share >= floor && share >= farFromNormal);
}

function number(value: number): string {
  return (value < 10 ? Number(value.toPrecision(2)) : Math.round(value)).toLocaleString('en');
}

function percent(share: number): string {
  return `${number(100 * share)} %`;
}
