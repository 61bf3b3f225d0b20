import { orNull } from '../../base/or-null.ts';
import { createMarket } from '../../sim/market.ts';
import { createWorld } from '../../world/world.ts';
import { analyseDesign } from '../designs/analyse.ts';
import { assignmentOf, type ArmAssignment } from '../designs/assign.ts';
import type { MarketTools } from '../jobs/context.ts';
import { createPairedMarkets } from '../paired-markets.ts';
import { recordEvening, type EveningLog } from './evening-log.ts';
import { harmed } from '../mixed/harm.ts';
import { endOf, liveMixed, liveUntil, recordAlike } from '../mixed/mixed-market.ts';
import type { DesignName, MixedDesign } from './names.ts';
import { lookNow, pairedRows } from './paired-rows.ts';
import type { EveningResult, EveningRow, Harm, LookRow } from './rows.ts';
import type { ExperimentSpec } from './spec.ts';

/** One evening of an experiment, as JSON. */
export interface EveningJob {
  readonly kind: 'evening';
  readonly spec: ExperimentSpec;
  readonly seed: number;
  /** Besides the paired markets, which always run. */
  readonly designs: readonly DesignName[];
  /** Analysed with policy A in both arms; they need not be among `designs`. */
  readonly aa: readonly MixedDesign[];
}

/**
 * Runs one evening: in the market under A and in the market under B, on common random
 * numbers, and in one mixed market per distinct assignment of arms among the designs. The result
 * depends on the job alone.
 */
export async function runEvening(job: EveningJob, tools: MarketTools): Promise<EveningResult> {
  const { spec, seed } = job;
  const scenario = { ...spec.scenario, seed };
  const world = createWorld(scenario);
  const shared = { spec, scenario, world, tools };
  const mixed = job.designs.filter((design) => design !== 'paired');

  const [a, b] = [spec.a, spec.b].map((policy) => createMarket({ scenario, policy, world, ...tools }));
  const pair = createPairedMarkets(a, b, { seed, warmUpSeconds: spec.warmUp });
  const [recordA, recordB] = [a, b].map((market) => recordEvening(market));
  const alike = assignmentsOf(job.aa)
    .filter((name) => name !== 'split')
    .map((name) => [name, recordAlike(name, a, spec)] as const);
  const looks: LookRow[][] = [];
  for (const time of lookTimes(spec)) {
    await liveUntil(a, time);
    await liveUntil(b, time);
    if (spec.looks > 0) looks.push(lookNow(pair, spec, a.time));
  }
  const logs = [recordA.log(), recordB.log()] as const;
  const [logA, logB] = logs;

  const rows = pairedRows(pair, spec, seed, logs, looks);
  const harm: Harm[] = [{ design: 'paired', ...harmed(logA, logB) }];
  for (const assignment of assignmentsOf(mixed)) {
    const log = await liveMixed(assignment, shared, spec.b);
    for (const design of mixed.filter((name) => assignmentOf(name) === assignment)) {
      rows.push(...designRows(design, log, spec, seed));
      harm.push({ design, ...harmed(logA, log) });
    }
  }
  const alikeLogs = new Map<ArmAssignment, EveningLog>(
    alike.map(([name, recorder]) => [name, recorder.log()]),
  );
  const aa: EveningRow[] = [];
  for (const assignment of assignmentsOf(job.aa)) {
    const log = alikeLogs.get(assignment) ?? (await liveMixed(assignment, shared, spec.a));
    for (const design of job.aa.filter((name) => assignmentOf(name) === assignment))
      aa.push(...designRows(design, log, { ...spec, b: spec.a }, seed));
  }
  return { seed, identical: logA.digest === logB.digest, rows, harm, aa };
}

const assignmentsOf = (designs: readonly MixedDesign[]): ArmAssignment[] => [
  ...new Set(designs.map(assignmentOf)),
];

/** Moments at which both markets are looked at; the last is the end. */
function lookTimes(spec: ExperimentSpec): number[] {
  const looks = Math.max(1, spec.looks);
  return Array.from({ length: looks }, (_, k) => (endOf(spec) * (k + 1)) / looks);
}

/** What a design says about every metric of the experiment, from the log of its market. */
export function designRows(
  design: MixedDesign,
  log: EveningLog,
  spec: ExperimentSpec,
  seed: number,
): EveningRow[] {
  return spec.metrics.map((metric) => {
    const { estimate, low, high, standardError, method } = analyseDesign(design, log, spec, metric);
    return {
      ...{ seed, design, metric, method },
      estimate: finiteOr(estimate),
      low: finiteOr(low),
      high: finiteOr(high),
      standard_error: finiteOr(standardError),
    };
  });
}

const finiteOr = (x: number | null): number | null => (x === null ? null : orNull(x));
