import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { LabError } from '../base/errors.ts';
import { readCsv } from '../base/text/csv.ts';
import {
  analyseCsv,
  type Limits,
  type PairResult,
  type SlicesRequest,
  type SlicesResult,
} from '../metrics/inference/csv-slices.ts';
import type { Verdict } from '../metrics/inference/slices.ts';
import type { Command } from './command.ts';

const usage = `lab slices FILE --treatment C --outcome C --by C,C [--count C] [--missing refuse|skip] [--json]

Does a difference between treatments hold in every slice? FILE is a CSV with a header (RFC 4180, UTF-8; comma, semicolon, tab or bar).
  --treatment C   column with the treatment; the first value in the file is compared with each other one, as first minus second
  --outcome C     column with a number; where all are 0 or 1 they are shares, else means
  --by C,C        columns that cut the rows into slices, one slice per combination of values; may be repeated;
                  quote a name with a comma: --by '"city, country",age'
  --count C       column that says how often the row counts (whole numbers); without it each row counts once
  --missing skip  leave out rows with an empty cell in one of these columns, or NA, null or - in place of a number, and say how many;
                  default: refuse them
Standardised values weight every slice by its share of all rows. Verdict: "full" where every slice with a difference goes against
the crude one, "partial" where some do, else "none"; with more than two treatments, the strongest over the comparisons.`;

export const command: Command = {
  name: 'slices',
  summary: "whether a difference holds in every slice of a CSV, or turns round (Simpson's paradox)",
  usage,
  async run(args) {
    const { file, request } = readArguments(args);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(file);
    } catch (error) {
      throw new LabError(
        `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
        file,
      );
    }
    return { ...analyseCsv(readCsv(bytes, file), request) };
  },
  print: (result) => printSlices(result as unknown as SlicesResult),
};

function readArguments(args: readonly string[]): { file: string; request: SlicesRequest } {
  const option = { type: 'string' } as const;
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        treatment: option,
        outcome: option,
        by: { ...option, multiple: true },
        count: option,
        missing: option,
      },
    });
  } catch (error) {
    throw new LabError(`${(error as Error).message.split('\n')[0]} (see lab slices --help)`);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 1)
    throw new LabError(`one FILE was expected; there are ${positionals.length} (see lab slices --help)`);
  const { treatment, outcome, by, count, missing = 'refuse' } = values;
  if (treatment === undefined || outcome === undefined || by === undefined)
    throw new LabError('--treatment, --outcome and --by are needed (see lab slices --help)');
  if (missing !== 'refuse' && missing !== 'skip')
    throw new LabError(`--missing must be refuse or skip; it is ${missing}`);
  return {
    file: positionals[0],
    request: { treatment, outcome, by, count, skipMissing: missing === 'skip' },
  };
}

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
  const line = (name: string, a: number | null, b: number | null, rest: string) =>
    `${name.padEnd(24)}${short(a).padStart(12)}${short(b).padStart(12)}  ${rest}`;
  const spread = (d: Limits) => `${short(d.value)} (${short(d.low)} to ${short(d.high)})`;
  const lines = [
    `${result.outcome} (${result.outcomeKind}), ${result.count} counted`,
    `${''.padEnd(24)}${first.padStart(12)}${second.padStart(12)}  ${first} - ${second} (95 %)`,
    line('crude', result.crude[first], result.crude[second], spread(pair.difference.crude)),
    line(
      'standardised',
      pair.standardised[first],
      pair.standardised[second],
      spread(pair.difference.standardised),
    ),
    ...pair.slices.map((s) =>
      line(
        Object.values(s.slice).join(', '),
        s.values[first],
        s.values[second],
        `${spread({ value: s.difference, low: s.low, high: s.high })}  n ${s.counts[first]}, ${s.counts[second]}${s.reversed ? '  reversed' : ''}`,
      ),
    ),
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
