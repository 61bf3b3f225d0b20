import { ageBands } from '../scenario/countries.ts';
import { ageOf, termOf } from '../scenario/formula/terms.ts';
import type { People } from './types.ts';

/** Where the terms of people come from. `i` is the position of a person in the pool. */
export interface TermSource {
  readonly people: People;
  /** By position: person ids; seconds waited; waiting bonus, bonus and points of the rules. */
  readonly ids: Uint32Array;
  readonly waited: Float32Array;
  readonly bonus: Float32Array;
  /** By person id: matches of the last minutes, and last dual prices; 0 where unknown. */
  readonly matches?: ArrayLike<number> | undefined;
  readonly price?: ArrayLike<number> | undefined;
}

const ages = ageBands.map(ageOf);
const readers: Readonly<Record<string, (from: TermSource, i: number, id: number) => number>> = {
  wait: ({ waited }, i) => waited[i],
  bonus: ({ bonus }, i) => bonus[i],
  price: ({ price }, _, id) => price?.[id] ?? 0,
  age: ({ people }, _, id) => ages[people.age[id]],
  chats: ({ people }, _, id) => people.chats[id],
  matches: ({ matches }, _, id) => matches?.[id] ?? 0,
  newcomer: ({ people }, _, id) => (people.chats[id] === 0 ? 1 : 0),
  paying: ({ people }, _, id) => people.paying[id],
  reported: ({ people }, _, id) => people.reported[id],
  country: ({ people }, _, id) => people.country[id],
  language: ({ people }, _, id) => people.language[id],
  gender: ({ people }, _, id) => people.gender[id],
};

/** Writes the person terms of a formula, f32[names][n], each within its documented range. */
export function fillTerms(names: readonly string[], from: TermSource, n: number, out: Float32Array): void {
  names.forEach((name, t) => {
    const [low, high] = termOf.get(name)!.range;
    const read = readers[name];
    for (let i = 0; i < n; i++) out[t * n + i] = Math.min(high, Math.max(low, read(from, i, from.ids[i])));
  });
}
