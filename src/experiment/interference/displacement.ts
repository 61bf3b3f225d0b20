import * as v from 'valibot';
import { finite, kind, notNegative, openShare, positive, whole } from '../compute/kind.ts';
import { allArms } from '../inference/enumerate.ts';

/**
 * A fixed supply handed out in proportion to weight; the treated weigh 1 + lift times as much.
 * Treating everybody changes nothing, yet the naive comparison reports the whole lift.
 */
export const displacement = kind(
  'a fixed supply handed out by weight: what an experiment by person reports, and the truth',
  v.object({
    supply_per_person: positive,
    weight_lift: v.pipe(finite, v.gtValue(-1)),
    treated_share: openShare,
  }),
  ({ supply_per_person: supply, weight_lift: lift, treated_share: p }) => {
    const control = supply / (1 + p * lift);
    const treated = control * (1 + lift);
    return { treated, control, naive: treated - control, naive_relative: treated / control - 1, gte: 0 };
  },
);

/** Everybody who asks is served until the supply is gone (Johari et al., arXiv 2002.05670). */
export const rationing = kind(
  'requests are served until the supply is gone: naive effect and truth',
  v.object({
    supply_per_person: notNegative,
    demand_control: notNegative,
    demand_treated: notNegative,
    treated_share: openShare,
  }),
  ({ supply_per_person: supply, demand_control: q0, demand_treated: q1, treated_share: p }) => {
    const demand = p * q1 + (1 - p) * q0;
    const served = supply < demand ? supply / demand : 1;
    const gte = Math.min(q1, supply) - Math.min(q0, supply);
    const naive = (q1 - q0) * served;
    return { gte, naive, bias: naive - gte };
  },
);

/**
 * Fixed pairs whose two sides share the effect: the naive difference by person is diluted, and the
 * dyadic Horvitz-Thompson estimate is unbiased but noisy (arXiv 2402.12653). Enumerates all arms.
 */
export const dilution = kind(
  'fixed pairs with a shared effect: naive difference and dyadic Horvitz-Thompson estimate',
  v.object({
    people: v.pipe(whole(2, 20), v.multipleOf(2)),
    effect_both: finite,
    one_sided_share: finite,
    treated_share: openShare,
    baseline: finite,
  }),
  ({ people, effect_both: effect, one_sided_share: oneSided, treated_share: p, baseline }) => {
    const outcome = (a: number, b: number) => baseline + effect * (a + b === 2 ? 1 : (a + b) * oneSided);
    let naiveSum = 0;
    let naiveChance = 0;
    let htMean = 0;
    let htSquare = 0;
    for (const arms of allArms(people)) {
      const treated = arms.filter((arm) => arm === 1).length;
      const chance = p ** treated * (1 - p) ** (people - treated);
      const sums = [0, 0];
      let ht = 0;
      for (let i = 0; i < people; i += 2) {
        const [a, b] = [arms[i], arms[i + 1]];
        const y = outcome(a, b);
        sums[a] += y;
        sums[b] += y;
        ht += y * ((a * b) / p ** 2 - ((1 - a) * (1 - b)) / (1 - p) ** 2);
      }
      ht *= 2 / people;
      htMean += chance * ht;
      htSquare += chance * ht * ht;
      if (treated === 0 || treated === people) continue;
      naiveSum += chance * (sums[1] / treated - sums[0] / (people - treated));
      naiveChance += chance;
    }
    return {
      gte: effect,
      naive: naiveSum / naiveChance,
      naive_large_sample: effect * (p + (1 - 2 * p) * oneSided),
      dyadic_ht: { mean: htMean, sd: Math.sqrt(Math.max(0, htSquare - htMean ** 2)) },
    };
  },
);

/** Integral of `f` by Simpson's rule over `steps` (even) equal steps. */
function integral(f: (x: number) => number, low: number, high: number, steps: number): number {
  const h = (high - low) / steps;
  let total = f(low) + f(high);
  for (let k = 1; k < steps; k++) total += f(low + k * h) * (k % 2 === 1 ? 4 : 2);
  return (total * h) / 3;
}

/** E[max of three independent sums of two pair values] = integral of 1 - F(x)^3. */
const bestOfThree = {
  uniform: () =>
    integral((x) => 1 - (x ** 2 / 2) ** 3, 0, 1, 200) +
    integral((x) => 1 - (1 - (2 - x) ** 2 / 2) ** 3, 1, 2, 200),
  exponential: () => integral((x) => 1 - (1 - (1 + x) * Math.exp(-x)) ** 3, 0, 60, 20_000),
};

/** Four people matched as one pool against two pools of two, which leave no choice. */
export const thickness = kind(
  'the best matching of four people against two pools of two',
  v.object({
    people: v.literal(4),
    pair_value: v.picklist(['uniform', 'exponential']),
    factor: notNegative,
  }),
  ({ pair_value: law, factor }) => {
    const total = bestOfThree[law]();
    const half = law === 'uniform' ? 0.5 : 1;
    const gte = (factor - 1) * (total / 2);
    const split = (factor - 1) * half;
    return {
      best_matching_total: total,
      pair_mean_whole: total / 2,
      pair_mean_half: half,
      gte_per_pair: gte,
      split_estimate: split,
      bias: split - gte,
    };
  },
);
