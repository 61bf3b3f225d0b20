import type { DesignName, OutcomeName } from '../../../src/experiment/run/names.ts';
import type { ExperimentReport } from '../../../src/experiment/run/report.ts';
import type { Policy } from '../../../src/scenario/schema.ts';
import { roomDefaults, type RoomSettings } from '../settings.ts';
import { wholeReport } from './figures.ts';
import { startEvenings } from './run.ts';
import { useExperiment } from './store.ts';

interface Order {
  readonly b: Policy;
  readonly designs: readonly DesignName[];
  readonly metric: OutcomeName;
  readonly settings: Partial<RoomSettings>;
}

/**
 * Sets an experiment in the room and runs it in the page's market. The room then shows it.
 * @throws Error where it cannot be run, or was cancelled.
 */
export async function setAndRun({ settings, ...order }: Order): Promise<ExperimentReport> {
  const whole = { ...roomDefaults, ...settings };
  useExperiment.setState({ ...order, settings: whole, problems: {}, tab: 'designs' });
  await startEvenings();
  const { run, problem } = useExperiment.getState();
  if (problem !== null) throw new Error(problem);
  if (run === null || run.results.length < whole.evenings)
    throw new Error('The evenings were cancelled. Run them again.');
  return wholeReport(run);
}
