import * as v from 'valibot';
import { must } from '../../base/errors.ts';
import { kind } from '../compute/kind.ts';
import { allArms, armsWithTreated } from '../inference/enumerate.ts';
import { meanAndSd, meanOf, sum } from '../inference/moments.ts';

type Pair = readonly [number, number];

/** Every matching of the people in `left` that leaves nobody alone, or one of an odd number. */
function* perfectMatchings(left: readonly number[]): Generator<readonly Pair[]> {
  if (left.length <= 1) {
    yield [];
    return;
  }
  if (left.length % 2 === 1) {
    for (const alone of left) yield* perfectMatchings(left.filter((k) => k !== alone));
    return;
  }
  const [first, ...others] = left;
  for (const other of others)
    for (const rest of perfectMatchings(others.filter((k) => k !== other))) yield [[first, other], ...rest];
}

/**
 * Horvitz-Thompson weights of pairs for the effect on a total per person, both sides of a pair
 * counted. `arms`: 0 or 1 if both people of a pair have that arm, 2 if their arms differ; `share`
 * of the people is treated, each by a coin of their own (arXiv 2402.12653).
 */
export function dyadicTotalWeights(arms: readonly number[], share: number, people: number): number[] {
  const weights = [-1 / (1 - share) ** 2, 1 / share ** 2, 0];
  return arms.map((arm) => (2 / people) * weights[arm]);
}

/**
 * One tick of a small pool under every assignment of arms, matched for real: what each estimator
 * reports beside the true effect. A person's score for a partner comes from the person's own arm.
 */
export const poolEnumeration = kind(
  'one tick of a small pool under all arms with real matching: every estimator beside the truth',
  v.object({ file: v.string(), matcher: v.picklist(['greedy', 'exact']) }),
  ({ file, matcher }, { open }) => {
    const table = open(file);
    const [is, js, a, b, seconds] = ['i', 'j', 'score_a', 'score_b', 'seconds'].map(table.numbers);
    must(
      [...is, ...js].every((person) => Number.isInteger(person) && person >= 0),
      'the people i and j are whole numbers from 0',
    );
    const n = Math.max(...is, ...js) + 1;
    must(n % 2 === 0 && n <= 10, `the pool has ${n} people; an even number up to 10 can be enumerated`);
    const scores = [new Map<number, number>(), new Map<number, number>()];
    const talk = new Map<number, number>();
    is.forEach((i, k) => {
      must(i !== js[k], `${file} has a row for ${i} with themselves`);
      must(!talk.has(i * n + js[k]), `${file} has two rows for i = ${i}, j = ${js[k]}`);
      const other = talk.get(js[k] * n + i) ?? seconds[k];
      must(
        other === seconds[k],
        `${file}: ${i} and ${js[k]} talk for ${seconds[k]} s in one row and ${other} s in another`,
      );
      scores[0].set(i * n + js[k], a[k]);
      scores[1].set(i * n + js[k], b[k]);
      talk.set(i * n + js[k], seconds[k]);
    });
    const of = (map: ReadonlyMap<number, number>, i: number, j: number): number => {
      const value = map.get(i * n + j);
      must(value !== undefined, `${file} has no row for i = ${i}, j = ${j}`);
      return value;
    };
    const everyone = Array.from({ length: n }, (_, i) => i);
    const pairs = everyone.flatMap((i) => everyone.slice(i + 1).map((j): Pair => [i, j]));
    const matchings = [...perfectMatchings(everyone)];

    const match = (arms: readonly number[], allowed: (pair: Pair) => boolean): readonly Pair[] => {
      const weight = ([i, j]: Pair) => of(scores[arms[i]], i, j) + of(scores[arms[j]], j, i);
      if (matcher === 'exact' && pairs.every(allowed)) return heaviest(matchings, weight);
      if (matcher === 'exact') {
        const sides = [0, 1].map((arm) => everyone.filter((i) => arms[i] === arm));
        return sides.flatMap((side) => heaviest([...perfectMatchings(side)], weight));
      }
      const taken = new Set<number>();
      const chosen: Pair[] = [];
      for (const pair of pairs.filter(allowed).sort((x, y) => weight(y) - weight(x)))
        if (!taken.has(pair[0]) && !taken.has(pair[1])) {
          pair.forEach((i) => taken.add(i));
          chosen.push(pair);
        }
      return chosen.sort((x, y) => x[0] - y[0]);
    };
    const anyPair = () => true;
    const outcomes = (matched: readonly Pair[]) => {
      const y = new Array<number>(n).fill(NaN);
      for (const [i, j] of matched) y[i] = y[j] = of(talk, i, j);
      return y;
    };
    const byPerson = (arms: readonly number[], y: readonly number[]) => {
      const arm = (which: number) =>
        meanOf(y.filter((value, i) => arms[i] === which && !Number.isNaN(value)));
      return arm(1) - arm(0);
    };

    const worlds = [0, 1].map((arm) => match(new Array<number>(n).fill(arm), anyPair));
    const [meanA, meanB] = worlds.map((matched) => meanOf(outcomes(matched)));
    const bernoulli: number[] = [];
    const dyadic: number[] = [];
    for (const arms of allArms(n)) {
      const matched = match(arms, anyPair);
      const y = outcomes(matched);
      const weights = dyadicTotalWeights(
        matched.map(([i, j]) => (arms[i] === arms[j] ? arms[i] : 2)),
        0.5,
        n,
      );
      dyadic.push(sum(matched.map(([i], k) => weights[k] * y[i])));
      if (new Set(arms).size === 2) bernoulli.push(byPerson(arms, y));
    }
    const half: number[] = [];
    const split: number[] = [];
    for (const arms of armsWithTreated(n, n / 2)) {
      half.push(byPerson(arms, outcomes(match(arms, anyPair))));
      split.push(byPerson(arms, outcomes(match(arms, ([i, j]) => arms[i] === arms[j]))));
    }
    return {
      pairs_a: worlds[0],
      pairs_b: worlds[1],
      mean_a: meanA,
      mean_b: meanB,
      gte: meanB - meanA,
      naive_bernoulli: { ...meanAndSd(bernoulli), assignments: bernoulli.length },
      naive_half: { ...meanAndSd(half), assignments: half.length },
      dyadic_ht: meanAndSd(dyadic),
      budget_split: meanAndSd(split),
    };
  },
);

const heaviest = (all: readonly (readonly Pair[])[], weight: (pair: Pair) => number): readonly Pair[] =>
  all.reduce((a, b) => (sum(b.map(weight)) > sum(a.map(weight)) ? b : a));
