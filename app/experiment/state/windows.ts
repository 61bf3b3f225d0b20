import type { Table } from '../../../src/base/table.ts';
import { outcomesOf, type OutcomeName } from '../../../src/experiment/run/names.ts';
import { parseExperiment } from '../../../src/experiment/run/spec.ts';
import {
  numbersIn,
  planWindows,
  type WindowReport,
  type WindowResult,
} from '../../../src/experiment/windows/window-study.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../../../src/metrics/market/table-columns.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { factorOf, metricWords } from '../words.ts';
import { inputOf } from './spec.ts';
import { policyB, useExperiment, type WindowRun } from './store.ts';
import { runTask } from './task.ts';

/** Curves of the switchback over the lengths of its windows and burn-ins. */

/** Runs the evenings once per length of the window. */
export function startWindows(): Promise<void> {
  const { settings, b, windows, burnIns } = useExperiment.getState();
  const page = useScenario.getState();
  // The study sets these two itself.
  const input = inputOf(
    page.scenario,
    policyB(b, page),
    { ...settings, burn_in: 0 },
    outcomesOf(page.scenario),
  );
  const { evenings } = settings;
  return runTask<WindowResult>({
    plan: () =>
      planWindows(
        parseExperiment(input),
        { windows: numbersIn(windows, 'windows'), burnIns: numbersIn(burnIns, 'burn-ins') },
        evenings,
      ),
    take: (results) =>
      useExperiment.setState({
        windowRun: { input, windows, burnIns, evenings, results: [...results.values()] },
      }),
  });
}

/** Bias and standard deviation of the switchback by burn-in, a line per length of the window. */
export function windowTables(report: WindowReport, metric: OutcomeName): Table[] {
  const factor = factorOf(metric);
  const { unit, phrase } = metricWords[metric];
  const rows = report.settings.flatMap(({ window, burn_in, designs }) => {
    const figures = designs['switchback']?.[metric];
    if (figures === undefined) return [];
    const inUnit = (x: number | null) => (x === null ? NaN : factor * x);
    const common = { series: `windows of ${window} s`, share: burn_in / window };
    return [
      {
        ...common,
        panel: 'Bias',
        y: inUnit(figures.bias),
        low: inUnit(figures.bias_low),
        high: inUnit(figures.bias_high),
      },
      { ...common, panel: 'SD over evenings', y: inUnit(figures.sd), low: NaN, high: NaN },
    ];
  });
  return [
    tableOf(
      'experiment-windows',
      `Bias and standard deviation of the switchback on ${phrase}`,
      [
        textColumnOf(rows, 'panel', 'Figure', (r) => r.panel),
        textColumnOf(rows, 'series', 'Windows', (r) => r.series),
        numberColumnOf(rows, 'x', 'Burn-in, share of the window', '1', (r) => r.share),
        textColumnOf(rows, 'x_text', 'Burn-in', (r) => `${Math.round(100 * r.share)} %`),
        numberColumnOf(rows, 'y', 'Value', unit, (r) => r.y),
        numberColumnOf(rows, 'low', 'Low', unit, (r) => r.low),
        numberColumnOf(rows, 'high', 'High', unit, (r) => r.high),
      ],
      {
        caption: `Switchback on ${phrase}${unit === 'pp' ? ' (pp: percentage points)' : ''}, by the part of each window that is left out`,
        x: 'burn-in',
        evenings: report.evenings,
        ...{ rule: 0, rule_text: '' },
      },
    ),
  ];
}

/** The same study on the command line. */
export function windowsCommand({ input, windows, burnIns, evenings }: WindowRun): string {
  const list = (text: string, name: string) => numbersIn(text, name).join(',');
  return [
    `cat > experiment.json <<'END'`,
    JSON.stringify(input, null, 2),
    'END',
    `npm run -s lab -- experiment windows experiment.json --windows ${list(windows, 'windows')} --burn-ins ${list(burnIns, 'burn-ins')} --evenings ${evenings}`,
  ].join('\n');
}
