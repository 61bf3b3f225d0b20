import { exp } from '../base/math.ts';
import type { Scenario } from '../scenario/schema.ts';
import { PATIENCE_SPREAD, PERSON_SIGMAS } from './birth.ts';
import type { Cast } from './cast.ts';
import type { People } from './types.ts';

/** The people of a cast as columns. Knobs that scale people (talk, charm, patience) apply. */
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
      (_, p) => behaviour.patience * exp(PATIENCE_SPREAD * clamp(patienceOf(p))),
    ),
    // Everyone has a past: people without meetings in the data are unknown to the fit, but no
    // newcomers.
    chats: cast.meetings.map((m) => Math.max(1, m)),
    sessions: new Uint32Array(count).fill(1),
    meanLog: cast.meanLog.slice(),
    mood: new Float32Array(count),
    wish: zeros(),
    whim: new Float32Array(count),
    generation: new Uint32Array(count),
  };
}

/** Spread evenly by id over +-1.7 standard deviations, because the data do not contain patience. */
function patienceOf(person: number): number {
  return 3.4 * (((person * 0.6180339887498949) % 1) - 0.5);
}
