import { must } from '../../base/errors.ts';
import { countries } from '../../scenario/countries.ts';
import type { Balance } from '../types.ts';

const ALL = countries.length;
const fields = ['arrivals', 'waiting', 'inChat', 'left'] as const;

/** Counts of people by place, by country and overall. People only move between places. */
export class BalanceBook {
  readonly #counts = Object.fromEntries(fields.map((f) => [f, new Float64Array(ALL + 1)])) as Record<
    (typeof fields)[number],
    Float64Array
  >;

  move(country: number, from: 'outside' | 'waiting' | 'inChat', to: 'waiting' | 'inChat' | 'left'): void {
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
        b.arrivals === b.waiting + b.inChat + b.left && b.waiting >= 0 && b.inChat >= 0,
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
    const { arrivals, waiting, inChat, left } = this.#counts;
    return { arrivals: arrivals[at], waiting: waiting[at], inChat: inChat[at], left: left[at] };
  }
}
