import { termOf, ageOf } from '../../scenario/formula/terms.ts';
import { ageBands } from '../../scenario/countries.ts';
import type { People } from '../../world/types.ts';
import type { WaitingPool } from './scorers.ts';

const ages = ageBands.map(ageOf);

/** What a person term reads: people of the pool by position `i` and id. */
interface Source {
  readonly people: People;
  readonly waiting: WaitingPool;
  /** Waiting bonus, bonus and points of the rules by position. */
  readonly bonus: Float32Array;
}

const readers: Readonly<Record<string, (from: Source, i: number, id: number) => number>> = {
  wait: ({ waiting }, i) => waiting.waited[i],
  bonus: ({ bonus }, i) => bonus[i],
  price: ({ waiting }, _, id) => waiting.price?.[id] ?? 0,
  age: ({ people }, _, id) => ages[people.age[id]],
  chats: ({ people }, _, id) => people.chats[id],
  matches: ({ waiting }, _, id) => waiting.matches?.[id] ?? 0,
  newcomer: ({ people }, _, id) => (people.chats[id] === 0 ? 1 : 0),
  paying: ({ people }, _, id) => people.paying[id],
  reported: ({ people }, _, id) => people.reported[id],
  country: ({ people }, _, id) => people.country[id],
  language: ({ people }, _, id) => people.language[id],
  gender: ({ people }, _, id) => people.gender[id],
};

/** Writes the person terms of a formula, f32[names][n], each within its documented range. */
export function fillTerms(names: readonly string[], from: Source, n: number, out: Float32Array): void {
  names.forEach((name, t) => {
    const [low, high] = termOf.get(name)!.range;
    const read = readers[name];
    for (let i = 0; i < n; i++)
      out[t * n + i] = Math.min(high, Math.max(low, read(from, i, from.waiting.ids[i])));
  });
}
