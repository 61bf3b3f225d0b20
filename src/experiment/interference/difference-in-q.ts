import * as v from 'valibot';
import { kind, list, openShare, positive, share, whole } from '../compute/kind.ts';
import { solve } from '../inference/linear.ts';
import { sum } from '../inference/moments.ts';

/**
 * Reward of every step and of the `ahead` steps after it, less their mean: an estimate of Q from
 * one history. Steps that do not have so many after them are left out.
 */
export function futureRewards(rewards: ArrayLike<number>, ahead: number): Float64Array {
  const mean = sum(Array.from(rewards)) / rewards.length;
  const futures = new Float64Array(Math.max(0, rewards.length - ahead));
  let total = 0;
  for (let t = 0; t < rewards.length; t++) {
    total += rewards[t] - mean;
    if (t < ahead) continue;
    futures[t - ahead] = total;
    total -= rewards[t - ahead] - mean;
  }
  return futures;
}

/**
 * Differences in Q (Farias et al., arXiv 2206.02371) in a store of peers. The state is the number
 * of free peers. In every step one person takes a free peer with their arm's chance (reward 1),
 * then one peer comes back.
 */
export const differenceInQ = kind(
  'differences in Q in a store of peers, beside the naive estimate and the truth',
  v.object({
    capacity: whole(1, 200),
    return_probability: v.pipe(positive, v.maxValue(1)),
    take_probability_control: share,
    take_probability_treated: share,
    treated_share: openShare,
    truncate_at: list(whole(0, 10_000)),
  }),
  (input) => {
    const { capacity, return_probability: back, treated_share: p } = input;
    const size = capacity + 1;
    const chain = (take: number) => {
      const reward = Array.from({ length: size }, (_, free) => (free > 0 ? take : 0));
      const steps = reward.map((chance, free) => {
        const row = new Array<number>(size).fill(0);
        for (const [after, weight] of [
          [free - 1, chance],
          [free, 1 - chance],
        ]) {
          if (weight === 0) continue;
          if (after < capacity) {
            row[after + 1] += weight * back;
            row[after] += weight * (1 - back);
          } else row[after] += weight;
        }
        return row;
      });
      return { reward, steps };
    };
    const stationary = (steps: readonly (readonly number[])[]) => {
      // pi (P - I) = 0 with the last equation replaced by sum(pi) = 1.
      const rows = Array.from({ length: size }, (_, to) =>
        Array.from({ length: size }, (_, from) =>
          to === size - 1 ? 1 : steps[from][to] - (from === to ? 1 : 0),
        ),
      );
      return solve(
        rows,
        rows.map((_, k) => (k === size - 1 ? 1 : 0)),
      );
    };
    const [q0, q1] = [input.take_probability_control, input.take_probability_treated];
    const [control, treated, mixed] = [q0, q1, p * q1 + (1 - p) * q0].map(chain);
    const rate = ({ reward, steps }: ReturnType<typeof chain>) => dot(stationary(steps), reward);
    const [rate0, rate1] = [rate(control), rate(treated)];
    const pi = stationary(mixed.steps);
    const average = dot(pi, mixed.reward);

    const contrast = (values: readonly number[]) =>
      sum(
        pi.map((weight, state) => {
          const direct = treated.reward[state] - control.reward[state];
          const later = dot(treated.steps[state], values) - dot(control.steps[state], values);
          return weight * (direct + later);
        }),
      );
    // Relative values: (I - P) V = r - average, 0 in the state that is met most often.
    const anchor = pi.indexOf(Math.max(...pi));
    const relative = solve(
      mixed.steps.map((row, i) => row.map((x, j) => (i === j ? 1 : 0) - (i === anchor ? 0 : x))),
      mixed.reward.map((r, i) => (i === anchor ? 0 : r - average)),
    );
    const zero = new Array<number>(size).fill(0);
    const naive = contrast(zero);
    const dq = contrast(relative);
    // A step changes the number of free peers by one at most.
    const near = mixed.steps.map((row, i) => row.slice(Math.max(0, i - 1), i + 2));
    const contrasts = new Map(input.truncate_at.map((k) => [k, naive]));
    let values = zero;
    for (let k = 1, last = Math.max(...contrasts.keys()); k <= last; k++) {
      const before = values;
      values = near.map((row, i) => mixed.reward[i] + dot(row, before.slice(Math.max(0, i - 1), i + 2)));
      if (contrasts.has(k)) contrasts.set(k, contrast(values));
    }
    const truncated = input.truncate_at.map((k) => contrasts.get(k)!);
    const gte = rate1 - rate0;
    return {
      rate_control: rate0,
      rate_treated: rate1,
      gte,
      naive,
      dq,
      naive_bias: naive - gte,
      dq_bias: dq - gte,
      truncated,
    };
  },
);

const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((x, k) => x * b[k]));
