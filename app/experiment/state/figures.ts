import type { Table } from '../../../src/base/table.ts';
import type { DesignName, OutcomeName } from '../../../src/experiment/run/names.ts';
import { reportOf, type DesignFigures, type ExperimentReport } from '../../../src/experiment/run/report.ts';
import { studentQuantile } from '../../../src/metrics/inference/student.ts';
import { designWords, factorOf, metricWords } from '../words.ts';
import type { ExperimentRun } from './store.ts';

/** What the room shows of a run: figures of one metric, as tables in the units of the page. */

/** The report on one metric over the evenings that are in. */
export function reportOn(run: ExperimentRun, metric: OutcomeName): ExperimentReport | null {
  if (run.results.length === 0) return null;
  // The other metrics are left out: a report is made again whenever an evening comes in.
  return reportOf(run.results.map((e) => ({ ...e, rows: e.rows.filter((row) => row.metric === metric) })));
}

export interface DesignLine {
  readonly design: DesignName;
  readonly figures: DesignFigures | undefined;
  /** Its bias is more than chance. */
  readonly biased: boolean;
}

/** The designs of a run, the truth first, with their figures as far as there are any. */
export function linesOf(
  run: ExperimentRun,
  report: ExperimentReport | null,
  metric: OutcomeName,
): DesignLine[] {
  const all: DesignName[] = ['paired', ...run.designs.filter((d) => d !== 'paired')];
  // Nothing is claimed before the evenings that were asked for are in: looking again and again
  // would find a bias by chance.
  const evenings = run.results.length;
  const fixed = evenings === run.evenings;
  return all.map((design) => {
    const figures = report?.designs[design]?.[metric];
    const biased =
      fixed && design !== 'paired' && figures !== undefined && isBiased(figures, evenings, all.length - 1);
    return { design, figures, biased };
  });
}

/**
 * Whether a bias is stated: a t test over the evenings at 5 %, Bonferroni over the designs. A
 * smaller bias may be chance.
 */
function isBiased({ bias, bias_error: error }: DesignFigures, evenings: number, designs: number): boolean {
  if (bias === null || error === null || evenings < 2) return false;
  return Math.abs(bias) > Math.max(1e-12, studentQuantile(evenings - 1, 1 - 0.05 / designs) * error);
}

/** The dots of the chart, and the means of the designs. */
export function designTables(
  lines: readonly DesignLine[],
  report: ExperimentReport,
  metric: OutcomeName,
): Table[] {
  const { phrase, unit } = metricWords[metric];
  const factor = factorOf(metric);
  const order = new Map(lines.map(({ design }, k) => [design, k]));
  const rows = report.rows
    .filter((row) => order.has(row.design))
    .sort((x, y) => order.get(x.design)! - order.get(y.design)! || x.seed - y.seed);
  const inUnit = (x: number | null | undefined) => (typeof x === 'number' ? factor * x : NaN);
  const number = (name: string, label: string, of: string, values: readonly number[]) => ({
    ...{ name, label, unit: of },
    values: Float64Array.from(values),
  });
  const name = (designs: readonly DesignName[]) => ({
    ...{ name: 'design', label: 'Design', unit: '' },
    values: designs.map((d) => designWords[d].name),
  });
  const truth = report.truth[metric];
  const known = lines.flatMap(({ design, figures, biased }) =>
    figures === undefined ? [] : [{ design, figures, biased }],
  );
  return [
    {
      name: 'experiment-rows',
      title: `What each design reports about ${phrase}, evening by evening`,
      rows: rows.length,
      columns: [
        name(rows.map((r) => r.design)),
        number(
          'seed',
          'Evening',
          '',
          rows.map((r) => r.seed),
        ),
        number(
          'estimate',
          'Estimate',
          unit,
          rows.map((r) => inUnit(r.estimate)),
        ),
        number(
          'low',
          'Low',
          unit,
          rows.map((r) => inUnit(r.low)),
        ),
        number(
          'high',
          'High',
          unit,
          rows.map((r) => inUnit(r.high)),
        ),
      ],
      facts: {
        metric: phrase,
        evenings: report.evenings,
        ...(typeof truth?.effect === 'number' && {
          truth: inUnit(truth.effect),
          truth_low: inUnit(truth.low ?? truth.effect),
          truth_high: inUnit(truth.high ?? truth.effect),
        }),
      },
    },
    {
      name: 'experiment-figures',
      title: `How the designs do on ${phrase}, over the evenings`,
      rows: known.length,
      columns: [
        name(known.map((k) => k.design)),
        number(
          'estimate',
          'Mean',
          unit,
          known.map((k) => inUnit(k.figures.estimate)),
        ),
        number(
          'bias',
          'Bias',
          unit,
          known.map((k) => (k.design === 'paired' ? NaN : inUnit(k.figures.bias))),
        ),
        number(
          'bias_error',
          'Its standard error',
          unit,
          known.map((k) => inUnit(k.figures.bias_error)),
        ),
        number(
          'biased',
          'More than chance',
          '',
          known.map((k) => Number(k.biased)),
        ),
        number(
          'sd',
          'SD over evenings',
          unit,
          known.map((k) => inUnit(k.figures.sd)),
        ),
        number(
          'reported_error',
          'Reported SE',
          unit,
          known.map((k) => inUnit(k.figures.reported_error)),
        ),
        number(
          'coverage',
          'Coverage',
          '1',
          known.map((k) => k.figures.coverage?.share ?? NaN),
        ),
        number(
          'power',
          'Power',
          '1',
          known.map((k) => k.figures.power ?? NaN),
        ),
        number(
          'mde',
          'Smallest effect found',
          unit,
          known.map((k) => inUnit(k.figures.mde)),
        ),
        number(
          'worse_off',
          'People worse off',
          'people',
          known.map((k) => k.figures.worse_off ?? NaN),
        ),
      ],
      facts: {},
    },
  ];
}
