import { seedsFrom } from '../../../src/base/seeds.ts';
import { whyImpossible } from '../../../src/experiment/mixed/possible-designs.ts';
import { outcomesOf } from '../../../src/experiment/run/names.ts';
import type { EveningResult } from '../../../src/experiment/run/rows.ts';
import { parseExperiment } from '../../../src/experiment/run/spec.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { inputOf } from './spec.ts';
import { policyB, useExperiment } from './store.ts';
import { runTask, type TaskOrder } from './task.ts';

/** Runs the evenings of the experiment as it is set, and shows each as it comes in. */
export function startEvenings(open?: TaskOrder<EveningResult>['open']): Promise<void> {
  const { settings, b, designs: asked } = useExperiment.getState();
  const page = useScenario.getState();
  const input = inputOf(page.scenario, policyB(b, page), settings, outcomesOf(page.scenario));
  const policies = { a: page.scenario.policy, b: policyB(b, page) };
  const designs = asked.filter((d) => d === 'paired' || whyImpossible(d, policies) === null);
  return runTask<EveningResult>({
    plan() {
      const spec = parseExperiment(input);
      return seedsFrom(spec.seed, settings.evenings).map((seed) => ({
        kind: 'evening' as const,
        ...{ spec, seed, designs, aa: [] },
      }));
    },
    take: (results) =>
      useExperiment.setState({
        run: { input, designs, evenings: settings.evenings, results: [...results.values()] },
      }),
    open,
  });
}
