import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a command must print: all of these patterns, on standard output or standard error. */
type Case = readonly [args: string, ...expected: readonly RegExp[]];

/**
 * Inputs from public bug reports of other tools, each with the command that reads it. Words that
 * end with a file extension are files.
 */
const reports: readonly Case[] = [
  ['match F01-exact-drops-pairs.csv --format edges --algorithm exact', /pairs +3\b/, /9007199254740996/],
  ['match F02-auction-sentinel.txt --format costs --goal min --algorithm auction', /weight +9\n/],
  ['slices F04-slices-zero-difference.csv --treatment t --outcome o --by s', /crude.* 0\.00(1|0999)/],
  ['run F06-scenario-bom.json --ticks 1 --backend cpu --json', /"seed": ?3/],
  [
    'run F08-scenario-empty-list.json --ticks 1 --backend cpu',
    /F08-scenario-empty-list\.json.*(expected|must)/,
  ],
  ['run F09-stage-line.json --ticks 1 --backend cpu', /F09-stage-line\.json:4:28: /],
  ['match F10-place-after-newline.csv --format edges', /F10-place-after-newline\.csv:3:6: /],
  ['match F12-utf16-edges.csv --format edges', /the file is UTF-16/],
  ['slices F13-blank-tail.csv --treatment t --outcome o --by s', /2 counted/, /verdict: none/],
  ['slices F15-semicolon-slices.csv --treatment t --outcome o --by s', /2 counted/, /verdict: none/],
  ['slices F17-na-skip.csv --treatment t --outcome o --by s --missing skip', /2 counted/],
  ['slices F17-na-skip.csv --treatment t --outcome o --by s', /:2:5: .*"NA".*--missing skip/],
  ['slices F19-comma-column.csv --treatment t --outcome o --by "s, 1"', /2 counted/],
  ['slices F20-first-line-blank.csv --treatment t --outcome o --by s', /:1:1: the first line is blank/],
  ['slices long-names.csv --treatment t --outcome o --by s', /New onboarding flow\s+Old onboarding flow/],
  [
    'import I-people.csv I01-thousands.csv',
    /24 cells that are not numbers/,
    /:2:\d+: duration is "1,000\.5"/,
  ],
  ['import I-people.csv I03-sep-line.csv', /24 rows read, 24 kept/, /Line 1 names the separator/],
  ['import I03-sep-line-people.csv I-meetings.csv', /12 rows read, 12 kept/, /Line 1 names the separator/],
  ['import I04-trailing-people.csv I-meetings.csv', /every row.*the row has 4 cells; the header has 3/],
  ['import I06-comment-people.csv I-meetings.csv', /12 rows read, 12 kept/, /begin with #.*line 1/],
  ['import I08-composed-people.csv I08-decomposed.csv', /differs only in composed or decomposed letters/],
  ['import I-people.csv I09-plus-minus.csv', /24 rows read, 24 kept/, /decision=accept/],
  ['import I-people.csv I11-us-dates.csv', /24 times that cannot be read/, /:2:12: date is "1\/1\/2024"/],
  ['match P02-bipartite-112.csv --format edges --algorithm exact', /weight +112\n/],
  ['match P02-bipartite-112.csv --format edges --algorithm greedy', /weight +109\n/],
  ['match P05-forbidden-1e9.txt --format costs --goal min --algorithm exact', /weight +1000000006\n/],
  [
    'slices P07-newcombe.csv --treatment t --outcome o --by s --count n',
    /crude.*\(-0\.0381\d* to 0\.192[56]\d*\)/,
  ],
  ['match P10-leading-zeros.csv --format edges', /007 - 7\n/, /7\.0 - 07\n/],
];

export function cases(dataFolder: string): { name: string; run(): Promise<void> }[] {
  const folder = join(dataFolder, 'reports');
  if (!existsSync(folder)) return [];
  return reports.map(([command, ...expected]) => ({
    name: `reports: lab ${command}`,
    async run() {
      const words = [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
      const args = words.map((word) => (/\.(csv|txt|json)$/.test(word) ? join(folder, word) : word));
      const printed = await lab(args);
      for (const pattern of expected)
        if (!pattern.test(printed)) throw new Error(`expected ${pattern} in\n${printed}`);
    },
  }));
}

/** All that a command prints, whatever its exit code. */
function lab(args: readonly string[]): Promise<string> {
  const node = ['--import', 'tsx', '--import', './src/lab/register.mjs', 'src/lab/main.ts', ...args];
  return new Promise((resolve) =>
    execFile(process.execPath, node, (_, stdout, stderr) => resolve(`${stdout}\n${stderr}`)),
  );
}
