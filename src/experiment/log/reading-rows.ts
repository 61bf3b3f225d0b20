import { revenueOf, type Decision } from '../../sim/moments/decision.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** One row per slate, and one per paid sticker, whose reading lasts 0 seconds. */
export interface ReadingColumns {
  readonly count: number;
  /** Index of the person. */
  readonly person: Uint32Array;
  readonly begin: Float64Array;
  readonly arm: Uint8Array;
  /** Seconds in the feed. */
  readonly reading: Float64Array;
  /** 1 if the person has returned to the queue. */
  readonly reentries: Uint8Array;
  /** Money of the platform. */
  readonly revenue: Float64Array;
}

/** One element of the columns. */
type Row = Record<Exclude<keyof ReadingColumns, 'count'>, number>;

/** Collects what people do in the feed, and what they pay for stickers. */
export class ReadingRows {
  readonly #rows: Row[] = [];
  readonly #last = new Map<number, number>();

  constructor(private readonly scenario: Scenario) {}

  decided(person: number, decision: Readonly<Decision>, arm: number): void {
    const { moment, place, time, seconds } = decision;
    const revenue = revenueOf(decision, this.scenario);
    const row = { person, begin: time, arm, reading: 0, reentries: 0, revenue: 0 };
    if (moment === 'tray') {
      if (revenue > 0) this.#rows.push({ ...row, revenue });
      return;
    }
    if (place === 1) {
      this.#last.set(person, this.#rows.length);
      this.#rows.push(row);
    }
    const last = this.#rows[this.#last.get(person)!];
    last.reading += seconds;
    last.revenue += revenue;
  }

  resumed(person: number): void {
    const row = this.#last.get(person);
    if (row !== undefined) this.#rows[row].reentries = 1;
  }

  columns(): ReadingColumns {
    return {
      count: this.#rows.length,
      person: Uint32Array.from(this.#rows, (r) => r.person),
      begin: Float64Array.from(this.#rows, (r) => r.begin),
      arm: Uint8Array.from(this.#rows, (r) => r.arm),
      reading: Float64Array.from(this.#rows, (r) => r.reading),
      reentries: Uint8Array.from(this.#rows, (r) => r.reentries),
      revenue: Float64Array.from(this.#rows, (r) => r.revenue),
    };
  }
}
