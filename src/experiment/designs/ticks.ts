import { pooledDifference } from '../inference/clusters.ts';
import { futureRewards } from '../interference/difference-in-q.ts';
import type { EveningLog } from '../run/evening-log.ts';
import type { OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { noEstimate, noInterval, studentEstimate, unitEstimate, type Estimate } from './estimate.ts';
import { armMeans, clustered } from './influence.ts';
import { isOfStay, observationsOf, outcomeRules } from './outcomes.ts';
import { quantileDifference } from './quantile-difference.ts';

/** Ticks that each arm needs for an interval. */
const LEAST_TICKS = 10;

/** How far differences in Q look ahead if the experiment has no burn-in, seconds. */
const AHEAD_SECONDS = 10;

/** Ticks after the warm-up: their times, and their arms (NaN for an empty pool). */
function ticksOf({ ticks }: EveningLog, { warmUp }: ExperimentSpec) {
  const first = ticks.time.findIndex((time) => time >= warmUp);
  const from = first < 0 ? ticks.count : first;
  const time = ticks.time.subarray(from);
  const arm = Array.from(time, (_, k) => {
    const [a, b] = [ticks.waiting[2 * (from + k)], ticks.waiting[2 * (from + k) + 1]];
    return a + b === 0 ? NaN : b > 0 ? 1 : 0;
  });
  return { time, arm };
}

/** The first tick at a time or after it; the number of ticks if there is none. */
function tickFrom(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] >= time - 1e-9) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Observations by the tick that first decides about them: that of a chat's beginning, the first one
 * of a wait, all ticks alike for people.
 */
function byFirstTick(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName) {
  const { time, arm } = ticksOf(log, spec);
  const observed = observationsOf(log, spec, metric, spec.warmUp);
  const tick = Array.from(observed.time, (begin) => tickFrom(time, begin));
  return { value: observed.value, tick, arm: tick.map((k) => (Number.isFinite(arm[k]) ? arm[k] : 2)) };
}

/** A coin per tick: difference of means of what begins under either arm, with errors by tick. */
export function byTick(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  const outcome = outcomeRules[metric];
  if (outcome.of === 'people') {
    if (outcome.value !== 'seconds' && outcome.value !== 'chats')
      return noEstimate('it follows a whole stay of many ticks');
    const { rewards, arm } = totalRewards(log, spec, outcome.value);
    return contrast(rewards, arm, 'totals per tick scaled to the evening, t over ticks');
  }
  const { value, tick, arm } = byFirstTick(log, spec, metric);
  const ticks = (which: number) => new Set(tick.filter((_, k) => arm[k] === which)).size;
  const fewest = Math.min(ticks(0), ticks(1));
  if (outcome.quantile !== undefined) {
    const found = quantileDifference(value, arm, outcome.quantile, (influence) =>
      Math.sqrt(clustered(influence, (k) => tick[k])),
    );
    return found === null || fewest < LEAST_TICKS
      ? noEstimate(`too few observations in an arm for the quantile ${outcome.quantile}`)
      : { ...found, method: 'difference of quantiles, Woodruff, error by tick' };
  }
  const { estimate, influence } = armMeans(value, arm);
  if (fewest < LEAST_TICKS)
    return noInterval(estimate, `an interval needs ${LEAST_TICKS} ticks per arm; an arm has ${fewest}`);
  const error = Math.sqrt(clustered(influence, (k) => tick[k]));
  return studentEstimate(estimate, error, fewest - 1, 'difference in means, error by tick');
}

/** A chat's seconds, or the number of chats, per tick: per person and scaled to the evening. */
function totalRewards(log: EveningLog, spec: ExperimentSpec, value: 'seconds' | 'chats') {
  const { time, arm } = ticksOf(log, spec);
  const people = new Set(observationsOf(log, spec, 'matched', spec.warmUp).person).size;
  const rewards = new Float64Array(time.length);
  const { chats } = log;
  for (let k = 0; k < chats.count; k++) {
    const tick = chats.start[k] < spec.warmUp ? -1 : tickFrom(time, chats.start[k]);
    // Both sides of a chat count; times the ticks, a mean per tick becomes a total.
    if (tick >= 0 && tick < time.length)
      rewards[tick] += ((value === 'chats' ? 1 : chats.seconds[k]) * 2 * time.length) / people;
  }
  return { rewards, arm };
}

/**
 * What every tick adds to a mean: the sum of value - mean over what is decided in it, over the mean
 * number per tick. A wait is decided when it ends, so that a tick's effect on those who wait now
 * and later lies ahead of it.
 */
function meanRewards(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName) {
  const { time, arm } = ticksOf(log, spec);
  const outcome = outcomeRules[metric];
  const rows: { tick: number; value: number }[] = [];
  if (outcome.of === 'waits') {
    const { waits } = log;
    for (let k = 0; k < waits.count; k++) {
      if (waits.ended[k] === 0 || waits.begin[k] < spec.warmUp) continue;
      const value = outcome.value === 'seconds' ? waits.seconds[k] : waits.ended[k] === 1 ? 1 : 0;
      rows.push({ tick: tickFrom(time, waits.begin[k] + waits.seconds[k]), value });
    }
  } else {
    const { value, tick } = byFirstTick(log, spec, metric);
    value.forEach((y, k) => rows.push({ tick: tick[k], value: y }));
  }
  const mean = rows.reduce((s, row) => s + row.value, 0) / rows.length;
  const rewards = new Float64Array(time.length);
  for (const { tick, value } of rows)
    if (tick < time.length) rewards[tick] += ((value - mean) * time.length) / rows.length;
  return { rewards, arm };
}

/** Difference of the means of a tick's value between ticks under B and under A. */
function contrast(values: ArrayLike<number>, arm: readonly number[], method: string): Estimate {
  const of = (which: number) => Array.from(values).filter((_, k) => arm[k] === which);
  const [control, treated] = [of(0), of(1)];
  const fewest = Math.min(control.length, treated.length);
  return unitEstimate(pooledDifference(control, treated), fewest, LEAST_TICKS, method);
}

/**
 * Differences in Q (Farias, Li, Peng and Zheng, arXiv 2206.02371): the market's reward in a tick
 * and in the ticks after it, up to the burn-in, compared between ticks under B and under A. Without
 * interference it is the difference in means; with it, the bias is of second order.
 */
export function byFuture(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  const outcome = outcomeRules[metric];
  if (outcome.of !== 'people' && outcome.quantile !== undefined)
    return noEstimate('a quantile is no sum of rewards');
  if (isOfStay(metric)) return noEstimate('it follows a whole stay of many ticks');
  const { rewards, arm } =
    metric === 'time' || metric === 'chats'
      ? totalRewards(log, spec, metric === 'time' ? 'seconds' : 'chats')
      : meanRewards(log, spec, metric);
  const ahead = Math.round(((spec.burnIn || AHEAD_SECONDS) * 1000) / spec.a.tickMs);
  const futures = futureRewards(rewards, ahead);
  return contrast(
    futures,
    arm.slice(0, futures.length),
    `rewards of ${ahead + 1} ticks from each tick on, t over ticks`,
  );
}
