import { toCsv } from '../../base/table.ts';
import { readCsv } from '../../base/text/csv.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { createMarket } from '../../sim/market.ts';
import type { MarketTools } from '../jobs/context.ts';
import { ahaReport, type AhaReport } from './aha-report.ts';
import { readActions } from './csv-actions.ts';
import { visitActions } from './visit-truth.ts';
import { visitsTable } from './visit-tables.ts';
import { recordVisits } from './visits.ts';

/** The Aha moment of one evening, as JSON. */
export interface AhaJob {
  readonly kind: 'aha';
  /** Complete, with its seed and policy. */
  readonly scenario: Scenario;
  readonly ticks: number;
  /** Columns of the table of visits that are adjusted for. */
  readonly confounders: readonly string[];
  /** Most times of "action at least k times", and least people of a condition. */
  readonly most: number;
  readonly least: number;
}

/** Runs the evening, and reads its table of visits as `lab aha` does. */
export async function runAha(job: AhaJob, tools: MarketTools): Promise<AhaReport> {
  const { scenario, ticks, confounders, most, least } = job;
  const market = createMarket({ scenario, ...tools });
  const visits = recordVisits(market);
  for (let tick = 0; tick < ticks; tick++) await market.tick();
  const csv = readCsv(new TextEncoder().encode(toCsv(visitsTable(scenario, visits))), 'visits');
  const found = readActions(csv, {
    ...{ outcome: 'returns', action: [visitActions.join(',')], confounder: [confounders.join(',')] },
    ...{ person: undefined, event: undefined, unit: 'person', count: undefined, skipMissing: true },
  });
  return ahaReport(found.table, {
    ...{ actions: found.actions, times: [1, most], leastPeople: least },
    truth: (name) => found.truth(name),
  });
}
