import { readCsv } from '../base/text/csv.ts';
import {
  analyseCsv,
  type Limits,
  type PairResult,
  type SlicesResult,
} from '../metrics/inference/csv-slices.ts';
import type { Verdict } from '../metrics/inference/slices.ts';
import { defineCommand } from './cli/command.ts';
import { fileName, readInput } from './cli/files.ts';
import { choice, repeated, requiredText, text, UsageError } from './cli/options.ts';
import { textTable } from './cli/text-table.ts';

export const command = defineCommand({
  arguments: ['FILE'],
  about: `FILE is a CSV with a header (RFC 4180, UTF-8; separated by comma, semicolon, tab or bar), or "-"
for standard input.

Standardised values weight every slice by its share of all rows. The verdict is "full" if every
slice with a difference goes against the crude difference, "partial" if some do, else "none"; with
more than two treatments it is the strongest over the comparisons.`,
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
    count: text('COLUMN', 'how often the row counts (whole numbers); default: once'),
    missing: choice(
      ['refuse', 'skip'],
      'what to do with an empty cell in one of these columns, or with NA, null or - in place of a number; skip leaves the row out and says how many',
      'refuse',
    ),
  },
  async run({ arguments: [path], options }) {
    const { treatment, outcome, by, count, missing } = options;
    if (by.length === 0) throw new UsageError('is missing; expected --by COLUMN,...', '--by');
    const csv = readCsv(await readInput(path), fileName(path));
    return analyseCsv(csv, { treatment, outcome, by, count, skipMissing: missing === 'skip' });
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
  const { first, second } = pair;
  const spread = (d: Limits) => `${short(d.value)} (${short(d.low)} to ${short(d.high)})`;
  const table = [
    ['', first, second, `${first} - ${second} (95 %)`],
    ['crude', short(result.crude[first]), short(result.crude[second]), spread(pair.difference.crude)],
    [
      'standardised',
      short(pair.standardised[first]),
      short(pair.standardised[second]),
      spread(pair.difference.standardised),
    ],
    ...pair.slices.map((s) => [
      Object.values(s.slice).join(', '),
      short(s.values[first]),
      short(s.values[second]),
      spread({ value: s.difference, low: s.low, high: s.high }),
      `n ${s.counts[first]}, ${s.counts[second]}${s.reversed ? '  reversed' : ''}`,
    ]),
  ];
  const lines = [
    `${result.outcome} (${result.outcomeKind}), ${result.count} counted`,
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
  return [...lines, `verdict: ${pair.verdict}: ${sentence[pair.verdict]}`].join('\n');
}

function short(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(5)));
}
