import { exp, log } from '../base/math.ts';
import { hash4, normal, Stream, uniform } from '../base/hash.ts';
import { ageBands, countries, genders, languages } from '../scenario/countries.ts';
import type { Scenario } from '../scenario/schema.ts';
import {
  circleAppeal,
  circleTaste,
  CIRCLES,
  countryAppeal,
  countryTaste,
  groupAppeal,
  groupCharm,
  groupTalk,
  groupTaste,
  HOMOPHILY,
  lengthShare,
} from './law.ts';
import { TASTE, type People } from './types.ts';

/** Talk, charm and patience are clamped at this many standard deviations to bound scores. */
export const PERSON_SIGMAS = 3.5;
/** Charm of a recently reported person against others, standard deviations. */
export const REPORTED_CHARM = -1;
/** Spread of patience between people, natural log. */
export const PATIENCE_SPREAD = 0.35;

const nativeLanguage = countries.map((c) => languages.indexOf(c.language));
const ENGLISH = languages.indexOf('en');
const UNITED_STATES = countries.findIndex((c) => c.code === 'US');

/** One counter per draw of a person, so that a new draw never shifts another. */
const Draw = {
  country: 0,
  foreign: 1,
  device: 2,
  second: 3,
  secondWhich: 4,
  gender: 5,
  age: 6,
  reported: 7,
  paying: 8,
  filter: 9,
  filterWhich: 10,
  ownCountry: 11,
  circle: 12,
  talk: 13,
  charm: 14,
  patience: 15,
  newcomer: 16,
  chats: 17,
  history: 18,
} as const;
/** Counter of the noise of the vectors, as `uniform` lays it out for draw 32 and up. */
const VECTORS = Math.imul(Stream.world, 0x1000000) + 32;

/** Cumulative shares, normalised to 1. All zero: everyone in the first. */
export function cumulative(shares: readonly number[]): number[] {
  const sum = shares.reduce((a, b) => a + b, 0);
  let at = 0;
  return shares.map((s, i) => (at += sum === 0 ? (i === 0 ? 1 : 0) : s / sum));
}

function pick(cumulated: readonly number[], u: number): number {
  const i = cumulated.findIndex((c) => u < c);
  return i < 0 ? cumulated.findLastIndex((c, k) => c > (k === 0 ? 0 : cumulated[k - 1])) : i;
}

