import type { ExperimentReport, Share } from '../../experiment/run/report.ts';
import { textTable } from '../cli/text-table.ts';

/** One table per metric, one row per design. */
export function printReport({ evenings, first_seed, identical, truth, designs }: ExperimentReport): string {
  const head = [
    ...['design', 'estimate', 'bias', '+-', 'sd', 'reported se', 'coverage', 'power', 'mde'],
    ...['claims', 'worse off'],
  ];
  const tables = Object.entries(truth).map(([metric, { effect, standard_error, low, high }]) => {
    const rows = Object.entries(designs).flatMap(([design, of]) => {
      const f = of[metric as keyof typeof of];
      if (f === undefined) return [];
      return [
        [
          ...[design, figure(f.estimate), figure(f.bias), figure(f.bias_error), figure(f.sd)],
          ...[figure(f.reported_error), share(f.coverage), percent(f.power), figure(f.mde)],
          ...[percent(f.claims), f.worse_off === null ? '-' : f.worse_off.toFixed(0)],
        ],
      ];
    });
    const line = `${metric}: true effect ${figure(effect)} (error ${figure(standard_error)}, 95 % ${figure(low)} to ${figure(high)})`;
    return [line, ...textTable([head, ...rows]).map((row) => `  ${row}`)].join('\n');
  });
  const last = first_seed + evenings - 1;
  const same = identical === 0 ? '' : `; A and B are the same event log in ${identical}`;
  return [`${evenings} evenings, seeds ${first_seed} to ${last}${same}`, ...tables].join('\n\n');
}

const figure = (x: number | null) => (x === null ? '-' : Number(x.toPrecision(3)).toString());
const percent = (x: number | null) => (x === null ? '-' : `${(100 * x).toFixed(0)} %`);
const share = (s: Share | null) =>
  s === null ? '-' : `${percent(s.share)} (${(100 * s.low).toFixed(0)}-${(100 * s.high).toFixed(0)})`;
