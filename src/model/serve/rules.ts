import { countries } from '../../scenario/countries.ts';
import type { People } from '../../world/types.ts';

/**
 * The first published rules (talk "AI in Social Discovery", Hyperconnect, 2023): same language +10,
 * both Japanese +15 more, same age band +25, recently reported -10,000, user with a gender filter
 * +1,000; a different device language is never eligible. All points are whole numbers, so they are
 * exact everywhere.
 *
 * The first three are a dot product. The last two belong to one person each and go into the pool's
 * bonus, where both sides add up, because -10,000 does not fit into a vector of norm MAX_NORM.
 */
export const Points = {
  sameLanguage: 10,
  bothJapanese: 15,
  sameAge: 25,
  reported: -10_000,
  genderFilter: 1_000,
} as const;

/** 8 languages, 1 for Japan, 5 age bands, padded to a multiple of 4. */
export const RULES_DIM = 16;
const JAPAN = countries.findIndex((c) => c.code === 'JP');

/** Writes both vectors of person `id`, f32[RULES_DIM] at `at`: user . peer = points of the pair. */
export function ruleVectors(
  people: People,
  id: number,
  user: Float32Array,
  peer: Float32Array,
  at: number,
): void {
  user.fill(0, at, at + RULES_DIM);
  peer.fill(0, at, at + RULES_DIM);
  user[at + people.language[id]] = Points.sameLanguage;
  peer[at + people.language[id]] = 1;
  if (people.country[id] === JAPAN) {
    user[at + 8] = Points.bothJapanese;
    peer[at + 8] = 1;
  }
  user[at + 9 + people.age[id]] = Points.sameAge;
  peer[at + 9 + people.age[id]] = 1;
}

/** Points that person `id` adds to any pair. */
export function rulePersonPoints(people: People, id: number): number {
  return (
    (people.reported[id] === 1 ? Points.reported : 0) +
    (people.wantsGender[id] === 3 ? 0 : Points.genderFilter)
  );
}
