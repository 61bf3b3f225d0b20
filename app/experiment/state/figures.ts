import type { Table } from '../../../src/base/table.ts';
import type { DesignName, OutcomeName } from '../../../src/experiment/run/names.ts';
import { reportOf, type DesignFigures, type ExperimentReport } from '../../../src/experiment/run/report.ts';
import { designWords, factorOf, metricWords } from '../words.ts';
import type { ExperimentRun } from './store.ts';

/** What the room shows of a run: figures of one metric, as tables in the units of the page. */

/** Whether all evenings that were asked for are in. */
export const isFinished = (run: ExperimentRun): boolean => run.results.length === run.evenings;

/**
 * The report over the evenings that are in. While more come in, it is about one metric only: it is
 * made again for each of them.
 */
export function reportOn(run: ExperimentRun, metric: OutcomeName): ExperimentReport | null {
  if (run.results.length === 0) return null;
  if (isFinished(run)) return wholeReport(run);
  return reportOf(run.results.map((e) => ({ ...e, rows: e.rows.filter((row) => row.metric === metric) })));
}

const reports = new WeakMap<ExperimentRun, ExperimentReport>();

/** The report on all metrics, made once. */
export function wholeReport(run: ExperimentRun): ExperimentReport {
  let report = reports.get(run);
  if (report === undefined) reports.set(run, (report = reportOf(run.results)));
  return report;
}

export interface DesignLine {
  readonly design: DesignName;
  readonly figures: DesignFigures | undefined;
  /** Why it has no estimate; null if it has one, or none of its evenings is in. */
  readonly why: string | null;
  /** All evenings are in, and its bias is more than chance. */
  readonly biased: boolean;
}

/** The designs of a run, the truth first, with their figures as far as there are any. */
export function linesOf(
  run: ExperimentRun,
  report: ExperimentReport | null,
  metric: OutcomeName,
): DesignLine[] {
  const all: DesignName[] = ['paired', ...run.designs.filter((d) => d !== 'paired')];
  return all.map((design) => {
    const figures = report?.designs[design]?.[metric];
    // Nothing is claimed before the evenings that were asked for are in: looking again and again
    // would find a bias by chance.
    const biased = isFinished(run) && figures !== undefined && !['none', 'unclear'].includes(figures.cause);
    const why =
      figures?.estimate === null
        ? (report?.rows.find((row) => row.design === design && row.metric === metric)?.method ?? null)
        : null;
    return { design, figures, why, biased: biased && design !== 'paired' };
  });
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
    .filter((row) => row.metric === metric && order.has(row.design))
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
          'mean_low',
          'Low (95 %, over evenings)',
          unit,
          known.map((k) => inUnit(k.figures.estimate_low)),
        ),
        number(
          'mean_high',
          'High (95 %, over evenings)',
          unit,
          known.map((k) => inUnit(k.figures.estimate_high)),
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
