import type { Scenario, ScorerName } from '../../scenario/schema.ts';
import { createMarket } from '../../sim/market.ts';
import { recordEvening } from '../run/evening-log.ts';
import type { OutcomeName } from '../run/names.ts';
import { measureEvening } from '../run/outcomes.ts';
import { marketTools, type JobContext } from './context.ts';

/** One evening of one scenario under its own policy. */
export interface SettingJob {
  readonly kind: 'setting';
  /** Complete, with its seed. */
  readonly scenario: Scenario;
  /** Length of the evening, simulated seconds. */
  readonly seconds: number;
  /** Chats and waits that begin earlier are left out, simulated seconds. */
  readonly warmUp: number;
  readonly metrics: readonly OutcomeName[];
}

export interface SettingResult {
  /** In the order of the job's metrics; null where nothing was observed. */
  readonly values: readonly (number | null)[];
  /** Digest of the event log. */
  readonly digest: string;
}

/** Runs the evening. */
export async function runSetting(
  { scenario, seconds, warmUp, metrics }: SettingJob,
  context: JobContext,
): Promise<SettingResult> {
  const tools = await marketTools(context, scorersOf(scenario));
  const market = createMarket({ scenario, ...tools });
  const recorder = recordEvening(market);
  while (market.time < seconds - 1e-9) await market.tick();
  const log = recorder.log();
  const measured = metrics.map((name) => measureEvening(log, name, { scenario, warmUp }));
  const values = measured.map((value) => (Number.isFinite(value) ? value : null));
  return { values, digest: log.digest };
}

function scorersOf({ policy, stages }: Scenario): ScorerName[] {
  return [policy, ...stages.map((stage) => stage.policy)].flatMap(({ scorer }) => scorer ?? []);
}
