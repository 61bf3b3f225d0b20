import type { EveningLog } from '../run/evening-log.ts';
import type { DesignName, OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { byCluster, byRegion } from './clusters.ts';
import { noEstimate, type Estimate } from './estimate.ts';
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

/** What a design says about one metric of a market whose arms were assigned as it needs. */
export function analyseDesign(
  design: Exclude<DesignName, 'paired'>,
  log: EveningLog,
  spec: ExperimentSpec,
  metric: OutcomeName,
): Estimate {
  return log.seconds <= spec.warmUp
    ? noEstimate('nothing begins after the warm-up')
    : analyses[design](log, spec, metric);
}
