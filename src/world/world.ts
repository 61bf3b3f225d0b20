import { log } from '../base/math.ts';
import { LabError } from '../base/errors.ts';
import { ageBands, countries, languages } from '../scenario/countries.ts';
import { atItsSize } from '../scenario/scale.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createBirth, cumulative } from './birth.ts';
import { castPeople } from './cast-people.ts';
import type { Cast } from './cast.ts';
import { countryTalkLaw, WISH_UNIT, wishes } from './law.ts';
import { TASTE, type People, type World } from './types.ts';

/** Scales the product of two random unit vectors to standard deviation 1. */
export const TASTE_SIGMA = Math.sqrt(TASTE);

/**
 * The population of a scenario with the ground truth of its behaviour: a pure function of the
 * scenario at its size, or the people of `cast` if the scenario names one. Throws LabError if it
 * names a different cast.
 */
export function createWorld(asked: Scenario, cast?: Cast): World {
  const scenario = atItsSize(asked);
  if (scenario.cast !== '') {
    if (cast?.key !== scenario.cast)
      throw new LabError(
        `the people of this scenario come from files (${scenario.cast}), which are not at hand: import them first`,
        'scenario.cast',
      );
    return worldOf(scenario, castPeople(cast, scenario), cast);
  }
  const count = Math.round(scenario.population.people);
  const people: People = {
    count,
    country: new Uint8Array(count),
    language: new Uint8Array(count),
    speaks: new Uint32Array(count),
    gender: new Uint8Array(count),
    age: new Uint8Array(count),
    reported: new Uint8Array(count),
    paying: new Uint8Array(count),
    wantsGender: new Uint8Array(count),
    wantsOwnCountry: new Uint8Array(count),
    taste: new Float32Array(count * TASTE),
    appeal: new Float32Array(count * TASTE),
    talk: new Float32Array(count),
    charm: new Float32Array(count),
    patience: new Float32Array(count),
    chats: new Uint32Array(count),
    sessions: new Uint32Array(count),
    meanLog: new Float32Array(count),
    mood: new Float32Array(count),
    wish: new Uint8Array(count),
    whim: new Float32Array(count),
    generation: new Uint32Array(count),
  };
  const birth = createBirth(scenario);
  for (let id = 0; id < count; id++) birth(people, id, false);
  return worldOf(scenario, people);
}

/** An independent copy of a world in its current state. Two markets never share a world. */
export function forkWorld({ scenario, people, cast }: World): World {
  // Columns are replaced in a spread copy, because V8 makes a hash table of an object to which many
  // properties are added one by one, and then every access to a column is slow.
  const copy: Record<string, unknown> = { ...people };
  for (const [name, column] of Object.entries(people))
    if (ArrayBuffer.isView(column)) copy[name] = (column as Uint8Array).slice();
  return worldOf(scenario, copy as unknown as People, cast);
}

function worldOf(scenario: Scenario, people: People, cast?: Cast): World {
  const { behaviour } = scenario;
  const { taste: t, appeal: p, talk, charm, country, language, age, wish, whim } = people;
  const countryTalk = Float32Array.from(
    countries,
    ({ code }, c) => behaviour.countryTalk * countryTalkLaw[c] + log(behaviour.talkOf[code]),
  );
  const base = baseLocation(scenario);
  const weight = behaviour.taste * TASTE_SIGMA;
  const wishWeight = WISH_UNIT * TASTE_SIGMA;
  return {
    scenario,
    people,
    ...(cast && { cast }),
    countryTalk,
    base,
    location(a, b) {
      const wished = wishes[wish[a]];
      let product = 0;
      let tonight = 0;
      for (let k = 0, i = a * TASTE, j = b * TASTE; k < TASTE; k++) {
        product += t[i + k] * p[j + k];
        tonight += wished[k] * p[j + k];
      }
      return (
        base +
        countryTalk[country[a]] +
        talk[a] +
        charm[b] +
        weight * product +
        wishWeight * whim[a] * tonight +
        (language[a] === language[b] ? behaviour.language : 0) -
        behaviour.age * Math.abs(age[a] - age[b])
      );
    },
  };
}

/**
 * ln talkativeness minus the mean language and age terms over random pairs. So talkativeness is the
 * median of one side's time in an average chat, however strong those terms are.
 */
function baseLocation({ population, behaviour }: Scenario): number {
  const share = (cumulated: readonly number[]) =>
    cumulated.map((c, i) => c - (i === 0 ? 0 : cumulated[i - 1]));
  const byCountry = share(cumulative(countries.map(({ code }) => population.countries[code])));
  const byAge = share(cumulative(ageBands.map((band) => population.ages[band])));
  const f = population.foreignDevice;
  const sameLanguage = byCountry.reduce(
    (sum, q) => sum + (q * (1 - f) + ((1 - q) * f) / (languages.length - 1)) ** 2,
    0,
  );
  const ageDistance = byAge.reduce(
    (sum, p, i) => sum + byAge.reduce((s, q, j) => s + p * q * Math.abs(i - j), 0),
    0,
  );
  return log(behaviour.talkativeness) - behaviour.language * sameLanguage + behaviour.age * ageDistance;
}
