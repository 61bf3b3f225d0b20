import { useMemo } from 'react';
import { outcomesOf, type OutcomeName } from '../../src/experiment/run/names.ts';
import { useScenario } from '../state/scenario-store.ts';

/** The metrics that the scenario of the page has something to measure by. */
export function useOutcomes(): readonly OutcomeName[] {
  const feed = useScenario((s) => s.scenario.feed);
  const tray = useScenario((s) => s.scenario.tray);
  return useMemo(() => outcomesOf({ feed, tray }), [feed, tray]);
}
