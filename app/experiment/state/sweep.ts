import type { Table } from '../../../src/base/table.ts';
import { paretoFront } from '../../../src/experiment/aha/aha-points.ts';
import type { SettingResult } from '../../../src/experiment/jobs/setting.ts';
import { outcomesOf, type OutcomeName } from '../../../src/experiment/run/names.ts';
import {
  planSweep,
  summariseSweep,
  type SettingMean,
  type Sweep,
} from '../../../src/experiment/sweep/sweep.ts';
import { parseVaried } from '../../../src/experiment/sweep/varied.ts';
import { numberColumnOf, tableOf, textColumnOf } from '../../../src/metrics/market/table-columns.ts';
import { knobText } from '../../state/format.ts';
import { knobAt, valueAt, type Knob } from '../../state/knobs.ts';
import { rangeOf, snap } from '../../state/scale.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { factorOf, metricWords } from '../words.ts';
import { changesOf, marketOf } from './spec.ts';
import { useExperiment, type SweepRun, type Vary } from './store.ts';
import { runTask } from './task.ts';

/** A sweep of one or two knobs of the scenario and of A. */

/** Runs the same evenings in every setting. */
export function startSweep(): Promise<void> {
  const { settings, vary } = useExperiment.getState();
  const scenario = marketOf(useScenario.getState().scenario, settings);
  let sweep: Sweep | null = null;
  return runTask<SettingResult>({
    plan() {
      sweep = planSweep({
        scenario,
        varied: vary.flatMap(({ knob, values }) =>
          knob === '' ? [] : [parseVaried(textOf({ knob, values }))],
        ),
        ...{ firstSeed: settings.seed, seeds: settings.evenings },
        ...{ ticks: settings.ticks, warmUp: settings.warm_up, metrics: outcomesOf(scenario) },
      });
      return sweep.jobs;
    },
    take: (results) => sweep !== null && useExperiment.setState({ sweepRun: { sweep, results } }),
  });
}

/** As the command line takes it: "policy.matcher=greedy,auction". */
const textOf = ({ knob, values }: Vary): string => `${knob}=${values.replace(/\s+/g, '')}`;

/** Values to begin with: all choices, or some around the present value. */
export function firstValues(knob: Knob, now: number | string): string {
  const { info } = knob;
  if (info.options !== undefined) return info.options.map((o) => o.value).join(', ');
  const { min, max } = rangeOf(info);
  const around =
    typeof now === 'number' && now > 0
      ? [0.25, 0.5, 1, 2, 4].map((f) => f * now)
      : [0, 0.25, 0.5, 1].map((f) => min + f * (max - min));
  return [...new Set(around.map((x) => snap(info, x, 3)))].join(', ');
}

const missing = (metrics: readonly string[]): SettingResult => ({
  values: metrics.map(() => null),
  digest: '',
});

interface Setting {
  /** The values of the varied knobs. */
  readonly values: readonly (number | string)[];
  readonly metric: SettingMean;
  readonly beside: SettingMean;
}

function settingsOf({ sweep, results }: SweepRun, metric: OutcomeName, beside: OutcomeName): Setting[] {
  const all = sweep.jobs.map((_, k) => results.get(k) ?? missing(sweep.metrics));
  return summariseSweep(sweep, all).map(({ metrics }, k) => ({
    values: sweep.settings[k],
    metric: metrics[metric],
    beside: metrics[beside],
  }));
}

const valueText = (knob: string, value: number | string) => knobText(knobAt(knob).info, value);