/** Standard deviation of the sum of four uniform bytes. */
const BYTES_SIGMA = Math.sqrt((4 * (256 ** 2 - 1)) / 12);
/** Nearly normal number from one hash: fast, and a direction needs no exact tails. */
function soft(h: number): number {
  return ((h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510) / BYTES_SIGMA;
}

const clampSigmas = (z: number) => Math.max(-PERSON_SIGMAS, Math.min(PERSON_SIGMAS, z));

/** Scales f32[TASTE] at `at` to length 1. */
export function toUnit(x: Float32Array, at: number): void {
  let q = 0;
  for (let k = at; k < at + TASTE; k++) q += x[k] * x[k];
  const shrink = q > 0 ? 1 / Math.sqrt(q) : 1;
  for (let k = at; k < at + TASTE; k++) x[k] *= shrink;
}

const groups = genders.length * ageBands.length;

/** f64[country][group][circle][TASTE]: the part that people of the same kind share. */
function kinVectors(
  byCountry: readonly Float64Array[],
  byGroup: readonly Float64Array[],
  byCircle: readonly (readonly Float64Array[])[],
): Float64Array {
  const wc = Math.sqrt(lengthShare.country);
  const wg = Math.sqrt(lengthShare.group);
  const wk = Math.sqrt(lengthShare.circle);
  return Float64Array.from(
    byCountry.flatMap((c, country) =>
      byGroup.flatMap((g) =>
        byCircle[country].flatMap((circle) => Array.from(circle, (x, k) => wc * c[k] + wg * g[k] + wk * x)),
      ),
    ),
  );
}

/** Share of accounts without any visit before this evening: the reserve of newcomers. */
export function neverSeenShare({ population }: Scenario): number {
  return 0.1 + 0.6 * population.newcomers;
}

/**
 * Writes one person into the columns: a pure function of (scenario, seed, id, generation). `fresh`:
 * a person without any past (a reborn slot); otherwise the id decides whether the account has a
 * past.
 */
export function createBirth(scenario: Scenario): (people: People, id: number, fresh: boolean) => void {
  const { seed, population, behaviour } = scenario;
  const countryOf = cumulative(countries.map(({ code }) => population.countries[code]));
  const ageOf = cumulative(ageBands.map((band) => population.ages[band]));
  const neverSeen = neverSeenShare(scenario);
  const kinTaste = kinVectors(countryTaste, groupTaste, circleTaste);
  const kinAppeal = kinVectors(countryAppeal, groupAppeal, circleAppeal);
  const wPerson = Math.sqrt(lengthShare.person / TASTE);
  const wOwn = Math.sqrt(1 - HOMOPHILY ** 2);
  // Paying people filter twice as often; the mean over all stays as set.
  const filterBase = population.genderFilter / (1 + population.paying);

  let person = 0;
  let generation = 0;
  const u = (what: number) => uniform(seed, Stream.world, person, generation, what);
  const z = (what: number) => normal(seed, Stream.world, person, generation, what);

  return (p, id, fresh) => {
    person = id;
    generation = p.generation[id];

    const country = pick(countryOf, u(Draw.country));
    const native = nativeLanguage[country];
    let device = native;
    if (u(Draw.foreign) < population.foreignDevice) {
      device = Math.floor(u(Draw.device) * (languages.length - 1));
      if (device >= native) device++;
    }
    let speaks = (1 << native) | (1 << device);
    if (u(Draw.second) < population.bilingual) {
      const other = Math.floor(u(Draw.secondWhich) * languages.length);
      speaks |= 1 << (country === UNITED_STATES ? other : ENGLISH);
    }
    const gender = u(Draw.gender) < population.women ? 0 : 1;
    const age = pick(ageOf, u(Draw.age));
    const reported = u(Draw.reported) < population.reported ? 1 : 0;
    const paying = u(Draw.paying) < population.paying ? 1 : 0;
    p.country[id] = country;
    p.language[id] = device;
    p.speaks[id] = speaks >>> 0;
    p.gender[id] = gender;
    p.age[id] = age;
    p.reported[id] = reported;
    p.paying[id] = paying;
    const filters = u(Draw.filter) < filterBase * (paying ? 2 : 1);
    const wanted = u(Draw.filterWhich) < 0.75 ? 1 - gender : gender;
    p.wantsGender[id] = filters ? 1 << wanted : 3;
    p.wantsOwnCountry[id] = u(Draw.ownCountry) < population.countryFilter ? 1 : 0;

    const group = gender * ageBands.length + age;
    const circle = Math.floor(u(Draw.circle) * CIRCLES);
    const at = id * TASTE;
    const kin = TASTE * ((country * groups + group) * CIRCLES + circle);
    for (let k = 0; k < TASTE; k++) {
      const own = soft(hash4(seed, VECTORS + k, id, generation));
      const other = soft(hash4(seed, VECTORS + TASTE + k, id, generation));
      p.taste[at + k] = kinTaste[kin + k] + wPerson * own;
      p.appeal[at + k] = kinAppeal[kin + k] + wPerson * (HOMOPHILY * own + wOwn * other);
    }
    toUnit(p.taste, at);
    toUnit(p.appeal, at);
    p.talk[id] = behaviour.talkSpread * clampSigmas(0.4 * groupTalk[group] + 0.92 * z(Draw.talk));
    p.charm[id] =
      behaviour.hub *
      (clampSigmas(0.4 * groupCharm[group] + 0.92 * z(Draw.charm)) +
        REPORTED_CHARM * (reported - population.reported));
    p.patience[id] = behaviour.patience * exp(PATIENCE_SPREAD * clampSigmas(z(Draw.patience)));

    const newcomer = fresh || u(Draw.newcomer) < neverSeen;
    const chats = newcomer ? 0 : 1 + Math.floor(exp(3 + 1.2 * clampSigmas(z(Draw.chats))));
    p.chats[id] = chats;
    p.sessions[id] = newcomer ? 0 : 1 + Math.floor(chats / 8);
    // A chat ends with its first leaver, so talk and charm each move its log length by about a
    // half.
    p.meanLog[id] = newcomer
      ? 0
      : log(behaviour.talkativeness / 2) +
        0.5 * (p.talk[id] + p.charm[id]) +
        (1.1 / Math.sqrt(chats)) * clampSigmas(z(Draw.history));
    p.mood[id] = 0;
    p.wish[id] = 0;
    p.whim[id] = 0;
  };
}
