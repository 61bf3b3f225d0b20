import {
  analyseCsv,
  type Limits,
  type PairResult,
  type SlicesResult,
} from '../experiment/slices/csv-slices.ts';
import type { Verdict } from '../metrics/inference/slices.ts';
import { defineCommand } from './cli/command.ts';
import { readTableFile } from './cli/files.ts';
import { choice, repeated, requiredText, text, UsageError } from './cli/options.ts';
import { textTable } from './cli/text-table.ts';

export const command = defineCommand({
  arguments: ['FILE'],
  about: `FILE is a CSV with a header (RFC 4180, UTF-8; separated by comma, semicolon, tab or bar) or a
Parquet file, or "-" for standard input.

Standardised values weight every slice by its share of all rows; they are the effect only if the
columns are confounders, that is causes of treatment and outcome. A mediator divides the effect into
what goes past it and through it. A collider is refused: comparing within it is no effect.

The verdict is "full" if every slice with a difference goes against the crude difference, "partial"
if some do, else "none"; with more than two treatments it is the strongest over the comparisons. It
goes by the signs alone. A reversal is claimed only where the crude interval excludes 0 and the
slices' own intervals, corrected for their number (Holm), lie on the other side; otherwise it may be
chance.`,
  options: {
    treatment: requiredText(
      'COLUMN',
      'the treatment; the first value in the file is compared with each other one, as first minus second',
    ),
    outcome: requiredText('COLUMN', 'a number; if all are 0 or 1, values are shares, else means'),
    by: repeated(
      'COLUMN,...',
      `columns that cut the rows into slices, one per combination of values; may be repeated; a name with a comma needs quotes: --by '"city, country",age'`,
    ),
    confounder: repeated('COLUMN,...', 'like --by, for columns that are confounders'),
    mediator: repeated('COLUMN,...', 'like --by, for columns that the treatment changes on its way'),
    collider: repeated('COLUMN,...', 'columns that treatment and outcome both cause; they are refused'),
    unit: repeated(
      'COLUMN[,COLUMN]',
      'ids of whom a row belongs to: one person, or two people of a chat; rows of the same person are dependent',
    ),
    count: text('COLUMN', 'how often the row counts (whole numbers); default: once'),
    missing: choice(
      ['refuse', 'skip'],
      'what to do with an empty cell in one of these columns, or with NA, null or - in place of a number; skip leaves the row out and says how many',
      'refuse',
    ),
  },
  async run({ arguments: [path], options }) {
    const { missing, ...request } = options;
    const { by, confounder, mediator, collider } = request;
    if (by.length + confounder.length + mediator.length + collider.length === 0)
      throw new UsageError('is missing; expected --by COLUMN,...', '--by');
    const csv = await readTableFile(path);
    return analyseCsv(csv, { ...request, skipMissing: missing === 'skip' });
  },
  print: printSlices,
});

const sentence: Record<Verdict, string> = {
  none: 'no slice goes against the overall difference',
  partial: 'some slices go against the overall difference',
  full: 'every slice with a difference goes against the overall one',
};

function printSlices(result: SlicesResult): string {
  const pairs = result.comparisons ?? [result as unknown as PairResult];
  return pairs.map((pair) => printPair(result, pair)).join('\n\n');
}

function printPair(result: SlicesResult, pair: PairResult): string {
  const { first, second, ifAdjusted, effects } = pair;
  const spread = (d: Limits) => `${short(d.value)} (${short(d.low)} to ${short(d.high)})`;
  const row = (name: string, values: Readonly<Record<string, number | null>>, difference: Limits) => [
    name,
    short(values[first]),
    short(values[second]),
    spread(difference),
  ];
  const slices = (list: PairResult['slices']) =>
    list.map((s) => [
      ...row(Object.values(s.slice).join(', '), s.values, { ...s, value: s.difference }),
      `n ${s.counts[first]}, ${s.counts[second]}${s.reversed ? `  reversed${s.flagged ? '' : ', may be chance'}` : ''}`,
    ]);
  const table = [
    ['', first, second, `${first} - ${second} (95 %)`],
    row('crude', result.crude, pair.difference.crude),
    ...(ifAdjusted === undefined
      ? [row('standardised', pair.standardised, pair.difference.standardised), ...slices(pair.slices)]
      : [row('if adjusted', ifAdjusted.standardised, ifAdjusted.difference), ...slices(ifAdjusted.slices)]),
    ...(effects === undefined
      ? []
      : [
          ['total', '', '', spread(effects.total)],
          ['natural direct', '', '', spread(effects.naturalDirect)],
          ['natural indirect', '', '', spread(effects.naturalIndirect)],
        ]),
  ];
  const lines = [
    `${result.outcome} (${result.outcomeKind}), ${result.count} counted; ${result.method}`,
    ...textTable(table, [3, 4]),
  ];
  if (pair.support < 1)
    lines.push(
      `standardised over the ${short(100 * pair.support)} % of rows whose slice has both treatments`,
    );
  if (pair.oddsRatio !== null) {
    const { crude, mantelHaenszel, low, high } = pair.oddsRatio;
    lines.push(
      `odds ratio ${short(crude)} crude, ${short(mantelHaenszel)} Mantel-Haenszel (${short(low)} to ${short(high)})`,
    );
  }
  lines.push(result.note);
  return [...lines, ...(ifAdjusted === undefined ? [verdictLine(pair)] : [])].join('\n');
}

function verdictLine({ verdict, claimed, mayBeChance }: PairResult): string {
  if (!mayBeChance) return `verdict: ${verdict}: ${sentence[verdict]}`;
  return `verdict: ${verdict} by the signs, ${claimed === 'none' ? 'which may be chance' : 'only partial beyond chance'}: ${sentence[verdict]}`;
}

function short(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(5)));
}
