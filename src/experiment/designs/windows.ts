import { meanInterval } from '../../metrics/inference/student.ts';
import { pooledDifference } from '../inference/clusters.ts';
import { meanOf, sampleVariance } from '../inference/moments.ts';
import type { EveningLog } from '../run/evening-log.ts';
import type { OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { burnInCorrected } from '../switchback/chain.ts';
import { coinWeights, stretches } from '../switchback/horvitz-thompson.ts';
import { stretchStarts, windowAt, windowsOf } from './assign.ts';
import { noEstimate, noInterval, studentEstimate, unitEstimate, type Estimate } from './estimate.ts';
import { unitsOf, type Unit } from './units.ts';

/** Windows that each arm needs for an interval. */
const LEAST_WINDOWS = 2;

const noReturns = noEstimate('a return follows a whole stay, which may span several windows');

/** The metric in the seconds of every full window from `from` until `until` after its begin. */
export function windowUnits(
  log: EveningLog,
  spec: ExperimentSpec,
  metric: OutcomeName,
  from: number,
  until: number,
): Unit[] {
  const periods = windowsOf(spec);
  return unitsOf(log, spec, metric, {
    ...{ groups: 1, groupOf: () => 0, periods },
    periodOf(time) {
      const window = windowAt(spec, time);
      const since = time - spec.warmUp - window * spec.window + 1e-9;
      return window < periods && since >= from && since < until ? window : -1;
    },
    periodShare: (until - from) / (log.seconds - spec.warmUp),
  });
}

const isKnown = (unit: Unit) => Number.isFinite(unit.value) && Number.isFinite(unit.arm);

/**
 * Difference of window means after the burn-in. The coins are independent of whatever the market
 * remembers, so that windows that resemble their neighbours do not make the error wrong. An
 * alternating schedule has no coins: there neighbours are compared in pairs.
 */
export function byWindow(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  if (metric === 'returns') return noReturns;
  const units = windowUnits(log, spec, metric, spec.burnIn, spec.window);
  if (spec.schedule === 'alternating') return byNeighbours(units);
  const coins = stretchUnits(spec, units);
  const arm = (which: number) => coins.filter((u) => isKnown(u) && u.arm === which).map((u) => u.value);
  const [control, treated] = [arm(0), arm(1)];
  return unitEstimate(
    pooledDifference(control, treated),
    Math.min(control.length, treated.length),
    LEAST_WINDOWS,
    'difference of window means, t of windows - 2',
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
 * Simchi-Levi and Zhao, 2023), with weights that add up to one in either arm (Hajek). What two
 * neighbouring windows add to the error depends on one common coin, so their product counts too.
 */
export function byLaggedWindow(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  if (metric === 'returns') return noReturns;
  if (spec.schedule === 'alternating') return noEstimate('an alternating schedule never repeats an arm');
  const units = windowUnits(log, spec, metric, 0, spec.window);
  if (!units.every(isKnown)) return noEstimate('a window has no observation');
  const stretch = stretches(units.length, stretchStarts(spec, units.length));
  const weights = coinWeights(
    stretch,
    stretch.map((_, t) => units[t].arm),
    LAG,
  );
  const total = (sign: number) => weights.reduce((s, w) => s + Math.max(0, sign * w), 0);
  const totals = [total(-1), total(1)];
  const mean = (sign: number) =>
    weights.reduce((s, w, t) => s + Math.max(0, sign * w) * units[t].value, 0) / total(sign);
  const means = [mean(-1), mean(1)];
  const estimate = means[1] - means[0];
  const fewest = Math.min(weights.filter((w) => w < 0).length, weights.filter((w) => w > 0).length);
  if (fewest < 2 * LEAST_WINDOWS)
    return noInterval(
      estimate,
      `an interval needs ${2 * LEAST_WINDOWS} windows per arm whose predecessor had the same arm; an arm has ${fewest}`,
    );
  const terms = weights.map((w, t) => {
    const arm = w > 0 ? 1 : 0;
    return (w * (units[t].value - means[arm])) / totals[arm];
  });
  const own = terms.reduce((s, x) => s + x * x, 0);
  const shared = terms.reduce((s, x, t) => s + (t === 0 ? 0 : 2 * x * terms[t - 1]), 0);
  const used = terms.filter((x) => x !== 0).length;
  const error = Math.sqrt((Math.max(own, own + shared) * used) / (used - 2));
  return studentEstimate(estimate, error, used - 2, 'Horvitz-Thompson with a lag of one window (Hajek)');
}

/**
 * The late part of every window, and the early part of windows whose arm did not change (Hu and
 * Wager, arXiv 2209.00197), with a jackknife over neighbouring windows.
 */
export function byCorrectedWindow(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  if (metric === 'returns') return noReturns;
  const { burnIn, window } = spec;
  if (burnIn === 0) return noEstimate('the correction needs a burn-in; burn_in is 0');
  const early = windowUnits(log, spec, metric, 0, burnIn);
  const late = windowUnits(log, spec, metric, burnIn, window);
  if (![...early, ...late].every(isKnown)) return noEstimate('a part of a window has no observation');
  const values = (units: readonly Unit[]) => units.map((u) => u.value);
  const arms = late.map((u) => u.arm === 1);
  const { value, error } = burnInCorrected(values(early), values(late), arms, burnIn / window);
  return studentEstimate(value, error, late.length - 2, 'bias-corrected by the burn-in, jackknife over windows');
}
