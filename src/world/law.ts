import { Stream, normal } from '../base/hash.ts';
import { ageBands, countries, genders } from '../scenario/countries.ts';
import { TASTE } from './types.ts';

/**
 * The laws that hold in every world: what countries, ages and genders tend to like and to be like. They do not depend on the
 * scenario's seed, so a model trained in one world knows something in another; who the people are does depend on it.
 *
 * Shares of the squared length of a taste (or appeal) vector: what side information tells (country, group = gender x age) and
 * what it does not (a hidden circle of friends inside the country, the person alone).
 */
export const lengthShare = { country: 0.34, group: 0.3, circle: 0.14, person: 0.22 } as const;

/** Hidden circles per country. */
export const CIRCLES = 4;

/** How much of one's appeal is one's own taste (like attracts like), as a correlation. */
export const HOMOPHILY = 0.45;

/** Any constant will do; it names the laws. */
const LAW_SEED = 0x1a75;

let drawn = 0;
const draw = (): number => normal(LAW_SEED, Stream.world, drawn++, 0);

/** Vectors whose weighted mean is 0 (no direction is popular with everybody) and whose weighted mean squared length is 1. */
function centred(weights: readonly number[]): Float64Array[] {
  const vectors = weights.map(() => Float64Array.from({ length: TASTE }, draw));
  const sum = weights.reduce((a, b) => a + b, 0);
  for (let k = 0; k < TASTE; k++) {
    const mean = vectors.reduce((m, v, i) => m + (weights[i] * v[k]) / sum, 0);
    for (const v of vectors) v[k] -= mean;
  }
  const size = Math.sqrt(
    vectors.reduce((m, v, i) => m + (weights[i] * v.reduce((q, x) => q + x * x, 0)) / sum, 0),
  );
  return vectors.map((v) => v.map((x) => x / size));
}

/** Numbers with mean 0 and standard deviation 1. */
function standard(count: number): number[] {
  const x = Array.from({ length: count }, draw);
  const mean = x.reduce((a, b) => a + b, 0) / count;
  const sd = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / count);
  return x.map((v) => (v - mean) / sd);
}

/** A second family that shares HOMOPHILY of its direction with the first. */
function akin(first: readonly Float64Array[], weights: readonly number[]): Float64Array[] {
  const rest = Math.sqrt(1 - HOMOPHILY ** 2);
  return centred(weights).map((v, i) => v.map((x, k) => rest * x + HOMOPHILY * first[i][k]));
}

const countryWeights = countries.map(() => 1);
/** Usual sizes of the groups, women first, by age: the young are many. */
const groupWeights = genders.flatMap((_, g) =>
  ageBands.map((_, a) => [0.42, 0.58][g] * [0.38, 0.27, 0.2, 0.1, 0.05][a]),
);
const circleWeights = Array.from({ length: CIRCLES }, () => 1);

/** Unit-mean-square directions, f64[TASTE] each. */
export const countryTaste = centred(countryWeights);
export const countryAppeal = akin(countryTaste, countryWeights);
/** Index gender * ageBands.length + age. */
export const groupTaste = centred(groupWeights);
export const groupAppeal = akin(groupTaste, groupWeights);
/** Index country, then circle. */
export const circleTaste = countries.map(() => centred(circleWeights));
export const circleAppeal = circleTaste.map((first) => akin(first, circleWeights));

/**
 * Tonight's wish: the kinds of company that people can look for in a session, f64[WISHES][TASTE], two directions and their opposites, unit
 * length. They lie along what the two most numerous groups are like to others, so that most of them can be told from a profile.
 */
export const WISHES = 4;
export const wishes: readonly Float64Array[] = (() => {
  const unit = (v: Float64Array): Float64Array => {
    const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    return v.map((x) => x / length);
  };
  const first = unit(groupAppeal[0]);
  const second = groupAppeal[ageBands.length];
  const along = second.reduce((sum, x, k) => sum + x * first[k], 0);
  const other = unit(second.map((x, k) => x - along * first[k]));
  return [first, first.map((x) => -x), other, other.map((x) => -x)];
})();

/** Scales what a wish adds, so that between people it has about the standard deviation that the knob tells. */
export const WISH_UNIT = 0.7;

/** How talkative the countries are against each other: mean 0, standard deviation 1. */
export const countryTalkLaw = standard(countries.length);
/** The share of a person's talk and charm that the group (gender x age) tells: mean 0, standard deviation 1 over groups. */
export const groupTalk = standard(groupWeights.length);
export const groupCharm = standard(groupWeights.length);
