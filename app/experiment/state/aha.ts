import type { Table } from '../../../src/base/table.ts';
import type { AhaJob } from '../../../src/experiment/aha/aha-evening.ts';
import type { AhaReport, AhaRow } from '../../../src/experiment/aha/aha-report.ts';
import { visitActions } from '../../../src/experiment/aha/visit-truth.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../../../src/metrics/market/table-columns.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { changesOf, marketOf } from './spec.ts';
import { useExperiment, type AhaRun } from './store.ts';
import { runTask } from './task.ts';

/** The Aha moment of one evening under A: who returns, and what makes them return. */

const confounders = ['newcomer', 'country'];

export function startAha(): Promise<void> {
  const { settings } = useExperiment.getState();
  const market = marketOf(useScenario.getState().scenario, settings);
  const job: AhaJob = {
    ...{ kind: 'aha', scenario: { ...market, seed: settings.seed }, ticks: settings.visits },
    ...{ confounders, most: 5, least: 20 },
  };
  return runTask<AhaReport>({
    plan: () => [job],
    take(results) {
      const report = results.get(0);
      if (report !== undefined) useExperiment.setState({ ahaRun: { job, report } });
    },
  });
}

/** Precision against recall of every condition. */
export function ahaTable({ points, combinations }: AhaReport): Table {
  const rows = [...points, ...combinations];
  return tableOf(
    'experiment-aha',
    'How well each condition tells who returns',
    [
      textColumnOf(rows, 'name', 'Condition', (r) => conditionText(r.name)),
      numberColumnOf(rows, 'x', 'Recall', '%', (r) => 100 * r.recall),
      numberColumnOf(rows, 'y', 'Precision', '%', (r) => 100 * r.precision),
      numberColumnOf(rows, 'front', 'On the front', '', (r) => Number(r.onFront)),
      numberColumnOf(rows, 'n', 'Visits', '', (r) => r.n),
    ],
    {
      ...{ x_title: 'recall', y_title: 'precision' },
      caption:
        'Each mark is a condition. Precision: the share of those who meet it that returns. Recall: the share of those who return that met it.',
    },
  );
}

/** "long chats ≥ 2 or friends ≥ 1". */
export const conditionText = (name: string): string => name.replaceAll('_', ' ').replaceAll('>=', '≥');

/** The front, the best conditions, and those that mislead; best F1 first. */
export function chosenRows({ points, combinations, bestF1, bestEffect, misleading }: AhaReport): AhaRow[] {
  return [...points, ...combinations]
    .filter((r) => r.onFront || [bestF1, bestEffect, ...misleading].includes(r.name))
    .sort((a, b) => (b.f1 || 0) - (a.f1 || 0));
}

/** The same figures on the command line. */
export function ahaCommand({ job: { scenario, ticks, most, least } }: AhaRun): string {
  return [
    `cat > scenario.json <<'END'`,
    JSON.stringify(changesOf(scenario), null, 2),
    'END',
    `npm run -s lab -- run scenario.json --ticks ${ticks} --backend cpu --visits visits.csv`,
    `npm run -s lab -- aha visits.csv --outcome returns --action ${visitActions.join(',')} --confounder ${confounders.join(',')} \\`,
    `  --unit person --missing skip --most ${most} --least ${least}`,
  ].join('\n');
}
