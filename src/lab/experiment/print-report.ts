import { causeSentences } from '../../experiment/run/bias-cause.ts';
import type { OutcomeName } from '../../experiment/run/names.ts';
import type { DesignFigures, ExperimentReport } from '../../experiment/run/report.ts';
import type { Share, PairedVerdicts } from '../../experiment/run/verdicts.ts';
import { textTable } from '../cli/text-table.ts';

/** One table per metric, one row per design, and below it where each bias comes from. */
export function printReport(report: ExperimentReport): string {
  const { evenings, first_seed, identical, truth, designs, verdicts } = report;
  const tables = (Object.keys(truth) as OutcomeName[]).map((metric) => {
    const { effect, standard_error, low, high } = truth[metric]!;
    const line = `${metric}: true effect ${figure(effect)}, error ${figure(standard_error)} (95 %: ${figure(low)} to ${figure(high)})`;
    const of = Object.entries(designs).map(([design, all]) => ({ design, ...all[metric]! }));
    const rows = tableOf(of.map(cells));
    const causes = [...new Set(of.map((f) => f.cause))].filter((cause) => cause !== 'none');
    const notes = [
      ...causes.map((cause) => causeSentences[cause]),
      ...of
        .filter((f) => f.intervals === 0)
        .map(({ design, estimate }) => {
          const { method } = report.rows.find((r) => r.design === design && r.metric === metric)!;
          return `${design} has no ${estimate === null ? 'estimate' : 'interval'}: ${method}`;
        }),
      ...of
        .filter((f) => f.misses)
        .map(
          (f) =>
            `${f.design} reports ${figure(f.estimate)} (95 %: ${figure(f.estimate_low)} to ${figure(f.estimate_high)}), which cannot be told from 0`,
        ),
      ...verdictLines(verdicts[metric]!),
    ];
    return [line, ...[...rows, ...notes].map((text) => `  ${text}`)].join('\n');
  });
  const last = first_seed + evenings - 1;
  const seeds = evenings === 1 ? `seed ${first_seed}` : `seeds ${first_seed} to ${last}`;
  const same = identical === 0 ? '' : `; in ${identical} of them A and B have the same event log`;
  return [`${evenings} evening${evenings === 1 ? '' : 's'}, ${seeds}${same}`, ...tables].join('\n\n');
}

/** What the paired markets claimed, where slices or looks were asked for. */
function verdictLines(v: PairedVerdicts): string[] {
  const lines: string[] = [];
  if (v.slice !== null)
    lines.push(
      `Slices: ${percent(v.slice.share)} of evenings claim an effect in one, ${share(v.reversal)} a reversal; ${share(v.uncorrected_slice)} have one whose own interval excludes 0, ${share(v.other_sign)} one with the other sign (by chance ${percent(v.other_sign_by_chance)})`,
    );
  if (v.any_look !== null)
    lines.push(
      `Looks: ${share(v.any_look)} of evenings exclude 0 at some look; an interval for one fixed moment would under A/A in ${percent(v.any_look_if_fixed)}`,
    );
  return lines;
}

const head = [
  ...['design', 'estimate', 'bias', 'sd', 'reported', 'coverage', 'power', 'mde', 'claims', 'A/A'],
  ...['worse off', 'bias comes from'],
];

/** The table without the columns in which nothing is known. */
function tableOf(rows: readonly (readonly string[])[]): string[] {
  const shown = head.map((_, c) => c).filter((c) => rows.some((row) => row[c] !== '-'));
  const all = [head, ...rows].map((row) => shown.map((c) => row[c]));
  return textTable(all, [shown.length - 1]);
}

function cells(f: DesignFigures & { readonly design: string }): string[] {
  return [
    ...[f.design, figure(f.estimate), withError(f.bias, f.bias_error), figure(f.sd)],
    ...[figure(f.reported_error), share(f.coverage), percent(f.power), figure(f.mde), percent(f.claims)],
    ...[share(f.aa_rate), f.worse_off === null ? '-' : f.worse_off.toFixed(0), f.cause],
  ];
}

const figure = (x: number | null) => (x === null ? '-' : Number(x.toPrecision(3)).toString());
const withError = (x: number | null, error: number | null) =>
  x === null || error === null ? figure(x) : `${figure(x)} \u00b1 ${figure(error)}`;
const percent = (x: number | null) => (x === null ? '-' : `${(100 * x).toFixed(0)} %`);
const share = (s: Share | null) =>
  s === null ? '-' : `${percent(s.share)} (${(100 * s.low).toFixed(0)}-${(100 * s.high).toFixed(0)})`;