/** The view of a sweep and its table: a curve over one knob, a heat map over two. */
export function sweepView(run: SweepRun, metric: OutcomeName) {
  const { varied } = run.sweep;
  const [first, second] = varied.map(({ knob }) => knob);
  const { unit, phrase } = metricWords[metric];
  const inUnit = (x: number | null) => (x === null ? NaN : factorOf(metric) * x);
  const rows = settingsOf(run, metric, metric).map(({ values, metric: mean }) => ({ values, mean }));
  const figures = (value: string) => [
    numberColumnOf(rows, value, metricWords[metric].name, unit, (r) => inUnit(r.mean.mean)),
    numberColumnOf(rows, 'low', 'Low', unit, (r) => inUnit(r.mean.low)),
    numberColumnOf(rows, 'high', 'High', unit, (r) => inUnit(r.mean.high)),
    numberColumnOf(rows, 'evenings', 'Evenings', '', (r) => r.mean.evenings),
  ];
  const caption = `Mean of ${phrase} over the evenings of each setting, with its 95 % t interval`;
  const firstText = (r: (typeof rows)[number]) => valueText(first, r.values[0]);
  if (second === undefined)
    return {
      view: 'experiment-curves' as const,
      table: tableOf(
        'experiment-sweep',
        `${metricWords[metric].name} by setting`,
        [
          textColumnOf(rows, 'panel', 'Figure', () => ''),
          textColumnOf(rows, 'series', 'Series', () => ''),
          numberColumnOf(rows, 'x', first, '', (r) =>
            typeof r.values[0] === 'number' ? r.values[0] : rows.indexOf(r),
          ),
          textColumnOf(rows, 'x_text', knobAt(first).info.label, firstText),
          ...figures('y'),
        ],
        { caption, x: knobAt(first).info.label, y: metricWords[metric].name },
      ),
    };
  return {
    view: 'experiment-heat' as const,
    table: tableOf(
      'experiment-sweep',
      `${metricWords[metric].name} by setting`,
      [
        textColumnOf(rows, 'x', knobAt(first).info.label, firstText),
        textColumnOf(rows, 'y', knobAt(second).info.label, (r) => valueText(second, r.values[1])),
        ...figures('value'),
      ],
      { caption, x_title: knobAt(first).info.label, y_title: knobAt(second).info.label, figure: phrase },
    ),
  };
}

/** Two metrics of every setting, and the settings that no other beats in both. */
export function frontTable(run: SweepRun, metric: OutcomeName, beside: OutcomeName): Table {
  const { varied } = run.sweep;
  const rows = settingsOf(run, metric, beside).filter(
    (s) => s.metric.mean !== null && s.beside.mean !== null,
  );
  const sign = (name: OutcomeName) => (metricWords[name].moreIsBetter ? 1 : -1);
  const front = new Set(
    paretoFront(
      rows.map((s) => ({
        precision: sign(metric) * (s.metric.mean ?? NaN),
        recall: sign(beside) * (s.beside.mean ?? NaN),
      })),
    ),
  );
  const title = (name: OutcomeName) =>
    `${metricWords[name].name} (${metricWords[name].moreIsBetter ? 'more' : 'less'} is better)`;
  return tableOf(
    'experiment-front',
    'Two metrics of every setting',
    [
      textColumnOf(rows, 'name', 'Setting', ({ values }) =>
        varied.map(({ knob }, k) => valueText(knob, values[k])).join(', '),
      ),
      numberColumnOf(
        rows,
        'x',
        metricWords[metric].name,
        metricWords[metric].unit,
        (s) => factorOf(metric) * (s.metric.mean ?? NaN),
      ),
      numberColumnOf(
        rows,
        'y',
        metricWords[beside].name,
        metricWords[beside].unit,
        (s) => factorOf(beside) * (s.beside.mean ?? NaN),
      ),
      numberColumnOf(rows, 'front', 'On the front', '', (s) => Number(front.has(rows.indexOf(s)))),
    ],
    {
      ...{ x_title: title(metric), y_title: title(beside) },
      caption:
        'Each mark is a setting: the mean of two metrics over its evenings. Marks that are close may change places by chance.',
    },
  );
}

/** The present value of a knob of the page. */
export const presentValue = (path: string): number | string => valueAt(useScenario.getState().scenario, path);

/** The same table on the command line. */
export function sweepCommand({ sweep }: SweepRun): string {
  const { scenario, varied, seeds, firstSeed, ticks, warmUp, metrics } = sweep;
  return [
    `cat > scenario.json <<'END'`,
    JSON.stringify(changesOf(scenario), null, 2),
    'END',
    `npm run -s lab -- sweep scenario.json ${varied.map((v) => `--vary ${v.text}`).join(' ')} \\`,
    `  --seeds ${seeds} --first-seed ${firstSeed} --ticks ${ticks} --warm-up ${warmUp} --metrics ${metrics.join(',')} --out sweep.csv`,
  ].join('\n');
}
