import type { EveningLog } from '../run/evening-log.ts';
import type { DesignName, OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { byCluster, byRegion } from './clusters.ts';
import { noEstimate, noInterval, type Estimate } from './estimate.ts';
import { observationsOf } from './outcomes.ts';
import { adjusted, byPairOfArms, byPerson, byPool } from './people.ts';
import { byShadowPrice } from './shadow-price.ts';
import { byFuture, byTick } from './ticks.ts';
import { byCorrectedWindow, byLaggedWindow, byWindow } from './windows.ts';

type Analyse = (log: EveningLog, spec: ExperimentSpec, metric: OutcomeName) => Estimate;

const analyses: Readonly<Record<Exclude<DesignName, 'paired'>, Analyse>> = {
  users: byPerson,
  cuped: adjusted,
  pairs: byPairOfArms,
  'shadow-price': byShadowPrice,
  clusters: byCluster,
  regions: byRegion,
  'budget-split': byPool,
  switchback: byWindow,
  'switchback-ht': byLaggedWindow,
  'switchback-corrected': byCorrectedWindow,
  ticks: byTick,
  'difference-in-q': byFuture,
};

const shares: readonly OutcomeName[] = ['long', 'short', 'matched', 'returns'];

/** Observations of the rarer kind that each arm needs for the interval of a share. */
const LEAST_RARE = 10;

/**
 * What a design says about one metric of a market whose arms were assigned as it needs. A share so
 * near to 0 or 1 that an arm has a handful of the other kind has no interval: means of so rare
 * events are not normal, and an interval would claim nothing at all.
 */
export function analyseDesign(
  design: Exclude<DesignName, 'paired'>,
  log: EveningLog,
  spec: ExperimentSpec,
  metric: OutcomeName,
): Estimate {
  if (log.seconds <= spec.warmUp) return noEstimate('nothing begins after the warm-up');
  const found = analyses[design](log, spec, metric);
  if (found.low === null || found.estimate === null || !shares.includes(metric)) return found;
  const { value, arm } = observationsOf(log, spec, metric, spec.warmUp);
  /** By arm and kind. */
  const counts = [0, 0, 0, 0];
  value.forEach((x, k) => arm[k] < 2 && counts[2 * arm[k] + x]++);
  const fewest = Math.min(...counts);
  return fewest < LEAST_RARE
    ? noInterval(
        found.estimate,
        `an interval of a share needs ${LEAST_RARE} of either kind per arm; an arm has ${fewest}`,
      )
    : found;
}
