import type { MarketSegment } from '../../metrics/market/supply-demand.ts';
import { COUNTRY_BIT, GENDER_BIT } from '../../model/serve/scorers.ts';
import { ageBands, countries, genders, languages } from '../../scenario/countries.ts';
import type { People } from '../../world/types.ts';

export const newcomerNames = ['newcomers', 'regulars'] as const;

/** Segments of the market: countries, genders, ages, newcomers. Index = bit of `segmentMask`. */
export const marketSegments: readonly MarketSegment[] = [
  ...countries.map(({ code, language }, c) => ({
    dimension: 'country',
    name: code,
    bit: 1 << (COUNTRY_BIT + c),
    usuallySpeaks: 1 << languages.indexOf(language),
  })),
  ...genders.map((name, g) => ({ dimension: 'gender', name, bit: 1 << (GENDER_BIT + g), usuallySpeaks: 0 })),
  ...ageBands.map((name) => ({ dimension: 'age', name, bit: 0, usuallySpeaks: 0 })),
  ...newcomerNames.map((name) => ({ dimension: 'newcomer', name, bit: 0, usuallySpeaks: 0 })),
];

/** Bits of the segments that a person belongs to. */
export function segmentMask(people: People, id: number, newcomer: boolean): number {
  const gender = countries.length;
  const age = gender + genders.length;
  const fresh = age + ageBands.length;
  return (
    (1 << people.country[id]) |
    (1 << (gender + people.gender[id])) |
    (1 << (age + people.age[id])) |
    (1 << (fresh + (newcomer ? 0 : 1)))
  );
}

/**
 * Who arrived this evening as a newcomer, without any chat before. It is fixed at the first
 * arrival, so that a policy cannot change the groups. A reborn slot is another person.
 */
export class NewcomerBook {
  readonly #people: People;
  /** 0: not seen yet, 1: newcomer, 2: regular. */
  readonly #kind: Uint8Array;
  readonly #generation: Uint32Array;

  constructor(people: People) {
    this.#people = people;
    this.#kind = new Uint8Array(people.count);
    this.#generation = new Uint32Array(people.count);
  }

  /** Records an arrival. Returns whether it is the person's first one this evening. */
  arrived(person: number, newcomer: boolean): boolean {
    const generation = this.#people.generation[person];
    if (this.#kind[person] !== 0 && this.#generation[person] === generation) return false;
    this.#kind[person] = newcomer ? 1 : 2;
    this.#generation[person] = generation;
    return true;
  }

  /** People without a recorded arrival count as newcomers if they never had a chat. */
  isNewcomer(person: number): boolean {
    return this.#kind[person] === 0 ? this.#people.chats[person] === 0 : this.#kind[person] === 1;
  }

  /** Whether the arrival of the person now in this slot was recorded. */
  isKnown(person: number): boolean {
    return this.#kind[person] !== 0 && this.#generation[person] === this.#people.generation[person];
  }
}
