import { LARGEST_SEED } from '../../base/seeds.ts';
import { columnHead } from '../../base/table.ts';
import type { SettingResult } from '../../experiment/jobs/setting.ts';
import { outcomeNames } from '../../experiment/run/names.ts';
import { effectMetrics } from '../../experiment/effect-metrics.ts';
import {
  planSweep,
  summariseSweep,
  sweepTable,
  type SettingMean,
  type SettingSummary,
  type Sweep,
} from '../../experiment/sweep/sweep.ts';
import { parseVaried } from '../../experiment/sweep/varied.ts';
import { defineCommand, type Say } from '../cli/command.ts';
import { writeOutput } from '../cli/files.ts';
import { choices, integer, number, repeated, text, UsageError } from '../cli/options.ts';
import { textTable } from '../cli/text-table.ts';
import { jobOptions, runJobs } from '../jobs/run-jobs.ts';
import { asUsage, openScenario, scaled, scaleOption, setOption, withSettings } from '../run/open-scenario.ts';
import { encodeTable, tableFormat, tableRecords } from '../cli/table-file.ts';

export const command = defineCommand({
  arguments: ['SCENARIO'],
  about: `SCENARIO is a preset, a JSON file, or "-" for standard input, as in "lab run". Every combination of
the varied knobs lives through the same evenings. The table has one row per setting and seed, and is
the same, byte for byte, whatever runs it: the matches are computed on the CPU. A wait that goes on
at the end counts as not matched, with its seconds so far. "change" is the setting minus the one
above it, evening by evening: as both live through the same evenings, it is surer than the
difference of two means. A * stands where its 95 % t interval excludes 0.

  lab sweep calm-afternoon --vary policy.threshold=0:60:5 --vary policy.matcher=greedy,auction \\
    --seeds 20 --metrics chat,matched --out table.csv`,
  options: {
    vary: repeated(
      'KNOB=VALUES',
      'values of a knob: a list such as greedy,auction, or FIRST:LAST:STEP (x2 as the step doubles); may be repeated',
    ),
    seeds: integer('N', 'evenings per setting', { min: 1, max: 100_000, fallback: 10 }),
    'first-seed': integer('S', "seed of the first evening; default: the scenario's", {
      min: 0,
      max: LARGEST_SEED,
    }),
    ticks: integer('T', 'length of an evening, in ticks of the scenario', {
      min: 1,
      max: 10_000_000,
      fallback: 240,
    }),
    'warm-up': number('SECONDS', 'chats and waits that begin earlier are left out', { min: 0, fallback: 0 }),
    metrics: choices('NAME,...', 'what is measured', outcomeNames, ['chat', 'long', 'matched', 'wait'], ','),
    set: setOption,
    scale: scaleOption,
    ...jobOptions,
    out: text('FILE', 'writes the table, as .csv, .parquet or .json'),
  },
  async run({ arguments: [name], options, say }) {
    const { out } = options;
    const format = out === undefined ? undefined : tableFormat(out, '--out');
    const sweep = await readSweep(name, options, say);
    return runJobs(sweep.jobs, options, say, async (results: SettingResult[]) => {
      const table = sweepTable(sweep, results);
      if (out !== undefined && format !== undefined) await writeOutput(out, encodeTable(table, format));
      return {
        scenario: sweep.scenario,
        ...{ ticks: sweep.ticks, warm_up: sweep.warmUp, seeds: sweep.seeds, first_seed: sweep.firstSeed },
        columns: table.columns.map((column) => columnHead(column)),
        rows: tableRecords(table),
        summary: summariseSweep(sweep, results),
        ...(out !== undefined && { file: out }),
      };
    });
  },
  print: ({ seeds, summary, file }) =>
    [
      seeds === 1 ? 'one evening of every setting' : `mean over ${seeds} evenings, and its 95 % t interval`,
      ...printSummary(summary),
      ...(file === undefined ? [] : [`the rows are in ${file}`]),
    ].join('\n'),
});

interface SweepOptions {
  readonly vary: readonly string[];
  readonly seeds: number;
  readonly 'first-seed': number | undefined;
  readonly ticks: number;
  readonly 'warm-up': number;
  readonly metrics: Sweep['metrics'];
  readonly set: readonly string[];
  readonly scale: number;
}

/** @throws UsageError for a wrong option, LabError for a wrong scenario. */
async function readSweep(name: string, options: SweepOptions, say: Say): Promise<Sweep> {
  const { scenario: opened, fitted } = await openScenario(name);
  if (fitted !== null)
    throw new UsageError('imported people are not supported in a sweep yet; "lab run" takes them', name);
  const scenario = scaled(withSettings(opened, options.set), options.scale, say);
  return asUsage(() =>
    planSweep({
      scenario,
      varied: options.vary.map((varied) => parseVaried(varied, '--vary')),
      ...{ firstSeed: options['first-seed'] ?? scenario.seed, seeds: options.seeds },
      ...{ ticks: options.ticks, warmUp: options['warm-up'], metrics: [...new Set(options.metrics)] },
    }),
  );
}

/** A line per setting, under a line of column names. */
function printSummary(summary: readonly SettingSummary[]): string[] {
  const [{ setting, metrics }] = summary;
  const unitOf = (name: string) => {
    const { unit } = effectMetrics[name as keyof typeof effectMetrics];
    return unit === '1' ? '' : ` [${unit}]`;
  };
  const names = Object.keys(metrics);
  const paired = summary.some((s) => Object.values(s.change ?? {}).some(({ low }) => low !== null));
  const head = [
    ...Object.keys(setting),
    ...names.flatMap((name) => [`${name}${unitOf(name)}`, ...(paired ? ['change'] : [])]),
  ];
  const rows = summary.map((s) => [
    ...Object.values(s.setting).map(String),
    ...names.flatMap((name) => [
      meanText(s.metrics[name]),
      ...(paired ? [s.change === null ? '-' : changeText(s.change[name])] : []),
    ]),
  ]);
  return textTable([head, ...rows]);
}

function changeText(change: SettingMean): string {
  const { low, high } = change;
  return `${meanText(change)}${low !== null && high !== null && (low > 0 || high < 0) ? ' *' : ''}`;
}

function meanText({ mean, low, high }: SettingMean): string {
  if (mean === null) return '-';
  const n = (x: number) => String(Number(x.toPrecision(4)));
  return low === null || high === null ? n(mean) : `${n(mean)} (${n(low)} to ${n(high)})`;
}
