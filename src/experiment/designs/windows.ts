import { meanInterval } from '../../metrics/inference/student.ts';
import { pooledDifference } from '../inference/clusters.ts';
import { meanOf, sampleVariance, sum } from '../inference/moments.ts';
import type { EveningLog } from '../run/evening-log.ts';
import type { OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { burnInCorrected } from '../switchback/chain.ts';
import { coinWeights, stretches } from '../switchback/horvitz-thompson.ts';
import { stretchStarts } from './assign.ts';
import { isOfStay } from './outcomes.ts';
import { noEstimate, noInterval, studentEstimate, unitEstimate, type Estimate } from './estimate.ts';
import { unitsOf, windowPeriods, type Unit } from './units.ts';

/** Windows that each arm needs for an interval. */
const LEAST_WINDOWS = 2;

const noStays = noEstimate('it follows a whole stay, which may span several windows');

/** The metric in every full window, from `from` until `until` seconds after its begin. */
const windowUnits = (
  log: EveningLog,
  spec: ExperimentSpec,
  metric: OutcomeName,
  from: number,
  until: number,
): Unit[] =>
  unitsOf(log, spec, metric, {
    ...{ groups: 1, groupOf: () => 0 },
    ...windowPeriods(spec, log.seconds, from, until),
  });

const isKnown = (unit: Unit) => Number.isFinite(unit.value) && Number.isFinite(unit.arm);

/**
 * Difference of window means after the burn-in. The coins are independent of whatever the market
 * remembers, so that windows that resemble their neighbours do not make the error wrong. An
 * alternating schedule has no coins: there neighbours are compared in pairs.
 */
export function byWindow(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  if (isOfStay(metric)) return noStays;
  const units = windowUnits(log, spec, metric, spec.burnIn, spec.window);
  if (spec.schedule === 'alternating') return byNeighbours(units);
  const coins = stretchUnits(spec, units);
  const arm = (which: number) => coins.filter((u) => isKnown(u) && u.arm === which).map((u) => u.value);
  const [control, treated] = [arm(0), arm(1)];
  return unitEstimate(
    pooledDifference(control, treated),
    // Both arms have one variance, which the windows of the other arm also tell.
    Math.min(control.length, treated.length),
    1,
    'difference of window means, one variance, t of windows - 2',
  );
}

/** Windows 1 and 2, 3 and 4, and so on: the difference within each pair, t over pairs. */
function byNeighbours(units: readonly Unit[]): Estimate {
  const differences: number[] = [];
  for (let k = 0; k + 1 < units.length; k += 2) {
    const [one, other] = [units[k], units[k + 1]];
    const difference = (other.value - one.value) * (other.arm - one.arm);
    if (Number.isFinite(difference)) differences.push(difference);
  }
  const count = differences.length;
  const least = 2 * LEAST_WINDOWS;
  const mean = meanOf(differences);
  if (count < least)
    return noInterval(mean, `an interval needs ${least} pairs of windows; there are ${count}`);
  const variance = sampleVariance(differences);
  const { low, high } = meanInterval({ count, mean, variance });
  return {
    ...{ estimate: mean, low, high, standardError: Math.sqrt(variance / count) },
    method: 'differences of neighbouring windows, t over pairs',
  };
}

/** Windows of one stretch share a coin: each stretch becomes one unit. */
function stretchUnits(spec: ExperimentSpec, units: readonly Unit[]): Unit[] {
  const starts = stretchStarts(spec, units.length);
  return starts.map((start, k) => {
    const own = units.slice(start - 1, (starts[k + 1] ?? units.length + 1) - 1).filter(isKnown);
    return {
      value: meanOf(own.map((u) => u.value)),
      arm: own.length === 0 ? NaN : own[0].arm,
      count: own.reduce((s, u) => s + u.count, 0),
    };
  });
}

/** Windows of carry-over that the Horvitz-Thompson estimate allows for. */
const LAG = 1;

/**
 * Windows whose predecessor had the same arm, weighted by one over the chance of that (Bojinov,
 * Simchi-Levi and Zhao, 2023), with weights that add up to one in either arm (Hajek).
 */
export function byLaggedWindow(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  if (isOfStay(metric)) return noStays;
  if (spec.schedule === 'alternating') return noEstimate('an alternating schedule never repeats an arm');
  const units = windowUnits(log, spec, metric, 0, spec.window);
  if (!units.every(isKnown)) return noEstimate('a window has no observation');
  const stretch = stretches(units.length, stretchStarts(spec, units.length));
  const weights = coinWeights(
    stretch,
    stretch.map((_, t) => units[t].arm),
    LAG,
  );
  const side = (sign: number) => {
    const own = weights.map((w) => Math.max(0, sign * w));
    const total = sum(own);
    return {
      windows: own.filter((w) => w > 0).length,
      mean: sum(own.map((w, t) => w * units[t].value)) / total,
      spread: sum(own.map((w) => w * w)) / total ** 2,
    };
  };
  const [control, treated] = [side(-1), side(1)];
  const estimate = treated.mean - control.mean;
  const fewest = Math.min(control.windows, treated.windows);
  if (fewest < LEAST_WINDOWS)
    return noInterval(
      estimate,
      `an interval needs ${LEAST_WINDOWS} windows per arm whose predecessor had the same arm; an arm has ${fewest}`,
    );
  const { own, next, freedom } = covariances(units);
  const error = Math.sqrt((own + Math.max(0, next)) * (control.spread + treated.spread));
  return studentEstimate(estimate, error, freedom, 'Horvitz-Thompson with a lag of one window (Hajek)');
}

/**
 * Variance of windows around the mean of their arm, and covariance of neighbours. That of
 * neighbours counts as much, because two weights of a lag of one window share a coin: with weights
 * w of 4, -4 and 0, E(w_t^2) = 8 and E(w_t w_t+1) = 4 on either side.
 */
function covariances(units: readonly Unit[]) {
  const means = [0, 1].map((arm) => meanOf(units.filter((u) => u.arm === arm).map((u) => u.value)));
  const rest = units.map((u) => u.value - means[u.arm]);
  const freedom = rest.length - 2;
  const own = sum(rest.map((x) => x * x)) / freedom;
  const next = sum(rest.map((x, t) => (t === 0 ? 0 : x * rest[t - 1]))) / freedom;
  // Deviations from a mean of n are correlated by about -1 / n.
  return { own, next: next + own / rest.length, freedom };
}

/** Windows whose arm did not change that each arm needs for the jackknife. */
const LEAST_STEADY = 3;

/**
 * The late part of every window, and the early part of windows whose arm did not change (Hu and
 * Wager, arXiv 2209.00197), with a jackknife over neighbouring windows.
 */
export function byCorrectedWindow(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  if (isOfStay(metric)) return noStays;
  const { burnIn, window } = spec;
  if (burnIn === 0) return noEstimate('the correction needs a burn-in; burn_in is 0');
  const early = windowUnits(log, spec, metric, 0, burnIn);
  const late = windowUnits(log, spec, metric, burnIn, window);
  if (![...early, ...late].every(isKnown)) return noEstimate('a part of a window has no observation');
  const values = (units: readonly Unit[]) => units.map((u) => u.value);
  const arms = late.map((u) => u.arm === 1);
  const steady = [true, false].map((arm) => arms.filter((x, k) => k > 0 && x === arm && arms[k - 1] === arm));
  const fewest = Math.min(...steady.map((own) => own.length));
  const { value, error } = burnInCorrected(values(early), values(late), arms, burnIn / window);
  if (fewest < LEAST_STEADY)
    return noInterval(
      value,
      `an interval needs ${LEAST_STEADY} windows per arm whose arm did not change; an arm has ${fewest}`,
    );
  // The jackknife leaves out two neighbours at a time: half as many values are independent.
  const freedom = Math.floor(late.length / 2) - 1;
  return studentEstimate(value, error, freedom, 'bias-corrected by the burn-in, jackknife over windows');
}
