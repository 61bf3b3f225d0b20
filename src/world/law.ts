import { Stream, normal } from '../base/hash.ts';
import { ageBands, countries, genders } from '../scenario/countries.ts';
import { TASTE } from './types.ts';

/**
 * Laws of every world: the mean tastes and appeals of countries, ages and genders. They do not
 * depend on the scenario's seed, so a model trained in one world is useful in another. The people
 * do depend on it.
 *
 * Shares of the squared length of a taste (or appeal) vector: known from side information (country,
 * group = gender x age), and unknown (a hidden circle of friends in the country, the person alone).
 */
export const lengthShare = { country: 0.34, group: 0.3, circle: 0.14, person: 0.22 } as const;

/** Hidden circles per country. */
export const CIRCLES = 4;

/** Correlation of a person's appeal with their own taste (like attracts like). */
export const HOMOPHILY = 0.45;

/** Seed of the laws, the same in every world. */
const LAW_SEED = 0x1a75;

let drawn = 0;
const draw = (): number => normal(LAW_SEED, Stream.world, drawn++, 0);

/**
 * Vectors whose weighted mean is 0 (no direction is popular with everyone) and whose weighted mean
 * squared length is 1.
 */
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
 * The kinds of company that people can look for in a session, f64[WISHES][TASTE]: two directions
 * and their opposites, of unit length. They follow the appeals of the two largest groups, so that a
 * profile reveals most of them.
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

/** Scales the effect of a wish to about the standard deviation that the knob sets. */
export const WISH_UNIT = 0.7;

/** Talkativeness of the countries: mean 0, standard deviation 1. */
export const countryTalkLaw = standard(countries.length);
/** Mean talk and charm of a group (gender x age): mean 0, standard deviation 1 over groups. */
export const groupTalk = standard(groupWeights.length);
export const groupCharm = standard(groupWeights.length);
