import { dyadicError } from '../../metrics/inference/dyadic.ts';
import { pooledTheta } from '../inference/cuped.ts';
import { dyadicTotalWeights } from '../interference/pool-enumeration.ts';
import type { EveningLog } from '../run/evening-log.ts';
import type { OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { noEstimate, noInterval, studentEstimate, type Estimate } from './estimate.ts';
import { armMeans, peoplePerArm, personError } from './influence.ts';
import { observationsOf, outcomeRules, type OutcomeRows } from './outcomes.ts';
import { quantileDifference } from './quantile-difference.ts';

/** People that each arm needs for an interval. */
const LEAST_PEOPLE = 20;

/** Difference of the arms' means or quantiles. Arms by person, with or without a split. */
export function byPerson(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  const observed = observationsOf(log, spec, metric, spec.warmUp);
  const outcome = outcomeRules[metric];
  if (outcome.of !== 'people' && outcome.quantile !== undefined)
    return quantileByPerson(observed, outcome.quantile);
  return meansByPerson(observed, 'difference in means');
}

/**
 * Arms whose people may not meet. Each has a queue of its own, and what moves a queue, such as the
 * share of women in it, lasts all evening: for waits and for the number of chats two queues are two
 * units, and one evening has no interval. Under A/A an error by person covers in 75 to 85 % of
 * evenings. Lengths of chats do not depend on the queue so much: there it covers in 92 to 96 %.
 */
export function byPool(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  const found = byPerson(log, spec, metric);
  const dependsOnQueue = outcomeRules[metric].of === 'waits' || metric === 'time' || metric === 'chats';
  return dependsOnQueue && found.estimate !== null
    ? noInterval(found.estimate, 'each arm has a queue of its own; an interval needs many evenings')
    : found;
}

/** The difference of the arms' means with the interval that the observations allow. */
export function meansByPerson(observed: OutcomeRows, what: string): Estimate {
  const { estimate, influence } = armMeans(observed.value, observed.arm);
  const fewest = Math.min(...peoplePerArm(observed));
  if (fewest < LEAST_PEOPLE)
    return noInterval(estimate, `an interval needs ${LEAST_PEOPLE} people per arm; an arm has ${fewest}`);
  const how = observed.areSides
    ? 'dyadic error'
    : Number.isNaN(observed.time[0])
      ? 'error by person'
      : 'error by person and stretch of the queue';
  // Deviations from the mean of n people are too small by (n - 1) / n.
  const error = personError(observed, influence) * Math.sqrt(fewest / (fewest - 1));
  return studentEstimate(estimate, error, fewest - 1, `${what}, ${how}`);
}

function quantileByPerson(observed: OutcomeRows, q: number): Estimate {
  const found = quantileDifference(observed.value, observed.arm, q, (influence) =>
    personError(observed, influence),
  );
  if (found === null || Math.min(...peoplePerArm(observed)) < LEAST_PEOPLE)
    return noEstimate(`too few observations in an arm for the quantile ${q}`);
  return { ...found, method: 'difference of quantiles, Woodruff, error by person' };
}

/** The difference of means, adjusted by the same person's mean before the warm-up ends. */
export function adjusted(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  const outcome = outcomeRules[metric];
  if (outcome.of !== 'people' && outcome.quantile !== undefined)
    return noEstimate('CUPED adjusts means, not quantiles');
  if (metric === 'returns')
    return noEstimate('whether a person returns has no value before the warm-up ends');
  const observed = observationsOf(log, spec, metric, spec.warmUp);
  const before = observationsOf(log, spec, metric, 0, spec.warmUp);
  const pre = personMeans(before);
  if (pre.size < LEAST_PEOPLE)
    return noEstimate(
      `CUPED needs ${LEAST_PEOPLE} people with a value before the warm-up ends; there are ${pre.size}`,
    );
  const past = [...pre.values()].sort((x, y) => x - y);
  const usual = past[past.length >> 1];
  const others = past.filter((x) => x !== usual).length;
  if (others < LEAST_PEOPLE)
    return noEstimate(
      `CUPED needs ${LEAST_PEOPLE} people with another value before the warm-up ends than the rest; there are ${others}`,
    );
  const known = [...observed.person.keys()].filter((k) => pre.has(observed.person[k]));
  const x = known.map((k) => pre.get(observed.person[k])!);
  const theta = pooledTheta(
    x,
    known.map((k) => observed.value[k]),
  );
  if (!Number.isFinite(theta)) return noEstimate('nobody who stays has another value than the rest');
  const centre = x.reduce((s, v) => s + v, 0) / x.length;
  // People without a past keep their value: arrival does not depend on the arm.
  const value = observed.value.map((y, k) => y - theta * ((pre.get(observed.person[k]) ?? centre) - centre));
  return meansByPerson({ ...observed, value }, 'CUPED, pooled theta');
}

function personMeans({ person, value }: OutcomeRows): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  person.forEach((p, k) => {
    const own = sums.get(p) ?? { sum: 0, count: 0 };
    own.sum += value[k];
    own.count++;
    sums.set(p, own);
  });
  return new Map([...sums].map(([p, { sum, count }]) => [p, sum / count]));
}

/**
 * Chats of two people under B against chats of two under A: means of chats (Hajek), and totals per
 * person with every chat weighted by one over the chance that both have its arm
 * (Horvitz-Thompson).
 */
export function byPairOfArms(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  const outcome = outcomeRules[metric];
  if (outcome.of === 'waits') return noEstimate('a wait belongs to one person, not to a pair');
  if (outcome.of !== 'chats' && metric !== 'time' && metric !== 'chats')
    return noEstimate(`${metric} belongs to one person, not to a pair`);
  const { chats } = log;
  const kept = [...chats.start.keys()].filter((k) => chats.start[k] >= spec.warmUp);
  const a = kept.map((k) => chats.a[k]);
  const b = kept.map((k) => chats.b[k]);
  const arms = kept.map((k) => (chats.armA[k] === chats.armB[k] ? chats.armA[k] : 2));
  const peopleOf = (arm: number) =>
    new Set(kept.flatMap((_, k) => (arms[k] === arm ? [a[k], b[k]] : []))).size;
  const fewest = Math.min(peopleOf(0), peopleOf(1));
  if (fewest < LEAST_PEOPLE)
    return noEstimate(
      `chats of two people of one arm need ${LEAST_PEOPLE} people per arm; an arm has ${fewest}`,
    );
  if (outcome.of === 'chats') {
    const value = kept.map((k) => outcome.value(chats.seconds[k], spec, chats.shares[k]));
    if (outcome.quantile !== undefined) {
      const found = quantileDifference(value, arms, outcome.quantile, (influence) =>
        dyadicError(influence, a, b),
      );
      return found === null
        ? noEstimate(`too few chats within an arm for the quantile ${outcome.quantile}`)
        : { ...found, method: 'difference of quantiles over pairs, Woodruff, dyadic error' };
    }
    const { estimate, influence } = armMeans(value, arms);
    return studentEstimate(
      estimate,
      dyadicError(influence, a, b),
      fewest - 1,
      'Hajek over pairs, dyadic error',
    );
  }
  const everybody = observationsOf(log, spec, metric, spec.warmUp).value.length;
  const weights = dyadicTotalWeights(arms, spec.treatedShare, everybody);
  const terms = kept.map((k, i) => weights[i] * (metric === 'time' ? chats.seconds[k] : 1));
  const estimate = terms.reduce((s, x) => s + x, 0);
  return studentEstimate(
    estimate,
    dyadicError(terms, a, b),
    fewest - 1,
    'Horvitz-Thompson over pairs, dyadic error',
  );
}
