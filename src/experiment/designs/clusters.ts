import { meanInterval } from '../../metrics/inference/student.ts';
import { permutationInterval, pooledDifference } from '../inference/clusters.ts';
import { meanOf, sampleVariance } from '../inference/moments.ts';
import type { EveningLog } from '../run/evening-log.ts';
import type { OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { noEstimate, noInterval, type Estimate } from './estimate.ts';
import { isOfStay } from './outcomes.ts';
import { unitsOf, windowPeriods, type Unit } from './units.ts';

/** Windows that `regions` needs for an interval. */
const LEAST_WINDOWS = 4;

const valuesOf = (units: readonly Unit[], arm: number): number[] =>
  units.filter((u) => u.arm === arm && Number.isFinite(u.value)).map((u) => u.value);

function groupsOf({ people }: EveningLog, { cluster }: ExperimentSpec) {
  const attribute = people[cluster];
  return {
    groups: attribute.reduce((most, value) => Math.max(most, value + 1), 1),
    groupOf: (person: number) => attribute[person],
  };
}

/**
 * Whole clusters of people have an arm: difference of the means of cluster means. Countries differ
 * in the same way every evening, and there are few ways to draw them: the t test would claim too
 * much on some metrics and too little on others, all evenings alike. A permutation test does not.
 */
export function byCluster(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  const units = unitsOf(log, spec, metric, {
    ...groupsOf(log, spec),
    ...{ periods: 1, periodOf: () => 0, periodShare: 1 },
  });
  const [control, treated] = [valuesOf(units, 0), valuesOf(units, 1)];
  const { difference, error } = pooledDifference(control, treated);
  const { low, high } = permutationInterval(control, treated, 0.05);
  if (Number.isNaN(low))
    return noInterval(
      difference,
      `${control.length} and ${treated.length} clusters (${spec.cluster}) can be drawn in too few ways for an interval`,
    );
  const method = `difference of cluster means (${spec.cluster}), permutation test`;
  return { estimate: difference, low, high, standardError: error, method };
}

/**
 * Clusters get new arms in every window: within a window, the difference of the cluster means; the
 * mean of these over windows, with an error from windows.
 */
export function byRegion(log: EveningLog, spec: ExperimentSpec, metric: OutcomeName): Estimate {
  if (isOfStay(metric)) return noEstimate('it follows a whole stay, which may span several windows');
  const { groups, groupOf } = groupsOf(log, spec);
  const windows = windowPeriods(spec, log.seconds, spec.burnIn, spec.window);
  const units = unitsOf(log, spec, metric, { groups, groupOf, ...windows });
  const differences = Array.from({ length: windows.periods }, (_, w) => {
    const own = units.slice(w * groups, (w + 1) * groups);
    return meanOf(valuesOf(own, 1)) - meanOf(valuesOf(own, 0));
  }).filter(Number.isFinite);
  if (differences.length === 0) return noEstimate('no window has both arms');
  const count = differences.length;
  const mean = meanOf(differences);
  if (count < LEAST_WINDOWS)
    return noInterval(mean, `an interval needs ${LEAST_WINDOWS} windows with both arms; there are ${count}`);
  const variance = sampleVariance(differences);
  const { low, high } = meanInterval({ count, mean, variance });
  return {
    ...{ estimate: mean, low, high, standardError: Math.sqrt(variance / count) },
    method: `differences of cluster means (${spec.cluster}) within windows, t over windows`,
  };
}
