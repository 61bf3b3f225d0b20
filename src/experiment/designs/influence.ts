import { dyadicError } from '../../metrics/inference/dyadic.ts';
import type { OutcomeRows } from './outcomes.ts';

/** Seconds of a stretch in which people share a queue: waits in it are dependent. */
const QUEUE_SECONDS = 10;

/** Difference of the means of two arms, and what every observation adds to its error. */
export interface ArmMeans {
  /** B - A; NaN if an arm is empty. */
  readonly estimate: number;
  readonly means: readonly [number, number];
  readonly counts: readonly [number, number];
  /** f64[observations]: +-(value - mean of the arm) / size of the arm. */
  readonly influence: Float64Array;
}

/** Means of `value` by arm. Observations whose arm is neither 0 nor 1 do not count. */
export function armMeans(value: ArrayLike<number>, arm: ArrayLike<number>): ArmMeans {
  const sums: [number, number] = [0, 0];
  const counts: [number, number] = [0, 0];
  for (let k = 0; k < value.length; k++) {
    if (arm[k] > 1) continue;
    sums[arm[k]] += value[k];
    counts[arm[k]]++;
  }
  const means: [number, number] = [sums[0] / counts[0], sums[1] / counts[1]];
  const influence = Float64Array.from({ length: value.length }, (_, k) =>
    arm[k] > 1 ? 0 : ((arm[k] === 1 ? 1 : -1) * (value[k] - means[arm[k]])) / counts[arm[k]],
  );
  return { estimate: means[1] - means[0], means, counts, influence };
}

/** Different people in either arm. */
export function peoplePerArm({ arm, person }: OutcomeRows): [number, number] {
  const of = (which: number) => new Set(person.filter((_, k) => arm[k] === which)).size;
  return [of(0), of(1)];
}

/**
 * Standard error of a sum of influences by person. Two sides of one chat are one observation of
 * both people: chats that share a person are dependent (dyadic clustering). Waits have two ways of
 * clusters, people and stretches of the queue (Cameron, Gelbach and Miller, 2011), and at least the
 * error by people alone.
 */
export function personError({ person, time, areSides }: OutcomeRows, influence: Float64Array): number {
  if (areSides) {
    const chats = influence.length / 2;
    const even = (of: ArrayLike<number>, add: number) =>
      Float64Array.from({ length: chats }, (_, k) => of[2 * k + add]);
    const both = Float64Array.from({ length: chats }, (_, k) => influence[2 * k] + influence[2 * k + 1]);
    return dyadicError(both, even(person, 0), even(person, 1));
  }
  const byPerson = clustered(influence, (k) => person[k]);
  if (Number.isNaN(time[0])) return Math.sqrt(byPerson);
  const stretch = (k: number) => Math.floor(time[k] / QUEUE_SECONDS);
  const byQueue = clustered(influence, stretch);
  const byBoth = clustered(influence, (k) => person[k] * 2 ** 20 + stretch(k));
  return Math.sqrt(Math.max(byPerson, byPerson + byQueue - byBoth));
}

/** Sum over clusters of the square of a cluster's influence. */
export function clustered(influence: ArrayLike<number>, clusterOf: (k: number) => number): number {
  const sums = new Map<number, number>();
  for (let k = 0; k < influence.length; k++) {
    const cluster = clusterOf(k);
    sums.set(cluster, (sums.get(cluster) ?? 0) + influence[k]);
  }
  let total = 0;
  for (const sum of sums.values()) total += sum * sum;
  return total;
}
