import { must } from '../../base/errors.ts';
import { countries } from '../../scenario/countries.ts';
import type { Balance } from '../types.ts';

const ALL = countries.length;
const fields = ['arrivals', 'waiting', 'inChat', 'reading', 'left'] as const;

/** Where a person who has arrived is. */
export type Whereabouts = Exclude<(typeof fields)[number], 'arrivals'>;

/** Counts of people by place, by country and overall. People only move between places. */
export class BalanceBook {
  readonly #counts = Object.fromEntries(fields.map((f) => [f, new Float64Array(ALL + 1)])) as Record<
    (typeof fields)[number],
    Float64Array
  >;

  move(country: number, from: 'outside' | Exclude<Whereabouts, 'left'>, to: Whereabouts): void {
    for (const at of [country, ALL]) {
      if (from === 'outside') this.#counts.arrivals[at]++;
      else this.#counts[from][at]--;
      this.#counts[to][at]++;
    }
  }

  /** By country, overall at the last index. */
  all(): Balance[] {
    return Array.from({ length: ALL + 1 }, (_, at) => this.#at(at));
  }

  overall(): Balance {
    return this.#at(ALL);
  }

  /** Throws LabError unless every segment balances and `waiting` people wait. Cheap. */
  check(waiting: number): void {
    for (let at = 0; at <= ALL; at++) {
      const b = this.#at(at);
      must(
        b.arrivals === b.waiting + b.inChat + b.reading + b.left &&
          Math.min(b.waiting, b.inChat, b.reading) >= 0,
        () =>
          `the books do not balance (${at === ALL ? 'all' : countries[at].code}): ${JSON.stringify(b)}; this is a bug`,
      );
    }
    must(
      this.#counts.waiting[ALL] === waiting,
      `the pool holds ${waiting} people, the books ${this.#counts.waiting[ALL]}; this is a bug`,
    );
  }

  #at(at: number): Balance {
    const { arrivals, waiting, inChat, reading, left } = this.#counts;
    return {
      ...{ arrivals: arrivals[at], waiting: waiting[at], inChat: inChat[at] },
      ...{ reading: reading[at], left: left[at] },
    };
  }
}
