import type { Scenario } from '../scenario/schema.ts';
import { PATIENCE_SPREAD, PERSON_SIGMAS } from './birth.ts';
import type { People } from './types.ts';

/**
 * People from outside, in place of made-up ones: a population with the parameters that were estimated of it. Names of groups, sides and ages
 * stand where the made-up world has countries, genders and age bands. Index = person id.
 */
export interface Cast {
  /** Short digest of everything below: a scenario names its cast by it. */
  readonly key: string;
  /** Where they come from, e.g. "users.csv". */
  readonly name: string;
  readonly count: number;
  readonly ids: readonly string[];
  /** What people are sliced by and its values, at most 8; u8 per person. */
  readonly groupLabel: string;
  readonly groupNames: readonly string[];
  readonly group: Uint8Array;
  /** Two names, or one where there are no sides; u8 per person. */
  readonly sideLabel: string;
  readonly sideNames: readonly string[];
  readonly side: Uint8Array;
  /** Whether people of the same side never meet. */
  readonly acrossOnly: boolean;
  /** u8: index into `ageBands`; all 0 where it is not told. */
  readonly age: Uint8Array;
  readonly ageTold: boolean;
  /** f32[count][TASTE] (types.ts), rows of length at most 1: what one likes, and what one is like to others. */
  readonly taste: Float32Array;
  readonly appeal: Float32Array;
  /** f32: in units of the knobs "People differ" and "Charm", within 3.5 either way. */
  readonly talk: Float32Array;
  readonly charm: Float32Array;
  /** u32: meetings in the data; f32: mean natural-log seconds of them, as far as they tell. */
  readonly meetings: Uint32Array;
  readonly meanLog: Float32Array;
}

/** The people of a cast as the market's columns. The knobs of behaviour that scale people (talk, charm, patience) apply. */
export function castPeople(cast: Cast, { behaviour }: Scenario): People {
  const { count } = cast;
  const clamp = (z: number) => Math.max(-PERSON_SIGMAS, Math.min(PERSON_SIGMAS, z));
  const sided = cast.acrossOnly && cast.sideNames.length > 1;
  const zeros = () => new Uint8Array(count);
  return {
    count,
    country: cast.group.slice(),
    language: zeros(),
    speaks: new Uint32Array(count).fill(1),
    gender: cast.side.slice(),
    age: cast.age.slice(),
    reported: zeros(),
    paying: zeros(),
    wantsGender: Uint8Array.from(cast.side, (s) => (sided ? 1 << (1 - s) : 3)),
    wantsOwnCountry: zeros(),
    taste: cast.taste.slice(),
    appeal: cast.appeal.slice(),
    talk: cast.talk.map((z) => behaviour.talkSpread * clamp(z)),
    charm: cast.charm.map((z) => behaviour.hub * clamp(z)),
    patience: Float32Array.from(
      { length: count },
      (_, p) => behaviour.patience * Math.exp(PATIENCE_SPREAD * clamp(patienceOf(p))),
    ),
    // Everybody has a past here: who never met anyone in the data is no newcomer to the evening, only unknown to the fit.
    chats: cast.meetings.map((m) => Math.max(1, m)),
    sessions: new Uint32Array(count).fill(1),
    meanLog: cast.meanLog.slice(),
    mood: new Float32Array(count),
    wish: zeros(),
    whim: new Float32Array(count),
    generation: new Uint32Array(count),
  };
}

/** Evenly spread over about two standard deviations either way, by id: the data do not tell it. */
function patienceOf(person: number): number {
  return 3.4 * (((person * 0.6180339887498949) % 1) - 0.5);
}
